"""The kinds of sums: their fields and sentences from `kinds.yaml`, and the formula of each."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path as File
from typing import Any

import yaml

from mediation.domain.calculating import contract, ending, leave, line, overtime, wages
from mediation.domain.calculating.working import Working
from mediation.domain.places import Both

SOURCE = File(__file__).with_name("kinds.yaml")

FORMULAS: Mapping[str, Callable[[Working], Fraction]] = {
    "unpaid_wages": wages.unpaid_wages,
    "overtime": overtime.overtime,
    "minimum_wage": wages.minimum_wage,
    "compensation": ending.compensation,
    "plus_one": ending.plus_one,
    "unlawful_dismissal": ending.unlawful_dismissal,
    "double_wage": contract.double_wage,
    "leave": leave.leave,
    "probation": contract.probation,
    "stoppage": wages.stoppage,
    "sick_pay": wages.sick_pay,
    "final_award": line.final_award,
}
"""Formulas by kind, in the order in which the kinds are offered; each gives fen, exact."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a sum asks for; `kind` is how it is read, `choices` what it offers."""

    name: str
    kind: str
    required: bool
    said: Both
    hint: Both | None
    choices: Mapping[str, Both]


@dataclass(frozen=True, slots=True)
class Kind:
    """One sum that can be asked for."""

    code: str
    said: Both
    law: str
    formula: Both
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Book:
    """All kinds, the sentences of their answers, and the notice under each."""

    kinds: Mapping[str, Kind]
    said: Mapping[str, Both]
    notice: Both


@cache
def book() -> Book:
    """The kinds of this installation."""
    top: Any = yaml.load(SOURCE.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - a BaseLoader: text only
    kinds = {code: _kind(code, top["kinds"][code]) for code in FORMULAS}
    return Book(kinds, {code: _both(row) for code, row in top["said"].items()}, _both(top["notice"]))


def gaps(said: Both) -> tuple[set[str], set[str]]:
    """The names that a sentence leaves open, in each language."""
    return set(re.findall(r"\{(\w+)\}", said.zh)), set(re.findall(r"\{(\w+)\}", said.en))


def _kind(code: str, row: Mapping[str, Any]) -> Kind:
    fields = {name: _field(name, given) for name, given in row["fields"].items()}
    return Kind(code, _both(row), row["law"], _both(row["formula"]), fields)


def _field(name: str, row: Mapping[str, Any]) -> Field:
    return Field(
        name=name,
        kind=row["type"],
        required=row.get("required") == "yes",
        said=_both(row),
        hint=_both(row["hint"]) if "hint" in row else None,
        choices={code: _both(choice) for code, choice in row.get("choices", {}).items()},
    )


def _both(row: Mapping[str, str]) -> Both:
    return Both(row["zh"], row["en"])
