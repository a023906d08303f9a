"""Several workers, one of them killed, after days without any: each thing is done once, in its order."""

import random
import re
import secrets
import subprocess
import sys
import time
from datetime import UTC, date, timedelta
from pathlib import Path

import makers
import msgspec
import pytest
from makers import make_case
from sqlalchemy import func, insert, select

from mediation.domain.folding import catch_up
from mediation.domain.timing import moment
from mediation.services.audit import findings
from mediation.services.opening import make_ready
from mediation.services.waking import LEASE, wake
from mediation.store.cases import facts_of
from mediation.store.models import Base, Case, Entry

DAYS = 10
"""So many days long cases come in; then nobody looks after them for twelve."""
JUMP = makers.MONDAY + timedelta(days=DAYS + 12, hours=1, minutes=3)
STATES = ("contacting", "submitted", "awaiting_signatures", "performing")
WORKERS = 3
OF_COPIES = re.compile(
    r"totals: the running totals are not the fold of the ledger$"
    r"|copy \d+: (its number is not the one that it was given|the ledger is not what the log posted)$"
)
"""What the audit finds because `copied` copies no books, and numbers the copies itself."""


@pytest.fixture
def patterns(transaction, office):
    """For each day and state a case that was begun then: its row number, and what should be done to it."""
    make_ready(transaction, makers.MONDAY)
    found = {}
    for number in range(DAYS):
        begun = makers.MONDAY + timedelta(days=number)
        for state in STATES:
            with transaction() as session:
                case = make_case(session, office, state=state, at=begun)
                engine = office.catalogue[case.workflow, case.workflow_version]
                links = catch_up(engine, facts_of(case), JUMP, case.revision)
                found[case.id] = [(link.ask.action, link.ask.data["due"]) for link in links]
    return found


def copied(transaction, patterns, wanted):
    """Copies of the patterns until so many timers are due: what should be done to each case.

    A chain does not name its case: what is copied is as sound as the pattern, but it has no books.
    """
    expected = dict(patterns)
    with transaction() as session:
        # Ledger and papers of sealed cases stay with the pattern, so only the others are copied.
        alike = [n for n in patterns if session.get_one(Case, n).state in ("contacting", "submitted")]
        tables = [
            (Case.__table__, "id"),
            (Base.metadata.tables["parties"], "case_id"),
            (Entry.__table__, "case_id"),
        ]
        rows = {
            (table.name, number): [
                dict(row._mapping) for row in session.execute(select(table).where(table.c[key] == number))
            ]
            for table, key in tables
            for number in alike
        }
        following, places = max(patterns) + 1, {table.name: [] for table, _ in tables}
        while sum(map(len, expected.values())) < wanted:
            for number in alike:
                expected[following] = patterns[number]
                for table, key in tables:
                    for row in rows[table.name, number]:
                        changed = {k: v for k, v in row.items() if k != "id"} | {key: following}
                        changed |= {k: secrets.token_hex(8) for k in ("ref", "key") if k in row}
                        changed |= {"number": f"copy {following}"} if table is Case.__table__ else {}
                        places[table.name].append(changed)
                following += 1
        for table, _ in tables:
            if places[table.name]:
                session.execute(insert(table), places[table.name])
        if session.get_bind().dialect.name == "postgresql":
            session.execute(func.setval(func.pg_get_serial_sequence("cases", "id"), following).select())
    return expected


def workers(instance, url):
    """Processes that wait for the word."""
    script = Path(__file__).with_name("waking_worker.py")
    words = [sys.executable, str(script), str(instance), url, JUMP.isoformat()]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    found = [subprocess.Popen(words, text=True, **pipes) for _ in range(WORKERS)]
    for one in found:
        assert one.stdout.readline() == "ready\n"
    return found


def done(transaction):
    """How much was done by now."""
    with transaction() as session:
        query = select(func.count()).select_from(Entry).where(Entry.at == JUMP.astimezone(UTC))
        return session.scalars(query).one()


def downtime(transaction, office, instance, url, expected):
    """Wake with three workers, kill one in the middle of it; how many seconds until all was done."""
    total = sum(map(len, expected.values()))
    crew = workers(instance, url)
    begun = time.monotonic()
    for one in crew:
        one.stdin.write("go\n")
        one.stdin.flush()
    killed = random.choice(crew)  # noqa: S311 - any of them
    share = random.uniform(0.1, 0.5)  # noqa: S311 - at any time
    while done(transaction) < total * share:
        assert time.monotonic() - begun < 300
        time.sleep(0.02)
    killed.kill()
    came = [one.communicate(timeout=300)[0].split() for one in crew]
    assert [
        answer for one, answer in zip(crew, came, strict=True) if one is not killed and answer[1] != "0"
    ] == []
    assert killed.returncode != 0, "it was killed too late"
    # What the killed one had taken up is free again after its lease.
    left = wake(transaction, office, JUMP + LEASE).done
    seconds = time.monotonic() - begun
    print(f"{total} timers, {WORKERS} workers, one killed at {share:.0%}: {left} left over, {seconds:.1f} s")
    return seconds


def check(transaction, office, expected):
    """Each exactly once, in its order, not a second early, with both its days; and nobody else's."""
    moments, acts = (JUMP, JUMP + LEASE), office.catalogue.newest("labour_dispute").workflow.actions
    with transaction() as session:
        query = select(Entry).where(Entry.role == "system", Entry.data.contains('"due":'))
        found = {number: [] for number in expected}
        for entry in session.scalars(query.order_by(Entry.case_id, Entry.number)):
            due = msgspec.json.decode(entry.data)["due"]
            assert entry.at in moments
            assert moment(acts[entry.action].at, date.fromisoformat(due)) <= entry.at
            found[entry.case_id].append((entry.action, due))
        assert found == expected
        assert all(len(acts) == len(set(acts)) for acts in found.values())
        waking = select(func.count()).select_from(Case).where(Case.wakes_at <= JUMP)
        assert session.scalars(waking).one() == 0
        found = [one for one in findings(session, office.catalogue) if not OF_COPIES.match(one)]
        assert found == [], "but for the books, which were not copied, and the copies' own numbers"


def test_downtime(transaction, office, instance, database_url, patterns):
    expected = copied(transaction, patterns, 600)
    downtime(transaction, office, instance, database_url, expected)
    check(transaction, office, expected)


@pytest.mark.long
def test_a_long_downtime(transaction, office, instance, database_url, patterns):
    """Ten thousand timers; the figure that P-28 names is sixty seconds, on four processors."""
    expected = copied(transaction, patterns, 10_000)
    downtime(transaction, office, instance, database_url, expected)
    check(transaction, office, expected)


def test_workers_that_meet_on_one_case_do_it_once(transaction, office, instance, database_url, patterns):
    """Without any lease the revision alone decides: it is taken away as soon as it is given."""
    crew = workers(instance, database_url)
    for one in crew:
        one.stdin.write("go\n")
        one.stdin.flush()
    while any(one.poll() is None for one in crew):
        with transaction() as session:
            session.execute(Case.__table__.update().values(leased_until=None))
        time.sleep(0.005)
    for one in crew:
        one.communicate(timeout=60)
    wake(transaction, office, JUMP + LEASE)
    check(transaction, office, patterns)
