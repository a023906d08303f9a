"""What a new installation needs before its first case: the opening lines of the ledger."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mediation.services.afterwards import Transaction
from mediation.services.totals import open_books
from mediation.store.models import LedgerLine, Sequence


def make_ready(transaction: Transaction, at: datetime) -> None:
    """Open the books if they are not open; safe to call at every start, by several at once."""
    with suppress(IntegrityError), transaction() as session:
        if session.get(Sequence, "opened") is not None:
            return
        if session.scalars(select(LedgerLine.id).limit(1)).first() is None:
            session.add(Sequence(name="opened", last=int(at.timestamp())))
            # The row is the lock: who comes second waits here for the first one's commit and is refused.
            session.flush()
            open_books(session)
