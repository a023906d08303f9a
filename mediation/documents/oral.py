"""The record of an application by word of mouth (口头申请记录): what it says as plain values, and its PDF.

劳动争议调解仲裁法 art. 12 wants four things written down on the spot: who, about what and why, when; and
whoever writes it down reads it back.
"""

from dataclasses import dataclass
from datetime import datetime

from mediation.documents import press
from mediation.documents.speaking import PAPER


@dataclass(frozen=True, slots=True)
class OralPaper:
    """Everything printed on one record; equal papers give equal bytes.

    `claims` in words with their amounts, `story` in paragraphs.  `at` is when the caller said yes; a paper
    `by_phone` has a line for that instead of his signature.
    """

    organisation: str
    number: str
    applicant: str
    phone: str
    employer: str
    employer_phone: str
    place: str
    claims: tuple[str, ...]
    story: tuple[str, ...]
    at: datetime
    recorder: str
    channel: str
    language: str
    by_phone: bool
    printed_in: str = PAPER


def render(paper: OralPaper) -> bytes:
    """Print the record as PDF/A-3a.  Same paper, same bytes.  Raises fonts.FontsMissing."""
    names = (paper.applicant, paper.employer, paper.recorder)
    values: dict[str, object] = {"paper": paper, "names": names}
    return press.write("oral.html", "letter.css", values, printed_in=paper.printed_in)
