"""The district's totals: read from the hot rows, or folded anew from the ledger up to a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, cast, delete, func, insert, select
from sqlalchemy.orm import Session

from mediation.store.books import MEASURES, SHARDS
from mediation.store.models import LedgerLine, Total
from mediation.store.steps import Sheet


@dataclass(frozen=True, slots=True)
class Cell:
    """The sum of one measure in one subdistrict, month (YYYY-MM) and head; "" where there is none."""

    measure: str
    subdistrict: str
    month: str
    head: str
    amount: int


def hot(session: Session) -> list[Cell]:
    """All totals from the rows that are written with every line."""
    columns = (Total.measure, Total.subdistrict, Total.month, Total.head)
    query = select(*columns, func.sum(Total.amount)).group_by(*columns).order_by(*columns)
    return [Cell(*row[:4], int(row[4])) for row in session.execute(query) if row[4]]


def fold(session: Session, as_of: date | None = None) -> list[Cell]:
    """All totals from the ledger itself, lines of later days left out."""
    month = func.substr(cast(LedgerLine.on_day, String), 1, 7)
    columns = (
        LedgerLine.debit,
        LedgerLine.credit,
        func.coalesce(LedgerLine.subdistrict, ""),
        month,
        func.coalesce(LedgerLine.head, ""),
    )
    query = select(*columns, func.sum(LedgerLine.amount)).group_by(*columns)
    if as_of is not None:
        query = query.where(LedgerLine.on_day <= as_of)
    sums: dict[tuple[str, str, str, str], int] = {}
    for debit, credit, place, in_month, head, amount in session.execute(query):
        posted = MEASURES.get((debit, credit))
        # A line with accounts that no measure has is somebody's tampering: the audit must see it.
        measure = posted or MEASURES.get((credit, debit), f"{debit} {credit}")
        key = (measure, place, in_month, head)
        sums[key] = sums.get(key, 0) + (int(amount) if posted else -int(amount))
    return [Cell(*key, amount) for key, amount in sorted(sums.items()) if amount]


def rebuild(session: Session) -> None:
    """Write the hot rows anew from the ledger.  The caller commits."""
    session.execute(delete(Total))
    for cell in fold(session):
        session.execute(
            insert(Total).values(
                measure=cell.measure,
                subdistrict=cell.subdistrict,
                month=cell.month,
                head=cell.head,
                shard=0,
                amount=cell.amount,
            )
        )


def add_line(session: Session, line: LedgerLine) -> None:
    """Write a line that belongs to no step (an opening, a reversal) and its total.  The caller commits."""
    session.add(line)
    posted = MEASURES.get((line.debit, line.credit))
    total = (
        posted or MEASURES[line.credit, line.debit],
        line.subdistrict or "",
        f"{line.on_day:%Y-%m}",
        line.head or "",
        (line.case_id or 0) % SHARDS,
    )
    Sheet.under(session).add_to({total: line.amount if posted else -line.amount})
    session.flush()  # a refused line is refused here, by the database


def summed(cells: Iterable[Cell], measure: str) -> int:
    """The sum of one measure over all cells."""
    return sum(cell.amount for cell in cells if cell.measure == measure)
