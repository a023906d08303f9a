"""Every act fired in every state by everybody: what a chart really allows and refuses, cell by cell.

A walk (`simulating`) says how cases go; this says that nothing was left out.  Walks leave cases of every
kind in every state; each act is then fired at each of them, by everybody, with this and that in hand.
"""

from collections import Counter, deque
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations

from mediation.domain import corrections, ladder, owing
from mediation.domain.clocks import running
from mediation.domain.facts import Facts
from mediation.domain.folding import Link, catch_up, chain
from mediation.domain.making import Maker
from mediation.domain.simulating import LAST, STAFF, Pick, Tally, Walks, actor, person
from mediation.domain.timing import pending
from mediation.engine.asking import Actor, Ask
from mediation.engine.deciding import Engine
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action, Workflow

WALKS = 60
WORKERS = 6
"""Enough that some are left at the end of a walk."""
PATIENCE = 40
"""So many rounds of walks may bring nothing while something is untried."""
SURE = 3
"""So many rounds more when nothing is."""
ROUNDS = 20
"""So many rounds of walks a claim may stay in doubt before it is said to be at fault."""
HANDS = 3
"""Things in hand that each act is tried with each time."""
LATER = (16, 60)
"""Everything is tried at once, and again up to so many days later: clocks have ended, money is overdue."""


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


def explore(engine: Engine, pick: Pick, never: Container[tuple[str, str]] = ()) -> Grid:
    """Fire every act of the chart in every state, at cases that walks have left there.

    `never`: acts in states that cannot come about; nothing is waited for there.
    """
    grid, maker, samples = Grid(), Maker(pick), _Samples(engine)
    walks = Walks(engine, Tally(), samples.look, WORKERS)
    left: list[str] = []
    quiet = 0
    while quiet < (PATIENCE if left else SURE):
        for _ in range(WALKS):
            walks.walk(pick)
        _fire_all(engine, grid, maker, samples)
        before, left = left, list(untried(engine, grid, never))
        quiet = quiet + 1 if left == before else 0
    return grid


def doubted(
    engine: Engine, pick: Pick, tally: Tally, claims: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Those of the `claims` (an act and its guard) that are not seen to hold at times, and at times to fail.

    `tally` is what was seen of them on walks.  Their acts alone are fired, at cases that walks have
    left: by everybody who may do them, another mediator too, with this and that in hand, at once and later.
    """
    grid, maker, samples = Grid(), Maker(pick), _Samples(engine)
    walks = Walks(engine, Tally(), samples.look, WORKERS)
    left = list(claims)
    for _ in range(ROUNDS):
        if not left:
            break
        for _ in range(WALKS):
            walks.walk(pick)
        acts = [engine.workflow.actions[name] for name in dict.fromkeys(act for act, _ in left)]
        for facts, at in samples.all():
            _fire(engine, grid, facts, _asks(engine, maker, acts, facts, at), samples)
        done = {act for act, _ in grid.done}
        held = {one for one in left if tally.held[one] or one[0] in done}
        failed = {one for one in left if tally.failed[one] or one in grid.failed}
        left = [one for one in left if one not in held & failed]
    return left


def _fire_all(engine: Engine, grid: Grid, maker: Maker, samples: "_Samples") -> None:
    """Everything at each case unlike the others, those too that this leaves.

    Then again, at all cases, what is untried and what leads to where something is untried.
    """
    acts = list(engine.workflow.actions.values())
    for number, facts, at in samples.fresh():
        for link in _woken(engine, facts, at):
            grid.done[link.move.action, link.move.source] += 1
            samples.look(link.facts, link.ask.at)
        everywhere = _strange(engine, maker, facts, at) if number == 0 else iter(())
        _fire(engine, grid, facts, (*_asks(engine, maker, acts, facts, at), *everywhere), samples)
    to = {state for _, state in grid.open_cells(engine.workflow)}
    for facts, at in samples.all():
        missing = [one for one in acts if not _settled(engine, grid, one, facts.state) or one.target in to]
        _fire(engine, grid, facts, _asks(engine, maker, missing, facts, at), samples)


def _settled(engine: Engine, grid: Grid, action: Action, state: str) -> bool:
    """Whether nothing is left to be tried there of an act, and of what the system does right after it."""
    return all(grid.tried(one, state) for one in (action, *engine.followers(action.name)))


def _fire(engine: Engine, grid: Grid, facts: Facts, asks: Iterable[Ask], samples: "_Samples") -> None:
    for ask in asks:
        for link in _fired(engine, grid, facts, ask):
            samples.look(link.facts, ask.at)


class _Samples:
    """A few cases of each state: each has two traits together that none before it had."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: dict[str, set[object]] = {state: set() for state in engine.workflow.states}
        self._fresh: deque[tuple[int, Facts, datetime]] = deque()
        self._kept: dict[str, list[tuple[Facts, datetime]]] = {state: [] for state in engine.workflow.states}

    def look(self, facts: Facts, at: datetime) -> None:
        """Keep a case if there is anything new about it, and it does not outlive the calendar."""
        if at > LAST:
            return
        pairs = set(combinations(enumerate(_traits(self._engine, facts)), 2))
        seen, kept = self._seen[facts.state], self._kept[facts.state]
        if pairs <= seen:
            return
        seen |= pairs
        self._fresh.append((len(kept), facts, at))
        kept.append((facts, at))

    def fresh(self) -> Iterator[tuple[int, Facts, datetime]]:
        """What was kept since this was asked last, and meanwhile; numbered in each state."""
        while self._fresh:
            yield self._fresh.popleft()

    def all(self) -> list[tuple[Facts, datetime]]:
        """Whatever is kept by now."""
        return [one for kept in self._kept.values() for one in kept]


def _traits(engine: Engine, facts: Facts) -> tuple[object, ...]:
    """What claims may hang on, and what the system will do first.

    None of it may count without end: each number would be a case unlike all before it.
    """
    one, run, timers = facts.pending, facts.clocks.get("working"), pending(engine, facts)
    return (
        timers[0].action if timers else None,
        bool(facts.claims),
        facts.terms is not None and bool(facts.terms.payments),
        facts.sealed is not None and owing.unpaid(facts) > 0,
        any(owed.paid for owed in facts.owed),
        any(owed.reported for owed in facts.owed),
        bool(owing.open_duties(facts)),
        facts.sealed is not None,
        facts.ended is not None,
        facts.mediator is not None,
        facts.joined,
        facts.platform,
        facts.offer and facts.offer.by,
        bool(facts.left),
        min(len(facts.unconfirmed), 2),
        facts.collective,
        min(len(facts.staying), 2),
        run is not None and running(run),
        len(facts.pause_reasons),
        facts.terms is not None and len(facts.marks) == len(facts.seats) * len(facts.terms.clauses),
        len(facts.signatures) > len(facts.staying),
        "second_look" in facts.clocks and running(facts.clocks["second_look"]),
        facts.rejection and facts.rejection.by,
        facts.referral and bool(facts.referral.receipt),
        bool(facts.recused),
        bool(facts.evidence),
        ladder.climbed(facts.tried),
        _agents(facts),
        one and (one.kind, corrections.stands(facts, one.kind, one.index) == one.was),
    )


def _agents(facts: Facts) -> str:
    """Whether anybody is named to act for a party, and whether one of them has all that it may have."""
    owners = [one.owner for one in facts.authorities if one.ended is None]
    return "full" if len(set(owners)) < len(owners) else "some" if owners else "none"


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


def _woken(engine: Engine, facts: Facts, at: datetime) -> list[Link]:
    """What the system does by itself if nobody else does anything."""
    timers = pending(engine, facts)
    return catch_up(engine, facts, max(at, timers[0].at), 1) if timers else []


def _asks(engine: Engine, maker: Maker, acts: Iterable[Action], facts: Facts, at: datetime) -> Iterator[Ask]:
    """Acts that may be asked for there: with several things in hand and at several times."""
    people = _people(engine, facts)
    for action in acts:
        for somebody in people if facts.state in action.sources else ():
            if somebody.role not in action.by:
                continue
            for number in range(HANDS if action.needs or action.takes else 2):
                days = number and 1 + maker.pick(LATER[maker.pick(len(LATER))])
                when = at + timedelta(days=days, minutes=1)
                yield Ask(action.name, somebody, 1, when, maker.in_hand(action, facts, when))


def _strange(engine: Engine, maker: Maker, facts: Facts, at: datetime) -> Iterator[Ask]:
    """Acts by people or in a state that they are not for."""
    for action in engine.workflow.actions.values():
        data = maker.in_hand(action, facts, at)
        for role in sorted(engine.roles):
            if role not in action.by or facts.state not in action.sources:
                yield Ask(action.name, person(facts, role), 1, at, data)


def _people(engine: Engine, facts: Facts) -> list[Actor]:
    """One of each kind: of the workers who speaks for them, who is last, who has left, who was only named."""
    seats = {*facts.staying[:1], *facts.staying[-1:], *facts.left[:1], *facts.unconfirmed[:1]}
    found = [actor(role) for role in sorted(engine.roles - {"worker"})]
    found += [actor("worker", seat) for seat in sorted(seats)]
    if facts.mediator not in (None, STAFF["mediator"]):
        found.append(person(facts, "mediator"))
    return found


def untried(engine: Engine, grid: Grid, never: Container[tuple[str, str]] = ()) -> Iterator[str]:
    """Every cell of acts × states × refusals that was not exercised, as a sentence; none if all were.

    A cell of `never` that was exercised is one too: something made it come about.
    """
    empty = set(grid.open_cells(engine.workflow))
    for action in engine.workflow.actions.values():
        for cell in ((action.name, state) for state in engine.workflow.states):
            if cell in empty and cell not in never:
                yield "{} in {} was not tried".format(*cell)
            if cell in never and cell not in empty:
                yield "{} in {} came about".format(*cell)
    for action in engine.workflow.actions.values():
        missing = engine.roles - action.by - set(grid.never(action, engine.workflow))
        yield from (f"{action.name} was not tried by {role} in every state" for role in sorted(missing))
        yield from (
            f"{action.name}: {one.guard} never failed"
            for one in action.when
            if (action.name, one.guard) not in grid.failed
        )
