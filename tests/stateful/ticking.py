"""The clocks of a dispute, counted on fingers: what the model knows of days and of their ends.

The list of days off is the only thing that it shares with the office.
"""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import holidays

DAY = timedelta(days=1)


class Clock(NamedTuple):
    """When it began, how many days it has, its last day; whether it was stopped, when it was paused."""

    began: date
    length: int
    last: date
    stopped: bool = False
    paused: date | None = None


class Rule(NamedTuple):
    """The acts that a clock starts, stops and pauses with, and how many of which days it has."""

    starts: str
    stops: str
    length: int
    unit: str
    pauses: str = ""
    resumes: str = ""


CLOCKS = {
    "draft": Rule("start", "submit discard expire_draft", 90, "days"),
    "acceptance": Rule(
        "submit reopen", "accept reject decline end withdraw refer", 3, "working", "ask_info", "give_info"
    ),
    "exit": Rule("submit", "seal end decline reject withdraw refer", 15, "days"),
    "contact": Rule(
        "contact_employer", "join decline accept ask_info reject end withdraw refer", 5, "working"
    ),
    "working": Rule("accept", "seal end decline withdraw refer", 15, "days", "pause", "resume"),
    "signing": Rule(
        "send_for_signing", "seal lapse_signing amend_terms leave_terms end withdraw", 3, "working"
    ),
    "limitation": Rule("end decline", "close reopen", 1, "years"),
    "second": Rule("ask_second_person", "approve_correction refuse_correction", 3, "working"),
}


@cache
def _year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    known = holidays.country_holidays("CN", years=year, expand=False, language="zh_CN")
    return frozenset(known), frozenset(known.weekend_workdays)


def works(day: date) -> bool:
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


def ticked(clocks: dict[str, Clock], act: str, today: date) -> dict[str, Clock]:
    """All clocks after an act."""
    found = dict(clocks)
    for name, rule in CLOCKS.items():
        one = found.get(name)
        if one and act in rule.stops.split():
            one = one._replace(stopped=True)
        if act in rule.starts.split() and (one is None or one.stopped):
            one = Clock(today, rule.length, last_day(today, rule.length, rule.unit))
        if one and act == rule.pauses and not one.stopped and not one.paused:
            one = one._replace(paused=today)
        if one and act == rule.resumes and not one.stopped and one.paused:
            gone = (one.paused - one.began).days
            days = [one.began + n * DAY for n in range(1, gone + 1)]
            left = max(0, one.length - sum(rule.unit == "days" or works(day) for day in days))
            one = Clock(today, left, last_day(today, left, rule.unit))
        if one:
            found[name] = one
    return found


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
def moment(edge: str, days: int, last: date, began: date, zone: Any, unit: str) -> datetime:
    """Midnight after the last day, or nine in the morning."""
    at = {"end": last + DAY, "before": last - days * DAY, "after": last + days * DAY}.get(edge)
    if edge == "day":
        at = nth(began, days) if unit == "working" else began + days * DAY
    assert at is not None
    return datetime(at.year, at.month, at.day, 0 if edge == "end" else 9, tzinfo=zone)
