"""An act as somebody asks for it, and the closed registries that a chart may name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class Stateful(Protocol):
    """What the engine needs to know of a case."""

    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks.  `seat` tells one of several workers of a case from the others (0, 1, …).

    `authority` is how he has shown who he is; no rule reads it, the log keeps it.
    """

    role: str
    id: str
    name: str
    seat: int = 0
    authority: str = ""


SYSTEM = Actor("system", "system", "system", authority="system")
OFFERED = -1
"""What was seen by whoever only asks what could be done: there is nothing in hand yet."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One act asked for: what, by whom, at what moment, having seen which revision, with what in hand.

    `data` holds the values of the act's fields, already read and plain (text, integers, lists,
    mappings): exactly what the entry will keep.
    """

    action: str
    actor: Actor
    seen: int
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def offered(self) -> bool:
        """Whether it is only asked if this could be done, before anything is filled in."""
        return self.seen == OFFERED


Guard = Callable[[Any, Ask], bool]
Effect = Callable[[Any, Ask], Iterable[object]]


@dataclass(frozen=True, slots=True)
class Registry:
    """The only names that a workflow file may use for roles, fields, guards, effects and days of a case.

    `measured` makes a guard of a measure that stands behind its name in the file; what it cannot
    read is a ValueError.
    """

    roles: frozenset[str]
    fields: frozenset[str]
    guards: Mapping[str, Guard]
    effects: Mapping[str, Effect]
    measured: Mapping[str, Callable[[str], Guard]] = field(default_factory=dict)
    days: frozenset[str] = frozenset()

    def guard(self, said: str) -> Guard:
        """The guard that a file names, alone or with a measure: `at_most 5000.00`.

        Raises KeyError for an unknown name, ValueError for a measure that is none.
        """
        name, _, measure = said.partition(" ")
        return self.measured[name](measure) if measure else self.guards[name]
