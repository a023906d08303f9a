"""The fields in which somebody says who acts for a party, as what, how far, how long and on what paper."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mediation.domain import fields
from mediation.domain.authorities import KINDS, SCOPES
from mediation.domain.fields import Invalid, Problem
from mediation.domain.naming import name
from mediation.domain.numbers import mobile
from mediation.domain.words import word
from mediation.web import given

NAMES = frozenset({"agent_name", "agent_phone", "kind", "scope", "start", "end", "document"})
LONGEST_NAME = 50
USUAL = timedelta(days=180)
"""How long an authority is proposed to be good for."""

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Said:
    """Who he is, and what an entry keeps of his authority but for its reference."""

    name: str
    phone: str
    authority: dict[str, str]


def proposed(today: date) -> dict[str, str]:
    """The days that the page proposes."""
    return {"start": today.isoformat(), "end": (today + USUAL).isoformat()}


def choices(language: str) -> dict[str, Choices]:
    """What can be chosen: who somebody can be, and how far he may go."""
    return {
        "kinds": [(one, word("agent_kinds", one, language)) for one in KINDS],
        "scopes": [(one, word("scope_sentences", one, language)) for one in SCOPES],
    }


def read(typed: Mapping[str, str], papers: Collection[str]) -> Said:
    """What was typed; `papers` are the digests that can be the authority.

    Raises Invalid with every field at fault.
    """
    problems: dict[str, str] = {}
    found: dict[str, str] = {}
    readers: dict[str, Callable[[str], str]] = {
        "agent_name": lambda said: name(said, LONGEST_NAME),
        "agent_phone": mobile,
        "start": lambda said: fields.calendar_day(given.iso_day(said)),
        "end": lambda said: fields.calendar_day(given.iso_day(said)),
    }
    for field, reader in readers.items():
        try:
            found[field] = _typed(typed.get(field, ""), reader, field)
        except Problem as problem:
            problems[field] = str(problem)
    for field, codes in (("kind", KINDS), ("scope", SCOPES)):
        found[field] = typed.get(field, "")
        if found[field] not in codes:
            problems[field] = "choose_one"
    if document := typed.get("document", ""):
        found["document"] = document
        if document not in papers:
            problems["document"] = "not_listed"
    if problems:
        raise Invalid(problems)
    who = found.pop("agent_name"), found.pop("agent_phone")
    return Said(*who, found)


def _typed(said: str, reader: Callable[[str], str], field: str) -> str:
    """One field, read.  Raises Problem, also where nothing is left of it."""
    found = reader(said) if said.strip() else ""
    if not found:
        raise Problem(f"missing.{field}")
    return found
