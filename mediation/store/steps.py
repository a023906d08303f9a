"""The statements of one step as constant texts on the driver's own connection.

A step is the one thing this system does all day; the unit of work of an ORM costs several times
what the database needs for it (docs/performance.md).  Everything else uses the ORM.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

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


READ = "SELECT id, workflow, workflow_version, revision, facts, head, subdistrict FROM cases WHERE id = ?"
MOVE = (
    "UPDATE cases SET state = ?, revision = ?, facts = ?, head = ?, moved_at = ?, due_on = ?,"
    " mediator_id = ? WHERE id = ? AND revision = ?"
)
UPSERT = (
    "INSERT INTO totals (measure, subdistrict, month, head, shard, amount) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (measure, subdistrict, month, head, shard)"
    " DO UPDATE SET amount = totals.amount + excluded.amount"
)


def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - names of the classes above


ENTRY = _insert("entries", EntryRow._fields)
LINE = _insert("ledger", LineRow._fields)
NOTICE = _insert("outbox", NoticeRow._fields)


class Sheet:
    """The driver's connection under a session, inside the session's transaction."""

    def __init__(self, session: Session) -> None:
        connection = session.connection()
        self._sqlite = connection.dialect.name == "sqlite"
        driver = connection.connection.dbapi_connection
        assert driver is not None, "a session's connection is open"  # noqa: S101 - for the type checker
        self._cursor = driver.cursor()

    def read(self, case_id: int) -> CaseRow | None:
        """The case with this row number as it is now."""
        self._run(READ, (case_id,))
        row = self._cursor.fetchone()
        return CaseRow(*row) if row else None

    def move(self, values: Sequence[Any], case_id: int, revision: int) -> bool:
        """Change the case if it still has `revision`; whether it had."""
        self._run(MOVE, (*map(self._plain, values), case_id, revision))
        return bool(self._cursor.rowcount == 1)

    def add(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows with one of the statements above."""
        for row in rows:
            self._run(statement, tuple(map(self._plain, row)))

    def _run(self, statement: str, values: tuple[Any, ...]) -> None:
        self._cursor.execute(statement if self._sqlite else _percent(statement), values)

    def _plain(self, value: Any) -> Any:
        """SQLite has no moments and days of its own: text, spelled as the ORM spells it."""
        if self._sqlite:
            if isinstance(value, datetime):
                return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
            if isinstance(value, date):
                return value.isoformat()
        return value


_PERCENT: dict[str, str] = {}


def _percent(statement: str) -> str:
    found = _PERCENT.get(statement)
    if found is None:
        found = _PERCENT[statement] = statement.replace("?", "%s")
    return found
