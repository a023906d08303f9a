"""The district's running totals: opening figures, what was added since, and by place, month and head."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from mediation.services.offices import Transaction
from mediation.store import folded
from mediation.store.books import BOOKS
from mediation.store.models import LedgerLine
from mediation.store.totals import Margins, add_line, fold, margins, margins_of, rebuild, summed

OPENING_CASES = 5674
OPENING_RECOVERED = 170_000_000_00
OPENING_DAY = date(2022, 12, 31)
OPENING_SOURCE = "more than 1.7亿 published in 2022"


OPENINGS = ("opening_cases", "opening_recovered")


@dataclass(frozen=True, slots=True)
class Totals:
    """Amounts in fen.  `recovered` = the published opening figure + what workers confirmed since.

    Promised money is not recovered money: `agreed` is shown beside it and never added to it.
    """

    as_of: date
    opening_cases: int
    opening_recovered: int
    settled_cases: int
    settled_workers: int
    claimed: int
    agreed: int
    paid: int
    margins: Margins

    @property
    def cases(self) -> int:
        return self.opening_cases + self.settled_cases

    @property
    def recovered(self) -> int:
        return self.opening_recovered + self.paid

    @property
    def owed(self) -> int:
        return self.agreed - self.paid

    def by(self, field: str, measure: str) -> dict[str, int]:
        """Sums of a measure by `subdistrict`, `month` or `head`, in that order; no openings."""
        return {
            key: amount
            for (level, of, key), amount in sorted(self.margins.items())
            if (level, of) == (field, measure)
        }

    def keys(self, field: str) -> list[str]:
        """The places, months or heads under which anything was posted; those of the openings left out."""
        return sorted(
            {key for level, of, key in self.margins if level == field and key and of not in OPENINGS}
        )


def opening_lines() -> list[LedgerLine]:
    """What the federation had published before this system: the only lines that belong to no case."""
    return [
        LedgerLine(
            debit=BOOKS[measure].debit,
            credit=BOOKS[measure].credit,
            unit=BOOKS[measure].unit,
            amount=amount,
            on_day=OPENING_DAY,
            source=OPENING_SOURCE,
        )
        for measure, amount in zip(OPENINGS, (OPENING_CASES, OPENING_RECOVERED), strict=True)
    ]


def open_books(session: Session) -> None:
    """Write the opening lines.  The caller commits."""
    for line in opening_lines():
        add_line(session, line)


def fold_hot(transaction: Transaction) -> None:
    """Take the hot totals over into the folded ones, some at a time; what anybody reads stays the same."""
    while True:
        with transaction() as session:
            if folded.fold_hot(session) < folded.MOST:
                return


def count_again(transaction: Transaction) -> None:
    """Drop every total and sum the whole ledger anew; who posts meanwhile waits for it."""
    with transaction() as session:
        rebuild(session)


def now(session: Session, today: date) -> Totals:
    """The totals as the hot rows have them."""
    return _totals(margins(session), today)


def as_of(session: Session, last: date) -> Totals:
    """The totals folded from the ledger up to and including the day `last`."""
    return _totals(margins_of(fold(session, last)), last)


def _totals(found: Margins, day: date) -> Totals:
    return Totals(
        as_of=day,
        opening_cases=summed(found, "opening_cases"),
        opening_recovered=summed(found, "opening_recovered"),
        settled_cases=summed(found, "settled_cases"),
        settled_workers=summed(found, "settled_workers"),
        claimed=summed(found, "claimed"),
        agreed=summed(found, "agreed"),
        paid=summed(found, "paid"),
        margins=found,
    )
