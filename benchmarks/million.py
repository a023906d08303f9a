"""A million rows: the way up from the oldest tables, and all totals counted again from the ledger.

The rows are made by the database itself in the tables of the first migration; then `mediation migrate`
runs as an operator runs it, in a process of its own, and the totals are dropped and summed anew.

    python benchmarks/million.py [--url EMPTY_DATABASE] [--entries 1000000]

Goals: five minutes for the way up (P-42), one minute for the totals (P-24); status 1 if one is missed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from steps import databases

from mediation.app import create_app
from mediation.services import totals
from mediation.services.exporting import exported
from mediation.store import db as store
from mediation.store import migrating

UPGRADE, COUNTED = 300, 60
"""Seconds."""
FAR = date(2999, 1, 1)
PER_CASE = 10
"""Entries, and lines of the ledger, of one case."""
ROWS = {
    "cases": """INSERT INTO cases (id, ref, number, workflow, workflow_version, state, revision, facts, head,
        subdistrict, employer_name, story, moved_at)
        SELECT n, 'r' || n, 'n' || n, 'labour_dispute', 1, 'closed', {per}, '{{}}', 'h' || n,
        '1101010' || (10 + n % 8), 'Firm ' || n, 's', {at} FROM series""",
    "parties": """INSERT INTO parties (id, case_id, side, seat, name, phone, key)
        SELECT n, (n + 1) / 2, CASE n % 2 WHEN 0 THEN 'worker' ELSE 'employer' END, 0, 'Person ' || n,
        '13000000000', 'k' || n FROM series""",
    "entries": """INSERT INTO entries (id, case_id, number, action, source, target, role, actor_id, seat, at,
        data, before, hash)
        SELECT n, (n - 1) / {per} + 1, (n - 1) % {per} + 1, 'act', 'a', 'b', 'worker', 'x', 0, {at},
        '{{}}', 'b' || n, 'h' || n FROM series""",
    "ledger": """INSERT INTO ledger (id, case_id, entry, debit, credit, unit, amount, subdistrict, worker,
        head, on_day)
        SELECT n, (n - 1) / {per} + 1, (n - 1) % {per} + 1, 'paid', 'owed', 'fen', n,
        '1101010' || (10 + n % 8), 0, CASE n % 3 WHEN 0 THEN 'wages' WHEN 1 THEN 'overtime' ELSE 'other' END,
        {day} FROM series""",
}
DAY = "'202' || (n % 6) || '-0' || (1 + n % 9) || '-01'"
SPELLED = {
    "sqlite": {"at": "'2026-03-02 01:00:00.000000'", "day": DAY},
    "postgresql": {"at": "timestamptz '2026-03-02 01:00:00Z'", "day": f"({DAY})::date"},
}
SERIES = {
    "sqlite": "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {most})",
    "postgresql": "WITH series AS (SELECT generate_series(1, {most}) AS n)",
}


def filled(engine: Engine, entries: int) -> int:
    """Make the oldest tables and the rows in them; how many rows."""
    migrating.upgrade(engine, "0001")
    kind, cases = engine.dialect.name, entries // PER_CASE
    most = {"cases": cases, "parties": 2 * cases, "entries": entries, "ledger": entries}
    with engine.begin() as connection:
        for table, rows in ROWS.items():
            head, select = rows.format(per=PER_CASE, **SPELLED[kind]).split("SELECT", 1)
            with_ = SERIES[kind].format(most=most[table])
            connection.execute(text(f"{head} {with_} SELECT{select}"))
    return sum(most.values())


def migrated(url: str | None, place: Path) -> float:
    """`mediation migrate` in a process of its own; how many seconds it took."""
    env = os.environ | {"MEDIATION_INSTANCE": str(place)} | ({"DATABASE_URL": url} if url else {})
    began = time.perf_counter()
    command = [sys.executable, "-c", "from mediation.cli.main import main; main()", "migrate"]
    subprocess.run(command, env=env, check=True)
    return time.perf_counter() - began


def counted(url: str | None, place: Path) -> float:
    """Seconds to drop every total and sum the ledger anew; the table of both is the same."""
    app = create_app(place, **({"DATABASE_URL": url} if url else {}))
    with app.app_context():
        began = time.perf_counter()
        totals.count_again(store.transaction)
        seconds = time.perf_counter() - began
        with store.transaction() as session:
            began = time.perf_counter()
            hot = exported(session)
            print(f"  the table of the totals {time.perf_counter() - began:.2f} s")
            began = time.perf_counter()
            assert hot == exported(session, FAR)
            print(f"  the same folded from the ledger {time.perf_counter() - began:.2f} s")
        store.db.engine.dispose()
    return seconds


def measure(url: str | None, entries: int, place: Path) -> bool:
    """Both figures of one database; whether they meet their goals."""
    place.mkdir(parents=True, exist_ok=True)
    found = store.url_in(place, url)
    engine = create_engine(found, **store.engine_options(found))
    store.prepare(engine)
    rows = filled(engine, entries)
    engine.dispose()
    print(f"\n{engine.dialect.name}: {rows:,} rows, {entries:,} of them lines of the ledger")
    up = migrated(url, place)
    print(f"  mediation migrate from 0001: {up:.1f} s (goal {UPGRADE})")
    again = counted(url, place)
    print(f"  totals counted again: {again:.1f} s (goal {COUNTED})")
    return up <= UPGRADE and again <= COUNTED


def main() -> None:
    """Measure every database there is."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--url")
    arguments.add_argument("--entries", type=int, default=1_000_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as place, databases(Path(place), given.url) as urls:
        met = [measure(url, given.entries, Path(place, str(number))) for number, url in enumerate(urls)]
    sys.exit(0 if all(met) else 1)


if __name__ == "__main__":
    main()
