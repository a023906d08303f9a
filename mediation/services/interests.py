"""What mediators declare, and from which cases it keeps them.

A case is barred to whoever has declared one of its sides by exactly that name (ASCII in either case) or
by the employer's registration number.  A name that contains the other one is only pointed out: people
write a firm's name in many ways, and an administrator looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from mediation.store.models import Case, Interest, Person

KINDS = ("employed", "relative", "invested", "advised", "quarrel", "other")
"""How somebody may be close to one side: words of the vocabulary."""
SHORTEST_PART = 3
"""So many letters of a name have to be the same to be pointed out."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a mediator has declared that touches a case; `barred` where it is the very name."""

    person: int
    name: str
    kind: str
    barred: bool


def declare(  # noqa: PLR0913 - the columns of what is declared
    session: Session, person: int, *, kind: str, name: str, uscc: str | None, at: datetime
) -> None:
    """Write down what somebody declares about himself, once.  The caller commits."""
    if not any((one.kind, one.name, one.uscc) == (kind, name, uscc) for one in declared(session, person)):
        session.add(Interest(person_id=person, kind=kind, name=name, uscc=uscc, at=at))


def withdraw(session: Session, person: int, number: int, at: datetime) -> None:
    """What was declared holds no more.  The caller commits.

    Raises LookupError where it is not his, or is over already.
    """
    one = next((one for one in declared(session, person) if one.id == number), None)
    if one is None:
        raise LookupError(number)
    row = Interest(person_id=person, kind=one.kind, name=one.name, uscc=one.uscc, at=at)
    row.withdraws = number
    session.add(row)


def declared(session: Session, person: int | None = None) -> list[Interest]:
    """What holds now: of this member of staff, or of all who still work here."""
    over = aliased(Interest)
    query = select(Interest).outerjoin(over, over.withdraws == Interest.id)
    query = query.where(Interest.withdraws.is_(None), over.id.is_(None))
    if person is None:
        query = query.join(Person, Person.id == Interest.person_id).where(Person.active)
    else:
        query = query.where(Interest.person_id == person)
    return list(session.scalars(query.order_by(Interest.id)))


def conflicts(session: Session, case: Case) -> list[Conflict]:
    """What anybody has declared that touches a side of this case, what bars him first."""
    names = [one.name for one in case.parties]
    codes = {one.uscc for one in case.parties if one.uscc}
    found = [
        Conflict(one.person_id, one.name, one.kind, barred)
        for one in declared(session)
        if (barred := one.uscc in codes or _same(one.name, names)) or _alike(one.name, names)
    ]
    return sorted(found, key=lambda one: not one.barred)


def _same(name: str, names: Iterable[str]) -> bool:
    return _small(name) in {_small(one) for one in names}


def _alike(name: str, names: Iterable[str]) -> bool:
    mine = _small(name)
    for other in map(_small, names):
        if min(len(mine), len(other)) >= SHORTEST_PART and (mine in other or other in mine):
            return True
    return False


def _small(name: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)
