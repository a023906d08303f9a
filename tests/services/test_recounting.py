"""A new table of holidays: days move by entries of their own, and the audit is content under either."""

from datetime import date, datetime

import makers
import other_holidays
import pytest
from makers import act, make_case
from sqlalchemy import select

from mediation.domain.facts import BEIJING
from mediation.domain.recounting import RECOUNT
from mediation.services.audit import findings
from mediation.services.opening import make_ready
from mediation.services.recounting import recount
from mediation.services.waking import wake
from mediation.store.cases import facts_of
from mediation.store.models import Case, Entry

TABLE = {date(2026, 3, 5): False, date(2026, 3, 9): False, date(2026, 3, 17): False}
"""Three days off that nobody knew of on 2 March."""
STATES = ("draft", "submitted", "needs_info", "contacting", "accepted", "awaiting_signatures", "performing")
ENDED = ("rejected", "withdrawn", "closed")


def at(text):
    """A moment of 2026 in Beijing: `03-05 09:00`."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


@pytest.fixture
def cases(transaction, office):
    """A case in each state, by its state."""
    make_ready(transaction, makers.MONDAY)
    with transaction() as session:
        return {state: make_case(session, office, state=state).id for state in (*STATES, *ENDED)}


@pytest.fixture
def announced(monkeypatch):
    """Announce the new table, and take it back."""

    def run(*, new=True):
        monkeypatch.undo()
        if new:
            other_holidays.announce(monkeypatch, TABLE)

    yield run
    run(new=False)


@pytest.fixture
def content(transaction, office):
    """Whether the audit finds nothing."""

    def run():
        with transaction() as session:
            return list(findings(session, office.catalogue)) == []

    return run


@pytest.fixture
def now(transaction):
    """What is stored of a case now."""

    def run(number):
        with transaction() as session:
            row = session.get_one(Case, number)
            return (
                facts_of(row),
                row.due_on,
                row.wakes_at and f"{row.wakes_at.astimezone(BEIJING):%m-%d %H:%M}",
            )

    return run


def test_days_move_by_an_entry_and_the_audit_is_content_before_and_after(
    transaction, office, cases, announced, content, now
):
    wake(transaction, office, at("03-03 10:00"))
    before = {state: now(number) for state, number in cases.items()}
    assert before["submitted"][1:] == (date(2026, 3, 5), "03-05 09:00")
    assert content()
    assert recount(transaction, office, at("03-03 11:00")) == 0
    announced()
    assert content(), "the log says what was reckoned then"
    assert recount(transaction, office, at("03-03 12:00")) == 6
    after = {state: now(number) for state, number in cases.items()}
    assert after["submitted"][1:] == (date(2026, 3, 6), "03-06 09:00")
    assert after["contacting"][0].clocks["contact"].last == date(2026, 3, 11)
    assert after["awaiting_signatures"][0].clocks["signing"].last == date(2026, 3, 6)
    assert after["accepted"][0].clocks["working"].last == date(2026, 3, 18)
    assert content()
    for state in ("draft", *ENDED):
        assert after[state] == before[state]
    announced(new=False)
    assert content(), "and under the old table, as whoever has an old copy would find it"


def test_the_entry_says_which_days_moved(transaction, office, cases, announced):
    announced()
    recount(transaction, office, at("03-03 12:00"))
    with transaction() as session:
        query = select(Entry).where(Entry.case_id == cases["submitted"], Entry.action == RECOUNT)
        entry = session.scalars(query).one()
        assert entry.data == '{"ends":{"accept_or_refuse":"2026-03-06","exit":"2026-03-18"}}'
        assert (entry.role, entry.source, entry.target) == ("system", "submitted", "submitted")


def test_run_again_it_changes_nothing(transaction, office, cases, announced):
    announced()
    assert recount(transaction, office, at("03-03 12:00"))
    with transaction() as session:
        kept = makers.everything(session)
    for moment in (at("03-03 12:00"), at("03-04 12:00")):
        assert recount(transaction, office, moment) == 0
    with transaction() as session:
        assert makers.everything(session) == kept


def test_what_was_done_is_not_done_again_for_a_day_that_moved(transaction, office, cases, announced, content):
    wake(transaction, office, at("03-03 10:00"))
    announced()
    recount(transaction, office, at("03-03 12:00"))
    wake(transaction, office, at("03-31 12:00"))
    with transaction() as session:
        log = [entry.action for entry in session.get_one(Case, cases["contacting"]).log]
    rungs = ["call_employer", "contact_again", "visit_employer", "no_answer"]
    assert [name for name in log if name in rungs] == rungs
    assert content()


def test_what_was_due_while_no_worker_ran_is_done_though_the_days_move(
    transaction, office, cases, announced, content
):
    """A worker that begins reckons anew first: what the old table had due by then is still done."""
    announced()
    recount(transaction, office, at("03-04 12:00"))
    wake(transaction, office, at("03-04 12:00"))
    with transaction() as session:
        log = [entry.action for entry in session.get_one(Case, cases["contacting"]).log]
    assert log[-2:] == ["call_employer", RECOUNT]
    assert content()


def test_a_paused_clock_is_reckoned_by_the_new_table_when_it_goes_on(
    transaction, office, cases, announced, content, now
):
    announced()
    recount(transaction, office, at("03-03 12:00"))
    assert now(cases["needs_info"])[0].clocks["accept_or_refuse"].last == date(2026, 3, 5)
    with transaction() as session:
        act(session, office, session.get_one(Case, cases["needs_info"]), "give_info", at=at("03-04 10:00"))
    assert now(cases["needs_info"])[0].clocks["accept_or_refuse"].last == date(2026, 3, 11)
    assert content()
    announced(new=False)
    assert content()


def test_nobody_loses_a_day_that_is_past(transaction, office, cases, announced, now, monkeypatch, content):
    other_holidays.announce(
        monkeypatch, {date(2026, 3, 7): True, date(2026, 3, 8): True, date(2026, 3, 14): True}
    )
    recount(transaction, office, at("03-09 08:00"))
    assert now(cases["contacting"])[0].clocks["contact"].last == date(2026, 3, 9)
    assert content()


def test_a_machine_whose_clock_is_behind_recounts_nothing(transaction, office, cases, announced):
    announced()
    assert recount(transaction, office, at("03-01 12:00")) == 0
