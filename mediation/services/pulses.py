"""What is known at a glance of the rooms of some cases: how far each talk has come, who still belongs there.

A glance is a few questions to the database however many cases there are: it is taken for every message.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from mediation.domain.rooms import Room
from mediation.store.models import Agent, Case, Compartment, Message, Party, Person, Stop, Talk

Heads = dict[Room, int]
"""The number of the newest message of each audience."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Whatever, once it is another, may change who sees what in a case; it is only ever compared.

    `revision` counts the acts of the case, `moves` what was announced and stopped, `doors` is what the
    sessions of those who may come in hang on.
    """

    revision: int
    moves: tuple[int, int]
    doors: tuple[object, ...]


_CASES: BindParameter[Collection[int]] = bindparam("cases", expanding=True)
# Written once: to put such a question together takes longer than to answer it.
_HEADS = select(Compartment.case_id, Compartment.audience, Compartment.last).where(
    Compartment.case_id.in_(_CASES)
)
_REVISIONS = select(Case.id, Case.revision, Case.mediator_id).where(Case.id.in_(_CASES))
_NAMED = select(Case.id).where(Case.ref == bindparam("ref"))
_KEYS = union_all(
    select(Party.case_id, Party.key).where(Party.case_id.in_(_CASES)),
    select(Agent.case_id, Agent.key).where(Agent.case_id.in_(_CASES)),
)
_PEOPLE = select(Person.id, Person.session_key, Person.active).where(
    Person.id.in_(bindparam("people", expanding=True))
)
_MOVES = (
    select(Talk.case_id, func.max(Talk.id), func.max(Stop.talk_id))
    .outerjoin(Stop)
    .where(Talk.case_id.in_(_CASES))
    .group_by(Talk.case_id)
)


def heads(session: Session, cases: Collection[int]) -> dict[int, Heads]:
    """How far the talk of each audience has come, for each of `cases`."""
    found: dict[int, Heads] = {case: {} for case in cases}
    for case, audience, last in session.connection().execute(_HEADS, {"cases": list(cases)}):
        room = Room(audience)
        # A private talk has a compartment with each mediator; numbers go on from one to the next.
        found[case][room] = max(last, found[case].get(room, 0))
    return found


def messages(session: Session, case: int, audience: Room, after: int) -> Sequence[Message]:
    """What was said to one audience after a number, whoever asks: only his keys open any of it."""
    mine = (Message.case_id == case, Message.audience == audience, Message.number > after)
    return session.scalars(select(Message).where(*mine).order_by(Message.number)).all()


def pulse_of(session: Session, ref: str) -> Pulse | None:
    """The pulse of the case with this public reference; None where there is none."""
    case = session.scalar(_NAMED, {"ref": ref})
    return None if case is None else pulses(session, [case])[case]


def pulses(session: Session, cases: Collection[int]) -> dict[int, Pulse]:
    """The pulse of each of `cases`."""
    database, asked = session.connection(), {"cases": list(cases)}
    rows = database.execute(_REVISIONS, asked).all()
    mediators = {int(one.removeprefix("person:")) for _, _, one in rows if one}
    people: dict[str | None, tuple[str, bool]] = {
        f"person:{number}": (key, active)
        for number, key, active in database.execute(_PEOPLE, {"people": list(mediators)})
    }
    doors: dict[int, list[str]] = {case: [] for case in cases}
    for case, key in database.execute(_KEYS, asked):
        doors[case].append(key)
    moves = {case: (talk, stop or 0) for case, talk, stop in database.execute(_MOVES, asked)}
    return {
        case: Pulse(revision, moves.get(case, (0, 0)), (*sorted(doors[case]), mediator, people.get(mediator)))
        for case, revision, mediator in rows
    }
