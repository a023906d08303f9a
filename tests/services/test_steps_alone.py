"""A step as a transaction of its own, and many processes that write at once."""

import multiprocessing
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import makers
import pytest
from makers import make_filing
from sqlalchemy import select

from mediation.engine.asking import Ask
from mediation.engine.refusals import NotYours, Stale
from mediation.services.audit import findings
from mediation.services.casework import NoSuchCase, fire, step
from mediation.services.filing import start_draft
from mediation.store import db as store
from mediation.store.models import Case, Entry, LedgerLine, OutgoingNotice, Reply, Total
from mediation.store.steps import REPLY, ReplyRow, Sheet
from mediation.store.totals import fold, hot

WORKER = makers.actor("worker")
CLAIMED = 612_050
"""What a made case claims, in fen."""


def drafts(transaction, office, count):
    """Cases that, once submitted, all add to the same totals: one place and month, two heads."""
    filing = make_filing()
    with transaction() as session:
        return [
            start_draft(session, office.catalogue, filing, WORKER, makers.MONDAY).id for _ in range(count)
        ]


def submission(at=makers.MONDAY):
    return Ask("submit", WORKER, 1, at)


def rows(session, case_id):
    """What a step has written of a case, but for whose it is."""
    found = {}
    for table in (Entry, LedgerLine, OutgoingNotice):
        query = select(table.__table__).where(table.case_id == case_id).order_by(table.id)
        own = {"id", "case_id"}
        found[table] = [
            {k: v for k, v in row._mapping.items() if k not in own} for row in session.execute(query)
        ]
    case = session.get_one(Case, case_id)
    return found, case.state, case.revision, case.facts, case.head, case.moved_at, case.due_on


def in_order(transaction, office):
    with transaction() as session:
        assert hot(session) == fold(session)
        assert list(findings(session, office.catalogue)) == []


def test_a_step_of_its_own_writes_what_a_step_in_a_session_writes(app, transaction, office):
    one, other = drafts(transaction, office, 2)
    with transaction() as session:
        inside = fire(session, office.catalogue, one, submission())
    with app.app_context():
        alone = step(office.catalogue, other, submission())
    assert (alone.revision, alone.state, alone.facts) == (inside.revision, inside.state, inside.facts)
    with transaction() as session:
        assert rows(session, one) == rows(session, other)
    in_order(transaction, office)


def test_a_step_that_is_refused_writes_nothing(app, transaction, office):
    (case_id,) = drafts(transaction, office, 1)
    with app.app_context():
        with pytest.raises(NotYours):
            step(office.catalogue, case_id, Ask("close", makers.actor("clerk"), 1, makers.MONDAY))
        with pytest.raises(NoSuchCase):
            step(office.catalogue, 4711, submission())
        with pytest.raises(Stale):
            step(office.catalogue, case_id, Ask("submit", WORKER, 7, makers.MONDAY))
    with transaction() as session:
        assert session.get_one(Case, case_id).revision == 1
    in_order(transaction, office)


def test_what_is_written_beside_a_step_is_written_with_it_or_neither(app, transaction, office):
    one, other = drafts(transaction, office, 2)

    def answered(came):
        said = f"{came.state} {came.revision}"
        return [(REPLY, ReplyRow("a form", "its digest", came.case_id, "/", said, makers.MONDAY))]

    with app.app_context():
        step(office.catalogue, one, submission(), answered)
        with pytest.raises(store.Taken):
            step(office.catalogue, other, submission(), answered)
    with transaction() as session:
        kept = session.get_one(Reply, "a form")
        assert (kept.case_id, kept.body, kept.at) == (one, "submitted 2", makers.MONDAY)
        assert session.get_one(Case, other).revision == 1
    in_order(transaction, office)


@pytest.mark.parametrize("role", ["worker", "clerk"], ids=["done", "refused"])
def test_the_connection_of_a_step_goes_back_as_it_was(app, transaction, office, role):
    """What is undone afterwards has not been committed behind our back."""
    one, other = drafts(transaction, office, 2)
    with app.app_context(), suppress(NotYours):
        step(office.catalogue, one, Ask("submit", makers.actor(role), 1, makers.MONDAY))
    with transaction() as session:
        fire(session, office.catalogue, other, submission())
        session.rollback()
    with transaction() as session:
        assert session.get_one(Case, other).revision == 1
    in_order(transaction, office)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_step_that_is_overtaken_after_it_has_read_writes_nothing(app, transaction, office, monkeypatch):
    (case_id,) = drafts(transaction, office, 1)
    read = Sheet.read

    def overtaken(sheet, wanted):
        row = read(sheet, wanted)
        monkeypatch.undo()
        step(office.catalogue, case_id, submission(makers.MONDAY + timedelta(minutes=1)))
        return row

    monkeypatch.setattr(Sheet, "read", overtaken)
    with app.app_context(), pytest.raises(Stale):
        step(office.catalogue, case_id, submission())
    with transaction() as session:
        assert session.get_one(Case, case_id).moved_at == makers.MONDAY + timedelta(minutes=1)
    in_order(transaction, office)


def test_refusals_that_are_kept_for_a_while_disturb_no_later_step(app, transaction, office, hasty):
    """A kept error keeps its frames; when it goes, so does what they had open, whoever uses it by then."""
    cases = drafts(transaction, office, 120)

    def submit_all(_):
        found, kept = [], None
        with app.app_context():
            for case in cases:
                try:
                    found.append(step(office.catalogue, case, submission()).state)
                except Stale as refusal:
                    kept = refusal
        return found, kept

    with ThreadPoolExecutor(12) as pool:
        done = list(pool.map(submit_all, range(12)))
    assert sum(len(found) for found, _ in done) == len(cases)
    in_order(transaction, office)


@pytest.fixture
def hasty():
    """Threads take turns a hundred times as often as usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 100)
    yield
    sys.setswitchinterval(usual)


def test_of_many_steps_of_their_own_exactly_one_moves_the_case(app, transaction, office):
    (case_id,) = drafts(transaction, office, 1)

    def attempt(number):
        try:
            with app.app_context():
                return step(
                    office.catalogue, case_id, submission(makers.MONDAY + timedelta(minutes=number))
                ).state
        except Stale as late:
            return late.standing.state

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(attempt, range(16))) == ["submitted"] * 16
    with transaction() as session:
        assert [entry.action for entry in session.get_one(Case, case_id).log].count("submit") == 1
    in_order(transaction, office)


def crowd(app, work, shares):
    """Processes, one a share, that have all begun; they end when their work is done or they are killed."""
    with app.app_context():
        store.db.engine.dispose()
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(len(shares) + 1)

    def run(share):
        ready.wait(60)
        with app.app_context():
            for one in share:
                work(one)
        os._exit(0)  # without pytest's own ending

    processes = [context.Process(target=run, args=(share,), daemon=True) for share in shares]
    for process in processes:
        process.start()
    ready.wait(60)
    return processes


def test_sixteen_writers_of_one_hot_total_lose_no_cent(app, transaction, office):
    cases = drafts(transaction, office, 160)
    processes = crowd(
        app, lambda case: step(office.catalogue, case, submission()), [cases[n::16] for n in range(16)]
    )
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 16, "none was refused"
    with transaction() as session:
        amounts = session.scalars(select(Total.amount).where(Total.measure == "claimed")).all()
        assert sum(amounts) == 160 * CLAIMED
        assert len(amounts) == 2 * 16, "in as many rows as there are shards"
    in_order(transaction, office)


def test_after_writers_were_killed_the_total_is_that_of_the_cases_that_moved(app, transaction, office):
    cases = drafts(transaction, office, 400)
    processes = crowd(
        app, lambda case: step(office.catalogue, case, submission()), [cases[n::8] for n in range(8)]
    )
    until = time.monotonic() + 60
    while time.monotonic() < until and moved(transaction) < 20:
        time.sleep(0.005)
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)
    for process in processes:
        process.join(60)
    count = moved(transaction)
    assert 20 <= count <= 400
    with transaction() as session:
        amounts = session.scalars(select(Total.amount).where(Total.measure == "claimed")).all()
        assert sum(amounts) == count * CLAIMED
    in_order(transaction, office)


def moved(transaction):
    with transaction() as session:
        return len(session.scalars(select(Case.id).where(Case.state == "submitted")).all())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_eight_processes_write_to_one_sqlite_file_and_none_is_refused(app, transaction, office):
    """Half of them in sessions, half in steps of their own; a refusal would end the process."""

    def submit(case_id):
        if case_id % 2:
            step(office.catalogue, case_id, submission())
            return
        with store.transaction() as session:
            fire(session, office.catalogue, case_id, submission())

    cases = drafts(transaction, office, 160)
    processes = crowd(app, submit, [cases[n::8] for n in range(8)])
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 8
    assert moved(transaction) == 160
    in_order(transaction, office)
