"""`mediation calculate`: what somebody is owed, from JSON to JSON."""

import json
from typing import Any, TextIO

import click

from mediation.cli.context import now, show
from mediation.cli.failing import Failed
from mediation.domain.calculating.asking import REGION, calculate
from mediation.domain.calculating.kinds import book
from mediation.domain.calculating.rates import rates
from mediation.domain.calculating.telling import as_json, listed
from mediation.domain.facts import day
from mediation.domain.fields import Invalid
from mediation.domain.words import problem

MOST = 10_000_000
"""Characters of one file, and far more than anybody has sums for."""


@click.command("calculate")
@click.argument("file", required=False, type=click.File("r", encoding="utf-8"))
@click.option("--list", "listing", is_flag=True, help="Name the kinds of sums, their fields and units.")
def calculate_command(file: TextIO | None, *, listing: bool) -> None:
    """Work out the sums in FILE (- for standard input): an object {"kind": ..., fields} or a list of them.

    Amounts are yuan.  Prints JSON; status 2 and a sentence for each field that is wrong.
    """
    if listing:
        show(listed(), as_json=True, lines=[])
        return
    if file is None:
        raise Failed("name a FILE, - for standard input, or --list", status=2)
    asked = _read(file)
    several = isinstance(asked, list)
    answers, faults = [], []
    for place, one in enumerate(asked if several else [asked], 1):
        try:
            answers.append(_answered(one))
        except Failed as failed:
            faults += [f"{f'sum {place}: ' if several else ''}{said}" for said in failed.sentences]
    if faults:
        raise Failed(*faults, status=2)
    show(answers if several else answers[0], as_json=True, lines=[])


def _read(file: TextIO) -> Any:
    """What the file says; numbers with a decimal point stay text, so that none is ever inexact."""
    try:
        source = file.read(MOST + 1)
        if len(source) > MOST:
            raise Failed(f"more than {MOST} characters", status=2)
        return json.loads(source, parse_float=str, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Failed(f"not JSON: {error}", status=2) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are said once.  Raises ValueError."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is said twice in one object")
    return found


def _answered(one: Any) -> dict[str, Any]:
    if not isinstance(one, dict):
        raise Failed("a sum is an object with a kind and its fields")
    given = dict(one)
    code, region = given.pop("kind", None), given.pop("region", REGION)
    if not isinstance(code, str) or code not in book().kinds:
        raise Failed(f"kind: must be one of {', '.join(book().kinds)}")
    if not isinstance(region, str) or region not in rates().regions:
        raise Failed(f"region: must be one of {', '.join(rates().regions)}")
    try:
        return as_json(calculate(book().kinds[code], given, day(now()), region))
    except Invalid as wrong:
        raise Failed(*(f"{name}: {problem(said, 'en')}" for name, said in wrong.problems.items())) from None


COMMANDS = (calculate_command,)
