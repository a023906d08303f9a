"""One act after another: what a case is after an act, and after those that the system does by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import structs

from mediation.domain import agents, clocks, timing
from mediation.domain.clocks import Ends
from mediation.domain.facts import Facts, day
from mediation.domain.outcomes import Learn, Notice
from mediation.engine.asking import SYSTEM, Ask
from mediation.engine.deciding import Engine, Move
from mediation.engine.refusals import NotNow, TooEarly, Unmet
from mediation.engine.timings import Timing

ENDS = "ends"
"""Where the data of an entry name the last days that its act reckoned; no field has this name."""


@dataclass(frozen=True, slots=True)
class Link:
    """One act that took place: what was asked, what it did, the facts after it, the last days it reckoned."""

    ask: Ask
    move: Move
    facts: Facts
    ends: Ends

    @property
    def said(self) -> Mapping[str, Any]:
        """What the entry of this act says: what was in hand, and the last days it reckoned."""
        return {**self.ask.data, **named(self.ends)}


def begin(engine: Engine, data: Mapping[str, Any], at: datetime) -> Facts:
    """The facts of a new case from the data of its first entry.  Raises msgspec.ValidationError."""
    told = {key: value for key, value in data.items() if key != ENDS}
    facts = msgspec.convert({**told, "state": engine.workflow.initial}, Facts)
    return structs.replace(facts, clocks=clocks.at_start(engine.workflow, day(at), last_days(data)))


def named(ends: Ends) -> dict[str, Any]:
    """Last days as the data of an entry name them; nothing where there are none."""
    return {ENDS: {name: last.isoformat() for name, last in ends.items()}} if ends else {}


def last_days(data: Mapping[str, Any]) -> Ends:
    """The last days that the data of an entry name."""
    return {name: date.fromisoformat(last) for name, last in data.get(ENDS, {}).items()}


def advance(engine: Engine, facts: Facts, ask: Ask) -> Link:
    """Decide one act and say what is known after it.  Raises Refused.  Changes nothing."""
    agents.check(facts, ask)
    move = engine.decide(ask, facts)
    changes: dict[str, Any] = {"state": move.target}
    if facts.nudge and ask.actor.role != SYSTEM.role:
        changes["nudge"] = None  # somebody has taken it up
    if move.at is not None:
        changes["fired"] = _fired(facts, ask, move.at)
        move = replace(move, outcomes=tuple(_still_worth_saying(move, ask)))
    for outcome in move.outcomes:
        if isinstance(outcome, Learn):
            changes |= outcome.changes
    if not (move.started or move.stopped or move.paused or move.resumed):
        return Link(ask, move, structs.replace(facts, **changes), {})
    before = changes.get("clocks", facts.clocks)
    changes["clocks"] = clocks.advanced(before, move, day(ask.at), last_days(ask.data))
    return Link(ask, move, structs.replace(facts, **changes), clocks.ends(before, changes["clocks"]))


def _still_worth_saying(move: Move, ask: Ask) -> Iterator[object]:
    """After a long downtime nobody is reminded of a day that is over: that it came is all that is kept."""
    over = ask.data["due"] < day(ask.at).isoformat()
    for outcome in move.outcomes:
        if not (isinstance(outcome, Notice) and over and move.at and move.at.edge in ("on", "before")):
            yield outcome


def _fired(facts: Facts, ask: Ask, at: Timing) -> Mapping[str, date]:
    """What the system has done at which day, after it did this; once for each day.  Raises TooEarly.

    Whether the clock runs was asked before (`timing.pending`); here only what a log can tell for ever.
    """
    if "due" not in ask.data:
        raise TooEarly(ask.action)
    key = timing.fired_key(ask.action, ask.data.get("item"))
    due = date.fromisoformat(ask.data["due"])
    again = key in facts.fired and due <= facts.fired[key]
    if again or ask.at < timing.moment(at, due):
        raise TooEarly(ask.action)
    return {**facts.fired, key: due}


def chain(engine: Engine, facts: Facts, ask: Ask) -> list[Link]:
    """An act and whatever the system does right before and right after it.  Raises Refused for the act.

    What was due before the act comes first, even if no worker ran: the rules know no downtime.
    """
    links = catch_up(engine, facts, ask.at, ask.seen)
    if links:
        facts, ask = links[-1].facts, replace(ask, seen=ask.seen + len(links))
    return [*links, *with_followers(engine, facts, ask)]


def catch_up(engine: Engine, facts: Facts, at: datetime, seen: int) -> list[Link]:
    """All that the system should have done to a case by the moment `at`, in the order of its moments."""
    links: list[Link] = []
    while timer := timing.overdue(engine, facts, at):
        links += with_followers(engine, facts, timer.ask(seen + len(links), at))
        facts = links[-1].facts
    return links


def with_followers(engine: Engine, facts: Facts, ask: Ask) -> list[Link]:
    """An act and what the chart lets follow on it at once; nothing was due before it.  Raises Refused."""
    links = [advance(engine, facts, ask)]
    while following := _follower(engine, links[-1]):
        links.append(following)
    return links


def _follower(engine: Engine, last: Link) -> Link | None:
    for action in engine.followers(last.ask.action):
        ask = Ask(action.name, SYSTEM, last.ask.seen + 1, last.ask.at)
        try:
            return advance(engine, last.facts, ask)
        except (NotNow, Unmet):
            continue
    return None


def recounted(facts: Facts, ends: Ends, on: date) -> Facts:
    """The facts once days of clocks were reckoned anew on the day `on` by a new table of holidays."""
    runs = {name: clocks.renamed(name, run, ends, on) for name, run in facts.clocks.items()}
    return structs.replace(facts, clocks=runs)
