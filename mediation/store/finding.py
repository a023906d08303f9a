"""Searching: whose number, name or phone is this?  As fast among a million cases as among a few.

The table `finds` has every ending of each name, so that any part of a name is the beginning of one of
its rows; triggers keep it beside the names, whoever changes them.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.engine.asking import Actor
from mediation.store.cases import visible_to
from mediation.store.models import Case, Find, Party

BEHIND_ALL = "\U0010ffff"
"""Sorts behind every text in the order of both databases."""
ROWS_EACH = 4
"""Rows that are looked at for each case wanted: several people of one case may share a name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: a part of a name or phone, and the case numbers that it may mean."""

    text: str
    numbers: tuple[str, ...]


def search(session: Session, actor: Actor, asked: Asked, most: int) -> list[Case]:
    """The cases that `actor` may open where number, firm, people or phones fit, the newest first.

    Each way to a case is a query of its own: an "or" between them would read every case.
    """
    numbered = session.scalars(select(Case.id).where(Case.number.in_(asked.numbers)))
    # A mediator's own cases are few, and the common names of everybody else's many.
    look = _own if actor.role == "mediator" else _anybodys
    found = {*numbered, *look(session, actor, asked.text, most)}
    query = visible_to(actor).where(Case.id.in_(found)).order_by(Case.id.desc())
    return list(session.scalars(query.limit(most)))


def _own(session: Session, actor: Actor, text: str, most: int) -> list[int]:
    """The newest of a mediator's cases with a name or phone that contains `text`."""
    fits = Party.name.icontains(text, autoescape=True) | Party.phone.contains(text, autoescape=True)
    # A single value for each of his cases: an "exists" might be answered by reading all parties there are.
    somebody = select(Party.id).where(Party.case_id == Case.id, fits).limit(1).scalar_subquery()
    query = select(Case.id).where(Case.mediator_id == actor.id, somebody.is_not(None))
    return list(session.scalars(query.order_by(Case.id.desc()).limit(most)))


def _anybodys(session: Session, _actor: Actor, text: str, most: int) -> list[int]:
    """Cases with a name or phone that contains `text`: where it ends so first, the newest of these."""
    text = "".join(letter.lower() if letter.isascii() else letter for letter in text)
    ending = select(Find.case_id).where(Find.text == text).order_by(Find.case_id.desc())
    longer = select(Find.case_id).where(Find.text > text, Find.text < text + BEHIND_ALL)
    found: dict[int, None] = {}
    for query in (ending, longer.order_by(Find.text, Find.case_id)):
        found |= dict.fromkeys(session.scalars(query.limit(most * ROWS_EACH)))
    return list(found)[:most]
