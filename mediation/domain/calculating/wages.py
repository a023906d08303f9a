"""Sums over months: unpaid wages, the gap to the minimum wage, stoppage pay and the floor of sick pay.

A whole calendar month counts as a month, a part of one by wage / 21.75 * paid days and never as more than
the month.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from mediation.domain.calculating.spans import DAY, Piece, paid_days, pieces, plus_months
from mediation.domain.calculating.working import NOTHING, Working, Yuan


def unpaid_wages(work: Working) -> Fraction:
    """Wages due for the span, no month below the minimum wage, less what was paid."""
    first, last = work.span("from", "to")
    wage = work.fen("wage")

    def monthly(day: date) -> Fraction:
        least = work.rate("minimum_wage", day, "from").fen
        if wage < least:
            work.assume("raised_to_minimum", least=Yuan(least))
        return max(wage, least)

    work.assume("worked_every_day")
    return less_paid(work, over_months(work, first, last, monthly))


def minimum_wage(work: Working) -> Fraction:
    """What every month's pay lacks to the minimum wage."""
    first, last = work.span("from", "to")
    paid = work.fen("month_paid")
    work.assume("minimum_without")
    work.assume("full_time")

    def gap(day: date) -> Fraction:
        return max(NOTHING, work.rate("minimum_wage", day, "from").fen - paid)

    return over_months(work, first, last, gap)


def sick_pay(work: Working) -> Fraction:
    """The least that sick pay may be, less what was paid; Beijing: 80 % of the minimum wage."""
    first, last = work.span("from", "to")
    work.assume("sick_within_treatment")
    return less_paid(work, over_months(work, first, last, _share(work, "sick_share")))


def stoppage(work: Working) -> Fraction:
    """The full wage for the first month, then the minimum wage for other work or the allowance for none."""
    first, last = work.span("from", "to")
    wage = work.fen("wage")
    second = plus_months(first, 1)
    end = min(last, second - DAY)
    work.assume("stoppage_first_month")
    if end == second - DAY:
        work.step("first_month", wage=Yuan(wage))
        due = wage
    else:
        due = _part(work, Piece(first, end, whole=False), wage, "from")
    after = (
        (lambda day: work.rate("minimum_wage", day, "from").fen)
        if work.chose("working") == "yes"
        else _share(work, "stoppage_share")
    )
    if second <= last:
        due += over_months(work, second, last, after)
    return less_paid(work, due)


def over_months(work: Working, first: date, last: date, monthly: Callable[[date], Fraction]) -> Fraction:
    """Add up what each month of a span is worth; `monthly` tells it for the first day of a piece."""
    total = NOTHING
    whole: dict[Fraction, int] = {}
    for piece in pieces(first, last):
        worth = monthly(piece.first)
        if piece.whole:
            whole[worth] = whole.get(worth, 0) + 1
        else:
            total += _part(work, piece, worth, "from")
    for worth, count in whole.items():
        work.step("whole_months", count=count, worth=Yuan(worth), sum=Yuan(worth * count))
        total += worth * count
    return total


def _part(work: Working, piece: Piece, worth: Fraction, asked: str) -> Fraction:
    divisor = work.rate("pay_days", piece.first, asked).value
    count = paid_days(piece.first, piece.last, work.calendar)
    found = min(worth, worth / divisor * count)
    if work.calendar.provisional(piece.first.year):
        work.assume("provisional", year=str(piece.first.year))
    work.step(
        "part_month",
        first=piece.first,
        last=piece.last,
        days=count,
        divisor=divisor,
        worth=Yuan(worth),
        sum=Yuan(found),
    )
    return found


def _share(work: Working, name: str) -> Callable[[date], Fraction]:
    """A share of the minimum wage of the day."""
    return lambda day: work.rate("minimum_wage", day, "from").fen * work.rate(name, day, "from").value


def less_paid(work: Working, due: Fraction) -> Fraction:
    """What is due less what was paid, never below nothing."""
    paid = work.fen("paid")
    work.step("less_paid", due=Yuan(due), paid=Yuan(paid))
    return max(NOTHING, due - paid)
