"""What is known of a dispute: one frozen value, the fold of its log, that every rule reads."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone

import msgspec
from msgspec import Struct

from mediation.domain.authorities import Authority
from mediation.domain.evidence import Item
from mediation.domain.terms import Mark, Owed, Signature, Terms
from mediation.engine.periods import Unit

MANY = 10
"""So many workers with a common claim are a collective case."""
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")


def day(at: datetime) -> date:
    """The Beijing calendar day of a moment; deadlines count these."""
    return at.astimezone(BEIJING).date()


class Claim(Struct, frozen=True, omit_defaults=True):
    """One thing that one worker asks for; `amount` in fen, 0 where it is no money or not known."""

    worker: int
    head: str
    amount: int
    start: date | None = None
    end: date | None = None


class Offer(Struct, frozen=True):
    """The offer that waits for an answer; `by` is a side, `amount` fen."""

    by: str
    amount: int
    at: datetime


class Run(Struct, frozen=True, omit_defaults=True):
    """A clock of the case: the day whose next day counts first, and what ended or prolonged it.

    `last` is its last day as the calendar of that time said, `rungs` the days on the way to it at which
    the chart acts, by their number; `until` a later last day that both sides named.  `known` is the day
    since which the last day is what it is, where that is not the start.  No day counts after the first
    and up to the second of each pair in `stood`: it was paused on the one and went on on the other.
    """

    started: date
    length: int
    unit: Unit
    stopped: date | None = None
    until: date | None = None
    last: date | None = None
    paused: date | None = None
    stood: tuple[tuple[date, date], ...] = ()
    known: date | None = None
    rungs: Mapping[str, date] = {}


class Pending(Struct, frozen=True, omit_defaults=True):
    """A correction of money that is not yet booked: `was` and `amount` in fen.

    `kind` is claim or payment, `index` its place among the claims or the payments of the terms.
    `by` and `approved` are the ids of who asked for it and of the second person who agreed.
    """

    kind: str
    index: int
    was: int
    amount: int
    by: str
    approved: str | None = None

    @property
    def size(self) -> int:
        """By how much it changes what is known, in fen."""
        return abs(self.amount - self.was)


class Rejection(Struct, frozen=True):
    """That a case is not to be taken, until a second person has read it: why, where else to go, by whom."""

    reason: str
    route: str
    by: str


class Referral(Struct, frozen=True, omit_defaults=True):
    """Whom a case was passed on to, and the number by which they confirmed it; empty until then."""

    to: str
    receipt: str = ""


class Facts(Struct, frozen=True, omit_defaults=True):
    """All that guards and effects may know.  Amounts are fen, days are Beijing days.

    People's names and phone numbers are not here: the log never holds them, so that they can
    be corrected and, when their time has come, deleted.
    """

    state: str
    category: str
    subdistrict: str
    channel: str
    workers: int
    claims: tuple[Claim, ...]
    clocks: Mapping[str, Run] = {}
    received: date | None = None
    accepted: date | None = None
    joined: bool = False
    mediator: str | None = None
    meeting: datetime | None = None
    offer: Offer | None = None
    settled_at: int | None = None
    named_ends: Mapping[str, date] = {}
    terms: Terms | None = None
    marks: tuple[Mark, ...] = ()
    signatures: tuple[Signature, ...] = ()
    sealed: datetime | None = None
    owed: tuple[Owed, ...] = ()
    references: tuple[str, ...] = ()
    duties_done: tuple[int, ...] = ()
    ended: str | None = None
    left: tuple[int, ...] = ()
    platform: bool = False
    convened: date | None = None
    pause_reasons: Mapping[str, str] = {}
    fired: Mapping[str, date] = {}
    nudge: str | None = None
    exit_open: date | None = None
    pending: Pending | None = None
    corrected_alone: int = 0
    evidence: tuple[Item, ...] = ()
    unconfirmed: tuple[int, ...] = ()
    declined: tuple[int, ...] = ()
    representatives: tuple[int, ...] = ()
    tried: tuple[str, ...] = ()
    rejection: Rejection | None = None
    referral: Referral | None = None
    recused: tuple[str, ...] = ()
    authorities: tuple[Authority, ...] = ()
    halfdays: Mapping[str, tuple[str, ...]] = {}

    @property
    def staying(self) -> tuple[int, ...]:
        """The seats of the workers who take part; the first speaks for all.

        Not in it is who has left, and whom somebody else named and who did not say that he applies too.
        """
        out = (*self.left, *self.unconfirmed, *self.declined)
        return tuple(seat for seat in range(self.workers) if seat not in out)

    @property
    def confirmed_claims(self) -> tuple[Claim, ...]:
        """What is asked for by those who said themselves that they apply, those who left since too."""
        unsaid = (*self.unconfirmed, *self.declined)
        return tuple(claim for claim in self.claims if claim.worker not in unsaid)

    @property
    def collective(self) -> bool:
        """Whether ten workers or more ask for the same thing (劳动争议调解仲裁法 art. 7)."""
        if self.workers < MANY:
            return False
        staying = set(self.staying)
        asked = {(claim.head, claim.worker) for claim in self.claims if claim.worker in staying}
        heads = [head for head, _ in asked]
        return any(heads.count(head) >= MANY for head in set(heads))

    @property
    def seats(self) -> tuple[tuple[str, int], ...]:
        """Everyone who must agree and sign, beside the mediator: each worker, then the employer."""
        return (*(("worker", seat) for seat in self.staying), ("employer", 0))


def encode(facts: Facts) -> str:
    """`facts` as canonical JSON: equal facts give equal text."""
    return _ENCODER.encode(facts).decode()


def decode(text: str) -> Facts:
    """The facts that `encode` wrote.  Raises msgspec.ValidationError."""
    return _DECODER.decode(text)


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Facts)
