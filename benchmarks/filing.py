"""How long the server takes for the POST that files an application, one after the other, as served.

The raw driver writes and commits the same kind of row to a database beside it in the same run: what of
the time is the disk.

    python benchmarks/filing.py [--cases 200]
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from junk import Browser, apply, served

GOAL = 0.1
"""Seconds."""


def raw(folder: Path, rounds: int) -> list[float]:
    """Seconds of one row and its commit in the same mode of the same database."""
    with sqlite3.connect(folder / "raw.sqlite", isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE filed (id INTEGER PRIMARY KEY, body TEXT)")
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            connection.execute("INSERT INTO filed (body) VALUES (?)", ("x" * 2000,))
            times.append(time.perf_counter() - began)
    connection.close()
    return times


def main() -> None:
    """Measure and print; status 1 if 95 of 100 take longer than they may."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--cases", type=int, default=200)
    given = arguments.parse_args()
    times = []
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as port:
        database = Path(folder, "mediation.sqlite")
        for number in range(given.cases):
            visitor = Browser(port, f"198.{18 + number // 250}.{number % 250}.7")
            status, _ = apply(visitor, database, f"1370000{number:04d}", 0, looks=False)
            assert status == 302, status
            times.append(visitor.times[-1])
            visitor.close()
        beside = statistics.median(raw(Path(folder), given.cases))
    times.sort()
    middle, p95 = statistics.median(times), times[int(len(times) * 0.95)]
    print(f"POST that files: median {middle * 1e3:.1f} ms, p95 {p95 * 1e3:.1f} ms,", end=" ")
    print(f"longest {times[-1] * 1e3:.1f} ms; {middle / beside:.0f} times one row and its commit")
    sys.exit(p95 > GOAL)


if __name__ == "__main__":
    main()
