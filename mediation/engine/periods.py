"""When a period ends: counting days, knowing nothing of labour law or of the real calendar.

Counting begins on the day after the start, and a period never ends on a day off; both follow
article 85 of the Civil Procedure Law.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol, assert_never, get_args

Unit = Literal["working", "calendar", "years"]


class Calendar(Protocol):
    """What counting asks of a calendar; ``mediation.domain.working_days`` has one."""

    def works(self, day: date) -> bool:
        """Whether the day is a working day."""

    def next_working(self, day: date) -> date:
        """The day itself if it is a working day, else the first one after it."""


@dataclass(frozen=True, slots=True)
class Period:
    """A length of at least 1 in working days, calendar days or years.

    Raises ValueError for a shorter length or an unknown unit.
    """

    length: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.length < 1:
            raise ValueError(f"a period lasts at least 1, not {self.length}")
        if self.unit not in get_args(Unit):
            raise ValueError(f"a period is counted in {get_args(Unit)}, not in {self.unit!r}")


def end(start: date, period: Period, calendar: Calendar) -> date:
    """The last day of a period that begins to run on the day after ``start``.

    Working days: the last one counted. Calendar days and years: the day reached, or the next
    working day; 29 February becomes 28 February. Whatever the calendar raises passes through.
    """
    match period.unit:
        case "working":
            return _nth_working(start, period.length, calendar)
        case "calendar":
            return calendar.next_working(start + timedelta(days=period.length))
        case "years":
            return calendar.next_working(_years_later(start, period.length))
        case unknown:
            assert_never(unknown)


def _nth_working(start: date, length: int, calendar: Calendar) -> date:
    """The working day number ``length`` after the start."""
    day = start
    for _ in range(length):
        day = calendar.next_working(day + timedelta(days=1))
    return day


def _years_later(start: date, years: int) -> date:
    """The same day in a later year, 28 February where 29 February is missing."""
    later = start.year + years
    leap_day = (start.month, start.day) == (2, 29)
    return date(later, 3, 1) - timedelta(days=1) if leap_day else start.replace(year=later)
