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
from mediation.engine.asking import Actor, Ask
from mediation.engine.catalogue import Catalogue
from mediation.engine.deciding import Engine
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
        facts, postings = _replay(catalogue[case.workflow, case.workflow_version], log)
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


def _replay(engine: Engine, log: list[Entry]) -> tuple[Facts, list[Line]]:
    if not log or log[0].action != START:
        raise LookupError("it does not begin with a filing")
    facts = begin(engine, msgspec.json.decode(log[0].data))
    postings: list[Line] = []
    for entry in log[1:]:
        data: dict[str, Any] = msgspec.json.decode(entry.data)
        actor = Actor(entry.role, entry.actor_id, "", entry.seat)
        link = advance(engine, facts, Ask(entry.action, actor, entry.number - 1, entry.at, data))
        if (link.move.source, link.move.target) != (entry.source, entry.target):
            raise LookupError(f"entry {entry.number} leads elsewhere")
        facts = link.facts
        for outcome in link.move.outcomes:
            if isinstance(outcome, Posting):
                book = BOOKS[outcome.account]
                postings.append(
                    (entry.number, book.debit, book.credit, outcome.amount, outcome.worker, outcome.head)
                )
    return facts, postings


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
