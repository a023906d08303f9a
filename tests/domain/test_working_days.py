"""The working calendar against the notices of the State Council and a second library."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest

from mediation.domain import working_days
from mediation.domain.working_days import (
    FIRST_YEAR,
    LAST_YEAR,
    BadOverride,
    WorkingDays,
    YearNotCovered,
    read_overrides,
)

HEADING = "date,state,source"

NOTICE_2026_OFF = [
    ("2026-01-01", 3),
    ("2026-02-15", 9),
    ("2026-04-04", 3),
    ("2026-05-01", 5),
    ("2026-06-19", 3),
    ("2026-09-25", 3),
    ("2026-10-01", 7),
]
NOTICE_2026_WORK = (
    "2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10"  # 国办发明电〔2025〕7号
)
TRIPLE_PAY_2026 = (
    "2026-01-01 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-04-05 2026-05-01 "
    "2026-05-02 2026-06-19 2026-09-25 2026-10-01 2026-10-02 2026-10-03"
)


@pytest.fixture(scope="module")
def standard() -> WorkingDays:
    return WorkingDays.standard()


def days_of(first: int, last: int) -> Iterator[date]:
    day = date(first, 1, 1)
    while day.year <= last:
        yield day
        day += timedelta(days=1)


def dates(text: str) -> set[date]:
    return {date.fromisoformat(word) for word in text.split()}


def test_every_day_of_2008_to_2026_is_as_in_the_second_library(standard: WorkingDays) -> None:
    differing = [
        day for day in days_of(2008, 2026) if standard.works(day) != chinese_calendar.is_workday(day)
    ]
    assert differing == []


def test_the_notice_for_2026_is_kept_day_by_day(standard: WorkingDays) -> None:
    off = {
        date.fromisoformat(first) + timedelta(days=n)
        for first, length in NOTICE_2026_OFF
        for n in range(length)
    }
    for day in days_of(2026, 2026):
        expected = day in dates(NOTICE_2026_WORK) or (day.weekday() < 5 and day not in off)
        assert standard.works(day) is expected, day


@pytest.mark.parametrize(("year", "count"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_years_have_their_known_number_of_working_days(standard: WorkingDays, year: int, count: int) -> None:
    assert sum(map(standard.works, days_of(year, year))) == count


def test_the_working_saturday_that_belongs_to_the_next_years_notice(standard: WorkingDays) -> None:
    assert standard.works(date(2011, 12, 31))


def test_the_thirteen_days_of_triple_pay_in_2026(standard: WorkingDays) -> None:
    assert {day for day in days_of(2026, 2026) if standard.statutory(day)} == dates(TRIPLE_PAY_2026)


@pytest.mark.parametrize(
    ("year", "count"),
    [(2024, 11), (2025, 13), (2027, 13), (2100, 13)],  # 13 since decree 795
)
def test_the_number_of_statutory_holidays(standard: WorkingDays, year: int, count: int) -> None:
    assert sum(map(standard.statutory, days_of(year, year))) == count


def test_two_holidays_on_one_day_are_still_statutory(standard: WorkingDays) -> None:
    assert standard.statutory(date(2020, 10, 1))


def test_years_with_a_notice_are_final(standard: WorkingDays) -> None:
    assert not any(map(standard.provisional, range(2008, 2027)))


def test_a_year_without_in_lieu_days_is_provisional_until_overridden() -> None:
    assert WorkingDays().provisional(2027)
    saturday = date(2027, 2, 20)
    amended = WorkingDays(overrides={saturday: True})
    assert not amended.provisional(2027)
    assert amended.provisional(2028)


def test_an_override_beats_the_library_both_ways() -> None:
    saturday, monday = date(2026, 11, 21), date(2026, 11, 23)
    plain = WorkingDays()
    assert (plain.works(saturday), plain.works(monday)) == (False, True)
    amended = WorkingDays(overrides={saturday: True, monday: False})
    assert (amended.works(saturday), amended.works(monday)) == (True, False)
    changed = [day for day in days_of(2026, 2026) if plain.works(day) != amended.works(day)]
    assert changed == [saturday, monday]


def test_an_override_can_close_an_in_lieu_weekend() -> None:
    sunday = date(2026, 9, 20)
    assert WorkingDays().works(sunday)
    assert not WorkingDays(overrides={sunday: False}).works(sunday)


def test_overrides_changed_afterwards_do_not_reach_the_calendar() -> None:
    overrides = {date(2026, 11, 23): False}
    calendar = WorkingDays(overrides)
    overrides.clear()
    assert not calendar.works(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-09-18", "2026-09-18"),
        ("2026-09-19", "2026-09-20"),
        ("2026-09-25", "2026-09-28"),
        ("2026-10-01", "2026-10-08"),
        ("2026-10-10", "2026-10-10"),
        ("2026-02-15", "2026-02-24"),
        ("2025-12-31", "2025-12-31"),
        ("2026-01-01", "2026-01-04"),
    ],
)
def test_the_next_working_day(standard: WorkingDays, day: str, expected: str) -> None:
    assert standard.next_working(date.fromisoformat(day)) == date.fromisoformat(expected)


@pytest.mark.parametrize("year", [FIRST_YEAR, LAST_YEAR])
def test_the_first_and_the_last_year_are_covered(standard: WorkingDays, year: int) -> None:
    assert sum(map(standard.works, days_of(year, year))) > 240


@pytest.mark.parametrize("year", [1, FIRST_YEAR - 1, LAST_YEAR + 1, 9999])
def test_other_years_are_refused_by_every_question(standard: WorkingDays, year: int) -> None:
    day = date(year, 6, 1)
    for question in (standard.works, standard.statutory, standard.next_working):
        with pytest.raises(YearNotCovered) as refusal:
            question(day)
        assert refusal.value.year == year
    with pytest.raises(YearNotCovered, match=str(year)):
        standard.provisional(year)


def test_looking_past_the_last_year_is_refused() -> None:
    last = date(LAST_YEAR, 12, 31)
    with pytest.raises(YearNotCovered):
        WorkingDays({last: False}).next_working(last)


def test_a_moment_is_not_a_day(standard: WorkingDays) -> None:
    with pytest.raises(TypeError):
        standard.works(datetime(2026, 9, 18, 9, 0, tzinfo=UTC))


def test_the_library_is_not_imported_before_a_year_is_asked_for() -> None:
    script = (
        "import sys; from mediation.domain.working_days import WorkingDays\n"
        "from datetime import date; calendar = WorkingDays.standard()\n"
        "assert 'holidays' not in sys.modules\n"
        "calendar.works(date(2026, 1, 1)); assert 'holidays' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_year_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = WorkingDays()
    calendar.works(date(2026, 1, 5))
    monkeypatch.setitem(sys.modules, "holidays", None)
    assert calendar.works(date(2026, 1, 6))
    with pytest.raises(ImportError):
        calendar.works(date(2027, 1, 6))


def test_the_shipped_table_is_readable_and_names_its_sources() -> None:
    table = working_days.resources.files("mediation.domain") / "calendar_overrides.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    rows = list(csv.reader(line for line in lines if line and not line.startswith("#")))
    assert ",".join(rows[0]) == HEADING
    assert len(read_overrides(lines)) == len(rows) - 1


def test_a_table_of_overrides_is_read() -> None:
    lines = [
        "# notice of the year",
        HEADING,
        "",
        "2030-02-02,working,国办发明电〔2029〕1号",
        '2030-02-08, off ,"国办发明电〔2029〕1号, 二"',
    ]
    assert read_overrides(lines) == {date(2030, 2, 2): True, date(2030, 2, 8): False}


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["2030-02-02,working,notice"], 1),
        ([HEADING, "2030-02-02,working"], 2),
        ([HEADING, "2030-02-02,working,"], 2),
        ([HEADING, "2030-02-02,working,notice,more"], 2),
        ([HEADING, "2030-02-02,open,notice"], 2),
        ([HEADING, "# comment", "2030-02-30,off,notice"], 3),
        ([HEADING, "2030/2/2,off,notice"], 2),
        ([HEADING, "2030-02-02,off,notice", "2030-02-02,working,notice"], 3),
    ],
)
def test_a_bad_row_is_refused_with_its_line(lines: list[str], line: int) -> None:
    with pytest.raises(BadOverride) as refusal:
        read_overrides(lines)
    assert refusal.value.line == line
