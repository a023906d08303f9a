"""Finding cases: by number, by link, by who may see them."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, false, or_, select, true, union_all
from sqlalchemy.orm import Session, selectinload

from mediation.domain.facts import Facts, decode
from mediation.engine.asking import Actor
from mediation.store.models import Agent, Case, Party


def visible_to(actor: Actor) -> Select[Case]:
    """The cases that `actor` may open; a foreign case is not refused, it is not there.

    Clerks and administrators work on all of them, a mediator on those assigned to him, a party
    on its own, whoever acts for one on that one: whether he still does, his session is asked.
    """
    return select(Case).options(selectinload(Case.parties)).where(_open_to(actor))


def _open_to(actor: Actor) -> ColumnElement[bool]:
    if actor.role in ("clerk", "admin"):
        return true()
    if actor.role == "mediator":
        return Case.mediator_id == actor.id
    if actor.id.startswith("agent:"):
        return Case.id.in_(select(Agent.case_id).where(Agent.ref == actor.id.removeprefix("agent:")))
    if actor.role in ("worker", "employer"):
        return Case.id.in_(select(Party.case_id).where(Party.id == int(actor.id.removeprefix("party:"))))
    return false()


def find(session: Session, actor: Actor, ref: str) -> Case | None:
    """The case with this public reference, if `actor` may open it."""
    return session.scalars(visible_to(actor).where(Case.ref == ref)).one_or_none()


def waiting(
    session: Session, actor: Actor, states: Sequence[str], most: int, *, unassigned: bool = False
) -> list[Case]:
    """Cases in `states` that `actor` may open, the next due first; the undated come last.

    The index gives the first of each state in their order, and no more than `most` of each are read:
    so the desk takes as long with a million cases as with a few.
    """
    mine = Case.mediator_id.is_(None) if unassigned else _open_to(actor)
    firsts = []
    for state in states:
        rows = select(Case.id, Case.due_on).where(mine, Case.state == state)
        for part in (rows.where(Case.due_on.is_not(None)), rows.where(Case.due_on.is_(None))):
            # By the day even where there is none: by number alone PostgreSQL might go through all cases.
            firsts.append(select(part.order_by(Case.due_on, Case.id).limit(most).subquery()))
    first = union_all(*firsts).subquery()
    query = (
        select(Case)
        .options(selectinload(Case.parties))
        .join(first, first.c.id == Case.id)
        .order_by(first.c.due_on.is_(None), first.c.due_on, Case.id)
        .limit(most)
    )
    return list(session.scalars(query))


FARTHEST = timedelta(days=30)
"""Later than any correction that is asked for today must be looked at, holidays and all."""


def pending(session: Session, actor: Actor, states: Sequence[str], today: date, most: int) -> list[Case]:
    """Cases in `states` that `actor` may open with a correction or a refusal waiting, the next due first.

    The clock of a second look puts them among the few that are due soon, which the index of states and
    days finds; a text that somebody wrote cannot look like the key, for its quotes are kept escaped.
    """
    query = (
        visible_to(actor)
        .where(
            Case.state.in_(states),
            Case.due_on <= today + FARTHEST,
            or_(*(Case.facts.contains(f'"{key}":{{') for key in ("pending", "rejection"))),
        )
        .order_by(Case.due_on, Case.id)
        .limit(most)
    )
    return list(session.scalars(query))


def of_many(session: Session, actor: Actor, states: Sequence[str], today: date, most: int) -> list[Case]:
    """Cases of ten workers or more in `states` that `actor` may open and that are due soon, the first first.

    Facts are written with their fields in order, the number of workers last, so that nothing that
    somebody wrote can look like it.  Whether they ask for the same the caller sees.
    """
    query = (
        visible_to(actor)
        .where(
            Case.state.in_(states),
            Case.due_on <= today + FARTHEST,
            Case.facts.like('%"workers":__}') | Case.facts.like('%"workers":___}'),
        )
        .order_by(Case.due_on, Case.id)
        .limit(most)
    )
    return list(session.scalars(query))


def party(case: Case, side: str, seat: int = 0) -> Party:
    """The party of `case` in this seat.  Raises LookupError."""
    for one in case.parties:
        if (one.side, one.seat) == (side, seat):
            return one
    raise LookupError(f"case {case.id} has no {side} {seat}")


def party_by_key(session: Session, key: str) -> Party | None:
    """Whose link this is."""
    return session.scalars(select(Party).where(Party.key == key)).one_or_none()


def party_by_phone(session: Session, number: str, side: str, phone: str) -> Party | None:
    """The party of the case with this number on this side with this phone."""
    query = (
        select(Party)
        .join(Case)
        .where(Case.number == number, Party.side == side, Party.phone == phone)
        .order_by(Party.seat)
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def facts_of(case: Case) -> Facts:
    """What is known of the case."""
    return decode(case.facts)
