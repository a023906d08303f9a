"""The line under which an award is final for the employer, 调解仲裁法 art. 47(1)."""

from fractions import Fraction
from typing import Final

from mediation.domain.calculating.working import Working, Yuan

MONTHS: Final = 12


def final_award(work: Working) -> Fraction:
    """Twelve monthly minimum wages; tells on which side of the line a claim lies."""
    day = work.day("day")
    if not work.has("day"):
        work.assume("as_of", day=day)
    least = work.rate("minimum_wage", day, "day").fen
    line = least * MONTHS
    work.step("line", least=Yuan(least), line=Yuan(line))
    claim = work.fen("claim")
    work.step("within_the_line" if claim <= line else "above_the_line", claim=Yuan(claim))
    work.assume("each_claim")
    return line
