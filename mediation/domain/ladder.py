"""The way to an employer who does not answer: what is tried on which working day, and what was.

The days are those of the clock `contact`, as the chart's acts have them (`call_employer` on day 1, ...).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from mediation.domain.clocks import rung, running
from mediation.domain.facts import Facts

RUNGS: Mapping[int, str] = {0: "text", 1: "call", 3: "again", 5: "letter"}
"""What is tried on which working day; its words stand in the vocabulary under the same name."""
WAYS: Mapping[str, tuple[str, ...]] = {
    "text": ("sms", "email"),
    "call": ("call", "second_contact", "visit"),
    "again": ("sms", "email", "second_contact"),
    "letter": ("letter", "visit"),
}
"""By which ways of an attempt a rung is climbed."""
NEEDED = ("call", "letter")
"""What the office has tried before it certifies a silence; texts go out by themselves."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: the working day, its date, what is tried (a code of `RUNGS`), and whether it was."""

    nth: int
    on: date
    code: str
    stands: Literal["done", "late", "due", "ahead"]


def rungs(facts: Facts, tried: Collection[tuple[date, str]], today: date) -> tuple[Rung, ...]:
    """The rungs of a case that waits for its employer, none where it does not.

    `tried` are the attempts, each with its day and its way.  What was tried before its day counts too,
    but the second text is not the first one over again.
    """
    run = facts.clocks.get("contact")
    if run is None or not running(run) or facts.state != "contacting":
        return ()
    found = []
    for nth, code in RUNGS.items():
        on = rung(run, nth) if nth else run.started
        since = on if code == "again" else run.started
        done = any(day >= since and way in WAYS[code] for day, way in tried)
        found.append(Rung(nth, on, code, "done" if done else _stands(on, today)))
    return tuple(found)


def climbed(ways: Collection[str]) -> bool:
    """Whether an employer was sought by these ways often enough to certify that he was silent."""
    return all(any(way in WAYS[code] for way in ways) for code in NEEDED)


def next_rung(found: Collection[Rung]) -> Rung | None:
    """The first rung that was not climbed; None after the last."""
    return next((one for one in found if one.stands != "done"), None)


def _stands(on: date, today: date) -> Literal["late", "due", "ahead"]:
    return "late" if on < today else "due" if on == today else "ahead"
