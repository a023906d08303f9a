"""The statements of one step as constant texts on the driver's own connection.

A step is the one thing this system does all day; the unit of work of an ORM costs several times
what the database needs for it (benchmarks/steps.py).  Everything else uses the ORM.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy.orm import Session


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


READ = f"SELECT {', '.join(CaseRow._fields)} FROM cases WHERE id = ?"  # noqa: S608 - names of the class
LOCKED = f"{READ} FOR NO KEY UPDATE"
"""PostgreSQL: the second asker waits here, and then reads what the first has made of the case."""
MOVE = (
    "UPDATE cases SET state = ?, revision = ?, facts = ?, head = ?, moved_at = ?, due_on = ?, wakes_at = ?,"
    " mediator_id = ?, leased_until = NULL WHERE id = ? AND revision = ?"
)
WAKE = "UPDATE cases SET due_on = ?, wakes_at = ?, leased_until = NULL WHERE id = ? AND revision = ?"
VERSION = "UPDATE cases SET workflow_version = ? WHERE id = ?"
UPSERT = (
    "INSERT INTO totals (measure, subdistrict, month, head, shard, amount) VALUES (?, ?, ?, ?, ?, ?)"
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


Statement = tuple[str, Sequence[Any]]


class Sheet:
    """The driver's connection under a session, inside the session's transaction."""

    def __init__(self, session: Session) -> None:
        connection = session.connection()
        self._sqlite = connection.dialect.name == "sqlite"
        self._driver = cast(Any, connection.connection.dbapi_connection)
        self._cursor = self._driver.cursor()

    def read(self, case_id: int) -> CaseRow | None:
        """The case with this row number as it is now, and ours to move until the transaction ends."""
        self._run(READ if self._sqlite else LOCKED, (case_id,))
        row = self._cursor.fetchone()
        if row is None:
            return None
        return CaseRow._make((*row[:-1], _read(row[-1]) if self._sqlite else row[-1]))

    def write(self, move: MoveRow, rows: Sequence[Statement]) -> bool:
        """Change the case if it still has the revision that `move` ends with, and add `rows`.

        False, with nothing to be kept of the transaction, if somebody else moved the case first.
        """
        if self._sqlite:
            self._run(MOVE, move)
            if self._cursor.rowcount != 1:
                return False
            self.add(rows)
            return True
        return self._in_one_trip([(MOVE, move), *rows])

    def add(self, rows: Iterable[Statement]) -> None:
        """Write rows with statements from above."""
        for statement, values in rows:
            self._run(statement, values)

    def _run(self, statement: str, values: Sequence[Any]) -> None:
        if self._sqlite:
            self._cursor.execute(statement, [_SPELLED.get(type(v), _same)(v) for v in values])
        else:
            self._cursor.execute(_percent(statement), values)

    def _in_one_trip(self, rows: Sequence[Statement]) -> bool:
        """Send everything to PostgreSQL at once: waiting for each answer is most of a step's time there."""
        from psycopg.errors import UniqueViolation  # noqa: PLC0415 - only where PostgreSQL is used

        try:
            with self._driver.pipeline():
                moved = self._driver.cursor().execute(_percent(rows[0][0]), rows[0][1])
                self.add(rows[1:])
        except UniqueViolation as violation:
            # The entry's number was taken in this moment by whoever moved the case first.
            if violation.diag.table_name == "entries":
                return False
            raise
        return bool(moved.rowcount == 1)


def _same(value: Any) -> Any:
    return value


def _read(text: str) -> datetime:
    """A moment that SQLite kept."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def spelled_moment(value: datetime) -> str:
    """A moment as SQLite keeps it."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


_SPELLED: dict[type, Callable[[Any], Any]] = {datetime: spelled_moment, date: date.isoformat}


@lru_cache(maxsize=64)
def _percent(statement: str) -> str:
    """The statement with the places that psycopg knows."""
    return statement.replace("?", "%s")
