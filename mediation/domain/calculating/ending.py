"""When a job ends: economic compensation N with both caps, N+1 and 2N (劳动合同法 arts. 40, 46-48, 87)."""

from datetime import date
from fractions import Fraction
from typing import Final

from mediation.domain.calculating.spans import service_months
from mediation.domain.calculating.working import NOTHING, Working, Yuan
from mediation.domain.fields import Invalid

FROM: Final = date(2008, 1, 1)
"""Service before the 劳动合同法 is counted by other rules, which a person has to look at."""
WITHOUT: Final = frozenset({"own_wish", "mutual_worker", "expiry_refused"})
"""Ways to part for which art. 46 gives nothing."""
TIMES, MOST_MONTHS = 3, 12
"""劳动合同法 art. 47(2): above three times the average wage both the base and the months are limited."""


def compensation(work: Working) -> Fraction:
    """N; nothing where the worker himself wanted to go."""
    if work.chose("ground") in WITHOUT:
        work.step("no_ground")
        return NOTHING
    return _n(work)


def plus_one(work: Working) -> Fraction:
    """N and the last month's wage where art. 40 was used without thirty days' written notice."""
    found = _n(work)
    if work.chose("noticed") == "yes":
        work.step("was_noticed")
        return found
    work.step("plus_one", month=Yuan(work.fen("last_month")))
    work.assume("article_40")
    return found + work.fen("last_month")


def unlawful_dismissal(work: Working) -> Fraction:
    """2N, instead of N and without the month of notice (art. 87; 实施条例 art. 25)."""
    found = _n(work)
    work.step("twice", n=Yuan(found))
    work.assume("found_unlawful")
    return 2 * found


def _n(work: Working) -> Fraction:
    started, ended = work.span("started", "ended")
    if started < FROM:
        raise Invalid({"started": "before_2008"})
    months = service_months(started, ended)
    work.step("service", started=started, ended=ended, months=months)
    least = work.rate("minimum_wage", ended, "ended").fen
    average = work.fen("average")
    if average < least:
        work.assume("raised_to_minimum", least=Yuan(least))
    base = max(average, least)
    limit = work.rate("average_wage", ended, "ended").fen / 12 * TIMES
    if base > limit:
        base, months = limit, min(months, Fraction(MOST_MONTHS))
        work.step("capped", limit=Yuan(limit), months=months)
    else:
        work.step("under_the_cap", limit=Yuan(limit))
    work.assume("gross_average")
    work.assume("one_employer")
    work.step("n", base=Yuan(base), months=months, sum=Yuan(base * months))
    return base * months
