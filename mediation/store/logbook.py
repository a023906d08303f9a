"""The whole log and all that hangs on it, streamed in the order of the cases for whoever checks it.

Plain rows from the driver: a million of them as objects of an ORM would cost minutes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar, cast

from sqlalchemy.orm import Session

from mediation.store.steps import EntryRow, spelled_moment

NO_MOMENT = datetime.min.replace(tzinfo=UTC)
"""Stands for a moment that cannot be read: nothing that was hashed has it."""


class CaseRow(NamedTuple):
    """What the log of a case must lead to."""

    id: int
    number: str | None
    workflow: str
    workflow_version: int
    state: str
    revision: int
    facts: str
    head: str
    due_on: Any
    wakes_at: Any
    mediator: str | None
    subdistrict: str
    received_at: Any
    moved_at: Any

    @property
    def name(self) -> str:
        """The case as a finding names it."""
        return self.number or f"draft {self.id}"


class LeafRow(NamedTuple):
    """What the tree knows of an entry."""

    case_id: int
    entry: int
    hash: str


class Line(NamedTuple):
    """A ledger line as a replay posts it; a reversing one ends with the entry of the line it reverses."""

    entry: int
    debit: str
    credit: str
    unit: str
    amount: int
    subdistrict: str | None
    worker: int | None
    head: str | None
    on_day: str
    source: str | None = None
    reverses: int | None = None


class PaperRow(NamedTuple):
    """A registered paper."""

    case_id: int
    entry: int
    kind: str
    number: str
    check_code: str
    sha256: str
    terms_digest: str


class PartyRow(NamedTuple):
    """What is on record of a party, such as worker:0, or of who acts for one, by his authority."""

    case_id: int
    name: str
    details: dict[str, str | None]


class JobRow(NamedTuple):
    """A paper that is to be made, or was."""

    case_id: int
    entry: int
    kind: str
    waits: Any


CASES = (
    "SELECT id, number, workflow, workflow_version, state, revision, facts, head,"
    " due_on, wakes_at, mediator_id, subdistrict, received_at, moved_at FROM cases ORDER BY id"
)
ENTRIES = f"SELECT {', '.join(EntryRow._fields)} FROM entries ORDER BY case_id, number"  # noqa: S608 - names of the class
LEAVES = "SELECT case_id, entry, hash FROM leaves WHERE case_id > 0 ORDER BY case_id, entry"
IN_ORDER = "SELECT position, case_id, entry, hash FROM leaves ORDER BY position"
UNANCHORED = (
    "SELECT min(entries.at), count(*) FROM entries"
    " LEFT JOIN leaves ON leaves.case_id = entries.case_id AND leaves.entry = entries.number"
    " WHERE (leaves.position IS NULL OR leaves.position >= (SELECT coalesce(max(size), 0) FROM anchors))"
)
RECENTLY = f"{UNANCHORED} AND entries.id > (SELECT coalesce(max(id), 0) - 1000 FROM entries)"  # noqa: S608 - constants
"""The same of the newest entries alone: what costs nothing may be asked every minute."""
LINES = (
    "SELECT one.case_id, coalesce(one.entry, 0), one.debit, one.credit, one.unit, one.amount,"
    " one.subdistrict, one.worker, one.head, CAST(one.on_day AS TEXT), one.source, first.entry"
    " FROM ledger AS one LEFT JOIN ledger AS first ON first.id = one.reverses"
    " WHERE one.case_id IS NOT NULL ORDER BY one.case_id"
)
PAPERS = f"SELECT {', '.join(PaperRow._fields)} FROM papers ORDER BY case_id, entry, kind"  # noqa: S608 - names of the class
STORIES = "SELECT id, number, employer_name, story FROM cases ORDER BY id"
PARTIES = (
    'SELECT case_id, side, CAST(seat AS TEXT), name, phone, "group", uscc, contact FROM parties'
    " UNION ALL SELECT case_id, 'agent', ref, name, phone, NULL, NULL, NULL FROM agents ORDER BY case_id"
)
FINGERPRINTS = (
    "SELECT case_id, action, data FROM entries WHERE action IN ('submit', 'correct_party', 'name_agent')"
    " ORDER BY case_id, number"
)
ACTED = "SELECT DISTINCT actor_id, role FROM entries WHERE actor_id LIKE 'person:%' ORDER BY 1, 2"
JOBS = "SELECT case_id, entry, kind, done_at IS NULL FROM jobs ORDER BY case_id, entry, kind"


def rows(session: Session, statement: str) -> Iterator[tuple[Any, ...]]:
    """Stream the rows of a constant statement as the driver has them."""
    connection = session.connection()
    driver = cast(Any, connection.connection.dbapi_connection)
    if connection.dialect.name == "sqlite":
        # Not `yield from`: a reader who stops half-way would close the cursor after its connection.
        for row in driver.execute(statement):  # noqa: UP028 - see above
            yield row
        return
    with driver.cursor(name=f"logbook_{id(statement)}") as cursor:
        cursor.itersize = 5000
        cursor.execute(statement)
        yield from cursor


def since(session: Session, first: datetime | int) -> str:
    """Names the cases with an entry of this moment or later, or from this size of the tree on.

    To be given to the readers below as `of`; they leave all others out.
    """
    if isinstance(first, int):
        known = f"SELECT 1 FROM leaves WHERE case_id = e.case_id AND entry = e.number AND position < {first}"  # noqa: S608 - a number
        return f"SELECT e.case_id FROM entries AS e WHERE NOT EXISTS ({known})"  # noqa: S608 - from above
    sqlite = session.get_bind().dialect.name == "sqlite"
    moment = spelled_moment(first) if sqlite else first.isoformat()
    return f"SELECT case_id FROM entries WHERE at >= '{moment}'"  # noqa: S608 - a moment


def left_out(session: Session, of: str) -> int:
    """How many cases `of` does not name."""
    ((count,),) = rows(session, f"SELECT count(*) FROM cases WHERE id NOT IN ({of})")  # noqa: S608 - from `since`
    return int(count)


def _only(statement: str, case: str, of: str) -> str:
    if not of:
        return statement
    head, _, order = statement.rpartition(" ORDER BY ")
    return f"{head} {'AND' if ' WHERE ' in head else 'WHERE'} {case} IN ({of}) ORDER BY {order}"


@contextmanager
def legible(session: Session) -> Iterator[None]:
    """Read even texts that are none any more: SQLite keeps whatever bytes somebody put there."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = cast(Any, connection.connection.dbapi_connection)
    usual = driver.text_factory
    driver.text_factory = lambda kept: kept.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = usual


def cases(session: Session, of: str = "") -> Iterator[CaseRow]:
    """All cases in their order."""
    return map(CaseRow._make, rows(session, _only(CASES, "id", of)))


def entries(session: Session, of: str = "") -> Iterator[EntryRow]:
    """All entries, case by case, their moments read."""
    for row in rows(session, _only(ENTRIES, "case_id", of)):
        entry = EntryRow._make(row)
        yield entry if type(entry.at) is datetime else entry._replace(at=moment(entry.at))


def leaves(session: Session, of: str = "") -> Iterator[LeafRow]:
    """All leaves, case by case."""
    return map(LeafRow._make, rows(session, _only(LEAVES, "case_id", of)))


def lines(session: Session, of: str = "") -> Iterator[tuple[Any, ...]]:
    """The ledger lines that steps have posted, case by case; the case comes first."""
    return rows(session, _only(LINES, "one.case_id", of))


def papers(session: Session, of: str = "") -> Iterator[PaperRow]:
    """The register of papers, case by case."""
    return map(PaperRow._make, rows(session, _only(PAPERS, "case_id", of)))


def parties(session: Session) -> Iterator[PartyRow]:
    """The parties, and who acts for them, case by case."""
    for case_id, side, seat, *details in rows(session, PARTIES):
        named = zip(("name", "phone", "group", "uscc", "contact"), details, strict=True)
        yield PartyRow(case_id, f"{side}:{seat}", dict(named))


def jobs(session: Session, of: str = "") -> Iterator[JobRow]:
    """Papers to be made and made, case by case."""
    return map(JobRow._make, rows(session, _only(JOBS, "case_id", of)))


def moment(text: Any) -> datetime:
    """A moment as SQLite keeps it; one spelled in any other way was not written by us."""
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return NO_MOMENT
    return found if spelled_moment(found) == text else NO_MOMENT


Row = TypeVar("Row", bound=tuple[Any, ...])


class Shelf(Generic[Row]):
    """Rows that are sorted by case, handed out case by case to whoever walks through the cases.

    What belongs to no case that was asked for is kept aside, by its case.
    """

    def __init__(self, sorted_rows: Iterator[Row]) -> None:
        self._groups = ((case, list(group)) for case, group in groupby(sorted_rows, itemgetter(0)))
        self._next = next(self._groups, None)
        self._strays: list[tuple[int, list[Row]]] = []

    def take(self, case_id: int) -> list[Row]:
        """The rows of a case; cases are asked for in their order."""
        while self._next is not None and self._next[0] < case_id:
            self._strays.append(self._next)
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != case_id:
            return []
        found = self._next[1]
        self._next = next(self._groups, None)
        return found

    def rest(self) -> list[tuple[int, list[Row]]]:
        """All that nobody took, once the last case was asked for."""
        while self._next is not None:
            self._strays.append(self._next)
            self._next = next(self._groups, None)
        return self._strays
