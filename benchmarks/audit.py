"""Entries a second of the audit's parts: chain, tree, full replay, people; and the proof of one entry.

One real case is driven through its life and copied until there are enough entries, each copy with a
chain, people, a ledger, totals and leaves of its own, so that the audit has all to do and nothing to find.

    python benchmarks/audit.py [--entries 100000] [--url DATABASE_URL]
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import insert, select
from steps import AT, CAST, FILING

from mediation.app import create_app
from mediation.domain.anchors import AnchorLine
from mediation.engine.asking import Actor
from mediation.services import (
    anchoring,
    audit,
    audit_parties,
    audit_rows,
    casework,
    proving,
    rehearsing,
    sequencing,
    witnesses,
)
from mediation.services.filing import file_claim
from mediation.services.fingerprints import STORY, key_of, of_party, of_story
from mediation.services.offices import Office
from mediation.services.opening import make_ready
from mediation.store import logbook, totals
from mediation.store.db import db, reading, transaction
from mediation.store.models import Case, Entry, Job, LedgerLine, Party
from mediation.store.steps import EntryRow

BELOW = (Party, Entry, LedgerLine, Job)


def filled(office: Office, wanted: int) -> int:
    """Fill the database; how many entries there are."""
    with transaction() as session:
        case, _ = file_claim(session, office, FILING, Actor("worker", "filing", "A"), AT)
        rehearsing.walk(session, office, case, "closed", CAST)
        kept = {table: _columns(session, table, case.id) for table in (Case, *BELOW)}
        sample = case.id
    entries = len(kept[Entry])
    copies = max(1, wanted // entries) - 1
    for first in range(0, copies, 500):
        with transaction() as session:
            for number in range(sample + 1 + first, sample + 1 + min(first + 500, copies)):
                _copy(session, kept, number, key_of(office))
    with transaction() as session:
        totals.rebuild(session)
    sequencing.sweep(transaction)
    sequencing.fill(transaction)
    return entries * (copies + 1)


def _columns(session, table, case_id):
    whose = table.id if table is Case else table.case_id
    query = select(table.__table__).where(whose == case_id).order_by(table.id)
    return [dict(row._mapping) for row in session.execute(query)]


def _copy(session, kept, number, key) -> None:
    """A case like the sample, its chain hashed anew: number and fingerprints are its own."""
    rows = {table: [_own(row, number) for row in kept[table]] for table in BELOW}
    case = kept[Case][0] | {"id": number, "ref": f"copy-{number}", "number": f"{number}"}
    parties = {f"{row['side']}:{row['seat']}": row for row in rows[Party]}
    prints = {name: of_party(key, number, name, row) for name, row in parties.items()}
    prints[STORY] = of_story(key, number, case["story"])
    before = ""
    for row in rows[Entry]:
        if row["action"] == "submit":
            said = json.loads(row["data"]) | {"number": f"{number}", "prints": prints}
            row["data"] = casework.kept(said)
        entry = casework.hashed(
            EntryRow(**{name: row[name] for name in EntryRow._fields} | {"before": before})
        )
        row |= {"before": before, "hash": entry.hash}
        before = entry.hash
    session.execute(insert(Case), [case | {"head": before}])
    for table in BELOW:
        session.execute(insert(table), rows[table])


def _own(row, number):
    """A row of the sample as one of the case with this number; what numbers it and opens it is its own."""
    key = {"key": f"{number}-{row['side']}-{row['seat']}"} if "key" in row else {}
    return {name: value for name, value in row.items() if name != "id"} | {"case_id": number} | key


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
    """Cases, ledger, papers and totals beside the log."""
    with reading() as session:
        return len(list(audit.examine(session, office.catalogue)))


def people(office: Office) -> int:
    """Fingerprints, and rows that belong to nothing."""
    with reading() as session:
        faults = [*audit_parties.examine(session, office), *audit_rows.examine(session)]
        return sum("no such account" not in fault.sentence for fault in faults)  # its staff are made up


def proved(number: str) -> None:
    """What the proof of one entry takes to make, and to check; the promise is 50 ms."""
    with reading() as session:
        start = time.perf_counter()
        found = proving.prove(session, number, 3)
        made = time.perf_counter() - start
    anchors = [AnchorLine(1, found["anchor"]["at"], found["size"], found["root"])]
    start = time.perf_counter()
    proving.check(found, anchors)
    checked = time.perf_counter() - start
    print(f"(e) proof of one entry: made in {made * 1000:.1f} ms, checked in {checked * 1000:.1f} ms")


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
            make_ready(transaction, AT)
            start = time.perf_counter()
            count = filled(office, given.entries)
            print(f"{db.engine.dialect.name}: {count:,} entries, made in {time.perf_counter() - start:.0f} s")
            timed("(a) chain check", count, chains)
            timed("(b) tree rebuild", count, lambda: rebuilt(folder))
            timed("(c) full replay", count, lambda: replayed(office))
            timed("(d) people, strays", count, lambda: people(office))
            anchoring.keep(transaction, office, AT, at_once=True)
            proved("2")
            db.engine.dispose()


if __name__ == "__main__":
    main()
