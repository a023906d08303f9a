"""Double wage for a missing contract, and a probation that was too long (劳动合同法 arts. 19, 82, 83)."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from mediation.domain.calculating.spans import (
    DAY,
    full_months,
    month_end,
    paid_days,
    pieces,
    plus_months,
    working_days,
)
from mediation.domain.calculating.working import NOTHING, Working, Yuan

PROBATION: Final[Mapping[str, int]] = {"none": 0, "short": 1, "medium": 2, "long": 6}
"""Months that a probation may last, by the length of the contract (art. 19)."""


def double_wage(work: Working) -> Fraction:
    """The extra single wage for the months without a contract that lie within the limitation."""
    if work.chose("backdated") == "yes":
        work.step("backdated")
        return NOTHING
    first, last = window(work)
    if last < first:
        work.step("no_window")
        return NOTHING
    work.step("window", first=first, last=last)
    claimed = work.day("claimed")
    if not work.has("claimed"):
        work.assume("claimed_today", day=claimed)
    since = max(first, plus_months(claimed, -12))
    work.assume("own_fault")
    work.assume("fixed_items")
    if since > first:
        whole = _extra(work, first, last, told=False)
        work.assume("limitation", since=since, whole=Yuan(whole))
    if last < since:
        work.step("all_too_late")
        return NOTHING
    return _extra(work, since, last, told=True)


def window(work: Working) -> tuple[date, date]:
    """The first and the last day for which a second wage is due, before any limitation.

    `new`: from the day after the first month to the end of the first year.  `expired`: from the day after
    the old contract (`started`), twelve months at most.  `open_ended`: from the day the contract was due.
    """
    started, case = work.day("started"), work.chose("case")
    first = plus_months(started, 1) if case == "new" else started
    ends = [work.day("claimed")]
    if case != "open_ended":
        ends.append(plus_months(started, 12) - DAY)
    if work.has("signed"):
        ends.append(work.day("signed") - DAY)
    if work.has("ended"):
        ends.append(work.day("ended"))
    return first, min(ends)


def _extra(work: Working, first: date, last: date, *, told: bool) -> Fraction:
    """One wage a month, a part of a month by its working days (解释二 art. 6)."""
    wage = work.fen("wage")
    total, whole = NOTHING, 0
    for piece in pieces(first, last):
        if piece.whole:
            whole += 1
            continue
        count = working_days(piece.first, piece.last, work.calendar)
        most = working_days(piece.first.replace(day=1), month_end(piece.first), work.calendar)
        found = wage * count / most
        total += found
        if told:
            work.assume("by_working_days")
            work.step(
                "part_by_days",
                first=piece.first,
                last=piece.last,
                days=count,
                most=most,
                worth=Yuan(wage),
                sum=Yuan(found),
            )
    if told and whole:
        work.step("whole_months", count=whole, worth=Yuan(wage), sum=Yuan(wage * whole))
    return total + wage * whole


def probation(work: Working) -> Fraction:
    """The wage after probation for the time that a probation was served beyond what the law allows."""
    first, last = work.span("from", "to")
    allowed = PROBATION[work.chose("term")]
    since = plus_months(first, allowed)
    work.step("allowed", months=allowed, since=since)
    if last < since:
        work.step("within_the_law")
        return NOTHING
    whole = full_months(since, last)
    rest = plus_months(since, whole)
    wage = work.fen("wage")
    found = wage * whole
    if whole:
        work.step("whole_months", count=whole, worth=Yuan(wage), sum=Yuan(found))
    if rest <= last:
        divisor = work.rate("pay_days", rest, "from").value
        count = paid_days(rest, last, work.calendar)
        part = min(wage, wage / divisor * count)
        work.step(
            "part_month", first=rest, last=last, days=count, divisor=divisor, worth=Yuan(wage), sum=Yuan(part)
        )
        found += part
    work.assume("probation_served")
    return found
