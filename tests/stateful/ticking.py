"""The clocks of a dispute, counted on fingers: what the model knows of days and of their ends.

The list of days off is the only thing that it shares with the office.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import holidays

DAY = timedelta(days=1)


class Clock(NamedTuple):
    """When it began, how many days it has, its last day and since when that is known.

    `until` is a later last day that both sides have named, `rungs` the days on the way that matter by
    their number; between the evenings of a pair in `stood` it stood still.
    """

    began: date
    length: int
    last: date
    known: date
    rungs: tuple[tuple[int, date], ...] = ()
    stopped: bool = False
    paused: date | None = None
    stood: tuple[tuple[date, date], ...] = ()
    until: date | None = None

    @property
    def runs(self) -> bool:
        return not self.stopped and self.paused is None


class Rule(NamedTuple):
    """The acts that a clock starts, stops and pauses with, and how many of which days it has."""

    starts: str
    stops: str
    length: int
    unit: str
    pauses: str = ""
    resumes: str = ""
    rungs: tuple[int, ...] = ()


CLOCKS = {
    "draft": Rule("start", "submit discard expire_draft", 90, "days"),
    "accept_or_refuse": Rule(
        "submit reopen",
        "accept approve_rejection certify_no_answer decline end withdraw refer",
        3,
        "working",
        "ask_info",
        "give_info",
    ),
    "exit": Rule("submit", "seal end decline approve_rejection certify_no_answer withdraw refer", 15, "days"),
    "contact": Rule(
        "contact_employer",
        "join decline accept ask_info approve_rejection certify_no_answer end withdraw refer",
        5,
        "working",
        rungs=(1, 3, 5),
    ),
    "working": Rule("accept", "seal end decline withdraw refer", 15, "days", "pause", "resume"),
    "signing": Rule(
        "send_for_signing", "seal lapse_signing amend_terms leave_terms end withdraw", 3, "working"
    ),
    "arbitration_review": Rule("seal", "close", 15, "days"),
    "judicial_confirmation": Rule("seal", "close", 30, "days"),
    "limitation": Rule("end decline certify_no_answer", "close reopen", 1, "years"),
    "second_look": Rule("ask_second_person", "approve_correction refuse_correction", 3, "working"),
}


_ANNOUNCED: dict[date, bool] = {}
"""Days that are worked or not against what was known when the year began."""


def announce(table: Mapping[date, bool]) -> None:
    """From now on days are counted with these announced besides; what was counted stays."""
    _ANNOUNCED.clear()
    _ANNOUNCED.update(table)
    last_day.cache_clear()


@cache
def _year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    known = holidays.country_holidays("CN", years=year, expand=False, language="zh_CN")
    return frozenset(known), frozenset(known.weekend_workdays)


def works(day: date) -> bool:
    if day in _ANNOUNCED:
        return _ANNOUNCED[day]
    off, worked = _year(day.year)
    return day in worked or (day.weekday() < 5 and day not in off)


def nth(day: date, number: int) -> date:
    """The working day of that number after a day; the day itself or the next that is worked for 0."""
    if not number:
        day, number = day - DAY, 1
    for _ in range(number):
        day += DAY
        while not works(day):
            day += DAY
    return day


@cache
def last_day(began: date, length: int, unit: str) -> date:
    if unit == "working":
        return nth(began, length)
    end = began.replace(year=began.year + length) if unit == "years" and length else began + length * DAY
    return nth(end, 0)


def reckoned(rule: Rule, began: date, stood: tuple[tuple[date, date], ...] = ()) -> date:
    """The last day of a clock: what was left of its days each time that it stood still counts on."""
    left = rule.length
    for paused, on in stood:
        gone = [began + n * DAY for n in range(1, (paused - began).days + 1)]
        left -= sum(rule.unit == "days" or works(day) for day in gone)
        began = on
    return last_day(began, max(0, left), rule.unit)


def started(rule: Rule, today: date) -> Clock:
    rungs = tuple((number, nth(today, number)) for number in rule.rungs)
    return Clock(today, rule.length, reckoned(rule, today), today, rungs)


def recounted(clocks: dict[str, Clock], today: date) -> tuple[dict[str, Clock], dict[str, date]]:
    """All clocks by the table of holidays of today, and the days that moved: never one that is past."""
    found, moved = dict(clocks), dict[str, date]()
    soonest = nth(today, 0)
    for name, one in clocks.items():
        if not one.runs:
            continue
        last = max(reckoned(CLOCKS[name], one.began, one.stood), soonest)
        if one.until is None and one.last >= today and last != one.last:
            moved[name] = last
            one = one._replace(last=last, known=today - DAY)
        for number, day in one.rungs:
            other = max(nth(one.began, number), soonest)
            if day > today and other != day:
                moved[f"{name}.{number}"] = other
        rungs = tuple((number, moved.get(f"{name}.{number}", day)) for number, day in one.rungs)
        found[name] = one._replace(rungs=rungs)
    return found, moved


def ticked(clocks: dict[str, Clock], act: str, today: date) -> dict[str, Clock]:
    """All clocks after an act."""
    found = dict(clocks)
    for name, rule in CLOCKS.items():
        one = found.get(name)
        if one and act in rule.stops.split():
            one = one._replace(stopped=True)
        if act in rule.starts.split() and (one is None or one.stopped):
            one = started(rule, today)
        if one and act == rule.pauses and one.runs:
            one = one._replace(paused=today)
        if one and act == rule.resumes and not one.stopped and one.paused:
            one = _resumed(rule, one, one.paused, today)
        if one:
            found[name] = one
    return found


def _resumed(rule: Rule, one: Clock, paused: date, today: date) -> Clock:
    stood = (*one.stood, (paused, today))
    # A later day that was named while it stood still had all its days left then.
    until = one.until and one.until + (today - max(paused, one.known))
    last = reckoned(rule, one.began, stood)
    return one._replace(paused=None, stood=stood, last=last, known=today, until=until)


class Timer(NamedTuple):
    """What the office does by itself: in which states, at which edge of which clock or day."""

    states: tuple[str, ...]
    edge: str
    of: str
    days: int
    to: str
    do: Any


TIMERS: dict[str, Timer] = {}
"""Filled by `timers`."""


class Due(NamedTuple):
    """One thing that it will do, from a moment on, for a day; of a payment, of which."""

    at: datetime
    name: str
    day: date
    item: int | None


@cache
def moment(edge: str, days: int, day: date, zone: Any) -> datetime:
    """Midnight after a day, or nine in the morning of it or of so many days before or after."""
    at = {"end": day + DAY, "before": day - days * DAY, "after": day + days * DAY, "day": day}[edge]
    return datetime(at.year, at.month, at.day, 0 if edge == "end" else 9, tzinfo=zone)
