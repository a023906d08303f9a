"""Months and days of work: whole calendar months, parts of them, and years of service."""

import calendar as months_of
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from mediation.domain.working_days import WorkingDays

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a calendar month from `first` to `last`, both included; `whole` if it is all of it."""

    first: date
    last: date
    whole: bool


def plus_months(day: date, count: int) -> date:
    """The same day so many months later, or the last day of a month that is too short for it."""
    month = day.year * 12 + day.month - 1 + count
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, months_of.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=months_of.monthrange(day.year, day.month)[1])


def pieces(first: date, last: date) -> Iterator[Piece]:
    """A span cut at the ends of calendar months; nothing if it ends before it begins."""
    while first <= last:
        end = min(last, month_end(first))
        yield Piece(first, end, whole=first.day == 1 and end == month_end(first))
        first = end + DAY


def days(first: date, last: date) -> Iterator[date]:
    """Every day of a span."""
    while first <= last:
        yield first
        first += DAY


def working_days(first: date, last: date, calendar: WorkingDays) -> int:
    """Days on which offices work."""
    return sum(calendar.works(day) for day in days(first, last))


def paid_days(first: date, last: date, calendar: WorkingDays) -> int:
    """Days that a monthly wage pays for: working days and statutory holidays (劳动法 art. 51)."""
    return sum(calendar.works(day) or calendar.statutory(day) for day in days(first, last))


def full_months(first: date, last: date) -> int:
    """How many months, counted from `first` to the same day, lie wholly within the span."""
    after = last + DAY
    count = (after.year - first.year) * 12 + after.month - first.month
    return count if plus_months(first, count) <= after else count - 1


def service_months(first: date, last: date) -> Fraction:
    """Months of economic compensation for a service, 劳动合同法 art. 47: one a year.

    Six months and more count as a year, less as half a year.
    """
    whole = full_months(first, last)
    years, rest = divmod(whole, 12)
    exact = plus_months(first, whole) == last + DAY
    if rest >= 6:
        return Fraction(years + 1)
    return Fraction(years) if not rest and exact else Fraction(2 * years + 1, 2)
