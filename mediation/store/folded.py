"""Taking hot totals over into folded ones, so that a page has few rows to add, however many there are.

Writers are not to queue, so each total is spread over shards and cells; a page would have to read
them all.  What is taken over here is deleted there in the same transaction: the sum never changes.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.store.models import Total
from mediation.store.steps import Sheet

CELL = "cell"
LEVELS = ("subdistrict", "month", "head")
MOST = 2000
"""Hot rows that are taken over in one transaction: a writer waits for it that long."""

Row = tuple[str, str, str, str, int]
"""Measure, subdistrict, month, head, amount."""

_UPSERT = (
    "INSERT INTO folded_totals (level, measure, subdistrict, month, head, amount) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (level, measure, subdistrict, month, head)"
    " DO UPDATE SET amount = folded_totals.amount + excluded.amount"
)


def fold_hot(session: Session, most: int = MOST) -> int:
    """Take over at most so many hot rows; how many they were.  The caller commits.

    Rows that a step is just writing are left for the next time: this waits for no step, so no step
    and this can wait for each other in a circle.
    """
    query = select(Total).limit(most).with_for_update(skip_locked=True)
    taken = list(session.scalars(query))
    add_to_folded(session, [(t.measure, t.subdistrict, t.month, t.head, t.amount) for t in taken])
    for total in taken:
        session.delete(total)
    session.flush()
    return len(taken)


def add_to_folded(session: Session, rows: Iterable[Row]) -> None:
    """Add to the folded totals, to the cell of each row and to its three margins."""
    sums: dict[tuple[str, str, str, str, str], int] = {}
    for measure, subdistrict, month, head, amount in rows:
        for key in (
            (CELL, measure, subdistrict, month, head),
            ("subdistrict", measure, subdistrict, "", ""),
            ("month", measure, "", month, ""),
            ("head", measure, "", "", head),
        ):
            sums[key] = sums.get(key, 0) + amount
    # In one order, or two who fold at once could wait for each other in a circle.
    Sheet.under(session).add((_UPSERT, (*key, amount)) for key, amount in sorted(sums.items()))
