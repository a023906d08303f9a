"""Walk a case along the chart to a wanted state, through the same services as the pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mediation.domain import fields
from mediation.domain.facts import BEIJING, Facts, day
from mediation.domain.money import plain
from mediation.domain.words import word
from mediation.engine.asking import Actor, Ask
from mediation.engine.deciding import Engine
from mediation.services.access import party_actor
from mediation.services.casework import fire
from mediation.services.offices import Office
from mediation.store.cases import facts_of
from mediation.store.models import Case

_TALK = ("contact_employer", "join", "accept", "assign", "convene", "open_meeting")
_SIGN = ("draft_terms", "mark_clauses", "send_for_signing", "sign", "seal")
ROADS: Mapping[str, tuple[str, ...]] = {
    "submitted": (),
    "needs_info": ("ask_info",),
    "contacting": _TALK[:1],
    "accepted": _TALK[:4],
    "scheduled": _TALK[:5],
    "in_meeting": (*_TALK, "offer"),
    "adjourned": (*_TALK, "offer", "adjourn"),
    "terms_drafted": (*_TALK, "offer", "accept_offer", "draft_terms"),
    "awaiting_signatures": (*_TALK, *_SIGN[:3]),
    "performing": (*_TALK, *_SIGN),
    "breached": (*_TALK, *_SIGN, "record_breach"),
    "performed": (*_TALK, *_SIGN, "report_payment", "confirm_payment"),
    "not_agreed": (*_TALK, "end"),
    "rejected": ("reject", "approve_rejection"),
    "withdrawn": (*_TALK[:1], "withdraw"),
    "referred": ("contact_employer", "refer", "record_receipt"),
    "closed": (*_TALK, *_SIGN, "report_payment", "confirm_payment", "close"),
}
"""The acts that lead from a filed case to each state."""

BY = {
    "ask_info": "clerk",
    "contact_employer": "clerk",
    "accept": "clerk",
    "reject": "clerk",
    "refer": "clerk",
    "record_receipt": "clerk",
    "join": "employer",
    "offer": "employer",
    "report_payment": "employer",
    "accept_offer": "worker",
    "confirm_payment": "worker",
    "withdraw": "worker",
    "end": "worker",
    "approve_rejection": "admin",
    "assign": "admin",
    "seal": "admin",
    "close": "admin",
}
"""Who does them; the mediator does the rest, and everybody marks and signs."""

LATE = 30
"""Days after which a rehearsed breach is recorded."""

SHARE = 80
"""Percent of the claims that a rehearsed agreement promises."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The staff of a rehearsed case."""

    clerk: Actor
    mediator: Actor
    admin: Actor


def walk(session: Session, office: Office, case: Case, state: str, cast: Cast) -> datetime:
    """Bring a filed case to `state`, an act about a day; the moment of the last.  The caller commits.

    Raises KeyError for a state that no road leads to, Refused if the chart has changed.
    """
    assert case.received_at is not None  # noqa: S101 - a filed case
    engine = office.catalogue[case.workflow, case.workflow_version]
    parties = [party_actor(one) for one in case.parties]
    at = case.received_at
    for act, moment in moments(ROADS[state], case.received_at):
        at = moment
        for actor in actors(act, parties, cast):
            session.refresh(case)
            data = in_hand(engine, act, facts_of(case), at, cast)
            fire(session, office.catalogue, case.id, Ask(act, actor, case.revision, at, data))
            at += timedelta(minutes=1)
    session.refresh(case)
    return at


def moments(road: Sequence[str], received: datetime) -> Iterator[tuple[str, datetime]]:
    """When each act of a road takes place: one a day, in the office hours, a breach a month later."""
    morning = received.astimezone(BEIJING).replace(hour=9, minute=0)
    for step, act in enumerate(road, 1):
        late = timedelta(days=LATE if act == "record_breach" else 0)
        yield act, morning + timedelta(days=step, hours=step % 8) + late


def actors(act: str, parties: Sequence[Actor], cast: Cast) -> list[Actor]:
    """Who does an act, one after the other; `parties` are the workers by seat, then the employer."""
    if act == "mark_clauses":
        return list(parties)
    if act == "sign":
        return [*parties, cast.mediator]
    if act == "confirm_payment":
        return [one for one in parties if one.role == "worker"]
    role = BY.get(act, "mediator")
    if role in ("worker", "employer"):
        return [next(one for one in parties if one.role == role)]
    return [{"clerk": cast.clerk, "admin": cast.admin, "mediator": cast.mediator}[role]]


def in_hand(engine: Engine, act: str, facts: Facts, at: datetime, cast: Cast) -> dict[str, Any]:
    """What an act has in hand in a rehearsal, as it is read from a form."""
    typed = _IN_HAND.get(act)
    return fields.read(engine.workflow.actions[act], typed(facts, at, cast) if typed else {})


def _meeting(_facts: Facts, at: datetime, _cast: Cast) -> dict[str, Any]:
    return {"for": (at + timedelta(days=1)).replace(hour=14, minute=0).isoformat()}


def _share(facts: Facts, _at: datetime, _cast: Cast) -> dict[str, Any]:
    claimed = sum(claim.amount for claim in facts.confirmed_claims)
    return {"amount": plain(max(claimed * SHARE // 100, 100))}


def _terms(facts: Facts, at: datetime, _cast: Cast) -> dict[str, Any]:
    due = (day(at) + timedelta(days=20)).isoformat()
    payments = [
        {
            "worker": claim.worker,
            "head": claim.head,
            "amount": plain(max(claim.amount * SHARE // 100, 1)),
            "due": due,
        }
        for claim in facts.confirmed_claims
    ]
    return {"terms": {"payments": payments}}


def _marks(facts: Facts, _at: datetime, _cast: Cast) -> dict[str, Any]:
    assert facts.terms is not None  # noqa: S101 - terms have just been drafted
    said = [{"clause": i, "mark": "agree"} for i in range(len(facts.terms.clauses))]
    return {"marks": {"digest": facts.terms.digest, "said": said}}


def _digest(facts: Facts, _at: datetime, _cast: Cast) -> dict[str, Any]:
    return {"digest": facts.terms.digest if facts.terms else ""}


def _everything(facts: Facts, _at: datetime, _cast: Cast) -> dict[str, Any]:
    return {"amount": plain(facts.terms.total if facts.terms else 0)}


_IN_HAND: Mapping[str, Callable[[Facts, datetime, Cast], dict[str, Any]]] = {
    "ask_info": lambda _facts, _at, _cast: {"missing": ["dates"]},
    "assign": lambda _facts, _at, cast: {"mediator": cast.mediator.id},
    "convene": _meeting,
    "adjourn": _meeting,
    "open_meeting": lambda facts, _at, _cast: {"present": [f"{side}:{seat}" for side, seat in facts.seats]},
    "offer": _share,
    "draft_terms": _terms,
    "mark_clauses": _marks,
    "sign": _digest,
    "report_payment": _everything,
    "end": lambda _facts, _at, _cast: {"reason": "gap"},
    "reject": lambda _facts, _at, _cast: {"reason": "out_of_scope", "route": "commission"},
    "record_receipt": lambda _facts, _at, _cast: {"receipt": "1"},
    "refer": lambda _facts, _at, _cast: {"to": word("places", "inspection")},
}
