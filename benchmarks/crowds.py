"""Many processes at once: PostgreSQL with 8 workers, one SQLite file with 8, one hot total with 16.

Each crowd drives cases of its own, this engine and the same rows by hand taking turns.  A total that
every step adds to is compared with the usual way, one row that a transaction updates first.

    python benchmarks/crowds.py [--lives 12] [--rounds 5]
"""

import argparse
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest import mock

import steps as bench
from flask import current_app

from mediation import serving
from mediation.app import create_app
from mediation.engine.asking import Ask
from mediation.services.casework import fire, step
from mediation.services.filing import start_draft
from mediation.services.offices import Office
from mediation.store import steps, totals
from mediation.store.db import db, reading, transaction

WARM = 12
"""Cases that each process does before it is measured: by then its statements are prepared and planned."""

WRITERS = 16

Work = Callable[[list[int]], list[float]]
"""Drive these cases; the seconds that each step took."""

HOT = (
    "UPDATE totals SET amount = amount + ?"
    " WHERE measure = ? AND subdistrict = ? AND month = ? AND head = ? AND shard = 0"
)
SUBMIT = Ask("submit", bench.WORKER, 1, bench.AT)


def together(work: Work, shares: list[list[int]], processes: int) -> tuple[float, list[float]]:
    """Each share a thread of one of the processes, all starting at once: steps a second, and seconds of each.

    Each has done its first cases before: servers live long, and their statements are prepared.
    """
    db.session.remove()
    db.engine.dispose()  # no connection may be carried over a fork
    context = multiprocessing.get_context("fork")
    ready, answers = context.Barrier(len(shares) + 1), context.SimpleQueue()
    app = current_app._get_current_object()  # type: ignore[attr-defined] - behind a proxy

    def run(share: list[int]) -> list[float]:
        with app.app_context():
            try:
                work(share[:WARM])
                ready.wait(60)
                return work(share[WARM:])
            except Exception as error:
                ready.abort()  # the others need not wait for it
                answers.put(repr(error))
                raise

    def serve(own: list[list[int]]) -> None:
        serving.post_worker_init(None)
        with ThreadPoolExecutor(len(own)) as pool:
            answers.put([one for times in pool.map(run, own) for one in times])

    children = [context.Process(target=serve, args=(shares[n::processes],)) for n in range(processes)]
    for child in children:
        child.start()
    with suppress(threading.BrokenBarrierError):
        ready.wait(60)
    start = time.perf_counter()
    found: list[Any] = [answers.get() for _ in children]
    seconds = time.perf_counter() - start
    for child in children:
        child.join()
    faults = [one for one in found if isinstance(one, str)]
    assert not faults, faults
    times = [one for times in found for one in times]
    return len(times) / seconds, times


def drafts(office: Office, count: int) -> list[int]:
    """Cases that wait to be submitted, all in one place and month."""
    with transaction() as session:
        return [
            start_draft(session, office.catalogue, bench.FILING, bench.WORKER, bench.AT).id
            for _ in range(count)
        ]


def shared(cases: list[int], workers: int) -> list[list[int]]:
    """The cases dealt out, so that neighbours' totals are in different shards."""
    return [cases[worker::workers] for worker in range(workers)]


def told(name: str, speeds: list[float], times: list[float], floor: float | None) -> None:
    """Print one line: medians of the rounds."""
    ratio = f"{statistics.median(speeds) / floor:8.2f}" if floor else f"{'':8}"
    p99 = sorted(times)[int(len(times) * 0.99)]
    print(
        f"{name:34}{statistics.median(speeds):9.0f}{statistics.median(times) * 1e3:9.2f}"
        f"{p99 * 1e3:9.2f}{max(times) * 1e3:9.1f}{ratio}"
    )


def in_turn(
    works: dict[str, tuple[Work, Callable[[], list[list[int]]]]], processes: int, rounds: int
) -> None:
    """Let the crowds take turns and print a line of each; the first is what the others are compared with."""
    print(f"{'':34}{'steps/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'longest':>9}{'ratio':>8}")
    speeds: dict[str, list[float]] = {name: [] for name in works}
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (work, shares) in works.items():
            speed, taken = together(work, shares(), processes)
            speeds[name].append(speed)
            times[name] += taken
    floor = None
    for name in works:
        told(name, speeds[name], times[name], floor)
        floor = floor or statistics.median(speeds[name])


def lives_of(office: Office, workers: int, lives: int, rounds: int) -> None:
    """Whole lives, each worker on cases of its own."""
    acts, written, _ = bench.rehearsed(office)

    def raw(cases: list[int]) -> list[float]:
        return [one for case in cases for one in bench.by_driver(case, written)]

    def ours(cases: list[int]) -> list[float]:
        return [one for case in cases for one in bench.by_engine(office, case, acts)]

    def session(cases: list[int]) -> list[float]:
        return [one for case in cases for one in bench.in_session(office, case, acts)]

    def some() -> list[list[int]]:
        return shared(bench.filed(office, workers * (WARM + lives)), workers)

    print(f"\n{db.engine.dialect.name}, {workers} processes, {lives} lives each")
    works = {"raw DBAPI, same rows": raw, "mediation, complete": ours, "mediation, in a session": session}
    in_turn({name: (work, some) for name, work in works.items()}, workers, rounds)


def submitting(office: Office) -> tuple[Any, int, bench.Written]:
    """Of the submission of a case: the total it adds to, how much, and its other statements."""
    written: list[Any] = []
    write = steps.Sheet.write

    def noting(sheet: steps.Sheet, *what: Any) -> bool:
        written[:] = what
        return write(sheet, *what)

    with mock.patch.object(steps.Sheet, "write", noting), transaction() as session:
        case = start_draft(session, office.catalogue, bench.FILING, bench.WORKER, bench.AT)
        fire(session, office.catalogue, case.id, SUBMIT)
    move, rows, added = written
    ((total, amount),) = added.items()
    return total, amount, [(steps.READ, (0,)), (steps.MOVE, move), *rows]


def each(deed: Callable[[int], None]) -> Work:
    """Do it to each case and time it."""

    def work(cases: list[int]) -> list[float]:
        times = []
        for case_id in cases:
            start = time.perf_counter()
            deed(case_id)
            times.append(time.perf_counter() - start)
        return times

    return work


def hot_first(office: Office) -> dict[str, Work]:
    """Who submits a case and updates the one row of its total first, by hand and with our engine."""
    total, amount, statements = submitting(office)
    hot = {(*total[:4], 0): amount}
    write = steps.Sheet.write

    def by_hand(case_id: int) -> None:
        connection = db.engine.raw_connection()
        driver: Any = connection.driver_connection
        driver.execute(HOT.replace("?", "%s"), (amount, *total[:4]))
        for statement, values in statements:
            driver.execute(statement.replace("?", "%s"), bench.with_case(statement, values, case_id))
        driver.commit()
        connection.close()

    def by_engine(case_id: int) -> None:
        with transaction() as session:
            steps.Sheet.under(session).add_to(hot)
            fire(session, office.catalogue, case_id, SUBMIT)

    def without(sheet: steps.Sheet, move: Any, rows: Any, _totals: Any) -> bool:
        return write(sheet, move, rows, {})

    def all_by_engine(cases: list[int]) -> list[float]:
        steps.Sheet.write = without  # type: ignore[method-assign] - in this process, for good
        return each(by_engine)(cases)

    return {"the engine, hot row first": all_by_engine, "raw DBAPI, hot row first": each(by_hand)}


def hot_total(office: Office, processes: int, count: int, rounds: int) -> None:
    """16 writers submit cases of one place, month and head, as we do it and with one row for the total."""
    works = {
        **hot_first(office),
        "mediation, complete": each(lambda case_id: step(office.catalogue, case_id, SUBMIT)),
    }
    threads = WRITERS // processes
    print(f"\n{db.engine.dialect.name}, one hot total, {processes} processes of {threads} writers")

    def some() -> list[list[int]]:
        return shared(drafts(office, WRITERS * (WARM + count)), WRITERS)

    in_turn({name: (work, some) for name, work in works.items()}, processes, rounds)
    with reading() as session:
        assert totals.hot(session) == totals.fold(session), "a cent is lost"
    print("the running totals are the fold of the ledger, to the cent")


def main() -> None:
    """Measure on every database there is."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--url")
    arguments.add_argument("--lives", type=int, default=30)
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as place, bench.databases(Path(place), given.url) as urls:
        for number, url in enumerate(urls):
            app = create_app(Path(place, str(number)), **({"DATABASE_URL": url} if url else {}))
            with app.app_context():
                office: Office = app.extensions["office"]
                lives_of(office, 8, given.lives, given.rounds)
                if db.engine.dialect.name == "postgresql":
                    # Two processes with threads, as `make run` has them; and a process for each.
                    for processes in (2, WRITERS):
                        hot_total(office, processes, 5 * given.lives, given.rounds)
                db.engine.dispose()


if __name__ == "__main__":
    main()
