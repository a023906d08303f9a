"""The application for arbitration (劳动人事争议仲裁申请书): what it says as plain values, and its PDF.

It is the worker's own paper, filled in as far as the case goes: he completes it, signs it by hand and
hands it in.  Nobody seals it and no register knows it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mediation.documents import press
from mediation.documents.speaking import PAPER
from mediation.domain.arbitrating import Want

Ending = Literal["left", "breach", "not_agreed", "rejected", "withdrawn", "referred", "fifteen_days"]


@dataclass(frozen=True, slots=True)
class ArbitrationPaper:
    """Everything printed on one application; equal papers give equal bytes.

    The heads of `wants` are in words.  `ending` says how it came that the worker may go to
    arbitration, `ended_on` when (after a breach: when the agreement took effect), `reason` why, as far
    as is known; `limitation` is the last day of the year that runs anew (调解仲裁法 art. 27); `made` is
    the day of whose knowledge the paper is.
    """

    title: str
    commission: str
    organisation: str
    hotline: str
    number: str
    made: date
    name: str
    phone: str
    employer: str
    wants: tuple[Want, ...]
    story: str
    received: date
    ending: Ending
    uscc: str | None = None
    contact: str | None = None
    accepted: date | None = None
    ended_on: date | None = None
    reason: str = ""
    limitation: date | None = None
    relationship: bool = False
    """Whether the dispute is about there being a labour relationship at all."""
    printed_in: str = PAPER


def render(paper: ArbitrationPaper) -> bytes:
    """Print the application as PDF/A-3a. Same paper, same bytes.

    Raises fonts.FontsMissing, domain.money.NotAnAmount for an amount that can't be written.
    """
    return press.write("arbitration.html", "arbitration.css", _readings(paper), printed_in=paper.printed_in)


def _readings(paper: ArbitrationPaper) -> dict[str, object]:
    """What the template is given: the paper, and what Python had better count than a template."""
    return {
        "paper": paper,
        "names": (paper.name, paper.employer, paper.contact or ""),
        "told": [line.strip() for line in paper.story.splitlines() if line.strip()],
        "total": sum(want.amount for want in paper.wants),
        "amounts": sum(1 for want in paper.wants if want.amount),
    }
