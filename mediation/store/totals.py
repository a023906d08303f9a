"""The district's totals: read from the hot rows, or folded anew from the ledger up to a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, cast, delete, func, literal, select, text, union_all
from sqlalchemy.orm import Session

from mediation.store.books import MEASURES, SHARDS
from mediation.store.folded import CELL, LEVELS, add_to_folded
from mediation.store.models import FoldedTotal, LedgerLine, Total
from mediation.store.steps import Sheet


@dataclass(frozen=True, slots=True)
class Cell:
    """The sum of one measure in one subdistrict, month (YYYY-MM) and head; "" where there is none."""

    measure: str
    subdistrict: str
    month: str
    head: str
    amount: int


Margins = Mapping[tuple[str, str, str], int]
"""The sum by level (subdistrict, month or head), measure and key."""


def hot(session: Session) -> list[Cell]:
    """All totals from the rows that are written with every line, folded or not yet."""
    folded = select(*_of(FoldedTotal), FoldedTotal.amount).where(FoldedTotal.level == CELL)
    # In one statement: what is being folded is seen either there or here, never twice.
    rows = union_all(select(*_of(Total), Total.amount), folded).subquery()
    columns = (rows.c.measure, rows.c.subdistrict, rows.c.month, rows.c.head)
    query = select(*columns, func.sum(rows.c.amount)).group_by(*columns).order_by(*columns)
    return [Cell(*row[:4], int(row[4])) for row in session.execute(query) if row[4]]


def _of(table: type[Total | FoldedTotal]) -> tuple[Any, ...]:
    return (table.measure, table.subdistrict, table.month, table.head)


def margins(session: Session) -> dict[tuple[str, str, str], int]:
    """The same by one dimension at a time: few rows are read, however many there are."""
    folded = select(FoldedTotal.level, *_of(FoldedTotal), FoldedTotal.amount)
    rows = union_all(
        folded.where(FoldedTotal.level.in_(LEVELS)), select(literal(CELL), *_of(Total), Total.amount)
    )
    found: dict[tuple[str, str, str], int] = {}
    for row in session.execute(rows):
        _add(found, LEVELS if row[0] == CELL else row[:1], Cell(row[1], row[2], row[3], row[4], int(row[5])))
    return {key: amount for key, amount in found.items() if amount}


def margins_of(cells: Iterable[Cell]) -> dict[tuple[str, str, str], int]:
    """The margins of a table of cells."""
    found: dict[tuple[str, str, str], int] = {}
    for cell in cells:
        _add(found, LEVELS, cell)
    return {key: amount for key, amount in found.items() if amount}


def _add(found: dict[tuple[str, str, str], int], levels: Iterable[str], cell: Cell) -> None:
    for level in levels:
        key = (level, cell.measure, getattr(cell, level))
        found[key] = found.get(key, 0) + cell.amount


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
    """Write the totals anew from the ledger, while nobody else writes any.  The caller commits."""
    if session.get_bind().dialect.name == "postgresql":
        # Or a step that commits between what is deleted and what is summed would count twice.
        session.execute(text("LOCK TABLE totals, folded_totals IN EXCLUSIVE MODE"))
    session.execute(delete(Total))
    session.execute(delete(FoldedTotal))
    add_to_folded(
        session,
        [(cell.measure, cell.subdistrict, cell.month, cell.head, cell.amount) for cell in fold(session)],
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


def summed(found: Margins, measure: str) -> int:
    """The sum of one measure over everything."""
    return sum(found_in for (level, of, _), found_in in found.items() if (level, of) == (LEVELS[0], measure))
