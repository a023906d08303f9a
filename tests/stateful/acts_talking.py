"""Meetings, offers and the time of the mediation: what each act demands and does."""

from datetime import date, datetime, timedelta

from knowing import Hand, Who
from model import MEDIATING, OPEN, OWING, TALKING, Dispute, act


@act("admin", MEDIATING)
def assign(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(hand["mediator"] not in case.recused)
    if hand["mediator"] != case.mediator:
        case.signed = frozenset(who for who in case.signed if who[0] != "mediator")
    another = case.mediator is not None or case.recused
    case.mediator = hand["mediator"]
    case.tell("mediator")
    if another:
        case.tell("workers", "employer")


@act("mediator", "accepted scheduled adjourned")
def recuse(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.own(who))
    case.mediator, case.recused = None, case.recused | {who}
    case.signed = frozenset(one for one in case.signed if one[0] != "mediator")
    case.tell("workers", "employer")


def fix(case: Dispute, who: Who, on: datetime) -> None:
    """A day for a meeting."""
    case.demand(case.own(who), on > case.now)
    case.meeting, case.convened = on.date(), case.now.date()


@act("mediator", TALKING, to="scheduled")
def convene(case: Dispute, who: Who, hand: Hand) -> None:
    fix(case, who, datetime.fromisoformat(hand["for"]))
    case.tell("workers", "employer")


@act("mediator", "scheduled adjourned", to="in_meeting")
def open_meeting(case: Dispute, who: Who, hand: Hand) -> None:
    known = {f"{side}:{seat}" for side, seat in case.sides}
    there = set(hand["present"])
    case.demand(case.own(who), there <= known, "employer:0" in there, len(there) > 1)
    case.meeting = None


@act("mediator", "in_meeting", to="adjourned")
def adjourn(case: Dispute, who: Who, hand: Hand) -> None:
    fix(case, who, datetime.fromisoformat(hand["for"]))
    case.tell("workers", "employer")


@act("worker employer", f"contacting {TALKING}")
def tell_times(case: Dispute, who: Who, hand: Hand) -> None:
    days = tuple(date.fromisoformat(code.partition(".")[0]) for code in hand["halfdays"])
    case.demand(case.is_in(who), who[0] == "worker" or case.joined)
    case.demand(all(timedelta(0) < one - case.now.date() <= timedelta(31) for one in days))
    last = case.silent == [who]
    case.times = {**case.times, who: days}
    if last and case.mediator:
        case.tell("mediator")


@act("worker employer", MEDIATING)
def extend(case: Dispute, who: Who, hand: Hand) -> None:
    until = date.fromisoformat(hand["until"])
    case.demand(case.is_in(who), case.last("working") < until <= case.longest)
    case.named = {**case.named, who[0]: until}
    if [*case.named.values()] == [until, until]:
        working = case.clocks["working"]._replace(until=until, known=case.now.date())
        case.clocks = {**case.clocks, "working": working}
    case.tell_other(who)


@act("worker employer", TALKING)
def offer(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), case.offer_of in ("", who[0]))
    case.offer_of = who[0]
    case.tell_other(who)


@act("worker employer", TALKING)
def counter(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), case.offer_of not in ("", who[0]))
    case.offer_of = who[0]
    case.tell_other(who)


@act("worker employer", TALKING)
def accept_offer(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), case.offer_of not in ("", who[0]))
    case.offer_of = ""
    case.tell_other(who)
    case.tell("mediator")


@act("worker employer", TALKING)
def reject_offer(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), case.offer_of not in ("", who[0]))
    case.offer_of = ""
    case.tell_other(who)


@act("worker employer", MEDIATING)
def ask_pause(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), not case.paused, not case.platform)
    case.reasons = {**case.reasons, who[0]: hand["pause_for"]}
    case.tell_other(who)


@act("worker employer", f"{OPEN} {OWING}")
def add_evidence(case: Dispute, who: Who, hand: Hand) -> None:
    mine = (who, hand["evidence"]["digest"])
    case.demand(case.is_in(who), mine not in case.evidence)
    case.evidence = {**case.evidence, mine: False}


@act("worker employer", f"{OPEN} {OWING}")
def open_evidence(case: Dispute, who: Who, hand: Hand) -> None:
    mine = (who, hand["piece"])
    case.demand(case.is_in(who), case.evidence.get(mine) is False)
    case.evidence = {**case.evidence, mine: True}


@act("worker employer mediator", MEDIATING)
def resume(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), case.own(who), case.paused)
    case.reasons = {}
    case.tell("workers", "employer", "mediator")
