"""Each audience of a case has a key of its own: whoever may not read it is given nothing to open it with.

So a question to the database that forgets to ask for whom a message is finds bytes that stay shut.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mediation.domain.facts import Facts
from mediation.domain.rooms import Room, private_side, readable
from mediation.engine.asking import Actor
from mediation.store import vault
from mediation.store.models import Case, Compartment, Message
from mediation.store.vault import Spoilt

NEW_KEY = 32


class Shut(Exception):
    """A compartment that is not the asker's to open."""


@dataclass(frozen=True, slots=True)
class Open:
    """A compartment whose key is in hand; `last` is the number of its newest message then."""

    id: int
    audience: Room
    holder: str
    secret: bytes
    last: int

    def seal(self, number: int, words: str) -> bytes:
        """Words as they are kept, under their number."""
        return vault.seal_with(self.secret, self._name(number), words.encode())

    def unseal(self, number: int, sealed: bytes) -> str:
        """What was said.  Raises Spoilt."""
        return vault.unseal_with(self.secret, self._name(number), sealed).decode()

    def _name(self, number: int) -> str:
        return f"{self.id}/{number}"


def holder(audience: Room, facts: Facts, actor: Actor) -> str:
    """Whose compartment of `audience` this is for what is said now.

    A private talk is with one mediator: his successor does not come to read it by being assigned.
    """
    if audience is Room.JOINT:
        return ""
    return actor.id if audience is Room.SELF else facts.mediator or ""


def opened(  # noqa: PLR0913, PLR0917 - whose keys, of which case, who says it to whom
    session: Session, keys: Path, case: Case, facts: Facts, actor: Actor, audience: Room
) -> Open:
    """The compartment that `actor` says something in, made when it is first needed.  The caller commits.

    The caller holds the case, or two would make it at once.  Raises Shut.
    """
    whose = holder(audience, facts, actor)
    if not may_read(actor, audience, whose):
        raise Shut(audience)
    mine = (Compartment.case_id == case.id, Compartment.audience == audience)
    row = session.scalars(select(Compartment).where(*mine, Compartment.holder == whose)).one_or_none()
    if row is None:
        # Numbers go on from those of the mediator before: each is one message of this audience.
        last = select(func.max(Message.number)).where(
            Message.case_id == case.id, Message.audience == audience
        )
        row = Compartment(case_id=case.id, audience=audience, holder=whose, last=session.scalar(last) or 0)
        row.key = vault.seal(keys, _wrapped(row), os.urandom(NEW_KEY))
        session.add(row)
        session.flush()
    return _open(keys, row)


def all_open(session: Session, keys: Path, case_id: int, actor: Actor) -> list[Open]:
    """Every compartment of a case that `actor` may read."""
    rows = session.scalars(select(Compartment).where(Compartment.case_id == case_id))
    return [_open(keys, row) for row in rows if may_read(actor, Room(row.audience), row.holder)]


def may_read(actor: Actor, audience: Room, holder: str) -> bool:
    """Whether this compartment is `actor`'s to open: he is one of those for whom it is."""
    if audience is Room.SELF:
        return holder == actor.id
    if audience not in readable(actor.role):
        return False
    return audience is Room.JOINT or holder == actor.id or private_side(audience) == actor.role


def next_number(session: Session, compartment: Open) -> int:
    """The number of the next message; the caller's transaction alone has it."""
    row = (
        update(Compartment)
        .where(Compartment.id == compartment.id)
        .values(last=Compartment.last + 1)
        .returning(Compartment.last)
        .execution_options(synchronize_session=False)
    )
    return int(session.execute(row).scalar_one())


def words_of(message: Message, compartments: Iterable[Open]) -> str | None:
    """What a message says, with the keys in hand; None where none of them opens it."""
    if message.sealed is None:
        return message.body if message.audience == Room.JOINT else None
    for one in compartments:
        if (one.audience, one.holder) == (message.audience, message.holder):
            try:
                return one.unseal(message.number, message.sealed)
            except Spoilt:
                return None
    return None


def _open(keys: Path, row: Compartment) -> Open:
    return Open(row.id, Room(row.audience), row.holder, vault.unseal(keys, _wrapped(row), row.key), row.last)


def _wrapped(row: Compartment) -> str:
    return f"compartment/{row.case_id}/{row.audience}/{row.holder}"
