"""Decide what an act would do.  The only module that knows the library `transitions`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from transitions import EventData, Machine, MachineError

from mediation.engine.asking import OFFERED, Actor, Ask, Registry, Stateful
from mediation.engine.refusals import NotNow, NotYours, Unknown, Unmet
from mediation.engine.timings import Timing
from mediation.engine.workflow import Action, Clock, Workflow


@dataclass(frozen=True, slots=True)
class Move:
    """What an act does: from where to where, the records of what follows, and what its clocks do.

    `at` is the moment that the chart gives an act which the system does by itself.
    """

    action: str
    source: str
    target: str
    outcomes: tuple[object, ...]
    started: tuple[Clock, ...]
    stopped: tuple[Clock, ...]
    paused: tuple[Clock, ...] = ()
    resumed: tuple[Clock, ...] = ()
    at: Timing | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An act that the case's state offers to an actor, with the sentences why not (none: it is open)."""

    action: Action
    reasons: tuple[str, ...]

    @property
    def open(self) -> bool:
        return not self.reasons


class _Attempt:
    """What the library moves in place of a case: used once, thrown away, never a database row."""

    __slots__ = ("ask", "facts", "outcomes", "state")

    def __init__(self, facts: Stateful, ask: Ask) -> None:
        self.state = facts.state
        self.facts = facts
        self.ask = ask
        self.outcomes: list[object] = []


class Engine:
    """One workflow version, ready to decide for any number of cases and threads."""

    def __init__(self, workflow: Workflow, registry: Registry) -> None:
        self.workflow = workflow
        self._registry = registry
        acts = workflow.actions.values()
        self._guards = {one.guard: registry.guard(one.guard) for act in acts for one in act.when}
        # One machine for all cases, owning none: building one takes a hundred times as long as a
        # decision.  No auto transitions: they are doors past every guard.  Not queued: a queued
        # machine says yes before its guards have spoken.
        self._machine = Machine(
            model=None,
            initial=None,
            states=list(workflow.states),
            transitions=[self._transition(action) for action in workflow.actions.values()],
            auto_transitions=False,
            send_event=True,
            queued=False,
        )
        clocks = workflow.clocks.values()
        self._starts = {a: tuple(c for c in clocks if a in c.starts) for a in workflow.actions}
        self._stops = {a: tuple(c for c in clocks if a in c.stops) for a in workflow.actions}
        self._pauses = {a: tuple(c for c in clocks if a in c.pauses) for a in workflow.actions}
        self._resumes = {a: tuple(c for c in clocks if a in c.resumes) for a in workflow.actions}
        timed = [action for action in workflow.actions.values() if action.at]
        self.timed = {state: tuple(a for a in timed if state in a.sources) for state in workflow.states}
        self._followers = {a: workflow.followers(a) for a in workflow.actions}

    def decide(self, ask: Ask, facts: Stateful) -> Move:
        """Say what `ask` would do to a case with `facts`, or raise Refused.  Changes nothing."""
        action = self.workflow.actions.get(ask.action)
        if action is None:
            raise Unknown(ask.action)
        if ask.actor.role not in action.by:
            raise NotYours(action.label, ask.actor.role)
        attempt = _Attempt(facts, ask)
        try:
            self._machine.events[ask.action].trigger(attempt)
        except MachineError:
            raise NotNow(action.label, self.workflow.states[facts.state].label) from None
        return Move(
            ask.action,
            facts.state,
            attempt.state,
            tuple(attempt.outcomes),
            self._starts[ask.action],
            self._stops[ask.action],
            self._pauses[ask.action],
            self._resumes[ask.action],
            action.at,
        )

    def choices(self, facts: Stateful, actor: Actor, at: Any) -> list[Choice]:
        """List what `actor` could do now, in the order of the chart, open or with the reasons why not."""
        found = []
        for action in self.workflow.actions.values():
            if actor.role in action.by and facts.state in action.sources:
                ask = Ask(action.name, actor, seen=OFFERED, at=at)
                found.append(Choice(action, self._unmet(action, facts, ask)))
        return found

    def followers(self, action: str) -> tuple[Action, ...]:
        """What the system tries right after an act of this chart."""
        return self._followers[action]

    @property
    def roles(self) -> frozenset[str]:
        """Everybody who may act at all."""
        return self._registry.roles

    def claims(self, action: Action, facts: Stateful, ask: Ask) -> Iterator[tuple[str, bool]]:
        """Each guard of an act, and whether its claim holds."""
        for condition in action.when:
            yield condition.guard, self._guards[condition.guard](facts, ask)

    def _transition(self, action: Action) -> dict[str, Any]:
        return {
            "trigger": action.name,
            "source": sorted(action.sources),
            "dest": action.target,
            "conditions": self._conditions(action),
            "before": self._effects(action),
        }

    def _conditions(self, action: Action) -> Callable[[EventData], bool]:
        def hold(event: EventData) -> bool:
            attempt = cast(_Attempt, event.model)
            if reasons := self._unmet(action, attempt.facts, attempt.ask):
                raise Unmet(reasons)
            return True

        return hold

    def _unmet(self, action: Action, facts: Stateful, ask: Ask) -> tuple[str, ...]:
        guards = self._guards
        return tuple(c.sentence for c in action.when if not guards[c.guard](facts, ask))

    def _effects(self, action: Action) -> Callable[[EventData], None]:
        effects = [self._registry.effects[name] for name in action.then]

        def follow(event: EventData) -> None:
            attempt = cast(_Attempt, event.model)
            for effect in effects:
                attempt.outcomes.extend(effect(attempt.facts, attempt.ask))

        return follow
