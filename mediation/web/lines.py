"""What is asked for, promised and paid in a case, line by line."""

from dataclasses import dataclass
from datetime import date

from mediation.domain import owing
from mediation.store.cases import party
from mediation.web.opened import Opened


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One thing asked for."""

    worker: str
    head: str
    amount: int
    start: date | None
    end: date | None
    counts: bool = True
    """Whether he for whom it is asked takes part, or did."""


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment of the agreement, and what has become of it."""

    index: int
    seat: int
    own: int
    worker: str
    head: str
    amount: int
    due: date
    reported: int
    paid: int
    late: bool

    @property
    def left(self) -> int:
        """Fen that nobody has confirmed or reported."""
        return self.amount - self.paid - self.reported


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty of the agreement, and whether it is done."""

    index: int
    what: str
    text: str
    due: date
    done: bool
    late: bool


def worker_name(opened: Opened, seat: int) -> str:
    """The name of the worker in this seat, as far as the case has one."""
    try:
        return party(opened.case, "worker", seat).name
    except LookupError:
        return str(seat)


def claim_lines(opened: Opened) -> list[ClaimLine]:
    """What is asked for, by worker."""
    count = opened.facts.confirmed_claims
    return [
        ClaimLine(worker_name(opened, c.worker), c.head, c.amount, c.start, c.end, c in count)
        for c in opened.facts.claims
    ]


def payment_lines(opened: Opened) -> list[PaymentLine]:
    """The payments of a sealed agreement, by due date; `own` is a payment's place among its worker's."""
    facts = opened.facts
    if facts.terms is None or facts.sealed is None:
        return []
    rows = owing.payments_of(facts, None)
    own = {index: sum(1 for i, p, _ in rows if i < index and p.worker == q.worker) for index, q, _ in rows}
    return [
        PaymentLine(
            index,
            payment.worker,
            own[index],
            worker_name(opened, payment.worker),
            payment.head,
            payment.amount,
            payment.due,
            owed.reported,
            owed.paid,
            payment.due < opened.today and owed.paid < payment.amount,
        )
        for index, payment, owed in rows
    ]


def duty_lines(opened: Opened) -> list[DutyLine]:
    """The duties of a sealed agreement."""
    facts = opened.facts
    if facts.terms is None or facts.sealed is None:
        return []
    undone = set(owing.open_duties(facts))
    return [
        DutyLine(i, duty.what, duty.text, duty.due, i not in undone, i in undone and duty.due < opened.today)
        for i, duty in enumerate(facts.terms.duties)
    ]
