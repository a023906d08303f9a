"""The agreement as data: what is to be paid and done by when, who agreed to it, who signed it."""

import hashlib
from datetime import date, datetime

import msgspec
from msgspec import Struct

HEADS = (
    "wages",
    "overtime",
    "economic_compensation",
    "unlawful_dismissal",
    "notice_pay",
    "double_wage",
    "annual_leave",
    "work_injury_medical",
    "work_injury",
    "deposit_refund",
    "expenses",
    "other",
)
DUTIES = ("leave_certificate", "transfer_file", "return_documents", "other")
MARKS = ("agree", "change", "question")
WAYS = ("talk", "pay_at_once")
STANDS = ("accept", "partly", "dispute")
"""How an employer comes to the table, and what it says to one claim."""


class Payment(Struct, frozen=True):
    """Money promised to one worker under one head: `amount` fen, `due` a calendar date."""

    worker: int
    head: str
    amount: int
    due: date


class Duty(Struct, frozen=True):
    """Something promised that is no money."""

    what: str
    due: date
    text: str


class Terms(Struct, frozen=True, omit_defaults=True):
    """One version of what was agreed.  Clauses are counted: payments first, then duties."""

    payments: tuple[Payment, ...]
    duties: tuple[Duty, ...] = ()
    overdue: str = ""

    @property
    def clauses(self) -> tuple[Payment | Duty, ...]:
        return (*self.payments, *self.duties)

    @property
    def total(self) -> int:
        """Everything promised, in fen."""
        return sum(payment.amount for payment in self.payments)

    @property
    def digest(self) -> str:
        """SHA-256 of the terms: what a signature is for."""
        return hashlib.sha256(_ENCODER.encode(self)).hexdigest()


class Mark(Struct, frozen=True, omit_defaults=True):
    """What one seat says of one clause: agree, change or question."""

    side: str
    seat: int
    clause: int
    mark: str
    note: str = ""


class Signature(Struct, frozen=True):
    """One signature over one digest; `id` is the signer's, `side` worker, employer or mediator."""

    side: str
    seat: int
    id: str
    digest: str
    at: datetime


class Owed(Struct, frozen=True):
    """What became of the payment of the same index: `reported` waits for the worker's word."""

    reported: int = 0
    paid: int = 0


_ENCODER = msgspec.json.Encoder(order="sorted")
