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
from mediation.store.models import Sequence as Numbers

_LOCK = 5674_1701
"""The advisory lock of the one sequencer on PostgreSQL; on SQLite the write lock does the same."""
_PEAK = 64
"""Letters of a hash in hexadecimal."""
WATERMARK = "entries in the tree"
"""The name, among the sequences, of the row number up to which every entry has its leaf."""
_ITS_LEAF = (Leaf.case_id == Entry.case_id) & (Leaf.entry == Entry.number)
_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE datname = current_database() AND relation = CAST('entries' AS regclass)"
    " AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()"
)


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


def watermark(session: Session) -> int:
    """The row number up to which every entry has its leaf: none before it need be looked at again.

    Nobody's word for it: the audit looks at all of them.
    """
    found = session.scalar(select(Numbers.last).where(Numbers.name == WATERMARK))
    return max(found, 0) if isinstance(found, int) else 0  # SQLite would keep a text there, too


def advance(session: Session, to: int) -> None:
    """Put the watermark there, in the transaction of the leaves.  Only the sequencer may; he commits."""
    session.merge(Numbers(name=WATERMARK, last=to))
    session.flush()


def writers(session: Session) -> frozenset[str]:
    """The other transactions that have begun to write entries, as the database names them.

    On PostgreSQL each may hold row numbers that nobody sees yet.  The lock is taken before the number
    and given back after the commit, which a transaction's own number (`xmin`) would not promise: that
    one comes after the row's.  SQLite has one writer at a time, and here that is us.
    """
    if session.get_bind().dialect.name == "sqlite":
        return frozenset()
    return frozenset(session.scalars(_WRITERS))


def waiting(session: Session, after: int, until: int) -> list[Waiting]:
    """The entries without a leaf among the row numbers after `after` and up to `until`, in their order."""
    query = (
        select(Entry.case_id, Entry.number, Entry.hash, Entry.action)
        .outerjoin(Leaf, _ITS_LEAF)
        .where(Entry.id > after, Entry.id <= until, Leaf.position.is_(None))
        .order_by(Entry.id)
    )
    return [Waiting(*row) for row in session.execute(query)]


def left_out(session: Session, until: int) -> tuple[int, int]:
    """How many entries up to the row number `until` have no leaf, and the first of them; reads them all."""
    query = select(func.count(), func.min(Entry.id)).select_from(Entry).outerjoin(Leaf, _ITS_LEAF)
    count, first = session.execute(query.where(Entry.id <= until, Leaf.position.is_(None))).one()
    return count, first or 0


def includes(session: Session, since: int, actions: Iterable[str]) -> bool:
    """Whether one of these actions is among the entries at the positions from `since` on."""
    query = (
        select(Leaf.position).join(Entry, _ITS_LEAF).where(Leaf.position >= since, Entry.action.in_(actions))
    )
    return session.scalar(query.limit(1)) is not None


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
    return grown(hashes(session))


def leaves(session: Session, first: int = 0, last: int | None = None) -> Iterator[tuple[int, bytes]]:
    """The positions from `first` up to `last`, or to the end, with the hashes of their leaves."""
    query = select(Leaf.position, Leaf.case_id, Leaf.entry, Leaf.hash).order_by(Leaf.position)
    query = query.where(Leaf.position >= first)
    if last is not None:
        query = query.where(Leaf.position < last)
    for position, case_id, entry, hash_ in session.execute(query.execution_options(yield_per=5000)):
        yield position, leaf(case_id, entry, hash_)


def hashes(session: Session, last: int | None = None) -> Iterator[bytes]:
    """The leaf hashes of the tree, of all positions or of those before `last`."""
    return (hash_ for _, hash_ in leaves(session, 0, last))


def anchors(session: Session) -> Iterable[Anchor]:
    """All anchors in their order."""
    return session.scalars(select(Anchor).order_by(Anchor.number))


def last_anchor(session: Session) -> Anchor | None:
    """The newest anchor."""
    return session.scalars(select(Anchor).order_by(Anchor.number.desc()).limit(1)).one_or_none()


def undelivered(session: Session, target: str, most: int = 100) -> list[Anchor]:
    """The oldest anchors that have not reached `target`: those after the last that has.

    Everybody brings them there in their order, beginning with the oldest, so none before it is missing.
    """
    reached = select(func.max(Delivery.anchor)).where(Delivery.target == target).scalar_subquery()
    query = select(Anchor).where(Anchor.number > func.coalesce(reached, 0))
    return list(session.scalars(query.order_by(Anchor.number).limit(most)))


def delivered(session: Session, numbers: Iterable[int], target: str, at: datetime) -> None:
    """Note that anchors have reached `target`; two may have brought them there at once.  Caller commits."""
    into = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    rows = [{"anchor": number, "target": target, "at": at} for number in numbers]
    session.execute(into(Delivery).on_conflict_do_nothing(), rows)
