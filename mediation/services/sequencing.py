"""Bring new entries of all cases into one order without gaps, and into the district's tree.

A step never waits for this: it writes its entry and goes; the sequencer finds it afterwards.
"""

import time

from sqlalchemy.orm import Session

from mediation.engine.merkle import Frontier
from mediation.services import events
from mediation.services.offices import Transaction
from mediation.store import nodes, tree
from mediation.store.tree import Waiting

RECENT = 1000
"""Row numbers that are looked over each time.  PostgreSQL hands them out before the commit, so an entry
may appear below others that have their leaf; one that comes later still is found by `sweep`."""
STRETCH = 5000
"""Row numbers that a sweep looks over in one transaction: on SQLite writers wait for it that long."""
LOOKS, PAUSE = 20, 0.05
"""How often, and seconds apart, a sweep looks whether those who are just writing have ended."""


def recent(session: Session) -> list[Waiting]:
    """The recent entries that have no leaf yet."""
    newest = tree.newest_entry(session)
    return tree.waiting(session, max(newest - RECENT, tree.watermark(session)), newest)


def gather(session: Session) -> Frontier | None:
    """Bring the recent entries into the tree, and the ends of the chains of security events.

    None if somebody else is at it.  The caller commits.
    """
    if not tree.alone(session):
        return None
    return tree.append(session, [*recent(session), *events.unbound(session)])


def sweep(transaction: Transaction) -> None:
    """Bring every entry that has no leaf into the tree, however old, a stretch at a time.

    It begins at the watermark, and puts it forward as far as nothing can appear any more: what it costs is
    what came since the oldest transaction that is still writing, not what the district has.
    """
    settled, after = _settled(transaction), 0
    while True:
        with transaction() as session:
            if not tree.alone(session):
                return
            known = tree.watermark(session)
            after = max(after, known)
            if after >= tree.newest_entry(session):
                return
            tree.append(session, tree.waiting(session, after, after + STRETCH))
            after += STRETCH
            if min(after, settled) > known:
                tree.advance(session, min(after, settled))


def fill(transaction: Transaction) -> None:
    """Keep the tree's nodes as far as it has grown, a stretch at a time."""
    more = True
    while more:
        with transaction() as session:
            more = tree.alone(session) and nodes.fill(session)


def _settled(transaction: Transaction) -> int:
    """A row number up to which whatever will ever appear has appeared; 0 if there is none to be sure of.

    Who has a lower number than the newest that is seen has ended, or has begun to write by now.  A
    number that was rolled back holds nobody up; one that is being used for long does, until it is not.
    """
    with transaction() as session:
        newest = tree.newest_entry(session)
        writing = tree.writers(session)  # after the number: the other way round somebody could slip in
    for _ in range(LOOKS):
        if not writing:
            return newest
        time.sleep(PAUSE)
        with transaction() as session:
            writing &= tree.writers(session)
    return 0
