"""From what was typed to an answer: fields read one by one, the formula worked out, rounded once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from mediation.domain.calculating.kinds import FORMULAS, Field, Kind, book
from mediation.domain.calculating.rates import Rate, rates
from mediation.domain.calculating.working import Said, Working, Yuan, number, rounded
from mediation.domain.clocks import calendar
from mediation.domain.fields import Invalid, Problem, calendar_day, text
from mediation.domain.money import FULL_WIDTH, NotAnAmount, figures
from mediation.domain.places import Both
from mediation.domain.spoken import spoken_yuan

REGION = "beijing"
"""Whose rates are used where nobody says another region."""
MOST_YUAN = 10**10
"""First refused amount, in fen: a hundred million yuan a month is a slip of the finger."""
MOST_LINES, MOST_TEXT = 400, 20_000
FIRST_YEAR, LAST_YEAR = 2008, 2098


@dataclass(frozen=True, slots=True)
class Answer:
    """A sum that was worked out: `fen` is rounded, everything else says how it came about."""

    kind: Kind
    region: str
    fen: int
    inputs: tuple[tuple[Field, Both], ...]
    steps: tuple[Both, ...]
    rates: tuple[Rate, ...]
    assumed: tuple[Both, ...]
    notice: Both


def calculate(kind: Kind, given: Mapping[str, Any], today: date, region: str = REGION) -> Answer:
    """Work out a sum.  Raises Invalid with every field at fault: unknown, missing, or not readable.

    `given` maps fields to text as it is typed; amounts and counts may be whole numbers, and `dates` a
    list of lines.  `today` stands for a day that may be left out.
    """
    found = _read(kind, given)
    work = Working(found, region, today, rates(), calendar())
    fen = rounded(FORMULAS[kind.code](work))
    words = book()
    return Answer(
        kind=kind,
        region=region,
        fen=fen,
        inputs=tuple((kind.fields[name], _shown(kind.fields[name], value)) for name, value in found.items()),
        steps=tuple(told(said) for said in work.steps),
        rates=tuple(work.used),
        assumed=tuple(told(said) for said in work.assumed),
        notice=words.notice,
    )


def told(said: Said) -> Both:
    """A sentence with its gaps filled in, in both languages."""
    sentence = book().said[said.code]
    values = {name: written(value) for name, value in said.values.items()}
    return Both(sentence.zh.format_map(values), sentence.en.format_map(values))


def written(value: Yuan | Fraction | int | date | str) -> str:
    """A value inside a sentence: yuan with two decimals, a number in full, a day as 2026-04-09."""
    if isinstance(value, Yuan):
        return figures(rounded(value.fen))
    if isinstance(value, Fraction):
        return number(value)
    return str(value)


def _read(kind: Kind, given: Mapping[str, Any]) -> dict[str, Any]:
    problems: dict[str, str] = {}
    found: dict[str, Any] = {}
    for name, field in kind.fields.items():
        value = given.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if field.required:
                problems[name] = "choose_one" if field.choices else "missing"
            continue
        try:
            found[name] = READERS[field.kind](field, value)
        except Problem as problem:
            problems[name] = str(problem)
    problems |= {name: "unknown_field" for name in given if name not in kind.fields}
    if problems:
        raise Invalid(problems)
    return found


def _typed(value: Any, most: int = 100) -> str:
    """Text as typed, or a whole number as text.  Raises Problem."""
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18
    return text(str(value) if whole else value, most)


def _yuan(_field: Field, value: Any) -> int:
    try:
        fen = spoken_yuan(_typed(value))
    except NotAnAmount as wrong:
        if wrong.code == "zero":
            return 0
        raise Problem(f"not_an_amount.{wrong.code}") from None
    if fen >= MOST_YUAN:
        raise Problem("not_an_amount.too_large")
    return fen


def _number(_field: Field, value: Any) -> Fraction:
    written = _typed(value)
    if FULL_WIDTH.search(written):
        raise Problem("full_width")
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", written):
        raise Problem("not_a_count")
    return Fraction(written)


def _year(_field: Field, value: Any) -> int:
    written = _typed(value)
    if FULL_WIDTH.search(written):
        raise Problem("full_width")
    if not re.fullmatch("[0-9]{4}", written) or not FIRST_YEAR <= int(written) <= LAST_YEAR:
        raise Problem("not_a_year")
    return int(written)


def _day(_field: Field, value: Any) -> date:
    return date.fromisoformat(calendar_day(value))


def _choice(field: Field, value: Any) -> str:
    if not isinstance(value, str) or value not in field.choices:
        raise Problem("not_listed")
    return value


def _dates(_field: Field, value: Any) -> dict[date, Fraction]:
    """Days with their hours: lines of `2026-10-01 8`.  Raises Problem with the line that is wrong."""
    lines = value if isinstance(value, list) else text(value, MOST_TEXT).splitlines()
    if len(lines) > MOST_LINES:
        raise Problem("too_many")
    found: dict[date, Fraction] = {}
    for place, line in enumerate(lines, 1):
        written = text(line, MOST_TEXT)
        if not written:
            continue
        parts = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ \t]+([0-9]{1,2}(?:\.[0-9]{1,2})?)", written)
        if parts is None or not 0 < Fraction(parts[2]) <= 24:
            raise Problem(f"not_day_and_hours:{place}")
        try:
            day = date.fromisoformat(calendar_day(parts[1]))
        except Problem:
            raise Problem(f"not_day_and_hours:{place}") from None
        if day in found:
            raise Problem(f"day_twice:{day}")
        found[day] = Fraction(parts[2])
    return found


READERS: Mapping[str, Callable[[Field, Any], Any]] = {
    "yuan": _yuan,
    "number": _number,
    "year": _year,
    "day": _day,
    "choice": _choice,
    "dates": _dates,
}
"""How each type of field is read."""


def _shown(field: Field, value: Any) -> Both:
    """An input as it was understood."""
    if field.kind == "choice":
        return field.choices[value]
    if field.kind == "yuan":
        said = figures(value)
    elif field.kind == "dates":
        said = "; ".join(f"{day} {number(hours)}" for day, hours in value.items())
    else:
        said = written(value)
    return Both(said, said)
