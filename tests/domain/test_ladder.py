"""What is tried on which working day to reach an employer, and what of it was."""

from datetime import date, timedelta

import makers
import pytest

from mediation.domain.ladder import next_rung, rungs

MONDAY = makers.MONDAY.date()


def stands(facts, tried, days):
    return [one.stands for one in rungs(facts, tried, MONDAY + timedelta(days=days))]


@pytest.fixture
def facts(engine):
    """A case whose employer was first written to on a Monday."""
    return makers.make_facts(engine, state="contacting")


def test_the_rungs_are_working_days_0_1_3_and_5(facts):
    found = rungs(facts, (), MONDAY)
    days = [MONDAY + timedelta(days=n) for n in (0, 1, 3, 7)]
    assert [(one.nth, one.on) for one in found] == list(zip((0, 1, 3, 5), days, strict=True))


def test_each_rung_is_due_on_its_day_and_late_after_it_until_it_was_climbed(facts):
    text = (MONDAY, "sms")
    assert stands(facts, [text], 0) == ["done", "ahead", "ahead", "ahead"]
    assert stands(facts, [text], 1) == ["done", "due", "ahead", "ahead"]
    assert stands(facts, [text], 2) == ["done", "late", "ahead", "ahead"]
    call = (MONDAY + timedelta(days=2), "call")
    assert stands(facts, [text, call], 3) == ["done", "done", "due", "ahead"]
    again = (MONDAY + timedelta(days=3), "sms")
    assert stands(facts, [text, call, again], 7) == ["done", "done", "done", "due"]
    visit = (MONDAY + timedelta(days=7), "visit")
    assert stands(facts, [text, call, again, visit], 8) == ["done"] * 4


def test_the_next_rung_is_the_first_that_nobody_climbed(facts):
    tried = [(MONDAY, "sms")]
    assert next_rung(rungs(facts, tried, date(2026, 3, 30))).code == "call"
    assert next_rung(()) is None


@pytest.mark.parametrize("state", ["submitted", "needs_info", "accepted", "not_agreed"])
def test_who_waits_for_no_employer_has_no_ladder(engine, state):
    assert rungs(makers.make_facts(engine, state=state), (), MONDAY) == ()
