"""The statements of one step as constant texts on the driver's own connection.

A step is the one thing this system does all day; the unit of work of an ORM costs several times
what the database needs for it (benchmarks/steps.py).  Everything else uses the ORM.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from mediation.store.prepared import numbered, plain


class CaseRow(NamedTuple):
    """What a step reads of a case."""

    id: int
    workflow: str
    workflow_version: int
    revision: int
    facts: str
    head: str
    subdistrict: str
    moved_at: datetime
    wakes_at: datetime | None


class MoveRow(NamedTuple):
    """What a step makes of a case that still has the revision `seen`."""

    state: str
    revision: int
    facts: str
    head: str
    moved_at: datetime
    due_on: date | None
    wakes_at: datetime | None
    mediator_id: str | None
    id: int
    seen: int


class EntryRow(NamedTuple):
    """An entry about to be written."""

    case_id: int
    number: int
    action: str
    source: str
    target: str
    role: str
    actor_id: str
    seat: int
    at: datetime
    data: str
    before: str
    hash: str = ""
    authority: str = ""


class LineRow(NamedTuple):
    """A ledger line about to be written."""

    case_id: int
    entry: int
    debit: str
    credit: str
    unit: str
    amount: int
    subdistrict: str
    worker: int | None
    head: str | None
    on_day: date


class NoticeRow(NamedTuple):
    """An outbox row about to be written."""

    case_id: int
    entry: int
    audience: str
    seat: int | None
    template: str
    made_at: datetime
    attempts: int = 0
    not_before: datetime | None = None


class JobRow(NamedTuple):
    """A paper that is to be made."""

    case_id: int
    entry: int
    kind: str
    made_at: datetime
    attempts: int = 0


class ReplyRow(NamedTuple):
    """The answer to a posted form, about to be written with what the form did."""

    name: str
    digest: str
    case_id: int
    location: str
    body: str
    at: datetime


READ = f"SELECT {', '.join(CaseRow._fields)} FROM cases WHERE id = ?"  # noqa: S608 - names of the class
LOCKED = f"{READ} FOR NO KEY UPDATE"
"""PostgreSQL: the second asker waits here, and then reads what the first has made of the case."""
MOVE = (
    "UPDATE cases SET state = ?, revision = ?, facts = ?, head = ?, moved_at = ?, due_on = ?, wakes_at = ?,"
    " mediator_id = ?, leased_until = NULL WHERE id = ? AND revision = ?"
)
WAKE = "UPDATE cases SET due_on = ?, wakes_at = ?, leased_until = NULL WHERE id = ? AND revision = ?"
SINCE = "SELECT 1 FROM entries WHERE case_id = ? AND number > ? AND action <> ? LIMIT 1"
VERSION = "UPDATE cases SET workflow_version = ? WHERE id = ?"
_TOTAL = "(?, ?, ?, ?, ?, ?)"
UPSERT = (
    f"INSERT INTO totals (measure, subdistrict, month, head, shard, amount) VALUES {_TOTAL}"  # noqa: S608 - constant
    " ON CONFLICT (measure, subdistrict, month, head, shard)"
    " DO UPDATE SET amount = totals.amount + excluded.amount"
)


def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - names of the classes above


REVERSE = (
    "INSERT INTO ledger (case_id, entry, debit, credit, unit, amount, subdistrict, worker, head, on_day,"
    " reverses) SELECT case_id, ?, credit, debit, unit, amount, subdistrict, worker, head, ?, id"
    " FROM ledger AS first WHERE case_id = ? AND debit = ? AND credit = ? AND worker = ? AND head = ?"
    " AND NOT EXISTS (SELECT 1 FROM ledger AS later WHERE later.reverses = first.id)"
    " ORDER BY id"
)
"""For each line that still stands, one with the accounts exchanged.

By the order of its accounts a reversing line is none of these; the database would refuse to reverse it.
"""
ENTRY = _insert("entries", EntryRow._fields)
LINE = _insert("ledger", LineRow._fields)
NOTICE = _insert("outbox", NoticeRow._fields)
JOB = _insert("jobs", JobRow._fields)
REPLY = _insert("replies", ReplyRow._fields)


Statement = tuple[str, Sequence[Any]]
Totals = dict[tuple[str, str, str, str, int], int]
"""What is added to which total: measure, subdistrict, month, head, shard."""


class Sheet:
    """The driver's connection inside a transaction, on which one step is read and written."""

    def __init__(self, cursor: Any, *, sqlite: bool, alone: bool = False) -> None:
        """`alone`: each statement is a transaction, and PostgreSQL locks nothing for the one that reads."""
        self._cursor = cursor
        self._sqlite = sqlite
        self._read = READ if sqlite or alone else LOCKED

    @classmethod
    def under(cls, session: Session) -> "Sheet":
        """In the session's transaction."""
        connection = session.connection()
        driver: Any = connection.connection.dbapi_connection
        sqlite = connection.dialect.name == "sqlite"
        return cls(driver.cursor() if sqlite else plain(driver), sqlite=sqlite)

    def read(self, case_id: int) -> CaseRow | None:
        """The case with this row number as it is now, and ours to move until the transaction ends."""
        row = self._found(self._read, (case_id,))
        if row is None:
            return None
        return CaseRow._make((*row[:-2], _read(row[-2]), _read(row[-1])) if self._sqlite else row)

    def moved_since(self, case_id: int, number: int, note: str) -> bool:
        """Whether the case has an entry after `number` other than `note`."""
        return self._found(SINCE, (case_id, number, note)) is not None

    def write(self, move: MoveRow, rows: Sequence[Statement], totals: Totals) -> bool:
        """Change the case if it still has the revision that `move` ends with, add `rows` and to `totals`.

        False, with nothing written, if somebody else moved the case first.
        """
        if not self._sqlite:
            return self._at_once(move, rows, totals)
        self._run(MOVE, move)
        if self._cursor.rowcount != 1:
            return False
        self.add(rows)
        self.add_to(totals)
        return True

    def add(self, rows: Iterable[Statement]) -> None:
        """Write rows with statements from above."""
        for statement, values in rows:
            self._run(statement, values)

    def add_to(self, totals: Totals) -> None:
        """Add to totals, the last thing that a step locks, in the one order in which all lock them.

        In another order two steps could wait for each other's total in a circle.
        """
        if totals:
            self._run(upsert(len(totals)), in_order(totals))

    def _found(self, statement: str, values: Sequence[Any]) -> Any:
        """The one row of a query.

        On SQLite by a cursor that is closed at once: in the frames of an error that somebody keeps it would
        live on, and end what another thread is reading on the same connection by the time it goes.
        """
        if not self._sqlite:
            self._run(statement, values)
            return self._cursor.fetchone()
        with closing(self._cursor.connection.execute(statement, values)) as cursor:
            return cursor.fetchone()

    def _run(self, statement: str, values: Sequence[Any]) -> None:
        if self._sqlite:
            self._cursor.execute(statement, spelled(values))
        else:
            self._cursor.execute(numbered(statement), values)

    def _at_once(self, move: Sequence[Any], rows: Sequence[Statement], totals: Totals) -> bool:
        """One statement for PostgreSQL: waiting for each answer is most of a step's time there."""
        statement = together(tuple(statement for statement, _ in rows), len(totals))
        values = [*move, *(value for _, row in rows for value in row), *in_order(totals)]
        self._cursor.execute(numbered(statement), values)
        return bool(self._cursor.fetchone()[0] == 1)


def in_order(totals: Totals) -> list[Any]:
    """The values of `totals`, in the order in which they are locked."""
    return [value for total in sorted(totals) for value in (*total, totals[total])]


def _read(text: str | None) -> datetime | None:
    """A moment that SQLite kept."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


@lru_cache(maxsize=256)
def spelled_moment(value: datetime) -> str:
    """A moment as SQLite keeps it, in UTC without saying so."""
    return value.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


_SPELLED: dict[type, Callable[[Any], str]] = {datetime: spelled_moment, date: date.isoformat}


def spelled(values: Iterable[Any]) -> list[Any]:
    """The values of a statement as SQLite keeps them."""
    return [spell(value) if (spell := _SPELLED.get(type(value))) else value for value in values]


@lru_cache(maxsize=64)
def upsert(count: int) -> str:
    return UPSERT.replace(_TOTAL, ", ".join([_TOTAL] * count))


@lru_cache(maxsize=256)
def together(statements: tuple[str, ...], totals: int) -> str:
    """MOVE, these INSERTs and so many totals as one statement that counts the cases moved: one or none.

    Each is taken from the one before it, the first from the row moved: they wait for that row's lock,
    are left out without it, and are numbered in their order, which PostgreSQL would not keep by itself.
    """
    parts, before = [f"moved AS ({MOVE} RETURNING id)"], "moved"
    for number, statement in enumerate(statements):
        if statement is REVERSE:  # any number of lines, none too: what comes after waits for their count
            lines = REVERSE.replace("AND NOT", _ONLY_AFTER.format(before))
            parts.append(f"row{number} AS ({lines} RETURNING 1)")
            before = f"{before}, (SELECT count(*) FROM row{number}) AS reversed{number}"  # noqa: S608 - texts from above
            continue
        inserted = _PLACES.sub(rf"SELECT \1 FROM {before}", statement)  # noqa: S608 - texts from above
        before = f"row{number}"
        parts.append(f"{before} AS ({inserted} RETURNING 1)")
    if totals:
        added = f"SELECT v.* FROM {before}, (VALUES {_TOTAL}) AS v"  # noqa: S608 - constants
        insert = UPSERT.replace(f"VALUES {_TOTAL}", f"{added} ORDER BY 1, 2, 3, 4, 5")
        parts.append(f"added AS ({insert.replace(_TOTAL, ', '.join([_TOTAL] * totals))})")
    return f"WITH {', '.join(parts)} SELECT count(*) FROM moved"  # noqa: S608 - texts from above


_ONLY_AFTER = "AND EXISTS (SELECT 1 FROM {}) AND NOT"
_PLACES = re.compile(r"VALUES \((.*)\)$")
