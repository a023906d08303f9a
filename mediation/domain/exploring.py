"""Every act fired in every state by everybody: what a chart really allows and refuses, cell by cell.

A walk (`simulating`) says how cases go; this says that nothing was left out.  Walks leave cases of every
kind in every state; each act is then fired at each of them, by everybody, with this and that in hand.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mediation.domain import owing
from mediation.domain.facts import Facts
from mediation.domain.folding import Link, catch_up, chain
from mediation.domain.making import Maker
from mediation.domain.simulating import STAFF, Pick, Tally, Walks, actor, person
from mediation.domain.timing import pending
from mediation.engine.asking import Actor, Ask
from mediation.engine.deciding import Engine
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action, Workflow

WALKS = 200
WORKERS = 6
"""Enough that some are left at the end of a walk."""
SAMPLES = 60
"""Cases in each state at which all is fired that can be asked for there; at one, everything else too."""
ROUNDS = 10
"""The first fires all; what it leaves untried is fired again at more cases, while that brings anything."""
COUNTLESS = ("clocks", "references", "named_ends", "settled_at", "meeting")
HANDS = 3
"""Things in hand that each act is tried with each time."""
LATER = (timedelta(minutes=1), timedelta(days=45))
"""When something is tried: at once, and when what was promised is overdue."""


@dataclass
class Grid:
    """What was done and refused: acts by state, by the kind of refusal, by role; claims that failed."""

    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    others: set[tuple[str, str, str]] = field(default_factory=set)
    failed: set[tuple[str, str]] = field(default_factory=set)

    def cell(self, action: Action, state: str) -> str:
        """`+` done, `±` done and refused by a claim, `·` refused there; `?` if it was not all tried."""
        if state not in action.sources:
            return "·" if self.refused[action.name, state, "not_now"] else "?"
        if not self.done[action.name, state]:
            return "?"
        return "±" if self.refused[action.name, state, "unmet"] else "+"

    def never(self, action: Action, workflow: Workflow) -> list[str]:
        """The roles to which the act was refused as not theirs in every state."""
        roles = {role for act, _, role in self.others if act == action.name}
        return [r for r in sorted(roles) if all((action.name, s, r) in self.others for s in workflow.states)]

    def open_cells(self, workflow: Workflow) -> Iterator[tuple[str, str]]:
        """Acts in states that were not tried."""
        for action in workflow.actions.values():
            yield from ((action.name, state) for state in workflow.states if self.cell(action, state) == "?")

    def tried(self, action: Action, state: str) -> bool:
        """Whether nothing of an act is left to be tried in a state."""
        claims = {(action.name, condition.guard) for condition in action.when}
        return self.cell(action, state) != "?" and (state not in action.sources or claims <= self.failed)


def explore(engine: Engine, pick: Pick) -> Grid:
    """Fire every act of the chart in every state, at cases that walks have left there."""
    grid, maker, samples = Grid(), Maker(pick), _Samples(engine.workflow, pick)
    walks = Walks(engine, Tally(), samples.look, WORKERS)
    left: list[str] = []
    for number in range(ROUNDS):
        for _ in range(WALKS):
            walks.walk(pick)
        _fire_all(engine, grid, maker, samples, only_untried=number > 0)
        before, left = left, list(untried(engine, grid))
        if left == before and not any(grid.open_cells(engine.workflow)):
            break
    return grid


def _fire_all(engine: Engine, grid: Grid, maker: Maker, samples: "_Samples", *, only_untried: bool) -> None:
    for number, facts, at in samples.all():
        for link in _woken(engine, facts):
            grid.done[link.move.action, link.move.source] += 1
            samples.look(link.facts, link.ask.at)
        for ask in _asks(engine, maker, facts, at, everything=number == 0):
            if only_untried and grid.tried(engine.workflow.actions[ask.action], facts.state):
                continue
            for link in _fired(engine, grid, facts, ask):
                samples.look(link.facts, ask.at)


class _Samples:
    """A few cases of each state, no two of one shape."""

    def __init__(self, workflow: Workflow, pick: Pick) -> None:
        self._pick = pick
        self._shapes: dict[str, set[object]] = {state: set() for state in workflow.states}
        self._kept: dict[str, list[tuple[Facts, datetime]]] = {state: [] for state in workflow.states}

    def look(self, facts: Facts, at: datetime) -> None:
        shapes, kept = self._shapes[facts.state], self._kept[facts.state]
        if (shape := _shape(facts)) in shapes:
            return
        shapes.add(shape)
        place = self._pick(len(shapes))
        if len(kept) < SAMPLES:
            kept.append((facts, at))
        elif place < SAMPLES:
            kept[place] = (facts, at)

    def all(self) -> Iterator[tuple[int, Facts, datetime]]:
        """Numbered in each state; what is fired at one leaves other cases in the states that come after."""
        for kept in self._kept.values():
            yield from ((number, facts, at) for number, (facts, at) in enumerate(kept))


def _shape(facts: Facts) -> object:
    """What a case has come to: of each thing that is known, whether it is, and how many there are."""
    known = (getattr(facts, name) for name in facts.__struct_fields__ if name not in ("state", *COUNTLESS))
    counts = tuple(len(value) if isinstance(value, tuple) else bool(value) for value in known)
    owes = facts.sealed and owing.unpaid(facts)
    reported = any(owed.reported for owed in facts.owed)
    return counts, bool(owes), reported, bool(owing.open_duties(facts)), len(facts.staying)


def _fired(engine: Engine, grid: Grid, facts: Facts, ask: Ask) -> list[Link]:
    """Fire an act and note what came of it; each of its steps."""
    action = engine.workflow.actions[ask.action]
    try:
        links = chain(engine, facts, ask)
    except Refused as refused:
        grid.refused[ask.action, facts.state, refused.code] += 1
        if refused.code == "not_yours":
            grid.others.add((ask.action, facts.state, ask.actor.role))
        if refused.code == "unmet":
            grid.failed |= {(ask.action, g) for g, holds in engine.claims(action, facts, ask) if not holds}
        return []
    for link in links:
        grid.done[link.move.action, link.move.source] += 1
    return links


def _woken(engine: Engine, facts: Facts) -> list[Link]:
    """What the system does by itself if nobody else does anything."""
    timers = pending(engine, facts)
    return catch_up(engine, facts, timers[-1].at, 1) if timers else []


def _asks(engine: Engine, maker: Maker, facts: Facts, at: datetime, *, everything: bool) -> Iterator[Ask]:
    """Acts by everybody: with several things in hand and at several times where they may be asked for."""
    for action in engine.workflow.actions.values():
        for somebody in _people(engine, facts):
            if somebody.role in action.by and facts.state in action.sources:
                for later in LATER:
                    for _ in range(HANDS if action.needs or action.takes else 1):
                        data = maker.in_hand(action, facts, at + later)
                        yield Ask(action.name, somebody, 1, at + later, data)
            elif everything:
                yield Ask(action.name, somebody, 1, at, maker.in_hand(action, facts, at))


def _people(engine: Engine, facts: Facts) -> Iterator[Actor]:
    for role in sorted(engine.roles):
        for seat in range(facts.workers if role == "worker" else 1):
            yield actor(role, seat)
    if facts.mediator not in (None, STAFF["mediator"]):
        yield person(facts, "mediator")


def untried(engine: Engine, grid: Grid) -> Iterator[str]:
    """Every cell of acts × states × refusals that was not exercised, as a sentence; none if all were."""
    yield from (f"{name} in {state} was not tried" for name, state in grid.open_cells(engine.workflow))
    for action in engine.workflow.actions.values():
        missing = engine.roles - action.by - set(grid.never(action, engine.workflow))
        yield from (f"{action.name} was not tried by {role} in every state" for role in sorted(missing))
        yield from (
            f"{action.name}: {one.guard} never failed"
            for one in action.when
            if (action.name, one.guard) not in grid.failed
        )
