"""Replay log and ledger from the beginning and say what does not add up."""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.clocks import next_due
from mediation.domain.facts import Facts, encode
from mediation.domain.folding import advance, begin
from mediation.domain.outcomes import Posting
from mediation.domain.versions import MOVE, moved
from mediation.engine.asking import Actor, Ask
from mediation.engine.catalogue import Catalogue
from mediation.engine.deciding import Engine
from mediation.engine.migrating import Migration
from mediation.services.casework import hashed
from mediation.services.filing import START
from mediation.store.books import BOOKS
from mediation.store.models import Case, Entry, LedgerLine
from mediation.store.steps import EntryRow
from mediation.store.totals import fold, hot

Line = tuple[int, str, str, int, int | None, str | None]


def findings(session: Session, catalogue: Catalogue) -> Iterator[str]:
    """Yield a sentence for everything that does not add up; none means all is well."""
    for case_id in session.scalars(select(Case.id).order_by(Case.id)):
        yield from _case(session, catalogue, session.get_one(Case, case_id))
        session.expunge_all()
    yield from _strays(session)
    if fold(session) != hot(session):
        yield "totals: the running totals are not the fold of the ledger"


def _case(session: Session, catalogue: Catalogue, case: Case) -> Iterator[str]:
    name = case.number or f"draft {case.id}"
    query = select(Entry).where(Entry.case_id == case.id).order_by(Entry.number)
    log = list(session.scalars(query))
    yield from (f"{name}: {fault}" for fault in _chain(case, log))
    try:
        facts, postings = _replay(catalogue, case, log)
    except Exception as error:  # what somebody has tampered with may fail in any way
        yield f"{name}: the log cannot have happened: {error!r}"
        return
    if (encode(facts), facts.state, facts.mediator) != (case.facts, case.state, case.mediator_id):
        yield f"{name}: the case is not the fold of its log"
    if case.due_on != next_due(facts) and len(log) > 1:
        yield f"{name}: the next due day is not that of its clocks"
    if sorted(postings, key=repr) != sorted(_lines(session, case.id), key=repr):
        yield f"{name}: the ledger is not what the log posted"


def _chain(case: Case, log: list[Entry]) -> Iterator[str]:
    before = ""
    for number, entry in enumerate(log, 1):
        if entry.number != number:
            yield f"entry {number} is missing"
            return
        if entry.before != before:
            yield f"entry {number} does not follow the one before it"
        row = EntryRow(*(getattr(entry, column) for column in EntryRow._fields))
        if hashed(row).hash != entry.hash:
            yield f"entry {number} was changed"
        before = entry.hash
    if before != case.head or len(log) != case.revision:
        yield "the last entries are missing"


def _replay(catalogue: Catalogue, case: Case, log: list[Entry]) -> tuple[Facts, list[Line]]:
    """The fold of a log, from the version it began on across every move to another."""
    if not log or log[0].action != START:
        raise LookupError("it does not begin with a filing")
    moves = [entry for entry in log if entry.action == MOVE]
    version = _said(moves[0])["from"] if moves else case.workflow_version
    facts = begin(catalogue[case.workflow, version], _said(log[0]))
    postings: list[Line] = []
    for entry in log[1:]:
        if entry.action == MOVE:
            facts = _moved(catalogue.migration(case.workflow, version, _said(entry)["to"]), entry, facts)
            version = _said(entry)["to"]
            continue
        facts, posted = _advanced(catalogue[case.workflow, version], entry, facts)
        postings += posted
    if version != case.workflow_version:
        raise LookupError(f"it ends on version {version}, the case is on {case.workflow_version}")
    return facts, postings


def _said(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(entry.data)
    return found


def _advanced(engine: Engine, entry: Entry, facts: Facts) -> tuple[Facts, list[Line]]:
    """What is known after an entry's act, and the ledger lines that it posts."""
    actor = Actor(entry.role, entry.actor_id, "", entry.seat)
    link = advance(engine, facts, Ask(entry.action, actor, entry.number - 1, entry.at, _said(entry)))
    _leads(entry, link.move.source, link.move.target)
    books = [(one, BOOKS[one.account]) for one in link.move.outcomes if isinstance(one, Posting)]
    return link.facts, [(entry.number, b.debit, b.credit, p.amount, p.worker, p.head) for p, b in books]


def _moved(migration: Migration, entry: Entry, facts: Facts) -> Facts:
    if _said(entry)["migration"] != migration.digest:
        raise LookupError(f"entry {entry.number} was moved by another file than {migration.marks.file}")
    after = moved(migration, facts)
    _leads(entry, facts.state, after.state)
    return after


def _leads(entry: Entry, source: str, target: str) -> None:
    if (source, target) != (entry.source, entry.target):
        raise LookupError(f"entry {entry.number} leads elsewhere")


def _lines(session: Session, case_id: int) -> list[Line]:
    query = select(LedgerLine).where(LedgerLine.case_id == case_id, LedgerLine.reverses.is_(None))
    return [
        (line.entry or 0, line.debit, line.credit, line.amount, line.worker, line.head)
        for line in session.scalars(query)
    ]


def _strays(session: Session) -> Iterator[str]:
    known = {(book.debit, book.credit) for book in BOOKS.values()}
    query = select(LedgerLine)
    for line in session.scalars(query.where(LedgerLine.case_id.is_(None))):
        if line.source is None or (line.debit, line.credit) not in known:
            yield f"ledger line {line.id}: an opening without a source"
    for line in session.scalars(query.where(LedgerLine.reverses.is_not(None))):
        original = session.get_one(LedgerLine, line.reverses)
        same = (original.debit, original.credit, original.amount) == (line.credit, line.debit, line.amount)
        if not same or original.reverses is not None:
            yield f"ledger line {line.id}: not the reverse of line {original.id}"
