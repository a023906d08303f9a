"""A made-up district of any size in bulk: true cases, each with its chain, its ledger and its leaves.

What is generated passes the audit and can be worked on.  Texts are not sent, and papers wait to be made,
leased to nobody for ever: to print one takes a tenth of a second.
The same seed and moment give the same district.
"""

import base64
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.facts import BEIJING
from mediation.domain.filing import SUBDISTRICTS, Filing
from mediation.domain.filing import read as read_filing
from mediation.engine.merkle import Frontier
from mediation.services.access import unusable
from mediation.services.demo import Account, AlreadyThere, add_account, district, filing_of
from mediation.services.filing import WORKFLOW, next_number
from mediation.services.lives import Life, Road, lived
from mediation.services.offices import Office, Transaction
from mediation.services.rehearsing import LATE, ROADS
from mediation.store import tree
from mediation.store.bulk import Bulk
from mediation.store.folded import add_to_folded
from mediation.store.models import Case, Party, Person
from mediation.store.steps import EntryRow, LineRow

CHUNK = 10_000
"""Cases written in one transaction: what is there after an interruption is whole."""
ALIKE = 20
"""Cases that live the same life on the same day, with other people at other places."""
OPEN_SINCE = 60
"""Days before now since when cases may still be open; all filed earlier are closed."""
CASELOAD = 150
"""Open cases for each mediator."""
GROUPS = ((1, 85), (2, 9), (3, 4), (6, 2))
"""How many workers file together, and how often in a hundred."""

CLOSED = {
    ROADS["closed"]: 55,
    (*ROADS["not_agreed"], "close"): 20,
    (*ROADS["withdrawn"], "close"): 10,
    (*ROADS["rejected"], "close"): 10,
    (*ROADS["referred"], "close"): 5,
}
"""How cases of former years went, and how often in a hundred."""
OPEN = {
    **{ROADS[state]: 8 for state in ("submitted", "needs_info", "contacting")},
    ROADS["contacting"]: 12,
    ROADS["accepted"][:-1]: 4,
    **{ROADS[state]: 6 for state in ("accepted", "scheduled", "in_meeting", "adjourned")},
    **{ROADS[state]: 6 for state in ("terms_drafted", "awaiting_signatures", "performed", "not_agreed")},
    **{ROADS[state]: 3 for state in ("withdrawn", "rejected", "referred")},
    ROADS["performing"]: 20,
}
"""How far those of the last weeks have come, and how often."""

CASES = (
    "id", "ref", "number", "workflow", "workflow_version", "state", "revision", "facts", "head",
    "subdistrict", "employer_name", "story", "received_at", "moved_at", "due_on", "wakes_at", "mediator_id",
)  # fmt: skip
PARTIES = ("id", "case_id", "side", "seat", "name", "phone", "group", "uscc", "contact", "key")
LEAVES = ("position", "case_id", "entry", "hash")
JOBS = ("case_id", "entry", "kind", "made_at", "leased_until", "attempts")
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when the papers of generated cases are leased: no worker takes them up."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a district, over how many years until when, and how many of a hundred cases are open."""

    cases: int
    years: int
    at: datetime
    seed: int = 17
    open: int = 8


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works there, as actors."""

    clerk: tuple[str, ...]
    mediator: tuple[str, ...]
    admin: tuple[str, ...]


@dataclass(slots=True)
class Rows:
    """What is written in one transaction, by table."""

    cases: list[tuple[Any, ...]]
    parties: list[tuple[Any, ...]]
    entries: list[tuple[Any, ...]]
    ledger: list[tuple[Any, ...]]
    jobs: list[tuple[Any, ...]]
    totals: Counter[tuple[str, str, str, str]]


def generate(
    transaction: Transaction, office: Office, plan: Plan, progress: Callable[[int], None]
) -> list[Account]:
    """Make the district, some thousand cases a transaction; how its staff log in.

    Raises AlreadyThere where there are cases or staff: made-up cases must never get among real ones.
    Whoever interrupts it keeps what was committed: whole cases, their totals and leaves with them.
    """
    chance = random.Random(plan.seed)  # noqa: S311 - made-up people need no secrecy
    with transaction() as session:
        if session.scalar(select(Case.id).limit(1)) or session.scalar(select(Person.id).limit(1)):
            raise AlreadyThere
        accounts, staff = _hired(session, plan)
    roads, done = _roads(plan, chance), 0
    while batch := list(islice(roads, CHUNK // ALIKE)):
        with transaction() as session:
            made = _Batch(session, office, chance, staff, plan).written(batch)
        done += made
        progress(done)
    return accounts


def _hired(session: Session, plan: Plan) -> tuple[list[Account], Staff]:
    accounts = [add_account(session, row, plan.at) for row in district()["staff"]]
    wanted = plan.cases * plan.open // 100 // CASELOAD
    for number in range(sum(one.role == "mediator" for one in accounts), wanted):
        session.add(
            Person(
                login=f"mediator-{number}",
                name=district()["generated"]["mediator"].format(number=number),
                role="mediator",
                phone=_phone(10**7 + number),
                password=unusable(),
                session_key=unusable(),
                active=True,
            )
        )
    session.flush()  # their numbers are asked for next
    people = session.execute(select(Person.role, Person.id).order_by(Person.id)).all()
    by_role = {role: tuple(f"person:{n}" for r, n in people if r == role) for role in Staff.__slots__}
    return accounts, Staff(**by_role)


def _roads(plan: Plan, chance: random.Random) -> Iterator[tuple[tuple[str, ...], datetime, int]]:
    """The roads of the district with the moment of filing, the oldest first, each for so many cases."""
    open_ = plan.cases * plan.open // 100
    first = plan.at - timedelta(days=365 * plan.years)
    span = plan.at - timedelta(days=OPEN_SINCE) - first
    for number in range(0, plan.cases - open_, ALIKE):
        filed = first + span * (number / plan.cases)
        yield _one_of(chance, CLOSED), _in_hours(filed, chance), min(ALIKE, plan.cases - open_ - number)
    recent = []
    for number in range(0, open_, ALIKE):
        road = _one_of(chance, OPEN)
        filed = plan.at - timedelta(days=len(road) + 1 + chance.randrange(OPEN_SINCE - LATE))
        recent.append((_in_hours(filed, chance), road, min(ALIKE, open_ - number)))
    for filed, road, cases in sorted(recent):
        yield road, filed, cases


def _one_of(chance: random.Random, weighted: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    return chance.choices(list(weighted), list(weighted.values()))[0]


def _in_hours(moment: datetime, chance: random.Random) -> datetime:
    local = moment.astimezone(BEIJING)
    return local.replace(hour=9 + chance.randrange(8), minute=chance.randrange(60), second=0, microsecond=0)


def _phone(serial: int) -> str:
    """A number that anybody sees is made up: they are counted on from 13000000000."""
    return f"130{serial % 10**8:08d}"


class _Batch:
    """The cases of one transaction."""

    def __init__(
        self, session: Session, office: Office, chance: random.Random, staff: Staff, plan: Plan
    ) -> None:
        self._session, self._office, self._chance, self._staff = session, office, chance, staff
        self._firms, self._until = max(plan.cases // 20, 1), plan.at
        self._bulk = Bulk(session)
        self._case = self._bulk.next_id(Case)
        self._party = self._bulk.next_id(Party)
        self._rows = Rows([], [], [], [], [], Counter())

    def written(self, batch: Sequence[tuple[tuple[str, ...], datetime, int]]) -> int:
        """Decide, stamp and write; how many cases.  The caller commits."""
        engine = self._office.catalogue.newest(WORKFLOW)
        for road, filed, count in batch:
            workers = self._chance.choices(*zip(*GROUPS, strict=True))[0]
            filing = read_filing(filing_of(self._chance, workers))
            life = lived(engine, filing, Road(road, filed, self._until), self._bulk)
            last = next_number(self._session, f"case {life.year}", count)
            for serial in range(last - count + 1, last + 1):
                self._add(life, filing, self._office.organisation.number(life.year, serial))
        self._write()
        return len(self._rows.cases)

    def _add(self, life: Life, filing: Filing, number: str) -> None:
        case_id, chance = self._case, self._chance
        place = chance.choice(SUBDISTRICTS)
        values = {role: chance.choice(getattr(self._staff, role)) for role in Staff.__slots__}
        values["place"] = place
        firm = self._people(case_id, filing, values)
        entries = list(life.stamped(case_id, values))
        self._rows.entries += entries
        self._rows.cases.append(
            (
                case_id, self._token(16), number, life.workflow, life.version, life.state, life.revision,
                life.facts % values, entries[-1][EntryRow._fields.index("hash")], place, firm, filing.story,
                life.received_at, life.moved_at, life.due_on, life.wakes_at,
                values["mediator"] if life.mediated else None,
            )
        )  # fmt: skip
        for line in life.lines:
            self._rows.ledger.append((case_id, *line[:5], place, *line[5:8]))
            self._rows.totals[line.account, place, line.month, line.head or ""] += line.amount
        for entry, kind, at in life.papers:
            self._rows.jobs.append((case_id, entry, kind, at, self._bulk.moment(NEVER), 0))
        self._case += 1

    def _people(self, case_id: int, filing: Filing, values: dict[str, str]) -> str:
        """The rows of the parties; what the firm is called."""
        chance, words = self._chance, district()["generated"]
        row: tuple[Any, ...]
        firm: str = words["firm"].format(
            firm=chance.choice(district()["employers"]), number=chance.randrange(self._firms) + 1
        )
        for seat, worker in enumerate(filing.workers):
            name = words["worker"].format(
                surname=chance.choice(words["surnames"]), given=chance.choice(words["given"])
            )
            row = (name, _phone(self._party), worker.group, None, None)
            values[f"worker{seat}"] = self._seated(case_id, "worker", seat, row)
        row = (firm, _phone(self._party), None, None, filing.employer.contact)
        values["employer"] = self._seated(case_id, "employer", 0, row)
        return firm

    def _seated(self, case_id: int, side: str, seat: int, row: tuple[Any, ...]) -> str:
        number = self._party
        self._rows.parties.append((number, case_id, side, seat, *row, self._token(6)))
        self._party += 1
        return f"party:{number}"

    def _token(self, length: int) -> str:
        return base64.urlsafe_b64encode(self._chance.randbytes(length)).decode().rstrip("=")

    def _write(self) -> None:
        rows, bulk = self._rows, self._bulk
        bulk.write("cases", CASES, rows.cases)
        bulk.write("parties", PARTIES, rows.parties)
        bulk.write("entries", EntryRow._fields, rows.entries)
        bulk.write("ledger", LineRow._fields, rows.ledger)
        bulk.write("jobs", JOBS, rows.jobs)
        grown = tree.frontier(self._session)
        bulk.write("leaves", LEAVES, self._leaves(grown))
        tree.keep(self._session, grown)
        bulk.numbered("cases", "parties")
        add_to_folded(self._session, ((*key, amount) for key, amount in rows.totals.items()))

    def _leaves(self, grown: Frontier) -> Iterator[tuple[int, int, int, str]]:
        for entry in self._rows.entries:
            row = EntryRow._make(entry)
            yield grown.size, row.case_id, row.number, row.hash
            grown.add(tree.leaf(row.case_id, row.number, row.hash))
