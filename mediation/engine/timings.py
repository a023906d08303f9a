"""At what moment of a clock or of a named day the system acts: read here, reckoned by the domain."""

import re
from dataclasses import dataclass
from typing import Literal

Edge = Literal["end", "on", "before", "after", "day"]
"""Once the last day is over; in the morning of the last day, of some day before or after it, or of the
so-and-so-many-th day that counts."""

_FORMS = re.compile(
    r"(?P<end>end) of (?P<a>\w+)"
    r"|(?P<on>on) (?P<b>\w+)"
    r"|(?P<n>[1-9]\d{0,3}) days? (?P<side>before|after) (?P<c>\w+)"
    r"|day (?P<day>[1-9]\d{0,3}) of (?P<d>\w+)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Timing:
    """When the system acts: `of` names a clock or a day of the chart, `days` counts from its edge."""

    edge: Edge
    of: str
    days: int = 0


def timing(text: str) -> Timing:
    """Read `end of C`, `on C`, `3 days before C`, `1 day after C` or `day 3 of C`.  Raises ValueError."""
    found = _FORMS.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no moment: say `end of`, `on`, `3 days before`, `day 3 of` a clock")
    of = next(name for name in found.group("a", "b", "c", "d") if name)
    if found["end"]:
        return Timing("end", of)
    if found["on"]:
        return Timing("on", of)
    if found["day"]:
        return Timing("day", of, int(found["day"]))
    return Timing("before" if found["side"] == "before" else "after", of, int(found["n"]))
