"""Clocks that stand still, and that the log says the same under every table of holidays."""

from datetime import UTC, date, datetime, timedelta

import makers
import other_holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import MONDAY
from msgspec import structs
from playing import Play

from mediation.domain import recounting
from mediation.domain.clocks import calendar, due, reckoned, rung
from mediation.domain.facts import BEIJING, Run, encode
from mediation.domain.folding import advance, begin, catch_up, named, recounted
from mediation.domain.timing import pending
from mediation.engine.asking import Ask
from mediation.engine.refusals import Refused, Unmet


def at(text):
    """A moment of 2026 in Beijing: `03-05 09:00`."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def working(play):
    return play.facts.clocks["working"]


def paused(engine, moment="03-05 10:00", state="in_meeting", reason="appraisal"):
    """A case whose mediation both sides have paused; it was accepted on 2 March, its last day 17 March."""
    play = Play(engine, state)
    for side in ("worker", "employer"):
        play.act("ask_pause", side, at=at(moment), pause_for=reason)
    return play


ALREADY = ("期限已经暂停了。",)


def test_the_clock_stands_still_when_both_sides_name_the_same_reason(engine):
    play = Play(engine)
    assert play.act("ask_pause", "worker", pause_for="appraisal") == []
    assert play.act("ask_pause", "worker", pause_for="appraisal") == []
    assert play.act("ask_pause", "employer", pause_for="papers") == []
    assert working(play).paused is None
    assert play.act("ask_pause", "employer", pause_for="appraisal") == ["pause"]
    assert working(play).paused == date(2026, 3, 3)
    assert play.refused("ask_pause", "worker", pause_for="appraisal") == ALREADY
    assert "working_over" not in {one.action for one in pending(engine, play.facts)}
    assert "open_exit" in {one.action for one in pending(engine, play.facts)}, "the worker's way stays open"
    with pytest.raises(Refused):
        play.act("pause", "worker")


def test_whoever_goes_on_has_the_days_that_were_left(engine):
    """Three of fifteen days had gone by on 5 March; on 10 March twelve are left: 22 March, a Sunday."""
    play = paused(engine)
    play.act("resume", "mediator", at=at("03-10 16:00"))
    assert due(working(play)) == date(2026, 3, 23)
    assert play.facts.pause_reasons == {}
    moments = {one.action: f"{one.at:%m-%d %H:%M}" for one in pending(engine, play.facts)}
    assert (moments["warn_working"], moments["working_over"]) == ("03-20 09:00", "03-24 00:00")
    assert play.refused("resume", "worker") == ("期限没有暂停。",)


def test_it_may_stand_still_twice(engine):
    play = paused(engine)
    play.act("resume", "worker", at=at("03-10 16:00"))
    for side in ("worker", "employer"):
        play.act("ask_pause", side, at=at("03-12 10:00"), pause_for="away")
    play.act("resume", "employer", at=at("03-22 10:00"))
    assert due(working(play)) == date(2026, 4, 1), "15 days, and 5, and 10"
    assert working(play).stood == (
        (date(2026, 3, 5), date(2026, 3, 10)),
        (date(2026, 3, 12), date(2026, 3, 22)),
    )


def test_one_side_alone_cannot_pause_again_with_what_was_said_before(engine):
    play = paused(engine)
    play.act("resume", "worker", at=at("03-10 16:00"))
    assert play.act("ask_pause", "worker", pause_for="appraisal") == []
    assert working(play).paused is None


def test_a_reopened_case_knows_nothing_of_former_pauses(engine):
    play = paused(engine)
    play.act("end", "worker", at=at("03-06 10:00"))
    play.act("reopen")
    for act in ("contact_employer", "join", "accept", "assign"):
        play.act(act)
    assert working(play).paused is None
    assert play.act("ask_pause", "employer", pause_for="appraisal") == []
    assert working(play).paused is None


def test_a_later_day_that_both_named_moves_by_the_pause(engine):
    play = Play(engine)
    for side in ("worker", "employer"):
        play.act("extend", side, until="2026-03-25")
    for side in ("worker", "employer"):
        play.act("ask_pause", side, at=at("03-10 10:00"), pause_for="away")
    play.act("resume", "worker", at=at("03-14 10:00"))
    assert due(working(play)) == date(2026, 3, 29)


def test_a_later_day_named_during_a_pause_moves_by_what_is_left_of_it(engine):
    play = paused(engine)
    for side in ("worker", "employer"):
        play.act("extend", side, at=at("03-09 10:00"), until="2026-03-25")
    play.act("resume", "worker", at=at("03-10 10:00"))
    assert due(working(play)) == date(2026, 3, 26)


def test_a_pause_for_some_minutes_changes_no_day(engine):
    play = paused(engine)
    play.act("resume", "worker", at=at("03-05 10:30"))
    assert due(working(play)) == date(2026, 3, 17)


def test_three_days_left_is_not_said_when_two_are(engine):
    play = paused(engine, "03-13 08:00")
    play.act("resume", "worker", at=at("03-16 10:00"))
    assert due(working(play)) == date(2026, 3, 20)
    assert [one.action for one in pending(engine, play.facts) if "working" in one.action] == [
        "warn_working",
        "working_over",
    ]
    late = paused(engine, "03-15 10:00")
    late.act("resume", "worker", at=at("03-16 10:00"))
    assert due(working(late)) == date(2026, 3, 18)
    assert "warn_working" not in [
        one.action for one in pending(engine, late.facts) if one.due == date(2026, 3, 18) and one.at < late.at
    ]


PLATFORM = ("新就业形态劳动者的案子不能暂停，可以双方约定延长，最多 15 天。",)


def test_platform_work_is_not_paused(engine):
    play = Play(engine)
    play.facts = structs.replace(play.facts, platform=True)
    for side in ("worker", "employer"):
        assert play.refused("ask_pause", side, pause_for="appraisal") == PLATFORM


def test_nothing_pauses_the_way_to_arbitration(engine):
    exit_clock = engine.workflow.clocks["exit"]
    assert (exit_clock.pauses, exit_clock.resumes) == (frozenset(), frozenset())
    play = paused(engine)
    links = catch_up(engine, play.facts, at("03-18 00:00"), 1)
    assert [link.ask.action for link in links] == ["open_exit"]


def test_what_waits_for_the_worker_does_not_use_up_the_three_days(engine):
    """Received on Monday 2 March; one day gone when asked on the 3rd; two are left on Monday the 9th."""
    play = Play(engine, "submitted")
    play.act("ask_info", at=at("03-03 17:00"), note="?")
    assert "remind_acceptance" not in {one.action for one in pending(engine, play.facts)}
    play.act("give_info", at=at("03-09 10:00"), note="!")
    assert due(play.facts.clocks["accept_or_refuse"]) == date(2026, 3, 11)
    moments = {one.action: f"{one.at:%m-%d %H:%M}" for one in pending(engine, play.facts)}
    assert moments["remind_acceptance"] == "03-11 09:00"


# --- counting, beside a count by hand -----------------------------------------------------------------

days = st.dates(date(2024, 1, 1), date(2027, 6, 1))


@given(
    days,
    st.integers(1, 40),
    st.sampled_from(["working", "calendar"]),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=4),
)
def test_days_on_which_a_clock_stood_still_do_not_count(start, length, unit, gaps):
    spans, day = [], start
    for before, long in gaps:
        day += timedelta(days=before)
        spans.append((day, day + timedelta(days=long)))
        day += timedelta(days=long)
    run = Run(start, length, unit, stood=tuple(spans))
    table, counted, by_hand = calendar(), 0, start
    while counted < length:
        by_hand += timedelta(days=1)
        still = any(since < by_hand <= on for since, on in spans)
        counted += not still and (unit == "calendar" or table.works(by_hand))
    by_hand = table.next_working(by_hand)
    over_before_the_last_pause = spans and by_hand < spans[-1][1]
    if not over_before_the_last_pause:
        assert reckoned(run) == by_hand
    assert not spans or reckoned(run) >= spans[-1][1]
    assert rung(run, length) <= reckoned(run)


# --- under another table ------------------------------------------------------------------------------


def everything(engine):
    """A case with all that days are counted for: asked twice, paused twice, prolonged, reopened."""
    play = Play(engine, "submitted")
    play.act("contact_employer", at=at("03-02 10:00"))
    play.act("ask_info", at=at("03-02 11:00"), note="?")
    play.act("give_info", at=at("03-02 12:00"), note="!")
    play.act("contact_employer", at=at("03-02 13:00"))
    play.act("ask_info", at=at("03-03 11:00"), note="?")
    play.act("give_info", at=at("03-05 12:00"), note="!")
    play.act("contact_employer", at=at("03-05 13:00"))
    play.act("join", at=at("03-07 13:00"))
    for act in ("accept", "assign", "convene"):
        play.act(act)
    for pause, go_on in (("03-09", "03-12"), ("03-13", "03-13")):
        for side in ("worker", "employer"):
            play.act("ask_pause", side, at=at(f"{pause} 10:00"), pause_for="away")
        play.act("resume", "mediator", at=at(f"{go_on} 12:00"))
    for side in ("worker", "employer"):
        play.act("extend", side, until="2026-04-20")
    play.act("end", "employer", at=at("04-17 10:00"))
    play.act("reopen", at=at("04-18 10:00"))
    return play


def replayed(engine, play):
    first = {**play.start.start, **named({"draft": date(2026, 6, 1)})}
    facts = begin(engine, first, MONDAY)
    for link in play.links:
        ask = link.ask
        facts = advance(engine, facts, Ask(ask.action, ask.actor, 1, ask.at.astimezone(UTC), link.said)).facts
        assert encode(facts) == encode(link.facts), ask.action
    return facts


@pytest.mark.parametrize("table", [other_holidays.EARLY_SPRING, other_holidays.NO_SATURDAYS])
def test_a_replay_under_another_table_comes_to_the_same_facts(engine, monkeypatch, table):
    play = everything(engine)
    timers = pending(engine, play.facts)
    known = encode(play.facts)
    assert encode(replayed(engine, play)) == known
    other_holidays.announce(monkeypatch, table)
    assert encode(replayed(engine, play)) == known
    assert pending(engine, play.facts) == timers, "no moment asks the calendar"


def test_the_longest_extension_of_platform_work_asks_no_calendar(engine, monkeypatch):
    """Accepted on Friday 6 March: the thirtieth day is 5 April, a holiday, and that it stays."""
    play = Play(engine, "accepted", begun=at("03-06 09:00"))
    play.facts = structs.replace(play.facts, platform=True)
    before = play.facts
    assert play.refused("extend", "worker", until="2026-04-06")
    play.act("extend", "worker", until="2026-04-05")
    other_holidays.announce(monkeypatch, other_holidays.NO_SATURDAYS)
    ask = play.links[-1].ask
    assert advance(engine, before, ask).facts == play.facts
    with pytest.raises(Unmet):
        advance(engine, before, Ask(ask.action, ask.actor, 1, ask.at, {"until": "2026-04-06"}))


def test_a_new_table_moves_only_what_is_still_to_come(engine, monkeypatch):
    play = Play(engine, "contacting")
    links = catch_up(engine, play.facts, at("03-03 09:00"), 1)
    play.facts = links[-1].facts
    today = date(2026, 3, 3)
    assert recounting.moved_ends(play.facts, today) == {}
    other_holidays.announce(monkeypatch, {date(2026, 3, 5): False, date(2026, 3, 9): False})
    moved = recounting.moved_ends(play.facts, today)
    assert moved == {
        "accept_or_refuse": date(2026, 3, 6),
        "contact": date(2026, 3, 11),
        "contact.3": date(2026, 3, 6),
        "contact.5": date(2026, 3, 11),
    }
    facts = recounted(play.facts, moved, today)
    assert recounting.moved_ends(facts, today) == {}
    rungs = [(one.action, f"{one.at:%m-%d %H:%M}") for one in pending(engine, facts)]
    assert rungs == [
        ("remind_acceptance", "03-06 09:00"),
        ("contact_again", "03-06 09:00"),
        ("visit_employer", "03-11 09:00"),
        ("no_answer", "03-12 00:00"),
        ("open_exit", "03-18 00:00"),
    ], "what was done on the first day is not done again"


def test_nobody_loses_a_day_by_a_new_table_that_is_past(engine, monkeypatch):
    """By the new table the clerk's three days were over on Saturday; he has Monday all the same."""
    play = Play(engine, "submitted", begun=at("03-05 09:00"))
    assert due(play.facts.clocks["accept_or_refuse"]) == date(2026, 3, 10)
    other_holidays.announce(monkeypatch, {date(2026, 3, 7): True, date(2026, 3, 8): True})
    assert recounting.moved_ends(play.facts, date(2026, 3, 9)) == {"accept_or_refuse": date(2026, 3, 9)}
    assert recounting.moved_ends(play.facts, date(2026, 3, 11)) == {}, "what is over stays over"
    moved = recounted(play.facts, {"accept_or_refuse": date(2026, 3, 9)}, date(2026, 3, 9))
    assert "remind_acceptance" in {one.action for one in pending(engine, moved)}


def test_a_day_that_both_named_does_not_move(engine, monkeypatch):
    play = Play(engine, "accepted")
    for side in ("worker", "employer"):
        play.act("extend", side, until="2026-03-18")
    other_holidays.announce(monkeypatch, other_holidays.EARLY_SPRING)
    assert "working" not in recounting.moved_ends(play.facts, date(2026, 3, 4))
    assert makers.MONDAY.date() < due(working(play)) == date(2026, 3, 18)
