"""Entries a second of the audit's three parts: chain, tree, and the full replay.

One real case is driven through its life and copied until there are enough entries, each copy with a
chain, a ledger, totals and leaves of its own, so that the audit has all to do and nothing to find.

    python benchmarks/audit.py [--entries 100000] [--url DATABASE_URL]
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import insert, select
from steps import AT, CAST, FILING

from mediation.app import create_app
from mediation.engine.asking import Actor
from mediation.services import audit, rehearsing, sequencing, witnesses
from mediation.services.filing import file_claim
from mediation.services.offices import Office
from mediation.store import logbook, totals
from mediation.store.db import db, reading, transaction
from mediation.store.models import Case, Entry, LedgerLine


def filled(office: Office, wanted: int) -> int:
    """Fill the database; how many entries there are."""
    with transaction() as session:
        case, _ = file_claim(session, office, FILING, Actor("worker", "filing", "A"), AT)
        rehearsing.walk(session, office, case, "closed", CAST)
        kept = {table: _columns(session, table, case.id) for table in (Case, Entry, LedgerLine)}
        sample = case.id
    entries = len(kept[Entry])
    copies = max(1, wanted // entries) - 1
    for first in range(0, copies, 500):
        with transaction() as session:
            for number in range(sample + 1 + first, sample + 1 + min(first + 500, copies)):
                _copy(session, kept, number)
    with transaction() as session:
        totals.rebuild(session)
    sequencing.sweep(transaction)
    return entries * (copies + 1)


def _columns(session, table, case_id):
    whose = table.id if table is Case else table.case_id
    query = select(table.__table__).where(whose == case_id).order_by(table.id)
    return [dict(row._mapping) for row in session.execute(query)]


def _copy(session, kept, number) -> None:
    """A case like the sample; a chain does not cover its case, so the hashes hold."""
    own = {"id": number, "ref": f"copy-{number}", "number": f"{number}"}
    session.execute(insert(Case), [kept[Case][0] | own])
    for table in (Entry, LedgerLine):
        rows = [{k: v for k, v in row.items() if k != "id"} | {"case_id": number} for row in kept[table]]
        session.execute(insert(table), rows)


def timed(name: str, count: int, work: Callable[[], int]) -> None:
    """Print how many entries a second a part of the audit takes."""
    start = time.perf_counter()
    faults = work()
    seconds = time.perf_counter() - start
    assert faults == 0, f"{name}: the benchmark's own data do not add up"
    print(f"{name:24}{count:10,}{seconds:9.2f} s{count / seconds:12,.0f} entries/s")


def chains() -> int:
    """Every chain link by link, and beside the tree."""
    with reading() as session, logbook.legible(session):
        log, leaves = logbook.Shelf(logbook.entries(session)), logbook.Shelf(logbook.leaves(session))
        return sum(
            len(list(audit.links(case, log.take(case.id), leaves.take(case.id))))
            for case in logbook.cases(session)
        )


def rebuilt(folder: Path) -> int:
    """The tree from its leaves."""
    with reading() as session:
        return sum("tree" in fault.sentence for fault in witnesses.examine(session, folder / "none", AT))


def replayed(office: Office) -> int:
    """Everything that `mediation audit` does but the anchors."""
    with reading() as session:
        return len(list(audit.examine(session, office.catalogue)))


def main() -> None:
    """Measure on SQLite, or on the database of --url."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--entries", type=int, default=100_000)
    arguments.add_argument("--url")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        app = create_app(folder, **({"DATABASE_URL": given.url} if given.url else {}))
        with app.app_context():
            office: Office = app.extensions["office"]
            start = time.perf_counter()
            count = filled(office, given.entries)
            print(f"{db.engine.dialect.name}: {count:,} entries, made in {time.perf_counter() - start:.0f} s")
            timed("(a) chain check", count, chains)
            timed("(b) tree rebuild", count, lambda: rebuilt(folder))
            timed("(c) full replay", count, lambda: replayed(office))
            db.engine.dispose()


if __name__ == "__main__":
    main()
