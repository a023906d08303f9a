"""Replay the log of one case and hold all that is kept of it against what comes out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec

from mediation.domain.clocks import next_due
from mediation.domain.facts import Facts, day, encode
from mediation.domain.folding import advance, begin, last_days, recounted
from mediation.domain.outcomes import Paper, Posting, Reversal
from mediation.domain.recounting import RECOUNT
from mediation.domain.registering import REGISTER, Registered
from mediation.domain.timing import next_wake
from mediation.domain.versions import MOVE, moved
from mediation.engine.asking import Actor, Ask
from mediation.engine.catalogue import Catalogue
from mediation.engine.deciding import Engine
from mediation.engine.migrating import Migration
from mediation.engine.workflow import START
from mediation.services import office_papers
from mediation.services.findings import Finding, Kind
from mediation.services.papers import check_code
from mediation.services.pinned import is_of
from mediation.store.books import BOOKS
from mediation.store.logbook import CaseRow, JobRow, Line, PaperRow
from mediation.store.steps import EntryRow, spelled_moment

SUBMIT = "submit"
"""The act with which a case gets its number and is received."""
Order = tuple[int, str]
"""A paper that was ordered: by which entry, of what kind."""
_decode = msgspec.json.Decoder().decode


@dataclass(slots=True)
class Told:
    """What the log of a case tells: the facts, what it posted, the papers that it ordered and has."""

    facts: Facts
    lines: list[Line] = field(default_factory=list)
    ordered: dict[Order, str] = field(default_factory=dict)
    """With the digest of the terms that the paper is to show."""
    made: dict[Order, str] = field(default_factory=dict)
    """With its SHA-256."""
    number: str | None = None
    received: datetime | None = None


def examine(  # noqa: PLR0913, PLR0917 - all that is kept of one case, by its tables
    catalogue: Catalogue,
    case: CaseRow,
    log: list[EntryRow],
    posted: list[tuple[Any, ...]],
    papers: list[PaperRow],
    jobs: list[JobRow],
) -> Iterator[Finding]:
    """Everything about a case that is not what its log says; sentences do not name the case."""
    try:
        told = _replay(catalogue, case, log)
        engine = catalogue[case.workflow, case.workflow_version]
        kept = {
            "next due day is not that of its clocks": (next_due(told.facts), case.due_on),
            "waking is not that of its clocks": (next_wake(engine, told.facts), case.wakes_at),
            "last movement is not that of its last entry": (log[-1].at, case.moved_at),
            "place is not the one that was filed": (told.facts.subdistrict, case.subdistrict),
        }
        if told.number is not None:  # an older submission does not say it
            kept["number is not the one that it was given"] = (told.number, case.number)
            kept["day of receipt is not that of its submission"] = (told.received, case.received_at)
    except Exception as error:  # what somebody has tampered with may fail in any way
        yield Finding(Kind.OTHER, f"the log cannot have happened: {error!r}")
        return
    facts = told.facts
    if (encode(facts), facts.state, facts.mediator) != (case.facts, case.state, case.mediator):
        yield Finding(Kind.OTHER, "the case is not the fold of its log")
    for fault, (said, found) in kept.items():
        if _same(said) != _same(found):
            yield Finding(Kind.OTHER, f"its {fault}")
    if sorted(told.lines, key=repr) != sorted((Line._make(row[1:]) for row in posted), key=repr):
        yield Finding(Kind.OTHER, "the ledger is not what the log posted")
    if told.ordered or papers or jobs:
        yield from _papers(case, told, papers, jobs)


def _papers(case: CaseRow, told: Told, papers: list[PaperRow], jobs: list[JobRow]) -> Iterator[Finding]:
    """The register beside the log: for each seal its paper, in both, or a job that still waits."""
    register = {(paper.entry, paper.kind): paper for paper in papers}
    waiting = {(job.entry, job.kind) for job in jobs if job.waits}
    for order, digest in told.ordered.items():
        name = f"the {order[1]} of entry {order[0]}"
        paper, sha256 = register.pop(order, None), told.made.get(order)
        if paper is not None:
            yield from _paper(case, name, paper, sha256, digest)
        elif sha256 is not None:
            yield Finding(Kind.MISSING, f"{name} is missing in the register: the log has it")
        elif order not in waiting:
            yield Finding(Kind.MISSING, f"{name} is missing: neither registered nor waiting to be made")
    for entry, kind in register:
        yield Finding(Kind.BROKEN, f"the {kind} of entry {entry} is in the register: no act has ordered it")


def _paper(case: CaseRow, name: str, paper: PaperRow, sha256: str | None, digest: str) -> Iterator[Finding]:
    """One registered paper beside what the log says: its SHA-256, and the digest of the terms it shows."""
    if sha256 is None:
        yield Finding(Kind.BROKEN, f"{name} is in the register and not in the log")
    elif sha256 != paper.sha256:
        yield Finding(Kind.BROKEN, f"{name} is another one than the log has: its SHA-256 was changed")
    right = (case.number, digest, check_code(str(case.number), digest))
    if (paper.number, paper.terms_digest, paper.check_code) != right:
        yield Finding(Kind.BROKEN, f"{name}: its number, code or terms are not those that were sealed")


def _replay(catalogue: Catalogue, case: CaseRow, log: list[EntryRow]) -> Told:
    """The fold of a log, from the version it began on across every move to another."""
    if not log or log[0].action != START:
        raise LookupError("it does not begin with a filing")
    moves = [entry for entry in log if entry.action == MOVE]
    version = _said(moves[0])["from"] if moves else case.workflow_version
    _runs_on(catalogue[case.workflow, version], log[0])
    told = Told(begin(catalogue[case.workflow, version], _said(log[0]), log[0].at))
    for before, entry in pairwise(log):
        if entry.at < before.at:
            raise LookupError(f"entry {entry.number} is dated before the one before it")
        if entry.action == MOVE:
            way = catalogue.migration(case.workflow, version, _said(entry)["to"])
            told.facts = _moved(way, entry, told.facts)
            version = _said(entry)["to"]
            _runs_on(catalogue[case.workflow, version], entry)
        elif entry.action == RECOUNT:
            _leads(entry, told.facts.state, told.facts.state)
            told.facts = recounted(told.facts, last_days(_said(entry)), day(entry.at))
        elif entry.action == REGISTER:
            _registered(entry, told)
        else:
            _advance(catalogue[case.workflow, version], entry, told)
    if version != case.workflow_version:
        raise LookupError(f"it ends on version {version}, the case is on {case.workflow_version}")
    return told


def _same(value: Any) -> str | None:
    """A day or a moment in one spelling, however its database keeps it."""
    if isinstance(value, datetime):
        return spelled_moment(value)
    return str(value) if value else None


def _said(entry: EntryRow) -> dict[str, Any]:
    found: dict[str, Any] = _decode(entry.data)
    return found


def _registered(entry: EntryRow, told: Told) -> None:
    """Keep what an entry of the register says."""
    _leads(entry, told.facts.state, told.facts.state)
    one = msgspec.convert(_said(entry), Registered)
    order = (one.entry, one.kind)
    if order not in told.ordered or order in told.made:
        raise LookupError(f"entry {entry.number} registers a paper that nobody has ordered, or once more")
    told.made[order] = one.sha256


def _advance(engine: Engine, entry: EntryRow, told: Told) -> None:
    """Take over what an entry's act has made known, posted and ordered."""
    actor, said = Actor(entry.role, entry.actor_id, "", entry.seat, entry.authority), _said(entry)
    link = advance(engine, told.facts, Ask(entry.action, actor, entry.number - 1, entry.at, said))
    _leads(entry, link.move.source, link.move.target)
    told.facts = link.facts
    if entry.action == SUBMIT:
        told.received, told.number = entry.at, said.get("number")
    for one in link.move.outcomes:
        if isinstance(one, Posting):
            told.lines.append(_posted(entry, one, link.facts.subdistrict))
        elif isinstance(one, Reversal):
            told.lines += _reversing(entry, one, told.lines)
        elif isinstance(one, Paper):
            told.ordered[entry.number, one.kind] = _digest(link.facts, one.kind, entry)


def _digest(facts: Facts, kind: str, entry: EntryRow) -> str:
    """What a paper is made of: the terms, or for what the office states alone the entry that ordered it."""
    if kind in office_papers.KINDS:
        return entry.hash
    return facts.terms.digest if facts.terms else ""


def _posted(entry: EntryRow, one: Posting, place: str) -> Line:
    book, today = BOOKS[one.account], day(entry.at).isoformat()
    return Line(
        entry.number, book.debit, book.credit, book.unit, one.amount, place, one.worker, one.head, today
    )


def _reversing(entry: EntryRow, reversal: Reversal, lines: list[Line]) -> list[Line]:
    """The lines that take back whatever of an account, worker and head still stands."""
    book, today = BOOKS[reversal.account], day(entry.at).isoformat()
    account = (book.debit, book.credit, reversal.worker, reversal.head)
    # By the entry of the line that was taken back, and the account, worker, head and amount of both.
    gone = {(x.reverses, x.credit, x.debit, x.worker, x.head, x.amount) for x in lines if x.reverses}
    return [
        first._replace(
            entry=entry.number,
            debit=first.credit,
            credit=first.debit,
            on_day=today,
            reverses=first.entry,
        )
        for first in lines
        if first.reverses is None
        and (first.debit, first.credit, first.worker, first.head) == account
        and (first.entry, first.debit, first.credit, first.worker, first.head, first.amount) not in gone
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
