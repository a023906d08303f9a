"""The official working calendar of China: which days count when a period runs in working days.

Holidays and in-lieu working weekends come from the library ``holidays``; a small table beside this
module corrects it (notices of the General Office of the State Council, issued every November).
The library is imported when the first year is asked for, because start-up must stay quick.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Final, Self

FIRST_YEAR: Final = 2008
LAST_YEAR: Final = 2100

_OVERRIDES = "calendar_overrides.csv"
_COLUMNS = ["date", "state", "source"]
_STATES = {"working": True, "off": False}
_SATURDAY = 5
_STATUTORY = frozenset({"元旦", "春节", "农历除夕", "清明节", "劳动节", "端午节", "中秋节", "国庆节"})


class YearNotCovered(ValueError):
    """A day lies outside FIRST_YEAR to LAST_YEAR; ``year`` tells which year was asked for."""

    code: Final = "year_not_covered"

    def __init__(self, year: int) -> None:
        super().__init__(f"no working calendar for {year}, only {FIRST_YEAR} to {LAST_YEAR}")
        self.year: Final = year


class BadOverride(ValueError):
    """A row of the override table cannot be used; ``line`` counts from 1."""

    code: Final = "bad_override"

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"calendar overrides, line {line}: {why}")
        self.line: Final = line


@dataclass(frozen=True, slots=True)
class _Year:
    """One year, worked out once."""

    working: frozenset[date]
    statutory: frozenset[date]
    published: bool


class WorkingDays:
    """Working days of mainland China from FIRST_YEAR to LAST_YEAR, built year by year on demand.

    ``overrides`` maps a day to whether it is worked and wins over the library. Every method takes
    plain dates (a datetime is a TypeError) and raises YearNotCovered outside the years.
    """

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._years: dict[int, _Year] = {}

    @classmethod
    def standard(cls) -> Self:
        """The calendar with the override table shipped beside this module."""
        table = resources.files("mediation.domain") / _OVERRIDES
        return cls(read_overrides(table.read_text(encoding="utf-8-sig").splitlines()))

    def works(self, day: date) -> bool:
        """Whether offices work: weekdays except days off, and in-lieu weekends."""
        return day in self._of(day).working

    def statutory(self, day: date) -> bool:
        """Whether the day is itself a statutory holiday (triple pay), not a day off beside one."""
        return day in self._of(day).statutory

    def provisional(self, year: int) -> bool:
        """Whether the notice for the year is still missing.

        Without it neither the library nor the overrides know any in-lieu day of the year, and the
        real calendar will differ by some days.
        """
        return not self._year(year).published

    def next_working(self, day: date) -> date:
        """The day itself if worked, else the first worked day after it."""
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def _of(self, day: date) -> _Year:
        if isinstance(day, datetime):
            raise TypeError("a calendar day is a date, not a datetime")
        return self._year(day.year)

    def _year(self, year: int) -> _Year:
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = _work_out(year, self._overrides)
        return known


def read_overrides(lines: Iterable[str]) -> dict[date, bool]:
    """Read the override table: ``date,state,source`` under that heading, ``#`` starts a comment.

    Returns whether each listed day is worked. Raises BadOverride for a missing heading, a day that
    is no date or stands twice, a state other than ``working`` or ``off``, and a missing source.
    """
    overrides: dict[date, bool] = {}
    headed = False
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in next(csv.reader([line]))]
        if headed:
            day, works = _override(number, cells)
            if day in overrides:
                raise BadOverride(number, f"{day} stands twice")
            overrides[day] = works
        elif cells != _COLUMNS:
            raise BadOverride(number, f"the heading must be {','.join(_COLUMNS)}")
        headed = True
    return overrides


def _override(number: int, cells: list[str]) -> tuple[date, bool]:
    """One row as the day and whether it is worked."""
    if len(cells) != len(_COLUMNS) or not cells[2]:
        raise BadOverride(number, "a row is a date, a state and the source of the change")
    if cells[1] not in _STATES:
        raise BadOverride(number, f"{cells[1]!r} is neither working nor off")
    try:
        return date.fromisoformat(cells[0]), _STATES[cells[1]]
    except ValueError as reason:
        raise BadOverride(number, f"{cells[0]!r} is not a date") from reason


def _work_out(year: int, overrides: Mapping[date, bool]) -> _Year:
    """Combine library and overrides for one year; raises YearNotCovered."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise YearNotCovered(year)
    import holidays  # noqa: PLC0415 - here, because it takes 60 ms that most commands can save

    library = holidays.country_holidays("CN", years=year, expand=False, language="zh_CN")
    in_lieu = {day for day in library.weekend_workdays if day.year == year}
    corrected = {day: works for day, works in overrides.items() if day.year == year}
    weekdays = {day for day in _days(year) if day.weekday() < _SATURDAY}
    working = (weekdays - set(library)) | in_lieu
    working |= {day for day, works in corrected.items() if works}
    working -= {day for day, works in corrected.items() if not works}
    return _Year(
        working=frozenset(working),
        statutory=_statutory(library),
        published=bool(in_lieu or corrected),
    )


def _days(year: int) -> list[date]:
    """Every day of a year in order."""
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def _statutory(library: Mapping[date, str]) -> frozenset[date]:
    """Holidays themselves; of two on one day one moves behind them (人社厅函〔2020〕135号)."""
    found = {day for day, names in library.items() if _names_statutory(names)}
    for day in sorted(found):
        if len(_STATUTORY.intersection(library[day].split("; "))) > 1:
            following = day
            while following in found:
                following += timedelta(days=1)
            found.add(following)
    return frozenset(found)


def _names_statutory(names: str) -> bool:
    """Whether a library entry names a holiday itself rather than a day off that goes with it."""
    return not _STATUTORY.isdisjoint(names.split("; "))
