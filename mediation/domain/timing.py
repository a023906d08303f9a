"""What the system will do by itself to a case, and from what moment on: a pure function of its facts.

A timer is due from a moment on; whenever that is noticed, by a worker or by the next act of
somebody, the act is done once for the day it belongs to, and its entry says that day beside the
moment at which it was done.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from mediation.domain import owing
from mediation.domain.clocks import due, rung, running
from mediation.domain.facts import BEIJING, Facts, day
from mediation.domain.terms import Owed, Payment
from mediation.engine.asking import SYSTEM, Ask
from mediation.engine.deciding import Engine
from mediation.engine.timings import Edge, Timing

MORNING = time(9)
"""Nobody is woken by a reminder: what is not the end of a clock is done at nine in Beijing."""
AWAKE = (time(8), time(21))
"""Between these hours people are told what the system has done by itself."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day that an act may hang on: the last of a clock, or one that the case names.

    `known` is the day since which it is known: what would have been due by then is not made up for.
    """

    day: date
    known: date
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """An act that the system does from the moment `at` on, once for the day `due` of `item`."""

    action: str
    at: datetime
    due: date
    item: int | None

    @property
    def key(self) -> str:
        """What `Facts.fired` calls it."""
        return fired_key(self.action, self.item)

    def ask(self, seen: int, at: datetime) -> Ask:
        """The act as it is asked for by the system at the moment `at`."""
        data: dict[str, Any] = {"due": self.due.isoformat()}
        if self.item is not None:
            data["item"] = self.item
        return Ask(self.action, SYSTEM, seen, at, data)


def fired_key(action: str, item: int | None) -> str:
    """One act, or one act for one thing of several (the payments of an agreement)."""
    return action if item is None else f"{action}.{item}"


def pending(engine: Engine, facts: Facts) -> list[Timer]:
    """All that the system will do as things stand, the earliest first."""
    found = []
    for action in engine.timed[facts.state]:
        assert action.at is not None  # noqa: S101 - listed there because it has one
        for occasion in _occasions(facts, action.at):
            at, on = _moment(action.at.edge, action.at.days, occasion.day)
            done = facts.fired.get(fired_key(action.name, occasion.item))
            if on > occasion.known and (done is None or occasion.day > done):
                found.append(Timer(action.name, at, occasion.day, occasion.item))
    found.sort(key=lambda timer: timer.at)  # stable: at the same moment in the order of the chart
    return found


def overdue(engine: Engine, facts: Facts, at: datetime) -> Timer | None:
    """The first thing that should have been done by `at`, if there is any."""
    return next((timer for timer in pending(engine, facts) if timer.at <= at), None)


def next_wake(engine: Engine, facts: Facts) -> datetime | None:
    """The moment at which the system has something to do with this case, None if it has not."""
    return min((timer.at for timer in pending(engine, facts)), default=None)


def decent(at: datetime) -> datetime | None:
    """When people may be told of something done at the moment `at`; None for at once."""
    local = at.astimezone(BEIJING)
    first, last = (datetime.combine(local.date(), hour, BEIJING) for hour in AWAKE)
    if local < first:
        return first
    return first + timedelta(days=1) if local >= last else None


def moment(timing: Timing, last: date) -> datetime:
    """When a timer is due that hangs on the day `last`, in Beijing time.  It asks no calendar."""
    return _moment(timing.edge, timing.days, last)[0]


@lru_cache(maxsize=4096)
def _moment(edge: Edge, days: int, last: date) -> tuple[datetime, date]:
    if edge == "end":
        on = last + timedelta(days=1)
        return datetime.combine(on, time(0), BEIJING), on
    on = last + timedelta(days={"on": 0, "day": 0, "before": -days, "after": days}[edge])
    return datetime.combine(on, MORNING, BEIJING), on


def _occasions(facts: Facts, timing: Timing) -> Iterator[Occasion]:
    run = facts.clocks.get(timing.of)
    if run is not None:
        if running(run):
            last = rung(run, timing.days) if timing.edge == "day" else due(run)
            yield Occasion(last, run.known or run.started)
    elif timing.of in DAYS:
        yield from DAYS[timing.of](facts)


def payment(facts: Facts) -> Iterator[Occasion]:
    """The days of payments that the employer has not yet reported in full."""
    for index, one, owed in _promised(facts):
        if owed.paid + owed.reported < one.amount:
            yield Occasion(one.due, _sealed(facts), index)


def arrival(facts: Facts) -> Iterator[Occasion]:
    """The days of payments that the worker has not yet confirmed in full."""
    for index, one, owed in _promised(facts):
        if owed.paid < one.amount:
            yield Occasion(one.due, _sealed(facts), index)


def meeting(facts: Facts) -> Iterator[Occasion]:
    """The day of the meeting that was fixed."""
    if facts.meeting is not None and facts.convened is not None:
        yield Occasion(day(facts.meeting), facts.convened)


def _promised(facts: Facts) -> list[tuple[int, Payment, Owed]]:
    return [] if facts.sealed is None else owing.payments_of(facts, None)


def _sealed(facts: Facts) -> date:
    assert facts.sealed is not None  # noqa: S101 - nothing is promised before
    return day(facts.sealed)


DAYS: Mapping[str, Callable[[Facts], Iterator[Occasion]]] = {
    "payment": payment,
    "arrival": arrival,
    "meeting": meeting,
}
"""The days that a chart may name under `days`."""
