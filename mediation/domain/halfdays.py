"""Half-days for a meeting: which are offered, who could come when, and those that suit everybody.

Evenings are among them: who delivers meals or works in shifts is free when offices are not.  That none of
them suits is an answer too: in the facts and in an entry, no half-day at all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from mediation.domain.clocks import calendar
from mediation.domain.facts import BEIJING, Facts, day
from mediation.domain.problems import Problem

STARTS: Mapping[str, time] = {"morning": time(9, 30), "afternoon": time(14), "evening": time(18, 30)}
"""The parts of a day in their order, and when a meeting in each begins, in Beijing."""
PARTS = tuple(STARTS)
DAYS = 10
"""So many working days are offered, the first after today."""
FURTHEST = 31
"""Calendar days within which all that is offered lies, whatever holidays there are; the rules know no more.

A log has to say the same under every later table of holidays, so no rule asks the calendar.
"""
MOST = 3 * FURTHEST
_CODE = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})[.]({'|'.join(PARTS)})")

Seat = tuple[str, int]


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A part of a day in Beijing."""

    day: date
    part: str

    @property
    def code(self) -> str:
        """How an entry, the facts and a form spell it: `2026-03-04.morning`."""
        return f"{self.day.isoformat()}.{self.part}"

    @property
    def start(self) -> datetime:
        """When a meeting in it begins."""
        return datetime.combine(self.day, STARTS[self.part], BEIJING)


def offered(at: datetime) -> tuple[HalfDay, ...]:
    """What can be chosen at this moment, in order: every part of the next working days."""
    days, on = calendar(), day(at)
    found = []
    for _ in range(DAYS):
        on = days.next_working(on + timedelta(days=1))
        found += [HalfDay(on, part) for part in PARTS]
    return tuple(found)


def read(code: Any) -> HalfDay:
    """The half-day of a code.  Raises Problem."""
    found = _CODE.fullmatch(code) if isinstance(code, str) else None
    try:
        return HalfDay(date.fromisoformat(found[1]), found[2]) if found else _unread()
    except ValueError:
        return _unread()


def taken(value: Any) -> list[str]:
    """The codes of half-days, each once and in order; none where none of them suits.  Raises Problem."""
    if not isinstance(value, list) or len(value) > MOST:
        raise Problem("wrong_shape")
    found = {read(code) for code in value}
    return [one.code for one in sorted(found, key=lambda one: one.start)]


def unanswered(facts: Facts, today: date) -> tuple[Seat, ...]:
    """Who takes part and has not answered, or only with half-days that are past.

    A rule reads this too, so it asks no calendar.
    """
    return tuple(seat for seat in facts.seats if not _stands(facts.halfdays.get(spelled(*seat)), today))


def _stands(said: tuple[str, ...] | None, today: date) -> bool:
    return said is not None and (not said or any(read(code).day > today for code in said))


def to_come(one: HalfDay, at: datetime) -> bool:
    """Whether it is not today or past, and not further off than anything that could be offered."""
    return day(at) < one.day <= day(at) + timedelta(days=FURTHEST)


def spelled(side: str, seat: int) -> str:
    """What the facts call a seat: `worker:0`."""
    return f"{side}:{seat}"


def suiting(facts: Facts, at: datetime) -> dict[Seat, tuple[HalfDay, ...]]:
    """For everybody who takes part and has answered what suits him of what is offered, in order.

    Nothing where he said that none of them does.  An answer of which every day is past or off by now is
    no answer.
    """
    open_ = offered(at)
    found = {}
    for seat in facts.seats:
        said = facts.halfdays.get(spelled(*seat))
        kept = tuple(one for one in open_ if one.code in (said or ()))
        if kept or said == ():
            found[seat] = kept
    return found


def common(facts: Facts, at: datetime) -> tuple[HalfDay, ...]:
    """What suits everybody who has answered, in order; nothing where nobody has."""
    answers = [set(said) for said in suiting(facts, at).values()]
    shared = set.intersection(*answers) if answers else set()
    return tuple(one for one in offered(at) if one in shared)


def _unread() -> HalfDay:
    raise Problem("not_listed")
