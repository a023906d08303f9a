"""What a form may send: its own fields, each of them once.  Anything else is refused, and nothing is done.

A field that no page asks for was typed by a program: to take the rest and be silent about it would let
it believe that it has been heard.  Of a field sent twice nobody knows which one was meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from mediation.domain.fields import Invalid

BESIDE = frozenset({"csrf_token", "once", "seen"})
"""What every form sends beside its own fields."""
ROW = "(?:0|[1-9][0-9]{0,3})"
"""The number of a row in the name of a field: one spelling each, so that no two names mean one row."""
MOST_NAMED = 10
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Form:
    """The names a form sends: single ones, those sent as often as ticked, of its rows, its files."""

    single: frozenset[str]
    ticked: frozenset[str] = frozenset()
    rows: re.Pattern[str] | None = None
    files: frozenset[str] = frozenset()

    def knows(self, name: str) -> bool:
        """Whether the page asks for this."""
        return (
            name in self.single
            or name in self.ticked
            or name in BESIDE
            or bool(self.rows and self.rows.fullmatch(name))
        )


def only(typed: MultiDict[str, str], form: Form) -> None:
    """Refuse what the form does not have, and what it has once but was sent twice.  Raises Invalid."""
    wrong = {}
    for name, code in _wrong(typed, form):
        wrong[name[:LONGEST_NAME]] = code
        if len(wrong) == MOST_NAMED:
            break
    if wrong:
        raise Invalid(wrong)


def _wrong(typed: MultiDict[str, str], form: Form) -> Iterator[tuple[str, str]]:
    for name, values in typed.lists():
        if not form.knows(name):
            yield name, "unknown_field"
        elif len(values) > 1 and name not in form.ticked:
            yield name, "said_twice"
    yield from ((name, "unknown_field") for name in request.files if name not in form.files)
