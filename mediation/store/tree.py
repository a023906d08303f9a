"""The statements of the tree: which entries wait for a leaf, how it grows, what was anchored."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from mediation.engine.merkle import Frontier, grown, leaf_hash
from mediation.store.models import Anchor, Delivery, Entry, FrontierRow, Leaf

_LOCK = 5674_1701
"""The advisory lock of the one sequencer on PostgreSQL; on SQLite the write lock does the same."""
_PEAK = 64
"""Letters of a hash in hexadecimal."""


class Waiting(NamedTuple):
    """An entry that has no leaf yet."""

    case_id: int
    number: int
    hash: str
    action: str


def leaf(case_id: int, entry: int, hash_: str) -> bytes:
    """The hash of the leaf of an entry; it binds the entry to its case, which the entry's own does not."""
    return leaf_hash(f"{case_id} {entry} {hash_}".encode())


def alone(session: Session) -> bool:
    """Whether this transaction may let the tree grow; nobody waits to become the sequencer."""
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}))


def newest_entry(session: Session) -> int:
    """The highest row number of an entry."""
    return session.scalar(select(func.max(Entry.id))) or 0


def size(session: Session) -> int:
    """How many leaves the tree has."""
    newest = session.scalar(select(func.max(Leaf.position)))
    return 0 if newest is None else newest + 1


def unsequenced(session: Session) -> int:
    """How many entries have no leaf."""
    entries = session.scalar(select(func.count()).select_from(Entry)) or 0
    return entries - (session.scalar(select(func.count()).select_from(Leaf)) or 0)


def waiting(session: Session, after: int, until: int) -> list[Waiting]:
    """The entries without a leaf among the row numbers after `after` and up to `until`, in their order."""
    query = (
        select(Entry.case_id, Entry.number, Entry.hash, Entry.action)
        .outerjoin(Leaf, (Leaf.case_id == Entry.case_id) & (Leaf.entry == Entry.number))
        .where(Entry.id > after, Entry.id <= until, Leaf.position.is_(None))
        .order_by(Entry.id)
    )
    return [Waiting(*row) for row in session.execute(query)]


def append(session: Session, entries: Sequence[Waiting]) -> Frontier:
    """Give each entry the next position; the frontier after it.  Only the sequencer may; he commits."""
    tree = frontier(session)
    rows = []
    for position, entry in enumerate(entries, tree.size):
        rows.append(
            {"position": position, "case_id": entry.case_id, "entry": entry.number, "hash": entry.hash}
        )
        tree.add(leaf(entry.case_id, entry.number, entry.hash))
    if rows:
        session.execute(insert(Leaf), rows)
        keep(session, tree)
    return tree


def keep(session: Session, tree: Frontier) -> None:
    """Keep what the tree needs to grow on.  The caller commits."""
    session.merge(FrontierRow(id=1, size=tree.size, peaks=b"".join(tree.peaks).hex()))
    session.flush()  # the anchor that may follow is of this size


def frontier(session: Session) -> Frontier:
    """What the tree needs to grow: as kept, or made anew from the leaves where that does not fit them."""
    kept = session.get(FrontierRow, 1)
    if kept is not None and kept.size == size(session):
        with suppress(ValueError):  # somebody has written something else there: then it is made anew
            peaks = (kept.peaks[i : i + _PEAK] for i in range(0, len(kept.peaks), _PEAK))
            return Frontier(kept.size, [bytes.fromhex(peak) for peak in peaks])
    return grown(_hashes(session))


def leaves(session: Session, until: int) -> list[bytes]:
    """The leaf hashes of the tree when it had `until` leaves."""
    return list(_hashes(session, until))


def _hashes(session: Session, until: int | None = None) -> Iterator[bytes]:
    query = select(Leaf.case_id, Leaf.entry, Leaf.hash).order_by(Leaf.position)
    if until is not None:
        query = query.where(Leaf.position < until)
    for case_id, entry, hash_ in session.execute(query.execution_options(yield_per=5000)):
        yield leaf(case_id, entry, hash_)


def anchors(session: Session) -> Iterable[Anchor]:
    """All anchors in their order."""
    return session.scalars(select(Anchor).order_by(Anchor.number))


def last_anchor(session: Session) -> Anchor | None:
    """The newest anchor."""
    return session.scalars(select(Anchor).order_by(Anchor.number.desc()).limit(1)).one_or_none()


def undelivered(session: Session, target: str, most: int = 100) -> list[Anchor]:
    """The oldest anchors that have not reached `target`."""
    there = (Delivery.anchor == Anchor.number) & (Delivery.target == target)
    query = select(Anchor).outerjoin(Delivery, there).where(Delivery.anchor.is_(None))
    return list(session.scalars(query.order_by(Anchor.number).limit(most)))


def delivered(session: Session, numbers: Iterable[int], target: str, at: datetime) -> None:
    """Note that anchors have reached `target`; two may have brought them there at once.  Caller commits."""
    into = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    rows = [{"anchor": number, "target": target, "at": at} for number in numbers]
    session.execute(into(Delivery).on_conflict_do_nothing(), rows)
