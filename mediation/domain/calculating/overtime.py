"""Overtime, 劳动法 art. 44: what a day is, its date decides; the base is never below the contract's wage."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from mediation.domain.calculating.working import NOTHING, Working, Yuan
from mediation.domain.fields import Invalid
from mediation.domain.working_days import WorkingDays

Day = Literal["workday", "rest", "holiday"]
HOURS_A_DAY: Final = 8
RATE_OF: Final[Mapping[Day, str]] = {
    "workday": "overtime_workday",
    "rest": "overtime_rest",
    "holiday": "overtime_holiday",
}
MOST_A_DAY, MOST_A_MONTH = 3, 36
"""Hours, 劳动法 art. 41: more is pointed out and paid all the same."""


def kind_of_day(day: date, calendar: WorkingDays) -> Day:
    """What overtime on this day counts as; a weekend worked in lieu is a working day."""
    if calendar.statutory(day):
        return "holiday"
    return "workday" if calendar.works(day) else "rest"


def overtime(work: Working) -> Fraction:
    """Hours on working days, rest days and holidays, by their dates or as totals."""
    if not any(work.has(name) for name in ("dates", "workday_hours", "rest_days", "holiday_days")):
        raise Invalid({"dates": "overtime_nothing"})
    if work.chose("system") == "flexible":
        work.step("flexible_hours")
        return NOTHING
    return _dated(work) + _totals(work)


def base(work: Working, day: date, asked: str) -> Fraction:
    """The month's wage that overtime is counted from, in fen: the highest of the three."""
    least = work.rate("minimum_wage", day, asked).fen
    agreed = work.fen("overtime_base")
    found = max(work.fen("wage"), agreed, least)
    if work.has("overtime_base") and agreed < found:
        work.assume("base_overridden", agreed=Yuan(agreed), base=Yuan(found))
    elif work.fen("wage") < least:
        work.assume("raised_to_minimum", least=Yuan(least))
    return found


def hourly(monthly: Fraction, pay_days: Fraction) -> Fraction:
    """An hour's wage: the month's over 21.75 days of eight hours (174)."""
    return monthly / (pay_days * HOURS_A_DAY)


def _dated(work: Working) -> Fraction:
    lines: Mapping[date, Fraction] = work.given.get("dates", {})
    for day in lines:
        work.rate("pay_days", day, "dates")  # before the calendar: a day too long ago has a sentence
        if work.calendar.provisional(day.year):
            work.assume("provisional", year=str(day.year))
    total = NOTHING
    for kind in RATE_OF:
        days = sorted(day for day in lines if kind_of_day(day, work.calendar) == kind)
        if days:
            work.step(f"days_{kind}", days=", ".join(day.isoformat() for day in days))
            total += _worth(work, kind, [(day, lines[day]) for day in days], "dates")
    _warn(work, lines)
    return total


def _totals(work: Working) -> Fraction:
    day = work.day("until")
    hours: dict[Day, Fraction] = {
        "workday": work.number("workday_hours"),
        "rest": work.number("rest_days") * HOURS_A_DAY,
        "holiday": work.number("holiday_days") * HOURS_A_DAY,
    }
    if any(hours.values()) and not work.has("until"):
        work.assume("as_of", day=day)
    return sum(
        (_worth(work, kind, [(day, count)], "until") for kind, count in hours.items() if count), NOTHING
    )


def _worth(work: Working, kind: Day, lines: list[tuple[date, Fraction]], asked: str) -> Fraction:
    """What hours of one kind are worth; counted over a period, a rest day is none by itself."""
    if kind == "rest" and work.chose("system") == "comprehensive":
        work.assume("no_rest_days")
        return NOTHING
    if kind == "rest":
        work.assume("no_time_off")
    alike: dict[tuple[Fraction, Fraction, Fraction], Fraction] = {}
    for day, hours in lines:
        rates = (
            base(work, day, asked),
            work.rate("pay_days", day, asked).value,
            work.rate(RATE_OF[kind], day, asked).value,
        )
        alike[rates] = alike.get(rates, NOTHING) + hours
    total = NOTHING
    for (monthly, divisor, times), hours in alike.items():
        found = hourly(monthly, divisor) * hours * times
        total += found
        work.step("overtime", base=Yuan(monthly), divisor=divisor, hours=hours, times=times, sum=Yuan(found))
    return total


def _warn(work: Working, lines: Mapping[date, Fraction]) -> None:
    """More than the law allows is said, and paid."""
    months: dict[tuple[int, int], Fraction] = {}
    longest = NOTHING
    for day, hours in lines.items():
        if kind_of_day(day, work.calendar) == "workday":
            longest = max(longest, hours)
        months[day.year, day.month] = months.get((day.year, day.month), NOTHING) + hours
    if longest > MOST_A_DAY or max(months.values(), default=NOTHING) > MOST_A_MONTH:
        work.assume("over_the_legal_most")
