"""The district's totals as a table for a spreadsheet: one line for each measure, place, month and head."""

import csv
import io
from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from mediation.domain.money import plain
from mediation.store.books import BOOKS
from mediation.store.totals import Cell, fold, hot

COLUMNS = ("measure", "unit", "subdistrict", "month", "head", "amount")
YUAN = "yuan"
"""The unit of money in a table for people; the ledger counts fen."""


def exported(session: Session, last: date | None = None) -> str:
    """The totals as the hot rows have them, or folded from the ledger up to and including the day `last`."""
    return written(hot(session) if last is None else fold(session, last))


def written(cells: Iterable[Cell]) -> str:
    """The cells as CSV in their own order: every value is a code, a month or a plain number.

    No value is typed by anybody, so none can be a formula; amounts of money are exact, in yuan.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for cell in cells:
        unit, amount = _said(cell)
        table.writerow((cell.measure, unit, cell.subdistrict, cell.month, cell.head, amount))
    return text.getvalue()


def _said(cell: Cell) -> tuple[str, str]:
    book = BOOKS.get(cell.measure)
    if book is None or book.unit != "fen":
        # A measure that no book has is somebody's tampering: shown as it stands, for the audit to name.
        return (book.unit if book else ""), str(cell.amount)
    return YUAN, plain(cell.amount)
