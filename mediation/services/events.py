"""Security events: written in the transaction of what they tell of, in chains that an audit can check.

A chain for each of a few shards of people, so that no two strangers wait for each other.  With each
anchor the last event of every chain becomes a leaf of the tree, and so holds all before it.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from mediation.domain.events import Event, What
from mediation.services.findings import Finding, Kind
from mediation.store.models import Leaf, SecurityEvent
from mediation.store.steps import spelled_moment
from mediation.store.tree import Waiting

CHAINS = 16
NOBODY, SYSTEM, CONSOLE = "nobody", "system", "console"
"""Who has not shown who he is; what works by itself; whoever may run commands on this machine."""
ADDRESS = "address"
"""Under which name a session's `info` keeps the hash of the address that asks."""
AGAIN = timedelta(minutes=1)
"""The same refusal is told once in so long: who hammers at a door does not fill the book."""
_LOCK = 5674_1800
"""The first of the advisory locks of the chains on PostgreSQL; on SQLite the write lock does the same."""


def record(session: Session, event: Event, at: datetime) -> None:
    """Write an event at the end of its chain.  The caller commits.

    The last thing to be locked in a transaction, so that no two ever wait for each other.
    """
    address = session.info.get(ADDRESS, "")
    chain = _chain(event.who if event.who != NOBODY else f"{NOBODY} {address}")
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK + chain})
    query = select(SecurityEvent).where(SecurityEvent.chain == chain)
    last = session.scalars(query.order_by(SecurityEvent.number.desc()).limit(1)).one_or_none()
    row = SecurityEvent(
        chain=chain,
        number=last.number + 1 if last else 1,
        what=event.what.value,
        who=event.who,
        about=event.about,
        case_id=event.case_id,
        address=address,
        at=at,
        before=last.hash if last else "",
    )
    row.hash = hashed(row)
    session.add(row)
    session.flush()  # whoever is next in this transaction builds on it


def told(session: Session, event: Event, since: datetime) -> bool:
    """Whether the same was written down since a moment."""
    row = SecurityEvent
    case = row.case_id.is_(None) if event.case_id is None else row.case_id == event.case_id
    same = (row.who == event.who, row.what == event.what.value, row.about == event.about, case)
    query = select(row.id).where(*same, row.at >= since)
    return session.scalars(query.limit(1)).first() is not None


def hashed(event: SecurityEvent) -> str:
    """The hash of an event over all it says and the hash before it."""
    said = [
        event.chain, event.number, event.what, event.who, event.about, event.case_id, event.address,
        spelled_moment(event.at), event.before,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def unbound(session: Session) -> list[Waiting]:
    """The last event of every chain in which something happened since it was last made a leaf.

    That a root was signed is no such thing: else every anchor would be a reason for the next.
    """
    return [last for chain in range(CHAINS) if (last := _last_unbound(session, chain))]


def _last_unbound(session: Session, chain: int) -> Waiting | None:
    bound = session.scalar(select(func.max(Leaf.entry)).where(Leaf.case_id == leaf_of(chain))) or 0
    row = SecurityEvent
    newer = select(row).where(row.chain == chain, row.number > bound)
    if session.scalars(newer.where(row.what != What.ANCHOR_SIGNED.value).limit(1)).first() is None:
        return None
    last = session.scalars(newer.order_by(row.number.desc()).limit(1)).one()
    return Waiting(leaf_of(chain), last.number, last.hash, last.what)


def leaf_of(chain: int) -> int:
    """What a chain's leaves have in the place of a case: cases count from one, chains down from -1."""
    return -1 - chain


def examine(session: Session) -> Iterator[Finding]:
    """Every event that was changed, is missing in a chain, or is not the one that the tree has."""
    yield from _links(session)
    row = SecurityEvent
    its_event = (row.chain == -1 - Leaf.case_id) & (row.number == Leaf.entry)
    lost = select(Leaf.case_id, Leaf.entry, row.id).outerjoin(row, its_event).where(Leaf.case_id < 0)
    for leaf, number, found in session.execute(lost.where(row.id.is_(None) | (row.hash != Leaf.hash))):
        name = f"security event {-1 - leaf}/{number}"
        if found is None:
            yield Finding(Kind.MISSING, f"{name} is missing: the tree has it")
        else:
            yield Finding(Kind.BROKEN, f"{name} was changed: the tree has another")


def _links(session: Session) -> Iterator[Finding]:
    query = select(SecurityEvent).order_by(SecurityEvent.chain, SecurityEvent.number)
    chain, number, before = -1, 0, ""
    for event in session.scalars(query.execution_options(yield_per=1000)):
        if event.chain != chain:
            chain, number, before = event.chain, 0, ""
        name = f"security event {event.chain}/{event.number}"
        if event.number != number + 1:
            yield Finding(Kind.MISSING, f"security event {chain}/{number + 1} is missing")
        elif event.before != before:
            yield Finding(Kind.BROKEN, f"{name} does not follow the one before it")
        if event.hash != hashed(event):
            yield Finding(Kind.BROKEN, f"{name} was changed")
        number, before = event.number, event.hash


def _chain(of: str) -> int:
    return hashlib.sha256(of.encode()).digest()[0] % CHAINS
