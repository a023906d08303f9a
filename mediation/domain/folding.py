"""One act after another: what a case is after an act, and after those that follow by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import structs

from mediation.domain.clocks import advanced
from mediation.domain.facts import Facts, day
from mediation.domain.outcomes import Learn
from mediation.engine.asking import SYSTEM, Ask
from mediation.engine.deciding import Engine, Move
from mediation.engine.refusals import NotNow, Unmet


@dataclass(frozen=True, slots=True)
class Link:
    """One act that took place: what was asked, what it did, and the facts after it."""

    ask: Ask
    move: Move
    facts: Facts


def begin(engine: Engine, data: Mapping[str, Any]) -> Facts:
    """The facts of a new case from the data of its first entry.  Raises msgspec.ValidationError."""
    return msgspec.convert({**data, "state": engine.workflow.initial}, Facts)


def advance(engine: Engine, facts: Facts, ask: Ask) -> Link:
    """Decide one act and say what is known after it.  Raises Refused.  Changes nothing."""
    move = engine.decide(ask, facts)
    changes: dict[str, Any] = {"state": move.target}
    for outcome in move.outcomes:
        if isinstance(outcome, Learn):
            changes |= outcome.changes
    if move.started or move.stopped:
        runs = changes.get("clocks", facts.clocks)
        changes["clocks"] = advanced(runs, move.started, move.stopped, day(ask.at))
    return Link(ask, move, structs.replace(facts, **changes))


def chain(engine: Engine, facts: Facts, ask: Ask) -> list[Link]:
    """An act and whatever the system does right after it.  Raises Refused for the act itself."""
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
