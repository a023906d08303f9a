"""Finding cases: by number, by link, by who may see them."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session, selectinload

from mediation.domain.facts import Facts, decode
from mediation.engine.asking import Actor
from mediation.store.models import Case, Party


def visible_to(actor: Actor) -> Select[Case]:
    """The cases that `actor` may open; a foreign case is not refused, it is not there.

    Clerks and administrators work on all of them, a mediator on those assigned to him, a party
    on its own.
    """
    query = select(Case).options(selectinload(Case.parties))
    if actor.role in ("clerk", "admin"):
        return query
    if actor.role == "mediator":
        return query.where(Case.mediator_id == actor.id)
    if actor.role in ("worker", "employer"):
        own = select(Party.case_id).where(Party.id == int(actor.id.removeprefix("party:")))
        return query.where(Case.id.in_(own))
    return query.where(false())


def find(session: Session, actor: Actor, ref: str) -> Case | None:
    """The case with this public reference, if `actor` may open it."""
    return session.scalars(visible_to(actor).where(Case.ref == ref)).one_or_none()


def waiting(session: Session, actor: Actor, states: Sequence[str], most: int) -> list[Case]:
    """Cases in `states` that `actor` may open, the next due first."""
    query = (
        visible_to(actor)
        .where(Case.state.in_(states))
        .order_by(Case.due_on.is_(None), Case.due_on, Case.id)
        .limit(most)
    )
    return list(session.scalars(query))


FARTHEST = timedelta(days=30)
"""Later than any correction that is asked for today must be looked at, holidays and all."""


def pending(session: Session, actor: Actor, states: Sequence[str], today: date, most: int) -> list[Case]:
    """Cases in `states` that `actor` may open with a correction waiting, the next due first.

    The clock of a second look puts them among the few that are due soon, which the index of states and
    days finds; a text that somebody wrote cannot look like the key, for its quotes are kept escaped.
    """
    query = (
        visible_to(actor)
        .where(
            Case.state.in_(states),
            Case.due_on <= today + FARTHEST,
            Case.facts.contains('"pending":{'),
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
