"""Whoever acts for a party: what naming, checking and ending an authority demand and do."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from knowing import Hand, Who
from model import OPEN, OWING, Dispute, act


@dataclass(frozen=True)
class Acting:
    """One authority: whose, to which day, on what paper, and how it stands."""

    owner: Who
    end: date
    document: str | None
    verified: bool = False
    ended: bool = False


@act("worker employer", f"{OPEN} {OWING}")
def name_agent(case: Dispute, who: Who, hand: Hand) -> None:
    said, today = hand["authority"], case.now.date()
    start, end, paper = (
        date.fromisoformat(said["start"]),
        date.fromisoformat(said["end"]),
        said.get("document"),
    )
    mine = [one for one in case.agents.values() if one.owner == who and not one.ended and one.end >= today]
    case.demand(
        case.is_in(who),
        len(mine) < 2,
        start <= end,
        today <= end <= start + timedelta(days=730),
        paper is None or (who, paper) in case.evidence,
        said["ref"] not in case.agents,
    )
    case.agents = {**case.agents, said["ref"]: Acting(who, end, paper)}
    case.tell("mediator")


@act("clerk mediator admin", f"{OPEN} {OWING}")
def verify_agent(case: Dispute, who: Who, hand: Hand) -> None:
    one = case.agents.get(hand["agent"])
    case.demand(case.mediator is None or case.own(who))
    case.demand(one is not None and not one.verified and not one.ended)
    case.demand(hand.get("note") or one.document)
    filed_for = one.owner[0] == "worker" and one.owner[1] in case.unconfirmed
    case.demand(not filed_for or case.terms is None)
    if filed_for:
        case.joins(one.owner[1])
    case.agents = {**case.agents, hand["agent"]: replace(one, verified=True)}
    case.tell("agent", seat=list(case.agents).index(hand["agent"]))
    _tell_owner(case, one)


@act("worker employer clerk mediator admin", f"{OPEN} {OWING}")
def end_agent(case: Dispute, who: Who, hand: Hand) -> None:
    one = case.agents.get(hand["agent"])
    case.demand(case.mediator is None or case.own(who))
    case.demand(one is not None and not one.ended)
    case.demand(who[0] not in ("worker", "employer") or one.owner == who)
    case.agents = {**case.agents, hand["agent"]: replace(one, ended=True)}
    _tell_owner(case, one)
    if not one.verified:
        case.tell("agent", seat=list(case.agents).index(hand["agent"]))


def _tell_owner(case: Dispute, one: Acting) -> None:
    if one.owner[0] == "worker":
        case.tell("workers", seat=one.owner[1])
    else:  # joined or not: it has been here
        case.told += ((len(case.log), "employer", None, case.log[-1]),)
