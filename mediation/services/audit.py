"""Replay log and ledger from the beginning and say what does not add up."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.engine.catalogue import Catalogue
from mediation.services import audit_replay
from mediation.services.casework import spelled
from mediation.services.findings import Finding, Kind
from mediation.store import logbook
from mediation.store.books import BOOKS
from mediation.store.logbook import CaseRow, LeafRow, Shelf
from mediation.store.models import LedgerLine
from mediation.store.steps import EntryRow
from mediation.store.totals import fold, hot, margins, margins_of


def findings(session: Session, catalogue: Catalogue) -> Iterator[str]:
    """Yield a sentence for everything in the database that does not add up; none means all is well."""
    yield from (finding.sentence for finding in examine(session, catalogue))


def examine(session: Session, catalogue: Catalogue, of: str = "") -> Iterator[Finding]:
    """Everything that is wrong between log, tree, cases, ledger and totals.

    Of cases only those that `of` names, where it names some (`logbook.since`).
    """
    with logbook.legible(session):
        log, leaves = Shelf(logbook.entries(session, of)), Shelf(logbook.leaves(session, of))
        lines = Shelf(logbook.lines(session, of))
        papers, jobs = Shelf(logbook.papers(session, of)), Shelf(logbook.jobs(session, of))
        for case in logbook.cases(session, of):
            entries = log.take(case.id)
            for fault in (
                *links(case, entries, leaves.take(case.id)),
                *audit_replay.examine(
                    catalogue,
                    case,
                    entries,
                    lines.take(case.id),
                    papers.take(case.id),
                    jobs.take(case.id),
                ),
            ):
                yield Finding(fault.kind, f"{case.name}: {fault.sentence}")
        yield from _without_case(log, leaves, lines)
    yield from _strays(session)
    counted = fold(session)
    if counted != hot(session) or margins_of(counted) != margins(session):
        yield Finding(Kind.OTHER, "totals: the running totals are not the fold of the ledger")


def _without_case(
    log: Shelf[EntryRow], leaves: Shelf[LeafRow], lines: Shelf[tuple[Any, ...]]
) -> Iterator[Finding]:
    for case_id, _ in log.rest():
        yield Finding(Kind.BROKEN, f"entries of case {case_id}: there is no such case")
    for case_id, known in leaves.rest():
        numbers = ", ".join(str(leaf.entry) for leaf in known)
        yield Finding(Kind.MISSING, f"case {case_id} is missing: the tree has its entries {numbers}")
    for case_id, _ in lines.rest():
        yield Finding(Kind.OTHER, f"ledger lines of case {case_id}: there is no such case")


def links(case: CaseRow, log: list[EntryRow], leaves: list[LeafRow]) -> Iterator[Finding]:
    """What is wrong with the chain of a case: its own links, its end, and what the tree knows of it."""
    before, expected = "", 1
    for entry in log:
        while expected < entry.number and expected <= case.revision:
            yield Finding(Kind.MISSING, f"entry {expected} is missing")
            expected += 1
            before = entry.before  # what stood before it is gone: that much has been said
        if entry.number != expected:
            yield Finding(Kind.BROKEN, f"entry {entry.number} was changed: it is one too many")
        if entry.before != before:
            yield Finding(Kind.BROKEN, f"entry {entry.number} does not follow the one before it")
        if _digest(entry) != entry.hash:
            yield Finding(Kind.BROKEN, f"entry {entry.number} was changed")
        before = entry.hash
        expected += 1
    if expected <= case.revision:
        yield Finding(Kind.MISSING, f"the last entries are missing, from entry {expected} on")
    elif before != case.head or expected != case.revision + 1:
        yield Finding(Kind.BROKEN, "the last entries are missing, or are others than the case says")
    yield from _beside(log, leaves)


def _digest(entry: EntryRow) -> str:
    try:
        return hashlib.sha256(spelled(entry)).hexdigest()
    except (TypeError, ValueError):
        return ""  # it holds what no entry of ours can hold


def _beside(log: list[EntryRow], leaves: list[LeafRow]) -> Iterator[Finding]:
    """The log beside the tree.  An entry without a leaf is only new; a leaf without an entry is a loss."""
    there = {entry.number: entry.hash for entry in log}
    for leaf in leaves:
        found = there.get(leaf.entry)
        if found is None:
            yield Finding(Kind.MISSING, f"entry {leaf.entry} is missing: the tree has it")
        elif found != leaf.hash:
            yield Finding(Kind.BROKEN, f"entry {leaf.entry} was changed: the tree has another")


def _strays(session: Session) -> Iterator[Finding]:
    known = {(book.debit, book.credit) for book in BOOKS.values()}
    query = select(LedgerLine)
    for line in session.scalars(query.where(LedgerLine.case_id.is_(None))):
        if line.source is None or (line.debit, line.credit) not in known:
            yield Finding(Kind.OTHER, f"ledger line {line.id}: an opening without a source")
    for line in session.scalars(query.where(LedgerLine.reverses.is_not(None))):
        original = session.get_one(LedgerLine, line.reverses)
        same = (original.debit, original.credit, original.amount) == (line.credit, line.debit, line.amount)
        if not same or original.reverses is not None:
            yield Finding(Kind.OTHER, f"ledger line {line.id}: not the reverse of line {original.id}")
