"""Workers do what is due when it is due: once, in order, whoever is there, whatever their clocks say."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import makers
import pytest
from makers import act, make_case
from sqlalchemy import select, update
from tampering import drop_guards, rewrite

from mediation.domain.facts import BEIJING
from mediation.engine.refusals import ClockBack
from mediation.services import notices, waking
from mediation.services.audit import findings
from mediation.services.opening import make_ready
from mediation.services.waking import LEASE, claim, wake
from mediation.store.cases import facts_of
from mediation.store.models import Case, Entry, OutgoingNotice

SECOND = timedelta(seconds=1)


def at(text):
    """A moment of 2026 in Beijing: `03-05 09:00`."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


@pytest.fixture
def filed(transaction, office):
    """A case in some state, as it was made on 2 March: its row number."""
    make_ready(transaction, makers.MONDAY)

    def run(state, **how):
        with transaction() as session:
            return make_case(session, office, state=state, **how).id

    return run


@pytest.fixture
def case(transaction):
    """What is stored of a case now."""

    def run(number):
        with transaction() as session:
            found = session.get_one(Case, number)
            session.refresh(found)
            session.expunge(found)
            return found

    return run


@pytest.fixture
def system(transaction):
    """What the system did by its moments, in the order of the log: case, act, day, moment, state after it."""

    def run(number=None):
        query = select(Entry).where(Entry.role == "system", Entry.data.contains('"due":'))
        if number is not None:
            query = query.where(Entry.case_id == number)
        with transaction() as session:
            entries = session.scalars(query.order_by(Entry.case_id, Entry.number))
            return [(one.action, one.data[8:18], one.at.astimezone(BEIJING)) for one in entries]

    return run


@pytest.fixture
def sound(transaction, office):
    yield
    with transaction() as session:
        assert list(findings(session, office.catalogue)) == []


def test_a_worker_does_what_is_due_at_its_moment_and_not_a_second_before(
    transaction, office, filed, system, sound
):
    filed("contacting")
    assert wake(transaction, office, at("03-03 09:00") - SECOND).done == 0
    assert wake(transaction, office, at("03-03 09:00")).done == 1
    assert wake(transaction, office, at("03-03 09:00")).done == 0
    assert system() == [("call_employer", "2026-03-03", at("03-03 09:00"))]


def test_after_any_downtime_each_is_done_once_in_order_with_both_its_days(
    transaction, office, filed, system, sound
):
    number = filed("contacting")
    late = at("03-20 10:30")
    assert vars(wake(transaction, office, late)) == {"done": 6, "stuck": 0}
    assert system(number) == [
        ("call_employer", "2026-03-03", late),
        ("remind_acceptance", "2026-03-05", late),
        ("contact_again", "2026-03-05", late),
        ("visit_employer", "2026-03-09", late),
        ("no_answer", "2026-03-09", late),
        ("open_exit", "2026-03-17", late),
    ]
    assert wake(transaction, office, late + timedelta(days=400)).done == 0


def test_what_was_due_before_an_act_is_done_by_whoever_acts(transaction, office, filed, case, system, sound):
    number = filed("contacting")
    with transaction() as session:
        act(session, office, session.get_one(Case, number), "join", at=at("03-05 10:00"))
    assert [one[0] for one in system(number)] == ["call_employer", "remind_acceptance", "contact_again"]
    with transaction() as session:
        log = session.get_one(Case, number).log
        assert [(one.action, one.role) for one in log][-1] == ("join", "employer")
        assert [one.number for one in log] == list(range(1, len(log) + 1))
    assert facts_of(case(number)).nudge is None


def test_more_cases_than_are_taken_at_a_time(transaction, office, filed, system, monkeypatch, sound):
    monkeypatch.setattr(waking, "AT_A_TIME", 2)
    monkeypatch.setattr(waking.claim, "__defaults__", (2,))
    numbers = [filed("submitted") for _ in range(5)]
    assert wake(transaction, office, at("03-05 09:00")).done == 5
    assert [system(number)[0][0] for number in numbers] == ["remind_acceptance"] * 5


# --- leases -------------------------------------------------------------------------------------------


def test_what_one_worker_has_taken_up_no_other_takes_until_the_lease_is_over(transaction, office, filed):
    number, moment = filed("submitted"), at("03-05 09:00")
    with transaction() as session:
        assert claim(session, moment) == [number]
    for later in (timedelta(0), LEASE - SECOND):
        with transaction() as session:
            assert claim(session, moment + later) == []
    with transaction() as session:
        assert claim(session, moment + LEASE) == [number]


def test_a_killed_workers_case_is_done_by_the_next_one(transaction, office, filed, system, sound):
    filed("submitted")
    with transaction() as session:
        claim(session, at("03-05 09:00"))
    assert wake(transaction, office, at("03-05 09:00:30")).done == 0
    assert wake(transaction, office, at("03-05 09:01")).done == 1


def test_a_lease_of_a_clock_that_was_ahead_holds_up_nothing(transaction, office, filed):
    number = filed("submitted")
    with transaction() as session:
        assert claim(session, at("04-05 09:00")) == [number]
    assert wake(transaction, office, at("03-05 09:00")).done == 1


def test_people_do_not_wait_for_a_lease(transaction, office, filed, case):
    number = filed("submitted")
    with transaction() as session:
        claim(session, at("03-05 09:00"))
        assert session.get_one(Case, number).leased_until is not None
    with transaction() as session:
        act(session, office, session.get_one(Case, number), "contact_employer", at=at("03-05 09:00:10"))
    assert case(number).leased_until is None


def test_a_case_that_cannot_be_taken_further_holds_up_no_other(
    transaction, office, filed, system, case, monkeypatch, sound
):
    numbers = [filed("submitted") for _ in range(3)]
    real = waking.act

    def poisoned(session, office_, case_id, moment):
        done = real(session, office_, case_id, moment)
        if case_id == numbers[0]:
            raise ZeroDivisionError
        return done

    with monkeypatch.context() as patch:
        patch.setattr(waking, "act", poisoned)
        assert vars(wake(transaction, office, at("03-05 09:00"))) == {"done": 2, "stuck": 1}
    assert system(numbers[0]) == [], "nothing of it is kept"
    assert case(numbers[0]).leased_until is not None
    assert wake(transaction, office, at("03-05 09:02")).done == 1


def test_a_case_told_to_wake_for_nothing_is_told_when_anew(transaction, office, filed, case, sound):
    number = filed("submitted")
    right = case(number).wakes_at
    with transaction() as session:
        wrong = {"wakes_at": at("03-02 10:00"), "due_on": None}
        session.execute(update(Case).where(Case.id == number).values(**wrong))
    assert vars(wake(transaction, office, at("03-03 10:00"))) == {"done": 0, "stuck": 0}
    found = case(number)
    assert (found.wakes_at, found.due_on.isoformat(), found.leased_until) == (right, "2026-03-05", None)


def test_a_case_that_is_gone_is_no_stumbling_block(transaction, office):
    with transaction() as session:
        assert waking.act(session, office, 4711, at("03-05 09:00")) == 0


# --- clocks that go wrong -----------------------------------------------------------------------------


def test_a_clock_that_is_some_minutes_behind_writes_the_last_moment_again(
    transaction, office, filed, case, sound
):
    number = filed("submitted")
    last = case(number).moved_at
    with transaction() as session:
        row = session.get_one(Case, number)
        act(session, office, row, "contact_employer", at=last - timedelta(minutes=4))
    with transaction() as session:
        assert [entry.at for entry in session.get_one(Case, number).log][-2:] == [last, last]


@pytest.mark.parametrize("back", [timedelta(minutes=5, seconds=1), timedelta(days=1)])
def test_beyond_that_nothing_is_done(transaction, office, filed, case, back, sound):
    number = filed("submitted")
    before = case(number)
    early = {"at": before.moved_at - back}
    with pytest.raises(ClockBack) as refused, transaction() as session:
        act(session, office, session.get_one(Case, number), "contact_employer", **early)
    assert (refused.value.last, refused.value.code) == (before.moved_at, "clock_back")
    assert case(number).revision == before.revision


def test_a_worker_whose_clock_is_behind_does_nothing_and_falls_over_nothing(
    transaction, office, filed, system, case, sound
):
    number = filed("contacting")
    wake(transaction, office, at("03-09 10:00"))
    before, done = case(number), system()
    with transaction() as session:  # even if somebody told it to
        session.execute(update(Case).values(wakes_at=at("03-01 10:00")))
    assert vars(wake(transaction, office, at("03-08 10:00"))) == {"done": 0, "stuck": 0}
    assert (case(number).revision, system()) == (before.revision, done)
    with transaction() as session:
        session.execute(update(Case).values(wakes_at=before.wakes_at, leased_until=None))


def test_a_clock_forward_and_back_again_does_nothing_twice(transaction, office, filed, system, case, sound):
    number = filed("contacting")
    assert wake(transaction, office, at("03-09 10:00")).done == 4
    assert wake(transaction, office, at("03-03 10:00")).done == 0
    with pytest.raises(ClockBack), transaction() as session:
        act(session, office, session.get_one(Case, number), "join", at=at("03-03 10:00"))
    assert wake(transaction, office, at("03-10 10:00")).done == 1
    assert max(Counter(system(number)).values()) == 1
    with transaction() as session:
        act(session, office, session.get_one(Case, number), "join", at=at("03-10 10:01"))


def test_time_goes_forward_in_every_case(transaction, office, filed, sound):
    for state in ("contacting", "awaiting_signatures", "performing"):
        filed(state)
    for moment in (at("03-06 00:00"), at("03-06 00:00") - timedelta(minutes=3), at("04-03 00:00")):
        wake(transaction, office, moment)
    with transaction() as session:
        for row in session.scalars(select(Case)):
            moments = [entry.at for entry in row.log]
            assert moments == sorted(moments)


# --- the night ----------------------------------------------------------------------------------------


def told(transaction, action):
    with transaction() as session:
        query = select(OutgoingNotice).where(OutgoingNotice.template == action)
        return {one.not_before and one.not_before.astimezone(BEIJING) for one in session.scalars(query)}


def test_what_falls_due_at_midnight_is_told_at_eight(transaction, office, filed):
    filed("awaiting_signatures")
    wake(transaction, office, at("03-06 00:00:10"))
    assert told(transaction, "lapse_signing") == {at("03-06 08:00")}
    with transaction() as session:
        waiting = [one.template for one in notices.waiting(session, at("03-06 07:59:59"))]
    assert "lapse_signing" not in waiting
    with transaction() as session:
        assert "lapse_signing" in [one.template for one in notices.waiting(session, at("03-06 08:00"))]


@pytest.mark.parametrize(
    ("noticed", "when"),
    [
        ("03-06 07:59:59", "03-06 08:00"),
        ("03-06 08:00", None),
        ("03-06 20:59:59", None),
        ("03-06 21:00", "03-07 08:00"),
        ("03-06 23:59:59", "03-07 08:00"),
    ],
)
def test_nobody_is_woken_however_late_it_is_noticed(transaction, office, filed, noticed, when):
    filed("awaiting_signatures")
    wake(transaction, office, at(noticed).astimezone(UTC))
    assert told(transaction, "lapse_signing") == {when and at(when)}


def test_what_a_person_does_at_night_is_told_at_once(transaction, office, filed):
    number = filed("contacting")
    with transaction() as session:
        act(session, office, session.get_one(Case, number), "join", at=at("03-03 02:00"))
    assert told(transaction, "join") == {None}


# --- the audit ----------------------------------------------------------------------------------------


def test_the_audit_finds_a_case_that_would_not_wake(transaction, office, filed):
    number = filed("submitted")
    for wrong in (None, at("03-05 09:00:01"), at("12-31 09:00")):
        with transaction() as session:
            session.execute(update(Case).where(Case.id == number).values(wakes_at=wrong))
        with transaction() as session:
            sentences = list(findings(session, office.catalogue))
        assert [s.split(": ")[1] for s in sentences] == ["its waking is not that of its clocks"]


def test_the_audit_finds_what_was_done_before_its_day(transaction, office, filed):
    number = filed("submitted")
    wake(transaction, office, at("03-05 09:00"))
    with transaction() as session:
        drop_guards(session)
        last = session.get_one(Case, number).revision
        early = (at("03-05 09:00") - SECOND).astimezone(UTC)
        rewrite(session, number, last, at=early)
        session.get_one(Case, number).moved_at = early
    with transaction() as session:
        sentences = list(findings(session, office.catalogue))
    assert any("TooEarly" in sentence for sentence in sentences)


def test_the_audit_finds_an_entry_dated_before_the_one_before_it(transaction, office, filed):
    number = filed("contacting")
    with transaction() as session:
        drop_guards(session)
        rewrite(session, number, 3, at=at("03-01 00:00").astimezone(UTC))
    with transaction() as session:
        sentences = list(findings(session, office.catalogue))
    assert any("entry 3 is dated before the one before it" in sentence for sentence in sentences)
