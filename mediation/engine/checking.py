"""Say everything that contradicts itself in a workflow that could be read."""

from collections.abc import Iterator, Mapping

from mediation.engine.asking import Registry
from mediation.engine.marking import Fault
from mediation.engine.workflow import START, Action, Clock, Workflow


def contradictions(workflow: Workflow, registry: Registry) -> Iterator[Fault]:
    """Yield everything at fault; nothing means that the workflow can run."""
    if workflow.initial and workflow.initial not in workflow.states:
        yield Fault(("initial",), f"initial: unknown state {workflow.initial!r}")
    yield from _groups(workflow)
    yield from _labels(workflow)
    for action in workflow.actions.values():
        yield from _action(workflow, action)
        yield from _words(workflow, registry, action)
        yield from _following(workflow, action)
        yield from _timed(workflow, action)
        yield from _undoing(workflow, action)
    yield from _clocks(workflow)
    yield from _days(workflow, registry)
    if workflow.initial in workflow.states:
        yield from _reach(workflow)


def _groups(workflow: Workflow) -> Iterator[Fault]:
    used = {origin for action in workflow.actions.values() for origin in action.origins}
    for name, members in workflow.groups.items():
        if name in workflow.states:
            yield Fault(("groups", name), "has the name of a state")
        if name not in used:
            yield Fault(("groups", name), "no act leaves from it")
        for state in sorted(members - workflow.states.keys()):
            yield Fault(("groups", name, state), f"unknown state {state!r}")


def _labels(workflow: Workflow) -> Iterator[Fault]:
    """Nobody can tell two states, or two buttons on one page, by the same words."""
    states = list(workflow.states.values())
    for number, state in enumerate(states):
        for other in (one for one in states[:number] if state.label and one.label == state.label):
            yield Fault(("states", state.name, "label"), f"has the label of state {other.name!r}")
    acts = list(workflow.actions.values())
    for number, act in enumerate(acts):
        for twin in (one for one in acts[:number] if act.label and one.label == act.label):
            where, by = sorted(act.sources & twin.sources), sorted(act.by & twin.by)
            if where and by:
                what = f"has the label of act {twin.name!r}, and {by[0]} sees both in {where[0]!r}"
                yield Fault(("actions", act.name, "label"), what)


def _action(workflow: Workflow, action: Action) -> Iterator[Fault]:
    path = ("actions", action.name)
    if not action.by:
        yield Fault((*path, "by"), "nobody may do it")
    if not action.sources:
        yield Fault((*path, "from"), "leaves from no state")
    for state in sorted(action.sources):
        if state not in workflow.states:
            yield Fault((*path, "from", state), f"unknown state or group {state!r}")
        elif workflow.states[state].final and not action.undo:
            yield Fault((*path, "from", state), f"leaves the final state {state!r}")
    if action.target is not None and action.target not in workflow.states:
        yield Fault((*path, "to"), f"unknown state {action.target!r}")


def _words(workflow: Workflow, registry: Registry, action: Action) -> Iterator[Fault]:
    path = ("actions", action.name)
    for kind, key, said, known in (
        ("role", "by", action.by, registry.roles),
        ("field", "needs", action.needs, registry.fields),
        ("field", "takes", action.takes, registry.fields),
        ("effect", "then", action.then, registry.effects.keys()),
        ("action", "follows", action.follows, workflow.actions.keys()),
    ):
        for word in sorted(set(said) - set(known)):
            yield Fault((*path, key, word), f"unknown {kind} {word!r}")
    for word in sorted(set(action.needs) & set(action.takes)):
        yield Fault((*path, "takes", word), f"{word!r} is both needed and optional")
    for condition in action.when:
        try:
            registry.guard(condition.guard)
        except KeyError:
            yield Fault((*path, "when", condition.guard), f"unknown guard {condition.guard!r}")
        except ValueError as wrong:
            yield Fault((*path, "when", condition.guard), f"{condition.guard!r}: {wrong}")


def _following(workflow: Workflow, action: Action) -> Iterator[Fault]:
    """The system does an act only right after another, and only from where that one leads."""
    path = ("actions", action.name)
    if action.follows and action.by != {"system"}:
        yield Fault((*path, "follows"), "only the system can follow another act")
    if action.by == {"system"} and not action.follows and action.at is None:
        yield Fault((*path, "by"), "only the system may do it, and it follows no act and has no moment")
    for name in sorted(action.follows & workflow.actions.keys()):
        before = workflow.actions[name]
        after = before.sources if before.target is None else {before.target}
        if not after & action.sources:
            yield Fault((*path, "follows", name), f"{name!r} leads to no state that it leaves from")


def _undoing(workflow: Workflow, action: Action) -> Iterator[Fault]:
    """Whoever undoes says why; the system undoes only what somebody has just asked to be undone."""
    if not action.undo:
        return
    path = ("actions", action.name)
    if action.by != {"system"} and "reason" not in action.needs:
        yield Fault((*path, "needs"), "undoes, and needs no reason")
    for name in sorted(action.follows & workflow.actions.keys()):
        if not workflow.actions[name].undo:
            yield Fault((*path, "follows", name), f"undoes, and follows {name!r}, which does not")


def _clocks(workflow: Workflow) -> Iterator[Fault]:
    for clock in workflow.clocks.values():
        path = ("clocks", clock.name)
        if not clock.starts:
            yield Fault((*path, "starts"), "never starts")
        if not clock.stops and not clock.endless:
            yield Fault((*path, "stops"), "no act stops it; if that is meant, say `stops: never`")
        acts = {
            "starts": clock.starts,
            "stops": clock.stops,
            "pauses": clock.pauses,
            "resumes": clock.resumes,
        }
        for key, said in acts.items():
            first = {START} if key == "starts" else set()
            for word in sorted(said - workflow.actions.keys() - first):
                yield Fault((*path, key, word), f"unknown action {word!r}")
        for word in sorted(clock.starts & clock.stops):
            yield Fault((*path, "stops", word), f"{word!r} both starts and stops it")
        yield from _pausing(clock)


def _pausing(clock: Clock) -> Iterator[Fault]:
    path = ("clocks", clock.name)
    if bool(clock.pauses) != bool(clock.resumes):
        there, missing = ("pauses", "resumes") if clock.pauses else ("resumes", "pauses")
        yield Fault((*path, there), f"has {there} but no {missing}")
    for word in sorted(clock.pauses & clock.resumes):
        yield Fault((*path, "resumes", word), f"{word!r} both pauses and resumes it")
    if clock.pauses and clock.period.unit == "years":
        yield Fault((*path, "pauses"), "years cannot be paused")


def _timed(workflow: Workflow, action: Action) -> Iterator[Fault]:
    """What has a moment is done by the system alone, and nothing but its state stands in its way.

    The moment of an act is known beforehand only if no guard and no field has a say in it.
    """
    if action.at is None:
        return
    path = ("actions", action.name)
    if action.by != {"system"}:
        yield Fault((*path, "at"), "only the system can act at a moment")
    said = {"when": action.when, "needs": action.needs, "takes": action.takes, "follows": action.follows}
    for key in (key for key, words in said.items() if words):
        yield Fault((*path, key), "an act at a moment has none: say with `from` where it is done")
    if action.at.of not in workflow.clocks and action.at.of not in workflow.days:
        yield Fault((*path, "at"), f"unknown clock or day {action.at.of!r}")
    clock = workflow.clocks.get(action.at.of)
    if action.at.edge == "day" and clock is None:
        yield Fault((*path, "at"), "only the days of a clock can be counted")
    if action.at.edge == "day" and clock and not 0 < action.at.days <= _days_of(clock):
        yield Fault((*path, "at"), f"{clock.name!r} has no day {action.at.days}")


def _days_of(clock: Clock) -> int:
    return 0 if clock.period.unit == "years" else clock.period.length


def _days(workflow: Workflow, registry: Registry) -> Iterator[Fault]:
    used = {action.at.of for action in workflow.actions.values() if action.at}
    for name in workflow.days:
        if name not in registry.days:
            yield Fault(("days", name), "no case knows such a day")
        if name in workflow.clocks:
            yield Fault(("days", name), "has the name of a clock")
        if name not in used:
            yield Fault(("days", name), "no act is done at it")


def _reach(workflow: Workflow) -> Iterator[Fault]:
    reached = spread(workflow, {workflow.initial})
    usual = [action for action in workflow.actions.values() if not action.undo]
    left = {state for action in usual for state in action.sources}
    final = {name for name, state in workflow.states.items() if state.final}
    ending = _leading(workflow, final)
    for name, state in workflow.states.items():
        if name not in reached:
            yield Fault(("states", name), "cannot be reached")
        if not state.final and name not in left:
            yield Fault(("states", name), "nothing leaves it, and it is not final")
        elif name not in ending:
            yield Fault(("states", name), "a dead end: no final state can be reached from it")
    for action in workflow.actions.values():
        known = action.sources & workflow.states.keys()
        if known and not known & reached:
            yield Fault(("actions", action.name, "from"), "no state that it leaves from can be reached")


def spread(workflow: Workflow, states: set[str]) -> set[str]:
    """`states` and every state that acts lead to from them, with nothing undone."""
    reached = set(states)
    while more := {a.target for a in _moving(workflow).values() if a.sources & reached} - reached:
        reached |= {target for target in more if target is not None}
    return reached


def _leading(workflow: Workflow, states: set[str]) -> set[str]:
    """`states` and every state from which acts lead to them."""
    found = set(states)
    while more := {s for a in _moving(workflow).values() if a.target in found for s in a.sources} - found:
        found |= more
    return found


def _moving(workflow: Workflow) -> Mapping[str, Action]:
    """The acts of the usual way that lead from state to state: no case should need to be undone."""
    acts = workflow.actions.items()
    return {name: action for name, action in acts if action.target is not None and not action.undo}
