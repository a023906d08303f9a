"""Say everything that contradicts itself in a workflow that could be read."""

from collections.abc import Iterator

from mediation.engine.asking import Registry
from mediation.engine.workflow import Action, Workflow


def contradictions(workflow: Workflow, registry: Registry) -> Iterator[str]:
    """Yield one sentence for each fault; none means that the workflow can run."""
    if workflow.initial and workflow.initial not in workflow.states:
        yield f"initial: unknown state {workflow.initial!r}"
    for name, members in workflow.groups.items():
        if name in workflow.states:
            yield f"group {name}: has the name of a state"
        for state in sorted(members - workflow.states.keys()):
            yield f"group {name}: unknown state {state!r}"
    for action in workflow.actions.values():
        yield from _action(workflow, registry, action)
    yield from _clocks(workflow)
    yield from _reach(workflow)


def _action(workflow: Workflow, registry: Registry, action: Action) -> Iterator[str]:
    where = f"action {action.name}"
    if not action.by:
        yield f"{where}: nobody may do it"
    if not action.sources:
        yield f"{where}: leaves from no state"
    for state in sorted(action.sources):
        if state not in workflow.states:
            yield f"{where}: unknown state or group {state!r}"
        elif workflow.states[state].final:
            yield f"{where}: leaves the final state {state!r}"
    if action.target is not None and action.target not in workflow.states:
        yield f"{where}: unknown state {action.target!r}"
    yield from _words(workflow, registry, action)
    if action.follows and action.by != {"system"}:
        yield f"{where}: only the system can follow another act"


def _words(workflow: Workflow, registry: Registry, action: Action) -> Iterator[str]:
    where = f"action {action.name}"
    for kind, said, known in (
        ("role", action.by, registry.roles),
        ("field", (*action.needs, *action.takes), registry.fields),
        ("guard", [condition.guard for condition in action.when], registry.guards.keys()),
        ("effect", action.then, registry.effects.keys()),
        ("action", action.follows, workflow.actions.keys()),
    ):
        for word in sorted(set(said) - set(known)):
            yield f"{where}: unknown {kind} {word!r}"
    for word in sorted(set(action.needs) & set(action.takes)):
        yield f"{where}: {word!r} is both needed and optional"


def _clocks(workflow: Workflow) -> Iterator[str]:
    for clock in workflow.clocks.values():
        if not clock.starts:
            yield f"clock {clock.name}: never starts"
        for word in sorted((clock.starts | clock.stops) - workflow.actions.keys()):
            yield f"clock {clock.name}: unknown action {word!r}"


def _reach(workflow: Workflow) -> Iterator[str]:
    reached = {workflow.initial}
    while (
        more := {
            action.target
            for action in workflow.actions.values()
            if action.target is not None and action.sources & reached
        }
        - reached
    ):
        reached |= more
    left = {state for action in workflow.actions.values() for state in action.sources}
    for name, state in workflow.states.items():
        if name not in reached:
            yield f"state {name}: cannot be reached"
        if not state.final and name not in left:
            yield f"state {name}: nothing leaves it, and it is not final"
