"""What is known at a glance of the rooms of some cases: how far each talk has come, who still belongs there.

A glance is a few questions to the database however many cases there are: it is taken for every message.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
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


def heads(session: Session, cases: Collection[int]) -> dict[int, Heads]:
    """How far the talk of each audience has come, for each of `cases`."""
    found: dict[int, Heads] = {case: {} for case in cases}
    rows = select(Compartment.case_id, Compartment.audience, Compartment.last)
    for case, audience, last in session.execute(rows.where(Compartment.case_id.in_(cases))):
        room = Room(audience)
        # A private talk has a compartment with each mediator; numbers go on from one to the next.
        found[case][room] = max(last, found[case].get(room, 0))
    return found


def messages(session: Session, case: int, audience: Room, after: int) -> Sequence[Message]:
    """What was said to one audience after a number, whoever asks: only his keys open any of it."""
    mine = (Message.case_id == case, Message.audience == audience, Message.number > after)
    return session.scalars(select(Message).where(*mine).order_by(Message.number)).all()


def pulses(session: Session, cases: Collection[int]) -> dict[int, Pulse]:
    """The pulse of each of `cases`."""
    rows = session.execute(select(Case.id, Case.revision, Case.mediator_id).where(Case.id.in_(cases))).all()
    people = _people(session, {mediator for _, _, mediator in rows if mediator})
    doors: dict[int, list[object]] = {case: [] for case in cases}
    for kind in (Party, Agent):
        for case, key in session.execute(select(kind.case_id, kind.key).where(kind.case_id.in_(cases))):
            doors[case].append(key)
    announced = _newest(session, cases)
    return {
        case: Pulse(revision, announced.get(case, (0, 0)), (*doors[case], mediator, people.get(mediator)))
        for case, revision, mediator in rows
    }


def _people(session: Session, ids: set[str]) -> dict[str | None, tuple[str, bool]]:
    numbers = [int(one.removeprefix("person:")) for one in ids]
    rows = select(Person.id, Person.session_key, Person.active).where(Person.id.in_(numbers))
    return {f"person:{number}": (key, active) for number, key, active in session.execute(rows)}


def _newest(session: Session, cases: Collection[int]) -> dict[int, tuple[int, int]]:
    rows = (
        select(Talk.case_id, func.max(Talk.id), func.max(Stop.talk_id))
        .outerjoin(Stop)
        .where(Talk.case_id.in_(cases))
        .group_by(Talk.case_id)
    )
    return {case: (talk, stop or 0) for case, talk, stop in session.execute(rows)}
