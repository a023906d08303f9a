"""The letter to an employer who has not answered (调解征询函): what it says as plain values, and its PDF.

It says no more than the link in a text does: who wrote, how to check that, and where to read the rest. What
is claimed, by whom and how much stands behind the code, for a letter is opened by whoever empties the box.
"""

from dataclasses import dataclass
from datetime import date

from mediation.documents import press, qr, stamp
from mediation.documents.speaking import PAPER


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """Everything printed on one letter; equal papers give equal bytes.

    `link` is what the QR code leads to, `typed` the same address as somebody types it.  `answer_by` is the
    last day to answer, `free_from` the day from which the applicant may go straight to arbitration
    (调解仲裁法 art. 14); both may be unknown.
    """

    organisation: str
    address: str
    hotline: str
    seal_line: str
    number: str
    short_number: str
    notice_code: str
    employer: str
    link: str
    typed: str
    made: date
    workers: int = 1
    answer_by: date | None = None
    free_from: date | None = None
    printed_in: str = PAPER


def render(paper: LetterPaper) -> bytes:
    """Print the letter as PDF/A-3a, seal and QR code drawn.  Same paper, same bytes.

    A reading copy has the code, for that leads to the case, and no seal.  Raises fonts.FontsMissing,
    fonts.Unprintable for a seal that no font can draw.
    """
    drawings = [press.Drawing("code", qr.ink(paper.link))]
    if paper.printed_in == PAPER:
        drawings.append(press.Drawing("seal", stamp.ink(paper.organisation, paper.seal_line)))
    values: dict[str, object] = {"paper": paper, "names": (paper.employer,)}
    return press.write("letter.html", "letter.css", values, drawings, paper.printed_in)
