"""Half-days for a meeting: what is offered, what is taken, what suits everybody."""

from datetime import UTC, datetime, timedelta

import makers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from mediation.domain import halfdays
from mediation.domain.clocks import calendar
from mediation.domain.facts import BEIJING, Facts, decode, encode
from mediation.domain.folding import advance
from mediation.domain.halfdays import PARTS, HalfDay, common, offered, suiting, to_come, unanswered
from mediation.domain.outcomes import Notice
from mediation.domain.problems import Problem
from mediation.engine.refusals import Unmet

FIRST, LAST = datetime(2008, 1, 2, tzinfo=UTC), datetime(2099, 11, 1, tzinfo=UTC)
MOMENTS = st.integers(0, (LAST - FIRST) // timedelta(minutes=1)).map(lambda n: FIRST + timedelta(minutes=n))
SEATS = (("worker", 0), ("worker", 1), ("employer", 0))
NUMBERS = st.sets(st.integers(0, 29))


@pytest.fixture(scope="module")
def facts(engine) -> Facts:
    return makers.make_facts(engine, state="accepted", workers=2)


def answered(facts, at, chosen):
    """The case once these seats have each chosen some of what is offered at the moment `at`."""
    open_ = offered(at)
    said = {halfdays.spelled(*seat): tuple(open_[n].code for n in sorted(ns)) for seat, ns in chosen.items()}
    return structs.replace(facts, halfdays=said)


@given(at=MOMENTS)
def test_what_is_offered_are_all_parts_of_ten_working_days_from_the_next_on(at):
    found, today = offered(at), at.astimezone(BEIJING).date()
    days = list(dict.fromkeys(one.day for one in found))
    assert found == tuple(HalfDay(on, part) for on in days for part in PARTS)
    assert len(days) == 10
    assert days[0] > today
    between = [today + timedelta(days=n) for n in range(1, (days[-1] - today).days + 1)]
    assert days == [on for on in between if calendar().works(on)]
    assert all(to_come(one, at) for one in found), "a rule must take whatever is offered"
    assert [one.start for one in found] == sorted({one.start for one in found})
    assert all(one.start > at for one in found)


def test_on_a_monday_the_next_is_tuesday_and_a_holiday_is_left_out():
    assert offered(makers.MONDAY)[0].code == "2026-03-03.morning"
    assert offered(makers.MONDAY)[-1].code == "2026-03-16.evening"
    spring = datetime(2026, 2, 13, 9, tzinfo=BEIJING)
    assert [one.code for one in offered(spring)][:4] == [
        "2026-02-14.morning",  # a Saturday that is worked
        "2026-02-14.afternoon",
        "2026-02-14.evening",
        "2026-02-24.morning",
    ]


@given(at=MOMENTS, chosen=st.dictionaries(st.sampled_from(SEATS), NUMBERS))
def test_what_is_common_is_offered_and_chosen_by_each_who_answered_and_nothing_else(facts, at, chosen):
    case = answered(facts, at, chosen)
    said = {seat: {offered(at)[n] for n in ns} for seat, ns in chosen.items()}
    assert {seat: set(ones) for seat, ones in suiting(case, at).items()} == said
    found = common(case, at)
    expected = set.intersection(*said.values()) if said else set()
    assert list(found) == [one for one in offered(at) if one in expected]


@given(at=MOMENTS, chosen=st.dictionaries(st.sampled_from(SEATS), NUMBERS), more=st.integers(0, 60))
def test_later_only_what_is_still_to_come_counts(facts, at, chosen, more):
    case = answered(facts, at, chosen)
    at = min(at + timedelta(days=more), LAST)
    assert set(common(case, at)) <= set(offered(at))
    for seat, said in suiting(case, at).items():
        assert bool(said) == bool(chosen[seat]), "none at all is an answer, all past is not"
        assert all(one.start > at for one in said)


@given(at=MOMENTS, chosen=st.dictionaries(st.sampled_from(SEATS), NUMBERS), nobody=st.sampled_from(SEATS))
def test_nothing_suits_everybody_once_one_has_said_that_none_suits_him(facts, at, chosen, nobody):
    case = answered(facts, at, chosen | {nobody: set()})
    assert suiting(case, at)[nobody] == ()
    assert common(case, at) == ()


def test_an_answer_that_is_all_past_is_none_and_keeps_nobody_from_meeting(facts):
    case = answered(facts, makers.MONDAY, {SEATS[0]: {0}, SEATS[2]: {5, 6}})
    assert common(case, makers.MONDAY) == ()
    later = makers.MONDAY + timedelta(days=1)
    assert [one.code for one in common(case, later)] == ["2026-03-04.evening", "2026-03-05.morning"]


def test_who_has_left_is_not_waited_for(facts):
    case = answered(facts, makers.MONDAY, {SEATS[0]: {1, 2}, SEATS[1]: {3}, SEATS[2]: {2, 3}})
    assert common(case, makers.MONDAY) == ()
    gone = structs.replace(case, left=(1,))
    assert [one.code for one in common(gone, makers.MONDAY)] == ["2026-03-03.evening"]


@given(codes=st.lists(st.builds(HalfDay, st.dates(), st.sampled_from(PARTS)), max_size=90))
def test_what_is_taken_is_in_order_and_each_once(codes):
    found = halfdays.taken([one.code for one in codes])
    assert [halfdays.read(one) for one in found] == sorted(set(codes), key=lambda one: one.start)


@pytest.mark.parametrize(
    "wrong",
    [
        "2026-03-04.morning", None, {}, 7, [7], [None], ["2026-03-04"], ["2026-03-04.night"], [""],
        ["2026-02-30.morning"], ["2026-03-04.morning "], ["2026-03-04 morning"], ["２０２６-03-04.morning"],
        ["0000-03-04.morning"], ["2026-03-04.morning"] * 94, ["1" * 100_000], [["2026-03-04.morning"]],
        ["2026-03-04.morning\n"], ["2026-03-04.Morning"],
    ],
)  # fmt: skip
def test_nothing_else_is_taken(wrong):
    with pytest.raises(Problem):
        halfdays.taken(wrong)


def test_the_newest_answer_of_a_seat_replaces_its_older_one_and_no_other(engine, facts):
    def told(case, code, **who):
        return advance(engine, case, makers.asked("tell_times", data={"halfdays": [code]}, **who)).facts

    case = told(facts, "2026-03-04.morning")
    case = told(case, "2026-03-05.evening", role="employer")
    case = told(case, "2026-03-05.evening")
    assert case.halfdays == {"worker:0": ("2026-03-05.evening",), "employer:0": ("2026-03-05.evening",)}
    assert decode(encode(case)) == case
    assert case.state == "accepted"


def test_that_none_suits_is_kept_as_an_answer_until_there_is_another(engine, facts):
    def told(case, *codes, at=makers.MONDAY):
        return advance(engine, case, makers.asked("tell_times", at=at, data={"halfdays": [*codes]})).facts

    case = told(facts)
    assert case.halfdays == {"worker:0": ()}
    assert decode(encode(case)) == case
    assert suiting(case, makers.MONDAY) == {SEATS[0]: ()}
    assert told(told(facts, "2026-03-04.morning")).halfdays == {"worker:0": ()}
    assert told(case, "2026-03-04.morning").halfdays == {"worker:0": ("2026-03-04.morning",)}


SAYS = st.tuples(st.sampled_from(SEATS), st.sampled_from([(), (1,), (9,), (1, 9)]), st.integers(0, 4))


@given(said=st.lists(SAYS, max_size=12), gone=st.booleans(), assigned=st.booleans())
def test_the_mediator_is_told_whenever_the_last_silent_one_answers_and_at_no_other_time(
    engine, facts, said, gone, assigned
):
    """Beside it a plain record of which seat can come on which of the coming days."""
    case = structs.replace(
        facts, left=(1,) if gone else (), mediator="person:7" if assigned else None, halfdays={}
    )
    waited_for = {seat for seat in SEATS if seat in case.seats}
    able, at = {}, makers.MONDAY
    for (side, seat), ahead, later in said:
        at += timedelta(days=later)
        if (side, seat) not in waited_for:
            continue
        today = at.astimezone(BEIJING).date()
        days = [today + timedelta(days=n) for n in ahead]
        silent = {one for one in waited_for if one not in able or (able[one] and max(able[one]) <= today)}
        assert set(unanswered(case, today)) == silent
        codes = [HalfDay(one, "evening").code for one in days]
        ask = makers.asked("tell_times", role=side, seat=seat, at=at, data={"halfdays": codes})
        told = [one for one in engine.decide(ask, case).outcomes if isinstance(one, Notice)]
        assert told == ([Notice("mediator")] if silent == {(side, seat)} and assigned else [])
        case = advance(engine, case, ask).facts
        able[side, seat] = days


@pytest.mark.parametrize(
    ("code", "fine"),
    [
        ("2026-03-03.morning", True),
        ("2026-04-02.evening", True),
        ("2026-03-02.evening", False),
        ("2026-03-01.morning", False),
        ("2026-04-03.morning", False),
    ],
)
def test_a_day_that_is_past_or_far_off_is_refused_by_the_chart(engine, facts, code, fine):
    ask = makers.asked("tell_times", data={"halfdays": ["2026-03-05.morning", code]})
    if fine:
        assert advance(engine, facts, ask).facts.halfdays
    else:
        with pytest.raises(Unmet, match="已经过了"):
            engine.decide(ask, facts)


def test_an_employer_that_has_not_joined_fixes_no_time(engine):
    asked_for = makers.make_facts(engine, state="contacting")
    data = {"halfdays": ["2026-03-04.morning"]}
    with pytest.raises(Unmet, match="先答应"):
        engine.decide(makers.asked("tell_times", role="employer", data=data), asked_for)
    assert advance(engine, asked_for, makers.asked("tell_times", data=data)).facts.halfdays
    joined = structs.replace(asked_for, joined=True)
    assert advance(engine, joined, makers.asked("tell_times", role="employer", data=data)).facts.halfdays
