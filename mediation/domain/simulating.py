"""Made-up cases walked along a chart by random people with random things in hand, without a database.

Every choice comes from `pick`, so that a walk can be driven by a seed, or by a library that shrinks it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from mediation.domain.authorities import KINDS, SCOPES
from mediation.domain.facts import BEIJING, MANY, Facts
from mediation.domain.folding import Link, begin, catch_up, chain
from mediation.domain.making import Maker
from mediation.domain.terms import HEADS
from mediation.domain.timing import pending
from mediation.engine.asking import SYSTEM, Actor, Ask
from mediation.engine.checking import spread
from mediation.engine.deciding import Engine
from mediation.engine.refusals import Refused

Pick = Callable[[int], int]
"""A number from 0 to n-1."""

Thing = TypeVar("Thing")

FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)
LAST = datetime(2050, 1, 1, tzinfo=BEIJING)
"""No case goes on for so long; a clock of twenty years that starts before still ends within the calendar."""
MOST = 160
"""After so many asks a case is left where it is."""
LONG_SILENCE = 40
"""After one ask of so many nobody says anything until the system does something by itself."""
UNDONE = 4
"""Of so many cases that have ended, one is looked at again: something in it may have to be undone."""
CORRECTED = 6
"""How often an act that undoes is asked for, where the usual ones are asked for once to a thousand times."""
ASIDE = frozenset(
    {
        *("log_attempt", "return_rejection", "recuse", "record_receipt"),
        *("tell_elements", "tell_times", "add_evidence"),
        *("name_agent", "verify_agent", "end_agent"),
    }
)
"""Acts beside the way, that can be done again and again: they are asked for as seldom as those that undo."""
WORKERS = 3
FEW_COLLECTIVE = 12
"""Of so many cases one is collective, where enough workers are wanted at all."""
STAFF = {"mediator": "person:7", "clerk": "person:2", "admin": "person:1"}


@dataclass
class Tally:
    """What happened to made-up cases: where they ended, what was done, what was refused, which claims held.

    `done` counts acts by the state they left; `refused` acts by the kind of refusal; `held` and
    `failed` the claims of acts that could be asked for.
    """

    ended: Counter[str] = field(default_factory=Counter)
    acts: list[int] = field(default_factory=list)
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    held: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: Counter[tuple[str, str]] = field(default_factory=Counter)
    states: set[str] = field(default_factory=set)
    stuck: list[tuple[int, str]] = field(default_factory=list)


def simulate(engine: Engine, cases: int, pick_of: Callable[[int], Pick]) -> Tally:
    """Walk `cases` cases, each with the choices of its own number, and say what came of them."""
    tally = Tally()
    walks = Walks(engine, tally)
    for number in range(cases):
        facts, acts = walks.walk(pick_of(number))
        tally.ended[facts.state] += 1
        tally.acts.append(acts)
        if not engine.workflow.states[facts.state].final and not movable(engine, facts):
            tally.stuck.append((number, facts.state))
    return tally


def later(engine: Engine, facts: Facts, at: datetime, pick: Pick) -> datetime:
    """Mostly minutes go by; now and then so much time that the system has something to do."""
    timers = [] if pick(LONG_SILENCE) else pending(engine, facts)
    soon = at + timedelta(minutes=1 + pick(15))
    return max(soon, _one_of(pick, timers).at) if timers else soon


def movable(engine: Engine, facts: Facts) -> bool:
    """Whether anybody but the system can go on with the case, now or much later, with nothing undone."""
    return any(
        choice.open and not choice.action.undo
        for at in (FIRST, FIRST + timedelta(days=3650))
        for role in sorted(engine.roles - {SYSTEM.role})
        for seat in range(facts.workers if role == "worker" else 1)
        for choice in engine.choices(facts, person(facts, role, seat), at)
    )


def actor(role: str, seat: int = 0) -> Actor:
    """Somebody of a made-up case."""
    if role == SYSTEM.role:
        return SYSTEM
    return Actor(role, STAFF.get(role, f"party:{role}-{seat}"), f"{role} {seat}", seat)


def person(facts: Facts, role: str, seat: int = 0) -> Actor:
    """Somebody of this case: its mediator is the one that it was given to."""
    found = actor(role, seat)
    return replace(found, id=facts.mediator) if role == "mediator" and facts.mediator else found


class Walks:
    """Walks along one chart, and the tally they are written to; `look` is shown every case on its way."""

    def __init__(
        self,
        engine: Engine,
        tally: Tally,
        look: Callable[[Facts, datetime], None] = lambda *_: None,
        workers: int = WORKERS,
    ) -> None:
        self._workers = workers
        self._engine = engine
        self._tally = tally
        self._look = look
        self._offered = {state: list(_offers(engine, state)) for state in engine.workflow.states}
        self._weight = _weights(engine)

    def walk(self, pick: Pick) -> tuple[Facts, int]:
        """One case from its draft to its end, or until nothing more is asked; how many acts it saw."""
        facts, at, acts = begin(self._engine, _filing(pick, self._workers), FIRST), FIRST, 0
        self._look(facts, at)
        maker, seen = Maker(pick), [facts.state]
        for _ in range(MOST):
            at = later(self._engine, facts, at, pick)
            if at > LAST:
                break
            links = self._tallied(catch_up(self._engine, facts, at, 1))
            if not links and self._offered[facts.state]:
                links = self._try(facts, self.ask(facts, at, maker, seen))
            acts += len(links)
            for link in links:
                facts = link.facts
                seen += [facts.state] * (facts.state not in seen)
                self._look(facts, at)
            if self._engine.workflow.states[facts.state].final and (
                pick(UNDONE) or not self._offered[facts.state]
            ):
                break
        self._tally.states |= set(seen)
        return facts, acts

    def ask(self, facts: Facts, at: datetime, maker: Maker, seen: list[str]) -> Ask:
        """Mostly an act that the chart offers here, sometimes any by anybody; `seen` are states it was in."""
        pick = maker.pick
        offers = self._offered[facts.state]
        if offers and pick(12):
            wishes = [self._wish(facts.state, name, seen) for name, _ in offers]
            name, role = _weighed(pick, offers, wishes)
        else:
            name = _one_of(pick, list(self._engine.workflow.actions))
            role = _one_of(pick, sorted(self._engine.roles - {SYSTEM.role}))
        seat = pick(facts.workers) if role == "worker" else 0
        somebody = person(facts, role, seat) if pick(15) else actor(role, seat)
        action = self._engine.workflow.actions[name]
        return Ask(name, somebody, 1, at, maker.in_hand(action, facts, at))

    def _wish(self, state: str, name: str, seen: list[str]) -> int:
        """What leads to a state the case has not been in is asked for most, what leads back least.

        Of what leads nowhere, what belongs to this state is asked for before what can be done anywhere.
        """
        action = self._engine.workflow.actions[name]
        if action.target is None or action.undo:
            return self._weight[state, name] * (1 + 12 // len(action.sources))
        if action.target not in seen:
            return self._weight[state, name] * 20
        return self._weight[state, name] * (1 if seen.index(action.target) < seen.index(state) else 10)

    def _try(self, facts: Facts, ask: Ask) -> list[Link]:
        self._heard(facts, ask)
        try:
            links = chain(self._engine, facts, ask)
        except Refused as refused:
            self._tally.refused[ask.action, refused.code] += 1
            return []
        return self._tallied(links)

    def _tallied(self, links: list[Link]) -> list[Link]:
        for link in links:
            self._tally.done[link.move.action, link.move.source] += 1
            for follower in self._engine.workflow.followers(link.move.action):
                self._heard(link.facts, replace(link.ask, action=follower.name, actor=SYSTEM, data={}))
        return links

    def _heard(self, facts: Facts, ask: Ask) -> None:
        """Count which claims of the act held and which failed, where it may be asked at all."""
        action = self._engine.workflow.actions[ask.action]
        if ask.actor.role in action.by and facts.state in action.sources:
            for guard, holds in self._engine.claims(action, facts, ask):
                (self._tally.held if holds else self._tally.failed)[ask.action, guard] += 1


def _offers(engine: Engine, state: str) -> Iterator[tuple[str, str]]:
    for name, action in engine.workflow.actions.items():
        if state in action.sources:
            yield from ((name, role) for role in sorted(action.by - {SYSTEM.role}))


def _weights(engine: Engine) -> Mapping[tuple[str, str], int]:
    """How often an act is asked for in a state: the less it leaves to be done, the seldomer.

    Without this no walk would get far: in every state there are more ways out than on.
    """
    left = {state: _left_to_do(engine, state) for state in engine.workflow.states}
    return {
        (state, name): CORRECTED
        if action.undo or name in ASIDE
        else 1 + 1000 * left[action.target or state] ** 2 // max(left[state], 1) ** 2
        for name, action in engine.workflow.actions.items()
        for state in action.sources
    }


def _left_to_do(engine: Engine, state: str) -> int:
    """The acts that can still come after `state`; one that can be done anywhere counts for little."""
    ahead = spread(engine.workflow, {state})
    acts = [action for action in engine.workflow.actions.values() if not action.undo]
    return sum(60 // len(action.sources) for action in acts if action.sources & ahead)


def _one_of(pick: Pick, things: Sequence[Thing]) -> Thing:
    return things[pick(len(things))]


def _weighed(pick: Pick, things: Sequence[Thing], weights: Sequence[int]) -> Thing:
    left = pick(sum(weights))
    for thing, weight in zip(things, weights, strict=True):
        left -= weight
        if left < 0:
            return thing
    raise AssertionError("the weights add up")


def _filed_by(pick: Pick) -> dict[str, Any]:
    """The authority of whoever files for the first worker."""
    days = {"start": "2026-01-01", "end": "2027-12-31"}
    return {"ref": "f" * 16, "kind": KINDS[0], "scope": _one_of(pick, SCOPES), "side": "worker", **days}


def _filing(pick: Pick, most: int) -> dict[str, Any]:
    """The data of a first entry; one case in twenty claims nothing."""
    workers = 1 + pick(most)
    heads: tuple[str, ...] = HEADS
    if most >= MANY // 2 and pick(FEW_COLLECTIVE) == 0:
        workers, heads = MANY + pick(2), HEADS[:1]
    claims = [
        {"worker": seat, "head": _one_of(pick, heads), "amount": 100 * (1 + pick(10_000))}
        for seat in range(workers)
    ]
    said = {
        "category": "pay",
        "subdistrict": "110101005",
        "channel": "online",
        "workers": workers,
        "claims": claims if pick(20) else [],
    }
    named: set[int] = set()
    if workers > 1 and pick(4) == 0:  # somebody else named the last of them
        named |= set(range(workers - 1 - pick(min(2, workers - 1)), workers))
    if pick(4 if workers > 1 else 12) == 0:  # somebody filed for the first of them
        named |= {0}
        said |= {"authorities": [_filed_by(pick)]}
    if named:
        said |= {"unconfirmed": sorted(named)}
    return said if pick(8) else said | {"platform": True}
