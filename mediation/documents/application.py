"""The application for mediation (劳动争议调解申请书) as it was filed: plain values, and its PDF.

A copy for whoever applied: nobody signs or seals it, for nothing needs to be proved but what was said when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mediation.documents import press
from mediation.documents.speaking import PAPER
from mediation.domain.facts import Claim, day


@dataclass(frozen=True, slots=True)
class ApplicationPaper:
    """Everything printed on one copy; equal papers give equal bytes (调解仲裁法 art. 12).

    The heads of `claims` are in words, amounts fen, 0 where it is not known.  `channel` and `category` are
    in words.  `digest` is the hash of the entry under which it was received.  `others` counts who applied
    together with him.  `agent` is who filed for him, as what and with what authority, in words.
    """

    title: str
    organisation: str
    hotline: str
    number: str
    name: str
    phone: str
    employer: str
    category: str
    channel: str
    claims: Sequence[Claim]
    story: str
    filed: datetime
    digest: str
    subdistrict: str
    uscc: str | None = None
    contact: str | None = None
    others: int = 0
    agent: tuple[str, str, str] | None = None
    printed_in: str = PAPER

    @property
    def made(self) -> date:
        """The day printed as that of the paper: it says what was said that day, whenever it is printed."""
        return day(self.filed)


def render(paper: ApplicationPaper) -> bytes:
    """Print the copy as PDF/A-3a. Same paper, same bytes.

    Raises fonts.FontsMissing, domain.money.NotAnAmount for an amount that can't be written.
    """
    readings = {
        "paper": paper,
        "names": (paper.name, paper.employer, paper.contact or "", paper.agent[0] if paper.agent else ""),
        "told": [line.strip() for line in paper.story.splitlines() if line.strip()],
        "total": sum(claim.amount for claim in paper.claims),
    }
    return press.write("application.html", "arbitration.css", readings, printed_in=paper.printed_in)
