"""The connections on which steps are written: kept, dropped when they are broken, never shared."""

import os
import threading
import time

import makers
import pytest
from sqlalchemy import text

from mediation.engine.asking import Ask
from mediation.engine.refusals import Stale
from mediation.services.casework import step
from mediation.services.filing import start_draft
from mediation.store import db as store
from mediation.store import lanes
from mediation.store.models import Case

WORKER = makers.actor("worker")
SUBMIT = Ask("submit", WORKER, 1, makers.MONDAY)


@pytest.fixture
def drafts(app, transaction, office):
    """Cases that wait to be submitted."""

    def run(count):
        with transaction() as session:
            filing = makers.make_filing()
            return [
                start_draft(session, office.catalogue, filing, WORKER, makers.MONDAY).id for _ in range(count)
            ]

    return run


def of(app):
    with app.app_context():
        return lanes.of(store.db.engine)


def break_down(number):
    """A step that has written something when it breaks."""
    with store.alone() as sheet:
        assert sheet.read(number) is not None
        if sheet._sqlite:  # PostgreSQL has it all in one statement
            sheet._cursor.execute("UPDATE cases SET story = ? WHERE id = ?", ("changed", number))
        raise ZeroDivisionError


def test_a_step_leaves_its_connection_to_the_next_even_if_it_is_refused(app, office, drafts):
    one, other = drafts(2)
    with app.app_context():
        step(office.catalogue, one, SUBMIT)
        (kept,) = of(app)._free
        with pytest.raises(Stale):
            step(office.catalogue, one, SUBMIT)
        step(office.catalogue, other, SUBMIT)
    assert list(of(app)._free) == [kept]


def test_what_a_broken_step_had_written_is_undone_before_the_next_uses_its_connection(
    app, transaction, office, drafts
):
    one, other = drafts(2)
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            break_down(one)
        step(office.catalogue, other, SUBMIT)
    with transaction() as session:
        assert [session.get_one(Case, number).revision for number in (one, other)] == [1, 2]
        assert session.get_one(Case, one).story != "changed"


def test_whoever_writes_at_the_same_time_has_a_connection_of_his_own(app, drafts):
    (number,) = drafts(1)
    seen, both = [], threading.Barrier(2)

    def look():
        with app.app_context():
            ours = of(app)
            lane = ours.take()
            both.wait(20)
            seen.append(lane.driver)
            ours.give_back(lane)

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(set(map(id, seen))) == 2
    assert len(of(app)._free) == 2
    assert number


def test_nothing_is_open_after_the_engine_was_disposed_of(app, office, drafts):
    (number,) = drafts(1)
    with app.app_context():
        step(office.catalogue, number, SUBMIT)
        (kept,) = of(app)._free
        store.db.engine.dispose()
        assert not of(app)._free
        with pytest.raises(Exception, match="closed"):
            kept.driver.execute("SELECT 1")


def test_a_child_opens_its_own_and_leaves_the_parent_his(app, transaction, office, drafts):
    one, other = drafts(2)
    with app.app_context():
        step(office.catalogue, one, SUBMIT)
        (kept,) = of(app)._free
        child = os.fork()
        if child == 0:
            status = 1
            try:
                mine = of(app).take()
                status = 0 if mine is not kept and mine.driver is not kept.driver else 2
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        step(office.catalogue, other, SUBMIT)
    with transaction() as session:
        assert session.get_one(Case, other).revision == 2


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_connection_that_the_server_has_closed_is_not_used_again(app, transaction, office, drafts):
    one, other = drafts(2)
    with app.app_context():
        step(office.catalogue, one, SUBMIT)
        (kept,) = of(app)._free
        with transaction() as session:
            session.execute(text(f"SELECT pg_terminate_backend({kept.driver.info.backend_pid})"))
        until = time.monotonic() + 20
        while not kept.closed_by_the_server() and time.monotonic() < until:
            time.sleep(0.01)
        step(office.catalogue, other, SUBMIT)
        assert kept not in of(app)._free
