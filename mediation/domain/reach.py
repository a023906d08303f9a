"""How a worker can be called without harm: when, whether at all, and who else may be rung for him.

Whoever shares a room or a foreman's table cannot speak at any hour, and a number that is rung in vain
ends in a case that is closed.  Nobody has to say any of it.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from mediation.domain.fields import Invalid, Problem
from mediation.domain.naming import name as read_name
from mediation.domain.numbers import telephone

PARTS = ("morning", "noon", "afternoon", "evening")
"""The parts of a day; none chosen is any time."""
LONGEST_NAME, LONGEST_RELATION = 50, 20
TICKED = ["1"]

Typed = Mapping[str, list[str]]


class Reach(Struct, frozen=True, omit_defaults=True):
    """A second contact, if there is a `phone`, and when the worker himself can be called.

    `may_know`: whether the second contact may hear that there is a case; if not, only that the worker
    should call back.  `hours` are some of PARTS, none for any time.
    """

    phone: str = ""
    name: str = ""
    relation: str = ""
    may_know: bool = False
    hours: tuple[str, ...] = ()
    text_only: bool = False


def read(typed: Typed) -> Reach | None:
    """What was typed; None where nothing was.  Raises Invalid with every field at fault, by its name."""
    problems: dict[str, str] = {}
    phone = _tried(lambda: telephone(_one(typed, "phone")), "phone", problems)
    name = _tried(lambda: read_name(_one(typed, "name"), LONGEST_NAME), "name", problems)
    relation = _tried(lambda: read_name(_one(typed, "relation"), LONGEST_RELATION), "relation", problems)
    may_know, chosen = bool(_one(typed, "may_know")), typed.get("hours", [])
    if (name or relation or may_know) and not phone:
        problems.setdefault("phone", "second_phone")
    if not set(chosen) <= set(PARTS):
        problems["hours"] = "not_listed"
    if problems:
        raise Invalid(problems)
    hours = tuple(part for part in PARTS if part in chosen)
    found = Reach(
        phone, name, relation, may_know, () if hours == PARTS else hours, bool(_one(typed, "text_only"))
    )
    return None if found == Reach() else found


def shown(reach: Reach | None) -> Typed:
    """The fields as they say what was answered; none where nothing was."""
    if reach is None:
        return {}
    return {
        "phone": [reach.phone],
        "name": [reach.name],
        "relation": [reach.relation],
        "may_know": TICKED if reach.may_know else [],
        "hours": list(reach.hours),
        "text_only": TICKED if reach.text_only else [],
    }


def checked(given: Any) -> Reach | None:
    """As `read`, from the shape of a dossier.  Raises Problem."""
    if given is None:
        return None
    try:
        return read(shown(msgspec.convert(given, Reach)))
    except (msgspec.ValidationError, Invalid):
        raise Problem("wrong_shape") from None


def _one(typed: Typed, field: str) -> str:
    return (typed.get(field) or [""])[0]


def _tried(reader: Callable[[], str], field: str, problems: dict[str, str]) -> str:
    try:
        return reader()
    except Problem as problem:
        problems[field] = str(problem)
        return ""
