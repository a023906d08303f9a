"""Replay log and ledger from the beginning and say what does not add up."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.clocks import next_due
from mediation.domain.facts import Facts, day, encode
from mediation.domain.folding import advance, begin, last_days, recounted
from mediation.domain.outcomes import Posting, Reversal
from mediation.domain.recounting import RECOUNT
from mediation.domain.timing import next_wake
from mediation.domain.versions import MOVE, moved
from mediation.engine.asking import Actor, Ask
from mediation.engine.catalogue import Catalogue
from mediation.engine.deciding import Engine
from mediation.engine.migrating import Migration
from mediation.engine.workflow import START
from mediation.services.casework import spelled
from mediation.services.findings import Finding, Kind
from mediation.services.pinned import is_of
from mediation.store import logbook
from mediation.store.books import BOOKS
from mediation.store.logbook import CaseRow, LeafRow, Line, Shelf
from mediation.store.models import LedgerLine
from mediation.store.steps import EntryRow, spelled_moment
from mediation.store.totals import fold, hot, margins, margins_of

_decode = msgspec.json.Decoder().decode


def findings(session: Session, catalogue: Catalogue) -> Iterator[str]:
    """Yield a sentence for everything in the database that does not add up; none means all is well."""
    yield from (finding.sentence for finding in examine(session, catalogue))


def examine(session: Session, catalogue: Catalogue) -> Iterator[Finding]:
    """Everything that is wrong between log, tree, cases, ledger and totals."""
    with logbook.legible(session):
        log, leaves = Shelf(logbook.entries(session)), Shelf(logbook.leaves(session))
        lines = Shelf(logbook.lines(session))
        for case in logbook.cases(session):
            entries = log.take(case.id)
            for fault in (
                *links(case, entries, leaves.take(case.id)),
                *_history(catalogue, case, entries, lines.take(case.id)),
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


def _history(
    catalogue: Catalogue, case: CaseRow, log: list[EntryRow], posted: list[tuple[Any, ...]]
) -> Iterator[Finding]:
    try:
        facts, postings = _replay(catalogue, case, log)
        engine = catalogue[case.workflow, case.workflow_version]
        kept = {
            "next due day": (next_due(facts), case.due_on),
            "waking": (next_wake(engine, facts), case.wakes_at),
        }
    except Exception as error:  # what somebody has tampered with may fail in any way
        yield Finding(Kind.OTHER, f"the log cannot have happened: {error!r}")
        return
    if (encode(facts), facts.state, facts.mediator) != (case.facts, case.state, case.mediator):
        yield Finding(Kind.OTHER, "the case is not the fold of its log")
    for name, (told, found) in kept.items():
        if _same(told) != _same(found):
            yield Finding(Kind.OTHER, f"its {name} is not that of its clocks")
    if sorted(postings, key=repr) != sorted((row[1:] for row in posted), key=repr):
        yield Finding(Kind.OTHER, "the ledger is not what the log posted")


def _replay(catalogue: Catalogue, case: CaseRow, log: list[EntryRow]) -> tuple[Facts, list[Line]]:
    """The fold of a log, from the version it began on across every move to another."""
    if not log or log[0].action != START:
        raise LookupError("it does not begin with a filing")
    moves = [entry for entry in log if entry.action == MOVE]
    version = _said(moves[0])["from"] if moves else case.workflow_version
    _runs_on(catalogue[case.workflow, version], log[0])
    facts = begin(catalogue[case.workflow, version], _said(log[0]), log[0].at)
    postings: list[Line] = []
    for before, entry in pairwise(log):
        if entry.at < before.at:
            raise LookupError(f"entry {entry.number} is dated before the one before it")
        if entry.action == MOVE:
            facts = _moved(catalogue.migration(case.workflow, version, _said(entry)["to"]), entry, facts)
            version = _said(entry)["to"]
            _runs_on(catalogue[case.workflow, version], entry)
            continue
        if entry.action == RECOUNT:
            _leads(entry, facts.state, facts.state)
            facts = recounted(facts, last_days(_said(entry)), day(entry.at))
            continue
        facts = _advanced(catalogue[case.workflow, version], entry, facts, postings)
    if version != case.workflow_version:
        raise LookupError(f"it ends on version {version}, the case is on {case.workflow_version}")
    return facts, postings


def _same(value: Any) -> str | None:
    """A day or a moment in one spelling, however its database keeps it."""
    if isinstance(value, datetime):
        return spelled_moment(value)
    return str(value) if value else None


def _said(entry: EntryRow) -> dict[str, Any]:
    found: dict[str, Any] = _decode(entry.data)
    return found


def _advanced(engine: Engine, entry: EntryRow, facts: Facts, lines: list[Line]) -> Facts:
    """What is known after an entry's act; the ledger lines that it posts are added to `lines`."""
    actor = Actor(entry.role, entry.actor_id, "", entry.seat, entry.authority)
    link = advance(engine, facts, Ask(entry.action, actor, entry.number - 1, entry.at, _said(entry)))
    _leads(entry, link.move.source, link.move.target)
    for one in link.move.outcomes:
        if isinstance(one, Posting):
            book = BOOKS[one.account]
            lines.append((entry.number, book.debit, book.credit, one.amount, one.worker, one.head, None))
        elif isinstance(one, Reversal):
            lines += _reversing(entry.number, one, lines)
    return link.facts


def _reversing(number: int, reversal: Reversal, lines: list[Line]) -> list[Line]:
    """The lines that take back whatever of an account, worker and head still stands."""
    book = BOOKS[reversal.account]
    account = (book.debit, book.credit, reversal.worker, reversal.head)
    gone = {(line[6], line[2], line[1], *line[3:6]) for line in lines if line[6] is not None}
    return [
        (number, credit, debit, amount, worker, head, first)
        for first, debit, credit, amount, worker, head, reverses in lines
        if reverses is None
        and (debit, credit, worker, head) == account
        and (first, debit, credit, amount, worker, head) not in gone
    ]


def _moved(migration: Migration, entry: EntryRow, facts: Facts) -> Facts:
    if _said(entry)["migration"] != migration.digest:
        raise LookupError(f"entry {entry.number} was moved by another file than {migration.marks.file}")
    after = moved(migration, facts)
    _leads(entry, facts.state, after.state)
    return after


def _runs_on(engine: Engine, entry: EntryRow) -> None:
    if not is_of(_said(entry), engine.workflow):
        raise LookupError(f"{engine.workflow.marks.file} was edited since entry {entry.number}")


def _leads(entry: EntryRow, source: str, target: str) -> None:
    if (source, target) != (entry.source, entry.target):
        raise LookupError(f"entry {entry.number} leads elsewhere")


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
