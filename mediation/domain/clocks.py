"""Every timer of a dispute as a pure function of recorded facts and the dated calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from msgspec import structs

from mediation.domain.facts import Facts, Run
from mediation.domain.working_days import WorkingDays
from mediation.engine.periods import Period, Unit, end
from mediation.engine.workflow import Clock, Workflow


@lru_cache(maxsize=1)
def calendar() -> WorkingDays:
    """The dated calendar of working days that this office counts by."""
    return WorkingDays.standard()


@dataclass(frozen=True, slots=True)
class Timer:
    """A running or finished clock with the day it ends; provisional while in-lieu days are unpublished."""

    clock: Clock
    started: date
    due: date
    stopped: date | None
    provisional: bool


def begun(clock: Clock, on: date) -> Run:
    """`clock` started by an act on the day `on`."""
    return Run(on, clock.period.length, clock.period.unit)


def due(run: Run) -> date:
    """The last day of a clock: its period counted from the start, or the later day both sides named."""
    return run.until or _counted(run.started, run.length, run.unit)


@lru_cache(maxsize=4096)
def _counted(started: date, length: int, unit: Unit) -> date:
    """Counting is most of what a step would cost, and the same days come up again and again."""
    return end(started, Period(length, unit), calendar())


def working_end(facts: Facts) -> date | None:
    """The last day of the mediation, None before acceptance."""
    run = facts.clocks.get("working")
    return due(run) if run else None


def advanced(
    runs: Mapping[str, Run], started: tuple[Clock, ...], stopped: tuple[Clock, ...], on: date
) -> Mapping[str, Run]:
    """The clocks of a case after an act on the day `on` started some and stopped others."""
    if not started and not stopped:
        return runs
    after = dict(runs)
    for clock in stopped:
        run = after.get(clock.name)
        if run and run.stopped is None:
            after[clock.name] = structs.replace(run, stopped=on)
    for clock in started:
        if clock.name not in after or after[clock.name].stopped is not None:
            after[clock.name] = begun(clock, on)
    return after


def timers(workflow: Workflow, facts: Facts) -> list[Timer]:
    """All clocks that this case has started, by the day they end."""
    found = []
    for name, run in facts.clocks.items():
        if clock := workflow.clocks.get(name):
            last = due(run)
            found.append(Timer(clock, run.started, last, run.stopped, calendar().provisional(last.year)))
    return sorted(found, key=lambda timer: (timer.due, timer.clock.name))


def next_due(facts: Facts) -> date | None:
    """The earliest day on which a clock of this case that still runs will end."""
    return min((due(run) for run in facts.clocks.values() if run.stopped is None), default=None)


def from_dates(workflow: Workflow, **days: date | None) -> list[Timer]:
    """What would run after these acts on these days, for `mediation deadlines`: every timer."""
    found = []
    for clock in workflow.clocks.values():
        for act in sorted(clock.starts):
            on = days.get(act)
            if on is not None:
                last = due(begun(clock, on))
                found.append(Timer(clock, on, last, None, calendar().provisional(last.year)))
    return sorted(found, key=lambda timer: (timer.due, timer.clock.name))
