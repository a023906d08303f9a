"""The settlement agreement (调解协议书): what it says as plain values, and its PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, NamedTuple

from mediation.documents import press, qr, stamp

Role = Literal["worker", "employer", "mediator"]
Tax = Literal["before", "after"]

SEAL_LINE: Final = "劳动争议调解专用章"
"""What the seal says below its star unless the paper names another text."""


class PaperClaim(NamedTuple):
    """One thing a worker asked for: its head in words, the amount in fen, and for what time."""

    head: str
    amount: int
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PaperWorker:
    """An applicant; telephone and identity number come masked or not at all."""

    name: str
    phone_masked: str | None = None
    claims: tuple[PaperClaim, ...] = ()
    identity_masked: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class PaperEmployer:
    """The respondent: registered name, unified social credit code, who speaks for it."""

    name: str
    uscc: str | None = None
    contact_name: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class PaperPayment:
    """One sum to one worker, due on a calendar day; ``method`` says how and to which account."""

    worker: str
    head: str
    amount: int
    due: date
    method: str
    tax: Tax | None = None


@dataclass(frozen=True, slots=True)
class PaperDuty:
    """Something to be done other than paying, by a calendar day."""

    text: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class PaperSignature:
    """One signature as it was given: for whom, when (with a time zone), how, and its number.

    `agent` is who signed for him with a special authority; nothing where he signed himself.
    """

    role: Role
    name: str
    at: datetime
    method: str
    mark_id: str
    agent: str = ""

    @property
    def hand(self) -> str:
        """Whose hand it was."""
        return self.agent or self.name


class PaperRoot(NamedTuple):
    """The root (存证根) of the tree when it had ``size`` entries; ``at`` has a time zone."""

    root: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AgreementPaper:
    """Everything printed on one agreement; equal papers give equal bytes."""

    organisation: str
    number: str
    check_code: str
    verify_url: str
    category: str
    received: date
    accepted: date | None
    workers: tuple[PaperWorker, ...]
    employer: PaperEmployer
    mediator: str
    matter: str
    payments: tuple[PaperPayment, ...] = ()
    duties: tuple[PaperDuty, ...] = ()
    overdue: str | None = None
    extra: tuple[str, ...] = ()
    signatures: tuple[PaperSignature, ...] = ()
    sealed_on: date | None = None
    terms_digest: str = ""
    copies: int = 3
    relationship: str | None = None
    """What the parties confirm about the labour relationship; None: the paper says it does not."""
    seal_line: str = SEAL_LINE
    root: PaperRoot | None = None

    def __post_init__(self) -> None:
        if not self.workers:
            raise ValueError("an agreement needs at least one worker")
        if self.copies < 3:
            raise ValueError("an agreement has at least three originals")


@dataclass(frozen=True, slots=True)
class _Place:
    """A place to sign at the end of the paper, signed or still empty."""

    role: Role
    name: str
    signature: PaperSignature | None


def render(paper: AgreementPaper) -> bytes:
    """Print the agreement as PDF/A-3a. Same paper, same bytes.

    Raises fonts.FontsMissing, fonts.Unprintable for a seal that no font can draw, ValueError for a
    signature without a time zone, domain.money.NotAnAmount for an amount that can't be written.
    """
    drawings = [press.Drawing("code", qr.ink(paper.verify_url))]
    if paper.sealed_on:
        drawings.append(press.Drawing("seal", stamp.ink(paper.organisation, paper.seal_line)))
    return press.write("agreement.html", "agreement.css", readings(paper), drawings)


def readings(paper: AgreementPaper) -> dict[str, object]:
    """What the template is given: the paper, and what Python had better count than a template."""
    places = tuple(_places(paper))
    return {
        "paper": paper,
        "names": _names(paper),
        "groups": _by_worker(paper.payments),
        "total": sum(payment.amount for payment in paper.payments),
        "worker_places": [place for place in places if place.role == "worker"],
        "other_places": [place for place in places if place.role != "worker"],
    }


def _places(paper: AgreementPaper) -> Iterator[_Place]:
    """One place for every worker, the employer and the mediator, then whoever else signed.

    Two workers may share a name, so a signature is used up by the first place it fits.
    """
    given = list(paper.signatures)

    def take(role: Role, name: str | None) -> PaperSignature | None:
        for signature in given:
            if signature.role == role and name in (None, signature.name):
                given.remove(signature)
                return signature
        return None

    for worker in paper.workers:
        yield _Place("worker", worker.name, take("worker", worker.name))
    yield _Place("employer", paper.employer.name, take("employer", None))
    yield _Place("mediator", paper.mediator, take("mediator", paper.mediator))
    for signature in given:
        yield _Place(signature.role, signature.name, signature)


def _by_worker(payments: tuple[PaperPayment, ...]) -> dict[str, list[PaperPayment]]:
    """Payments under the name of who gets them, workers in the order of their first one."""
    groups: dict[str, list[PaperPayment]] = {}
    for payment in payments:
        groups.setdefault(payment.worker, []).append(payment)
    return groups


def _names(paper: AgreementPaper) -> tuple[str, ...]:
    """Every name that free text may mention and that must be set in the names' face."""
    people = [worker.name for worker in paper.workers]
    signers = [name for signature in paper.signatures for name in (signature.name, signature.hand)]
    employer = [paper.employer.name, paper.employer.contact_name or ""]
    return (*people, *employer, paper.mediator, *signers)
