"""Libraries from PyPI that persist a state machine, each doing the job that a step does here.

Each drives cases through the same life on the same tables: read the case, let the library decide
with a guard, change the case under its revision, add the same entry, ledger, total, outbox and job
rows, one durable commit an act.  They get our tables, indexes and triggers, and the settings that
we use; what they need not do is authorise, hash or fold facts: the rows come ready-made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Act:
    """One act of a life: its transitions, what the case becomes, and the rows written beside it."""

    transitions: list[str]
    seen: int
    case: Mapping[str, Any]
    rows: list[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Chart:
    """The chart as these libraries take it: from which states each transition leads where."""

    initial: str
    states: list[str]
    transitions: Mapping[str, tuple[list[str], str | None]]


Life = Callable[[int, list[Act]], list[float]]
"""Drive a case through its acts; the seconds that each took."""


def allowed(case: Any) -> bool:
    """The guard of every transition."""
    return case.revision > 0 and case.head != ""
