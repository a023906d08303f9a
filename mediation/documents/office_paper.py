"""What the office states alone: 单位未答复证明书 and 不予受理通知书, as plain values and as PDF."""

from dataclasses import dataclass
from datetime import date, datetime

from mediation.documents import press, qr, stamp
from mediation.documents.agreement import PaperRoot
from mediation.documents.speaking import PAPER


@dataclass(frozen=True, slots=True)
class PaperAttempt:
    """One attempt to reach the employer: the day, how, and with what outcome, in words."""

    on: date
    way: str
    outcome: str


@dataclass(frozen=True, slots=True)
class OfficePaper:
    """Everything printed on one paper of the office; equal papers give equal bytes.

    `kind` is no_answer or refusal and names the template; `digest` is the hash of the entry that ordered
    the paper.  `reason` and what begins with `route` belong to a refusal, `attempts` to a
    certificate.  `court` says that a court had assigned the case and has it back.
    """

    kind: str
    title: str
    organisation: str
    seal_line: str
    number: str
    check_code: str
    verify_url: str
    digest: str
    workers: tuple[str, ...]
    employer: str
    claims: tuple[str, ...]
    received: date
    decided: datetime
    on: date
    commission: str
    hotline: str
    reason: str = ""
    words: str = ""
    route: str = ""
    route_phone: str = ""
    route_address: str = ""
    attempts: tuple[PaperAttempt, ...] = ()
    court: bool = False
    root: PaperRoot | None = None
    printed_in: str = PAPER


def render(paper: OfficePaper) -> bytes:
    """Print the paper as PDF/A-3a with the office's stamp. Same paper, same bytes.

    A reading copy has no stamp and nothing to check it by.

    Raises fonts.FontsMissing, fonts.Unprintable for a seal that no font can draw.
    """
    values: dict[str, object] = {"paper": paper, "names": (*paper.workers, paper.employer)}
    drawings = (
        [
            press.Drawing("code", qr.ink(paper.verify_url)),
            press.Drawing("seal", stamp.ink(paper.organisation, paper.seal_line)),
        ]
        if paper.printed_in == PAPER
        else []
    )
    return press.write(f"{paper.kind}.html", "agreement.css", values, drawings, paper.printed_in)
