"""Ends of periods, by example on the real calendar and by property on it and on odd ones."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.domain.working_days import WorkingDays
from mediation.engine.periods import Period, end

REAL = WorkingDays.standard()
for year in range(2015, 2097):  # worked out now, lest an example exceed its deadline
    REAL.provisional(year)

starts = st.dates(date(2015, 1, 1), date(2035, 12, 31))
units = st.sampled_from(["working", "calendar", "years"])
periods = st.builds(Period, length=st.integers(1, 60), unit=units)


class Everyday:
    """An office that never closes."""

    def works(self, day: date) -> bool:
        return self.next_working(day) == day

    def next_working(self, day: date) -> date:
        return day


@pytest.mark.parametrize(
    ("start", "length", "unit", "expected"),
    [
        ("2026-09-18", 3, "working", "2026-09-22"),  # Sunday 20 September is worked
        ("2026-09-18", 1, "working", "2026-09-20"),
        ("2026-09-19", 1, "working", "2026-09-20"),
        ("2026-09-30", 1, "working", "2026-10-08"),
        ("2026-09-24", 5, "working", "2026-10-09"),
        ("2025-12-31", 1, "working", "2026-01-04"),
        ("2026-09-18", 15, "calendar", "2026-10-08"),  # from 3 October
        ("2026-09-18", 2, "calendar", "2026-09-20"),
        ("2026-09-18", 1, "calendar", "2026-09-20"),
        ("2019-03-11", 15, "calendar", "2019-03-26"),
        ("2019-03-13", 15, "calendar", "2019-03-28"),
        ("2025-10-09", 15, "calendar", "2025-10-24"),
        ("2025-10-13", 15, "calendar", "2025-10-28"),
        ("2025-09-18", 1, "years", "2026-09-18"),
        ("2024-03-01", 2, "years", "2026-03-02"),  # from a Sunday
        ("2025-10-01", 1, "years", "2026-10-08"),
        ("2024-02-29", 1, "years", "2025-02-28"),
        ("2024-02-29", 4, "years", "2028-02-29"),
        ("2020-02-29", 1, "years", "2021-03-01"),  # from Sunday 28 February
    ],
)
def test_a_period_ends_on_its_day(start: str, length: int, unit: str, expected: str) -> None:
    last = end(date.fromisoformat(start), Period(length, unit), REAL)
    assert last == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("working", "2024-03-02"), ("calendar", "2024-03-02"), ("years", "2026-02-28")],
)
def test_where_every_day_is_worked_nothing_is_moved(unit: str, expected: str) -> None:
    last = end(date(2024, 2, 29), Period(2, unit), Everyday())
    assert last == date.fromisoformat(expected)


@given(starts, periods)
def test_a_period_ends_after_its_start_on_a_working_day(start: date, period: Period) -> None:
    last = end(start, period, REAL)
    assert last > start
    assert REAL.works(last)


@given(starts, st.integers(1, 60))
def test_a_period_of_working_days_holds_exactly_that_many(start: date, length: int) -> None:
    last = end(start, Period(length, "working"), REAL)
    counted = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert sum(map(REAL.works, counted)) == length


@given(starts, st.integers(1, 400))
def test_calendar_days_are_never_cut_and_lengthened_only_over_days_off(start: date, length: int) -> None:
    reached = start + timedelta(days=length)
    last = end(start, Period(length, "calendar"), REAL)
    assert last >= reached
    skipped = [reached + timedelta(days=n) for n in range((last - reached).days)]
    assert not any(map(REAL.works, skipped))


@given(starts, st.integers(1, 60))
def test_years_end_on_the_same_day_or_a_little_later(start: date, years: int) -> None:
    unmoved = end(start, Period(years, "years"), Everyday())
    assert unmoved.year == start.year + years
    assert (unmoved.month, unmoved.day) in {
        (start.month, start.day),
        (2, 28) if (start.month, start.day) == (2, 29) else (start.month, start.day),
    }
    assert end(start, Period(years, "years"), REAL) == REAL.next_working(unmoved)


@given(starts, st.integers(0, 40), periods)
def test_a_later_start_never_ends_earlier(start: date, delay: int, period: Period) -> None:
    assert end(start, period, REAL) <= end(start + timedelta(days=delay), period, REAL)


@given(starts, periods, st.integers(1, 3))
def test_a_longer_period_never_ends_earlier(start: date, period: Period, more: int) -> None:
    longer = Period(period.length + more, period.unit)
    assert end(start, period, REAL) <= end(start, longer, REAL)


@given(starts, st.integers(1, 60))
def test_working_days_never_end_before_as_many_calendar_days(start: date, length: int) -> None:
    last = end(start, Period(length, "working"), REAL)
    assert last >= start + timedelta(days=length)


@pytest.mark.parametrize("length", [0, -1])
def test_a_period_without_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Period(length, "working")


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="weeks"):
        Period(1, "weeks")


def test_a_period_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="2101"):
        end(date(2099, 6, 1), Period(2, "years"), REAL)
