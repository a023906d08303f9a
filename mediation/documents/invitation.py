"""The notice letter to an employer (调解征询函): what it says as plain values, and its PDF.

Whoever opens the firm's post reads it: no name but the firm's own, no amount, no story.  It is signed by
nobody and in no register; who doubts it calls and compares the check code.
"""

from dataclasses import dataclass
from datetime import date

from mediation.documents import press, qr


@dataclass(frozen=True, slots=True)
class InvitationPaper:
    """Everything printed on one letter; equal papers give equal bytes.

    `typed` is the address as somebody types it, `scanned` the same for a telephone's camera; `about` the
    kind of matter in the law's own words; `answer_by` the day until which an answer is best given.
    """

    title: str
    organisation: str
    address: str
    phone: str
    number: str
    code: str
    typed: str
    scanned: str
    employer: str
    about: str
    made: date
    answer_by: date | None


def render(paper: InvitationPaper) -> bytes:
    """Print the letter as PDF/A-3a.  Same paper, same bytes.  Raises fonts.FontsMissing."""
    drawings = [press.Drawing("code", qr.ink(paper.scanned))]
    return press.write("invitation.html", "invitation.css", {"paper": paper}, drawings)
