"""A case's whole life decided once, in memory, and stamped for as many cases as are like it.

Deciding costs a hundred times what a hash costs.  Cases that were filed at the same moment, claim the
same and go the same way differ only in their people, place and numbers: these are left open here, as
in a form, and filled in for each.  Every entry is hashed for itself, so each chain is its own.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from mediation.domain.clocks import ends, next_due
from mediation.domain.facts import Facts, day, encode
from mediation.domain.filing import Filing
from mediation.domain.folding import Link, begin, catch_up, chain, named
from mediation.domain.outcomes import Paper, Posting
from mediation.domain.timing import next_wake, overdue
from mediation.domain.versions import CHART
from mediation.engine.asking import Actor, Ask
from mediation.engine.deciding import Engine
from mediation.engine.workflow import START
from mediation.services.access import BY_CODE, BY_FILING, BY_PASSWORD
from mediation.services.casework import chained, hashed, kept, spelled
from mediation.services.rehearsing import Cast, actors, in_hand, moments
from mediation.store.books import BOOKS
from mediation.store.bulk import Bulk
from mediation.store.steps import EntryRow

_OPEN = re.compile("@([a-z]+[0-9]*)@")
BEFORE = "@before@"
MEDIATOR = "person:987654321"
"""Stands for the mediator while a life is decided: an act accepts nobody but a number as its mediator."""
FILER = Actor("worker", "filing", "", authority=BY_FILING)
CAST = Cast(
    Actor("clerk", "@clerk@", "", authority=BY_PASSWORD),
    Actor("mediator", MEDIATOR, "", authority=BY_PASSWORD),
    Actor("admin", "@admin@", "", authority=BY_PASSWORD),
)

Values = dict[str, str]
"""What is filled in: worker0…, employer, clerk, mediator, admin, place, before."""


class Pattern(NamedTuple):
    """One entry with its open places."""

    number: int
    action: str
    source: str
    target: str
    role: str
    actor_id: str
    seat: int
    at: Any
    data: str
    spelled: str
    authority: str


class LinePattern(NamedTuple):
    """One ledger line: what is not the case's own; `account` and `month` name its total."""

    entry: int
    debit: str
    credit: str
    unit: str
    amount: int
    worker: int | None
    head: str | None
    on_day: Any
    account: str
    month: str


@dataclass(frozen=True, slots=True)
class Life:
    """What every case that lived so has in common; moments and days as the database holds them."""

    workflow: str
    version: int
    state: str
    revision: int
    facts: str
    due_on: Any
    wakes_at: Any
    received_at: Any
    moved_at: Any
    mediated: bool
    year: int
    entries: tuple[Pattern, ...]
    lines: tuple[LinePattern, ...]
    papers: tuple[tuple[int, str, Any], ...]
    """Ordered by which entry, of what kind, and when."""

    def stamped(self, case_id: int, values: Values) -> Iterator[tuple[Any, ...]]:
        """The entries of a case, hashed one after the other, in the order of EntryRow's fields."""
        before = ""
        for one in self.entries:
            values["before"] = before
            found = hashlib.sha256((one.spelled % values).encode()).hexdigest()
            yield (
                case_id, one.number, one.action, one.source, one.target, one.role, one.actor_id % values,
                one.seat, one.at, one.data % values, before, found, one.authority,
            )  # fmt: skip
            before = found


@dataclass(frozen=True, slots=True)
class Road:
    """A way along the chart: its acts, from when, and until when the system goes on by itself."""

    acts: Sequence[str]
    received: datetime
    until: datetime


def lived(engine: Engine, filing: Filing, road: Road, bulk: Bulk) -> Life:
    """Decide a life along `road`.  Raises Refused if the chart does not let it go that way."""
    received = road.received
    data = {**filing.first_entry(), "subdistrict": "@place@", CHART: engine.workflow.digest}
    facts = begin(engine, data, received)
    data |= named(ends({}, facts.clocks))
    links = list(_links(engine, facts, road))
    rows = [_first(engine, data, received), *chained(0, 1, BEFORE, links)]
    facts = links[-1].facts
    return Life(
        workflow=engine.workflow.name,
        version=engine.workflow.version,
        state=facts.state,
        revision=len(rows),
        facts=_form(encode(facts)),
        due_on=bulk.day(next_due(facts)),
        wakes_at=bulk.moment(next_wake(engine, facts)),
        received_at=bulk.moment(received),
        moved_at=bulk.moment(links[-1].ask.at),
        mediated=facts.mediator is not None,
        year=day(received).year,
        entries=tuple(_pattern(row, bulk) for row in rows),
        lines=tuple(_lines(links, bulk)),
        papers=tuple(
            (number, one.kind, bulk.moment(link.ask.at))
            for number, link in enumerate(links, 2)
            for one in link.move.outcomes
            if isinstance(one, Paper)
        ),
    )


def _links(engine: Engine, facts: Facts, road: Road) -> Iterator[Link]:
    parties = [Actor("worker", f"@worker{seat}@", "", seat, BY_CODE) for seat in range(facts.workers)]
    parties.append(Actor("employer", "@employer@", "", authority=BY_CODE))
    seen = 1
    asked = [("submit", road.received, [FILER])]
    asked += [(act, at, actors(act, parties, CAST)) for act, at in moments(road.acts, road.received)]
    for act, first, people in asked:
        for minute, actor in enumerate(people):
            at = (first + timedelta(minutes=minute)).astimezone(UTC)
            for link in _woken(engine, facts, at, seen):
                facts, seen = link.facts, seen + 1
                yield link
            ask = Ask(act, actor, seen, at, in_hand(engine, act, facts, at, CAST))
            for link in chain(engine, facts, ask):
                facts, seen = link.facts, seen + 1
                yield link
    yield from _woken(engine, facts, road.until, seen)


def _woken(engine: Engine, facts: Facts, at: datetime, seen: int) -> Iterator[Link]:
    """What the system does by itself until `at`, each thing at its own moment."""
    while timer := overdue(engine, facts, at):
        for link in catch_up(engine, facts, timer.at.astimezone(UTC), seen):
            facts, seen = link.facts, seen + 1
            yield link


def _first(engine: Engine, data: Mapping[str, Any], at: datetime) -> EntryRow:
    row = EntryRow(
        case_id=0,
        number=1,
        action=START,
        source="",
        target=engine.workflow.initial,
        role=FILER.role,
        actor_id=FILER.id,
        seat=FILER.seat,
        at=at,
        data=kept(data),
        before="",
        authority=FILER.authority,
    )
    return hashed(row)


def _pattern(row: EntryRow, bulk: Bulk) -> Pattern:
    said = spelled(row._replace(before=BEFORE if row.before else "")).decode()
    return Pattern(
        *row[1:6],
        _form(row.actor_id),
        row.seat,
        bulk.moment(row.at),
        _form(row.data),
        _form(said),
        row.authority,
    )


def _lines(links: Sequence[Link], bulk: Bulk) -> Iterator[LinePattern]:
    for number, link in enumerate(links, 2):
        today: date = day(link.ask.at)
        for one in link.move.outcomes:
            if isinstance(one, Posting):
                book = BOOKS[one.account]
                yield LinePattern(
                    number, book.debit, book.credit, book.unit, one.amount, one.worker, one.head,
                    bulk.day(today), one.account, f"{today:%Y-%m}",
                )  # fmt: skip


def _form(text: str) -> str:
    """A text whose open places Python can fill in."""
    return _OPEN.sub(r"%(\1)s", text.replace("%", "%%").replace(MEDIATOR, "@mediator@"))
