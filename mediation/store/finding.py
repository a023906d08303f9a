"""Searching: whose number, name or phone is this?  As fast among a million cases as among a few.

The table `finds` has every ending of each name, so that any part of a name is the beginning of one of
its rows; triggers keep it beside the names, whoever changes them.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
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
    """The cases that `actor` may open where number, firm, people or phones fit, the newest first."""
    query = visible_to(actor)
    matches: list[ColumnElement[bool]] = [Case.number.in_(asked.numbers)]
    if actor.role == "mediator":
        # His own cases are few, and the common names of everybody else's many.
        matches.append(Case.parties.any(_contains(asked.text)))
    else:
        matches.append(Case.id.in_(_found(session, asked.text, most)))
    return list(session.scalars(query.where(or_(*matches)).order_by(Case.id.desc()).limit(most)))


def _contains(text: str) -> ColumnElement[bool]:
    return Party.name.icontains(text, autoescape=True) | Party.phone.contains(text, autoescape=True)


def _found(session: Session, text: str, most: int) -> list[int]:
    """The numbers of at most `most` cases: those that end so first, then those that go on."""
    text = "".join(letter.lower() if letter.isascii() else letter for letter in text)
    ending = select(Find.case_id).where(Find.text == text).order_by(Find.case_id.desc())
    longer = select(Find.case_id).where(Find.text > text, Find.text < text + BEHIND_ALL)
    found: dict[int, None] = {}
    for query in (ending, longer.order_by(Find.text, Find.case_id)):
        found |= dict.fromkeys(session.scalars(query.limit(most * ROWS_EACH)))
    return list(found)[:most]
