"""The registry of this office: every role, field, guard, effect and day that a chart may name."""

from types import ModuleType
from typing import Any

from mediation.domain import (
    agent_effects,
    agent_guards,
    correction_effects,
    correction_guards,
    effects,
    evidence_effects,
    evidence_guards,
    fields,
    group_effects,
    group_guards,
    guards,
    halfday_effects,
    halfday_guards,
    reminders,
    timing,
    triage_effects,
    triage_guards,
)
from mediation.engine.asking import Registry

ROLES = frozenset({"worker", "employer", "mediator", "clerk", "admin", "system"})


def registry() -> Registry:
    """The registry of labour mediation."""
    return Registry(
        ROLES,
        frozenset(fields.READERS),
        _named(guards)
        | _named(correction_guards)
        | _named(evidence_guards)
        | _named(group_guards)
        | _named(halfday_guards)
        | _named(triage_guards)
        | _named(agent_guards),
        _named(effects)
        | _named(reminders)
        | _named(correction_effects)
        | _named(evidence_effects)
        | _named(group_effects)
        | _named(halfday_effects)
        | _named(triage_effects)
        | _named(agent_effects),
        correction_guards.MEASURED,
        frozenset(timing.DAYS),
    )


def _named(module: ModuleType) -> dict[str, Any]:
    return {
        name: thing
        for name, thing in vars(module).items()
        if getattr(thing, "__module__", None) == module.__name__
        and callable(thing)
        and not name.startswith("_")
    }
