"""Beside an application that is not accepted yet: what in it says that it may not be for us, and why."""

from collections.abc import Callable
from dataclasses import dataclass

from mediation.domain.place_rules import places
from mediation.domain.places import Both, Rule
from mediation.domain.scope import Filed, Finding, check
from mediation.web.opened import Opened
from mediation.web.places import teller

BEFORE = ("submitted", "needs_info", "contacting")
LATE = "late"
"""The rule that a time limit keeps nobody out."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What was found, the rule that goes with whatever was, and how their sentences are said."""

    findings: list[Finding]
    late: Rule
    told: Callable[[Both], str]


def of(opened: Opened) -> Scope | None:
    """For the staff who decide whether a case is accepted, None for others and afterwards."""
    facts = opened.facts
    if not opened.staff or facts.state not in BEFORE:
        return None
    filed = Filed(
        facts.category,
        frozenset(one.group for one in opened.case.parties if one.group),
        frozenset(claim.head for claim in facts.confirmed_claims),
        opened.case.story,
    )
    return Scope(check(filed), places().limits[LATE], teller())
