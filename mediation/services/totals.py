"""The district's running totals: opening figures, what was added since, and by place, month and head."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from mediation.store.books import BOOKS
from mediation.store.models import LedgerLine
from mediation.store.totals import Cell, add_line, fold, hot, summed

OPENING_CASES = 5674
OPENING_RECOVERED = 170_000_000_00
OPENING_DAY = date(2022, 12, 31)
OPENING_SOURCE = "more than 1.7亿 published in 2022"


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
    cells: tuple[Cell, ...]

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
        found: dict[str, int] = {}
        for cell in self.cells:
            if cell.measure == measure:
                key = getattr(cell, field)
                found[key] = found.get(key, 0) + cell.amount
        return dict(sorted(found.items()))


def open_books(session: Session) -> None:
    """Write the opening lines: what the federation had published before this system.  The caller commits."""
    for measure, amount in (
        ("opening_cases", OPENING_CASES),
        ("opening_recovered", OPENING_RECOVERED),
    ):
        book = BOOKS[measure]
        line = LedgerLine(
            debit=book.debit,
            credit=book.credit,
            unit=book.unit,
            amount=amount,
            on_day=OPENING_DAY,
            source=OPENING_SOURCE,
        )
        add_line(session, line)


def now(session: Session, today: date) -> Totals:
    """The totals as the hot rows have them."""
    return _totals(hot(session), today)


def as_of(session: Session, last: date) -> Totals:
    """The totals folded from the ledger up to and including the day `last`."""
    return _totals(fold(session, last), last)


def _totals(cells: list[Cell], day: date) -> Totals:
    return Totals(
        as_of=day,
        opening_cases=summed(cells, "opening_cases"),
        opening_recovered=summed(cells, "opening_recovered"),
        settled_cases=summed(cells, "settled_cases"),
        settled_workers=summed(cells, "settled_workers"),
        claimed=summed(cells, "claimed"),
        agreed=summed(cells, "agreed"),
        paid=summed(cells, "paid"),
        cells=tuple(cells),
    )
