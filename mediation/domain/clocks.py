"""Every clock of a dispute as a pure function of recorded facts.

The last day of a clock is reckoned once, when it starts, with the calendar that is known then, and
kept: in the facts and in the entry.  So a log says the same under every later table of holidays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from msgspec import structs

from mediation.domain.facts import Facts, Run
from mediation.domain.working_days import WorkingDays
from mediation.engine.deciding import Move
from mediation.engine.periods import Calendar, Period, Unit, end
from mediation.engine.workflow import START, Clock, Workflow

Runs = Mapping[str, Run]
Ends = Mapping[str, date]
"""The last days of clocks, by their names."""


@lru_cache(maxsize=1)
def calendar() -> WorkingDays:
    """The dated calendar of working days that this office counts by."""
    return WorkingDays.standard()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running or finished clock with its last day; provisional while in-lieu days are unpublished."""

    clock: Clock
    started: date
    due: date
    stopped: date | None
    provisional: bool


def begun(clock: Clock, on: date) -> Run:
    """`clock` started by an act on the day `on`, its last day not yet reckoned."""
    return Run(on, clock.period.length, clock.period.unit)


def due(run: Run) -> date:
    """The last day of a clock: the later day both sides named, or the one reckoned at its start."""
    return run.until or run.last or reckoned(run)


def reckoned(run: Run) -> date:
    """The last day of a clock by today's calendar."""
    return _counted(run.started, run.length, run.unit)


@lru_cache(maxsize=4096)
def _counted(started: date, length: int, unit: Unit) -> date:
    """Counting is most of what a step would cost, and the same days come up again and again."""
    return end(started, Period(length, unit), calendar()) if length else calendar().next_working(started)


def running(run: Run) -> bool:
    """Whether days of this clock go by."""
    return run.stopped is None and run.paused is None


def working_end(facts: Facts) -> date | None:
    """The last day of the mediation, None before acceptance."""
    run = facts.clocks.get("working")
    return due(run) if run else None


PLATFORM_EXTENSION = 15
"""Days by which both sides may prolong the mediation of platform work (人社厅发〔2024〕4号)."""


def longest_end(facts: Facts) -> date | None:
    """The latest last day of the mediation that both sides may name, None where the law sets none."""
    run = facts.clocks.get("working")
    if run is None or not facts.platform:
        return None
    return _counted(run.started, run.length + PLATFORM_EXTENSION, run.unit)


def at_start(workflow: Workflow, on: date, ends: Ends) -> Runs:
    """The clocks that a new case starts with, on the day of its first entry."""
    return _started({}, (c for c in workflow.clocks.values() if START in c.starts), on, ends)


def advanced(runs: Runs, move: Move, on: date, ends: Ends) -> Runs:
    """The clocks of a case after a move on the day `on`.

    `ends` are the last days that the entry of the move names; where it names none (a move that is
    being decided, not replayed) they are reckoned.
    """
    after = dict(runs)
    for clock in move.stopped:
        run = after.get(clock.name)
        if run and run.stopped is None:
            after[clock.name] = structs.replace(run, stopped=on)
    after = _started(after, move.started, on, ends)
    for clock in move.paused:
        run = after.get(clock.name)
        if run and running(run):
            after[clock.name] = structs.replace(run, paused=on)
    for clock in move.resumed:
        run = after.get(clock.name)
        if run and run.stopped is None and run.paused is not None:
            after[clock.name] = _resumed(run, run.paused, on, ends.get(clock.name))
    return after


def _started(runs: Runs, clocks: Iterable[Clock], on: date, ends: Ends) -> dict[str, Run]:
    after = dict(runs)
    for clock in clocks:
        if clock.name not in after or after[clock.name].stopped is not None:
            run = begun(clock, on)
            after[clock.name] = structs.replace(run, last=ends.get(clock.name) or reckoned(run))
    return after


def _resumed(run: Run, paused: date, on: date, last: date | None) -> Run:
    """A clock that goes on: what was left when it was paused is counted from the day `on`."""
    going = structs.replace(run, started=on, length=_left(run, paused, calendar()), paused=None)
    until = run.until and run.until + (on - paused)
    return structs.replace(going, until=until, last=last or reckoned(going))


def _left(run: Run, on: date, days: Calendar) -> int:
    """How many days of a clock had not been counted at the end of the day `on`."""
    passed = (run.started + timedelta(days=n) for n in range(1, (on - run.started).days + 1))
    counted = sum(1 for day in passed if run.unit != "working" or days.works(day))
    return max(run.length - counted, 0)


def ends(before: Runs, after: Runs) -> Ends:
    """The last days that a move reckoned: what its entry says besides what was in hand."""
    return {
        name: run.last
        for name, run in after.items()
        if run.last and (name not in before or _reckoned_anew(before[name], run))
    }


def _reckoned_anew(before: Run, after: Run) -> bool:
    return (before.started, before.last) != (after.started, after.last)


def deadlines(workflow: Workflow, facts: Facts) -> list[Deadline]:
    """All clocks that this case has started, by the day they end."""
    found = []
    for name, run in facts.clocks.items():
        if clock := workflow.clocks.get(name):
            last = due(run)
            found.append(Deadline(clock, run.started, last, run.stopped, calendar().provisional(last.year)))
    return sorted(found, key=lambda one: (one.due, one.clock.name))


def next_due(facts: Facts) -> date | None:
    """The earliest day on which a clock of this case that runs will end."""
    return min((due(run) for run in facts.clocks.values() if running(run)), default=None)


def from_dates(workflow: Workflow, **days: date | None) -> list[Deadline]:
    """What would run after these acts on these days, for `mediation deadlines`: every clock."""
    found = []
    for clock in workflow.clocks.values():
        for act in sorted(clock.starts):
            on = days.get(act)
            if on is not None:
                last = reckoned(begun(clock, on))
                found.append(Deadline(clock, on, last, None, calendar().provisional(last.year)))
    return sorted(found, key=lambda one: (one.due, one.clock.name))
