"""A workflow as a value: what a file says, checked, and nothing that could run."""

from collections.abc import Mapping
from dataclasses import dataclass

from mediation.engine.marking import Marks
from mediation.engine.periods import Period
from mediation.engine.timings import Timing

START = "start"
"""The act of the first entry: it is not in a chart, for there is no case yet that it could leave."""


@dataclass(frozen=True, slots=True)
class State:
    """A condition that a case can be in; only an act that undoes leaves a final one."""

    name: str
    label: str
    english: str
    final: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A claim about the case, by the name of its guard, and the sentence shown when it does not hold."""

    guard: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Action:
    """An act: by whom, from where to where, with what in hand, when, and then what follows.

    `target` is None when the case stays where it is.  `follows` names acts after which the
    system tries this one by itself, in the same transaction; `at` is the moment at which it does
    it by itself.  `origins` are the states and groups that the file names; `sources` has the
    groups opened.  An act to `undo` puts right what should not be: it says why, may leave a final
    state, and is no part of a case's usual way.
    """

    name: str
    label: str
    english: str
    by: frozenset[str]
    sources: frozenset[str]
    target: str | None
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    when: tuple[Condition, ...]
    then: tuple[str, ...]
    follows: frozenset[str]
    origins: tuple[str, ...]
    at: Timing | None = None
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A period that acts start and stop beside the state; `law` is the article it comes from.

    An `endless` one is stopped by no act, and its file says so.  While it is paused no day counts.
    `rungs` are the days of it, by their number, at which some act is done.
    """

    name: str
    label: str
    english: str
    starts: frozenset[str]
    stops: frozenset[str]
    period: Period
    law: str
    endless: bool
    pauses: frozenset[str] = frozenset()
    resumes: frozenset[str] = frozenset()
    rungs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that the case itself names (a payment falls due, a meeting), at which the system may act."""

    name: str
    label: str
    english: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """One version of one chart.  `digest` is the SHA-256 of the file it was read from, `marks` its lines."""

    name: str
    version: int
    title: str
    initial: str
    states: Mapping[str, State]
    groups: Mapping[str, frozenset[str]]
    actions: Mapping[str, Action]
    clocks: Mapping[str, Clock]
    days: Mapping[str, NamedDay]
    digest: str
    marks: Marks

    def followers(self, action: str) -> tuple[Action, ...]:
        """Acts that the system tries right after `action`, in the order of the file."""
        return tuple(act for act in self.actions.values() if action in act.follows)
