"""The only way a case moves: decide, then record, all of it or none."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.clocks import next_due
from mediation.domain.facts import Facts, day, decode, encode
from mediation.domain.folding import Link, chain, with_followers
from mediation.domain.outcomes import Notice, Paper, Posting, Reversal
from mediation.domain.registering import REGISTER
from mediation.domain.timing import decent, next_wake
from mediation.engine.asking import SYSTEM, Ask
from mediation.engine.catalogue import Catalogue
from mediation.engine.deciding import Engine
from mediation.engine.refusals import ClockBack, Stale, Standing
from mediation.store import steps
from mediation.store.books import BOOKS, SHARDS
from mediation.store.db import alone, reading
from mediation.store.models import Case, Entry
from mediation.store.steps import (
    CaseRow,
    EntryRow,
    JobRow,
    LineRow,
    MoveRow,
    NoticeRow,
    Sheet,
    Statement,
    Totals,
)

SLACK = timedelta(minutes=5)
"""A clock may be set back by so much: acts bear the last moment until it has caught up."""

_JSON = msgspec.json.Encoder(order="sorted")


class NoSuchCase(LookupError):
    """There is no case by this number, or none that the asker may know of."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a POST did to a case."""

    case_id: int
    revision: int
    state: str
    facts: Facts


Beside = Callable[[Step], Sequence[Statement]]
"""Rows that are written in the transaction of a step, once it is known what the step does."""


def nothing(_: Step) -> Sequence[Statement]:
    """No row beside a step."""
    return ()


def fire(session: Session, catalogue: Catalogue, case_id: int, ask: Ask) -> Step:
    """Move the case as asked, log it, and carry out what follows.  The caller commits.

    Raises NoSuchCase; Stale if the case moved since the asker looked; Refused if the chart says no.
    """
    try:
        return _moved(Sheet.under(session), catalogue, case_id, ask)
    except Late:
        raise Stale(ask.seen, standing(session, catalogue, case_id)) from None


def step(catalogue: Catalogue, case_id: int, ask: Ask, beside: Beside = nothing) -> Step:
    """`fire` as a transaction of its own, committed when this returns, at the cost of its statements alone.

    For an act that only needs rows written `beside` it.  Raises as `fire` does, and Taken if one of these
    rows has been written before.
    """
    try:
        with alone() as sheet:
            return _moved(sheet, catalogue, case_id, ask, beside)
    except Late:
        with reading() as session:
            raise Stale(ask.seen, standing(session, catalogue, case_id)) from None


def hold(session: Session, catalogue: Catalogue, case_id: int, seen: int) -> CaseRow:
    """Read a case that is about to move; until the transaction ends nobody else can move it.

    Whatever else a transaction locks, it locks after this: so no two ever wait for each other.
    Raises NoSuchCase; Stale if the case is no longer the one that was seen.
    """
    try:
        return _read(Sheet.under(session), case_id, seen)
    except Late:
        raise Stale(seen, standing(session, catalogue, case_id)) from None


class Late(Exception):
    """The case is not the one that was seen; the database has the last word on that.  Nothing is written."""


def _read(sheet: Sheet, case_id: int, seen: int) -> CaseRow:
    row = sheet.read(case_id)
    if row is None:
        raise NoSuchCase(case_id)
    if not _current(sheet, case_id, seen, row.revision):
        raise Late
    return row


def current(session: Session, case_id: int, seen: int, revision: int) -> bool:
    """Whether the case with this revision is still as it was seen: a paper made of its seal moves nothing."""
    return _current(Sheet.under(session), case_id, seen, revision)


def _current(sheet: Sheet, case_id: int, seen: int, revision: int) -> bool:
    return seen == revision or (seen < revision and not sheet.moved_since(case_id, seen, REGISTER))


def _moved(sheet: Sheet, catalogue: Catalogue, case_id: int, ask: Ask, beside: Beside = nothing) -> Step:
    row = _read(sheet, case_id, ask.seen)
    engine = catalogue[row.workflow, row.workflow_version]
    at = in_order(row, ask.at)
    if at is not ask.at or ask.seen != row.revision:
        ask = replace(ask, at=at, seen=row.revision)
    facts = decode(row.facts)
    # The row says when something is due; to look for it in the facts would be a third of deciding.
    due = row.wakes_at is not None and row.wakes_at <= at
    links = chain(engine, facts, ask) if due else with_followers(engine, facts, ask)
    return record(sheet, engine, row, links, beside)


def in_order(row: CaseRow, at: datetime) -> datetime:
    """The moment of a case's next entry: never before its last one.  Raises ClockBack.

    In UTC, as the entry keeps it: a replay of the log must come to the same facts.
    """
    if row.moved_at - at > SLACK:
        raise ClockBack(row.moved_at, at)
    return max(at, row.moved_at).astimezone(UTC)


def record(sheet: Sheet, engine: Engine, row: CaseRow, links: list[Link], beside: Beside = nothing) -> Step:
    """Write what happened to a case that was read from the same sheet.  Raises Late."""
    facts = links[-1].facts
    entries = list(chained(row.id, row.revision, row.head, links))
    rows = [*beside(Step(row.id, row.revision + len(entries), facts.state, facts))]
    totals: Totals = {}
    for link, entry in zip(links, entries, strict=True):
        rows += _rows(row.subdistrict, link, entry, totals)
    return log(sheet, engine, row, facts, entries, rows, totals)


def log(  # noqa: PLR0913, PLR0917 - all that a step writes, by its parts
    sheet: Sheet,
    engine: Engine,
    row: CaseRow,
    facts: Facts,
    entries: Sequence[EntryRow],
    rows: Sequence[Statement] = (),
    totals: Totals | None = None,
) -> Step:
    """Write entries of a case, what it is after them, and what goes with them.  Raises Late."""
    move = MoveRow(
        state=facts.state,
        revision=row.revision + len(entries),
        facts=encode(facts),
        head=entries[-1].hash,
        moved_at=entries[-1].at,
        due_on=next_due(facts),
        wakes_at=next_wake(engine, facts),
        mediator_id=facts.mediator,
        id=row.id,
        seen=row.revision,
    )
    if not sheet.write(move, [*((steps.ENTRY, entry) for entry in entries), *rows], totals or {}):
        raise Late
    return Step(row.id, move.revision, facts.state, facts)


def standing(session: Session, catalogue: Catalogue, case_id: int) -> Standing:
    """Where a case stands and who moved it last; what followed by itself was moved by whoever began it."""
    query = (
        select(Case.workflow, Case.workflow_version, Case.state, Case.revision, Entry.role, Entry.at)
        .join(Entry)
        .where(Case.id == case_id, Entry.role != SYSTEM.role)
        .order_by(Entry.number.desc())
        .limit(1)
    )
    workflow, version, state, revision, role, at = session.execute(query).one()
    label = catalogue[workflow, version].workflow.states[state].label
    return Standing(state, label, revision, role, at)


def chained(case_id: int, number: int, before: str, links: list[Link]) -> Iterator[EntryRow]:
    """The entries of `links`, each with the hash of itself and of the one before it."""
    for link in links:
        number += 1
        ask, move = link.ask, link.move
        entry = hashed(
            EntryRow(
                case_id=case_id,
                number=number,
                action=move.action,
                source=move.source,
                target=move.target,
                role=ask.actor.role,
                actor_id=ask.actor.id,
                seat=ask.actor.seat,
                at=ask.at,
                data=kept(link.said),
                before=before,
                authority=ask.actor.authority,
            )
        )
        before = entry.hash
        yield entry


def kept(data: Mapping[str, Any]) -> str:
    """The data of an act as its entry keeps them: canonical JSON."""
    return _JSON.encode(data).decode()


def hashed(entry: EntryRow) -> EntryRow:
    """The entry with its hash."""
    return EntryRow(*entry[:11], hashlib.sha256(spelled(entry)).hexdigest(), entry.authority)


def spelled(entry: EntryRow) -> bytes:
    """What the hash of an entry covers: its number in the case and all that it says, moments in UTC.

    An authority stands last and only where there is one: older entries have none and keep their hash.
    """
    said = (*entry[1:8], entry.at.astimezone(UTC), *entry[9:11])
    return _JSON.encode((*said, entry.authority) if entry.authority else said)


def _rows(subdistrict: str, link: Link, entry: EntryRow, totals: Totals) -> Iterator[Statement]:
    """The rows that carry out what follows from an act; what it posts is added up in `totals`."""
    for outcome in link.move.outcomes:
        match outcome:
            case Posting():
                yield _posted(subdistrict, outcome, entry, totals)
            case Reversal():
                yield _reversed(subdistrict, outcome, entry, totals)
            case Notice(to, seat):
                notice = NoticeRow(entry.case_id, entry.number, to, seat, entry.action, entry.at)
                yield steps.NOTICE, notice._replace(not_before=decent(entry.at) if link.move.at else None)
            case Paper(kind):
                yield steps.JOB, JobRow(entry.case_id, entry.number, kind, entry.at)


def _posted(subdistrict: str, posting: Posting, entry: EntryRow, totals: Totals) -> Statement:
    """A ledger line, and in `totals`, written in the same transaction, the total that it belongs to."""
    book = BOOKS[posting.account]
    today = day(entry.at)
    total = _total(subdistrict, posting, entry)
    totals[total] = totals.get(total, 0) + posting.amount
    line = LineRow(
        entry.case_id,
        entry.number,
        book.debit,
        book.credit,
        book.unit,
        posting.amount,
        subdistrict,
        posting.worker,
        posting.head,
        today,
    )
    return steps.LINE, line


def _reversed(subdistrict: str, reversal: Reversal, entry: EntryRow, totals: Totals) -> Statement:
    """A reversing line for each that stands; the totals of this month bear it, as the ledger does."""
    book = BOOKS[reversal.account]
    where = (entry.case_id, book.debit, book.credit, reversal.worker, reversal.head)
    total = _total(subdistrict, reversal, entry)
    totals[total] = totals.get(total, 0) - reversal.amount
    return steps.REVERSE, (entry.number, day(entry.at), *where)


def _total(subdistrict: str, moved: Posting | Reversal, entry: EntryRow) -> tuple[str, str, str, str, int]:
    """The row of the totals that a movement belongs to."""
    month = f"{day(entry.at):%Y-%m}"
    return (moved.account, subdistrict, month, moved.head or "", entry.case_id % SHARDS)
