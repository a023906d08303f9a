"""Every clock of a dispute as a pure function of recorded facts.

The days of a clock are reckoned once, when it starts, with the calendar that is known then, and
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
Spans = tuple[tuple[date, date], ...]
"""From the evening of the one day to that of the other no day counts."""
Ends = Mapping[str, date]
"""The last days of clocks, by their names; `contact.3` is the third day that counts of the clock contact."""


@lru_cache(maxsize=1)
def calendar() -> WorkingDays:
    """The dated calendar of working days that this office counts by."""
    return WorkingDays.standard()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock with its last day; provisional while in-lieu days are unpublished.

    `paused` is the day since which it stands still, `still` on how many days it did so before.
    """

    clock: Clock
    started: date
    due: date
    stopped: date | None
    provisional: bool
    paused: date | None = None
    still: int = 0


def begun(clock: Clock, on: date) -> Run:
    """`clock` started by an act on the day `on`, its days not yet reckoned."""
    return Run(on, clock.period.length, clock.period.unit)


def due(run: Run) -> date:
    """The last day of a clock: the later day both sides named, or the one reckoned at its start."""
    return run.until or run.last or reckoned(run)


def reckoned(run: Run, nth: int | None = None) -> date:
    """The last day of a clock by today's calendar, or the day number `nth` that counts of it."""
    if nth is not None and run.unit != "working":
        return run.started + timedelta(days=nth + still_days(run.stood))  # a day off is a day all the same
    return _counted(run.started, nth or run.length, run.unit, run.stood)


@lru_cache(maxsize=4096)
def _counted(started: date, length: int, unit: Unit, stood: Spans = ()) -> date:
    """Counting is most of what a step would cost, and the same days come up again and again."""
    days = calendar()
    if not stood:
        return end(started, Period(length, unit), days)
    if unit == "working":
        last = end(started, Period(length, unit), _Interrupted(days, stood))
    else:
        last = end(started, Period(length + still_days(stood), unit), days)
    return max(last, days.next_working(stood[-1][1]))  # whoever goes on has that day at least


def still_days(stood: Spans) -> int:
    """For how many days a clock stood still."""
    return sum((on - since).days for since, on in stood)


@dataclass(frozen=True, slots=True)
class _Interrupted:
    """The working days that count for a clock which stood still for a while."""

    days: Calendar
    stood: Spans

    def works(self, day: date) -> bool:
        return self.days.works(day) and not any(since < day <= on for since, on in self.stood)

    def next_working(self, day: date) -> date:
        while not self.works(day):
            day += timedelta(days=1)
        return day


def rung(run: Run, nth: int) -> date:
    """The day number `nth` that counts of a clock, as it was reckoned at its start."""
    return run.rungs.get(str(nth)) or reckoned(run, nth)


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
    """The latest last day of the mediation that both sides may name, None where the law sets none.

    A holiday at its end prolongs it no further: so it is the same day under every table of holidays.
    """
    run = facts.clocks.get("working")
    if run is None or not facts.platform:
        return None
    return run.started + timedelta(days=run.length + PLATFORM_EXTENSION)


def at_start(workflow: Workflow, on: date, ends: Ends) -> Runs:
    """The clocks that a new case starts with, on the day of its first entry."""
    return _started({}, (c for c in workflow.clocks.values() if START in c.starts), on, ends)


def advanced(runs: Runs, move: Move, on: date, ends: Ends) -> Runs:
    """The clocks of a case after a move on the day `on`.

    `ends` are the days that the entry of the move names; where it names none (a move that is being
    decided, not replayed) they are reckoned.
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
            after[clock.name] = _reckoned_at(clock, _resumed(run, run.paused, on), ends)
    return after


def _started(runs: Runs, clocks: Iterable[Clock], on: date, ends: Ends) -> dict[str, Run]:
    after = dict(runs)
    for clock in clocks:
        if clock.name not in after or after[clock.name].stopped is not None:
            after[clock.name] = _reckoned_at(clock, begun(clock, on), ends)
    return after


def _reckoned_at(clock: Clock, run: Run, ends: Ends) -> Run:
    """`run` with its days as `ends` names them, else as they are reckoned today."""
    rungs = {str(n): ends.get(rung_key(clock.name, n)) or reckoned(run, n) for n in clock.rungs}
    return structs.replace(run, last=ends.get(clock.name) or reckoned(run), rungs=rungs)


def _resumed(run: Run, paused: date, on: date) -> Run:
    """A clock that goes on: the days that were left when it was paused count from the day `on`."""
    since = max(paused, run.known or paused)  # a later day named meanwhile had all its days left
    until = run.until and run.until + (on - since)
    return structs.replace(run, paused=None, stood=(*run.stood, (paused, on)), known=on, until=until)


def renamed(name: str, run: Run, ends: Ends, on: date) -> Run:
    """A clock whose days a new table of holidays has moved, as `ends` says.

    What has its moment on that very day is still done, what would have had it before is not made up for.
    """
    rungs = {nth: ends.get(rung_key(name, nth), day) for nth, day in run.rungs.items()}
    if name not in ends:
        return structs.replace(run, rungs=rungs)
    return structs.replace(run, last=ends[name], known=on - timedelta(days=1), rungs=rungs)


def rung_key(name: str, nth: int | str) -> str:
    """What `Ends` calls the day number `nth` of a clock."""
    return f"{name}.{nth}"


def ends(before: Runs, after: Runs) -> Ends:
    """The days that a move reckoned: what its entry says besides what was in hand."""
    found: dict[str, date] = {}
    for name, run in after.items():
        if run.last and run.stopped is None and _reckoned_anew(before.get(name), run):
            found[name] = run.last
            found |= {rung_key(name, nth): on for nth, on in run.rungs.items()}
    return found


def _reckoned_anew(before: Run | None, after: Run) -> bool:
    """Whether a clock that runs has started or gone on just now, be it on the very day it began before."""
    return before is None or before.stopped is not None or before.stood != after.stood


def deadlines(workflow: Workflow, facts: Facts) -> list[Deadline]:
    """All clocks that this case has started, by the day they end."""
    found = []
    for name, run in facts.clocks.items():
        if clock := workflow.clocks.get(name):
            last = due(run)
            open_ = calendar().provisional(last.year)
            pause = run.paused if run.stopped is None else None
            found.append(Deadline(clock, run.started, last, run.stopped, open_, pause, still_days(run.stood)))
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
