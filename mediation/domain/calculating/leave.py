"""Annual leave that was not taken (职工带薪年休假条例 arts. 2-5; 实施办法 arts. 3-13)."""

from datetime import date
from fractions import Fraction
from typing import Final

from mediation.domain.calculating.working import NOTHING, Working, Yuan
from mediation.domain.fields import Invalid

TIERS: Final = ((20, 15), (10, 10), (1, 5))
"""Years of work for all employers, and the days of leave from there on (条例 art. 3)."""
YEAR: Final = 365
"""The divisor of 实施办法 arts. 5 and 12, in leap years too."""


def entitlement(years: Fraction) -> int:
    """Days of leave in a whole year."""
    return next((days for least, days in TIERS if years >= least), 0)


def due_days(first: date, last: date, yearly: int) -> int:
    """Whole days of leave for a part of a calendar year, never more than the year's."""
    elapsed = (last - first).days + 1
    return min(yearly, elapsed * yearly // YEAR)


def leave(work: Working) -> Fraction:
    """The extra pay for days of leave that the employer did not grant; days taken too many cost nothing."""
    year = int(work.number("year"))
    first = max(date(year, 1, 1), work.day("joined", date(year, 1, 1)))
    last = min(date(year, 12, 31), work.day("left", date(year, 12, 31)))
    if last < first:
        raise Invalid({"left" if work.has("left") else "joined": "ends_too_early"})
    yearly = entitlement(work.number("service_years"))
    due = due_days(first, last, yearly)
    taken = work.number("taken")
    untaken = max(NOTHING, due - taken)
    work.step("leave_due", first=first, last=last, yearly=yearly, days=due)
    work.step("leave_untaken", days=due, taken=taken, untaken=untaken)
    if work.chose("waived") == "yes":
        work.step("leave_waived")
        return NOTHING
    pay_days = work.rate("pay_days", last, "year").value
    times = work.rate("leave_extra", last, "year").value
    found = work.fen("average") / pay_days * untaken * times
    work.step(
        "leave_pay",
        average=Yuan(work.fen("average")),
        divisor=pay_days,
        untaken=untaken,
        times=times,
        sum=Yuan(found),
    )
    work.assume("leave_ordinary_paid")
    work.assume("leave_no_exception")
    work.assume("leave_until", day=date(year + 2, 12, 31))
    return found
