"""Bring new entries of all cases into one order without gaps, and into the district's tree.

A step never waits for this: it writes its entry and goes; the sequencer finds it afterwards.
"""

from sqlalchemy.orm import Session

from mediation.engine.merkle import Frontier
from mediation.services.offices import Transaction
from mediation.store import tree
from mediation.store.tree import Waiting

RECENT = 1000
"""Row numbers that are looked over each time.  PostgreSQL hands them out before the commit, so an entry
may appear below others that have their leaf; one that comes later still is found by `sweep`."""
STRETCH = 5000
"""Row numbers that a sweep looks over in one transaction: on SQLite writers wait for it that long."""


def recent(session: Session) -> list[Waiting]:
    """The recent entries that have no leaf yet."""
    newest = tree.newest_entry(session)
    return tree.waiting(session, newest - RECENT, newest)


def gather(session: Session) -> Frontier | None:
    """Bring the recent entries into the tree; None if somebody else is at it.  The caller commits."""
    if not tree.alone(session):
        return None
    return tree.append(session, recent(session))


def sweep(transaction: Transaction) -> None:
    """Bring every entry into the tree, however old, a stretch at a time."""
    after = 0
    while True:
        with transaction() as session:
            if after >= tree.newest_entry(session) or not tree.alone(session):
                return
            tree.append(session, tree.waiting(session, after, after + STRETCH))
        after += STRETCH
