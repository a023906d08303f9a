"""What a form may send: its own fields, each of them once.  Anything else is refused, and nothing is done.

A field that no page asks for was typed by a program: to take the rest and be silent about it would let
it believe that it has been heard.  Of a field sent twice nobody knows which one was meant, and a box that
comes with a value that no page gives it was neither ticked nor left alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import MultiDict

from mediation.domain.fields import Invalid

BESIDE = frozenset({"csrf_token", "once", "seen"})
"""What every form sends beside its own fields."""
ROW = "(?:0|[1-9][0-9]{0,3})"
"""The number of a row in the name of a field: one spelling each, so that no two names mean one row."""
MOST_NAMED = 10
LONGEST_NAME = 60
TICKED = "1"
"""What a box says that is ticked, and a button or a hidden field that says one thing only."""


@dataclass(frozen=True, slots=True)
class Form:
    """The names a form sends: single ones, those sent as often as ticked, of its rows, its files.

    `exact` has what some of them say where they are sent: nobody types those.
    """

    single: frozenset[str]
    ticked: frozenset[str] = frozenset()
    rows: re.Pattern[str] | None = None
    files: frozenset[str] = frozenset()
    exact: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def knows(self, name: str) -> bool:
        """Whether the page asks for this."""
        return (
            name in self.single
            or name in self.ticked
            or name in BESIDE
            or bool(self.rows and self.rows.fullmatch(name))
        )


def boxes(*names: str) -> dict[str, re.Pattern[str]]:
    """Boxes that are ticked or not, for `exact`."""
    return dict.fromkeys(names, listed([TICKED]))


def listed(codes: Iterable[str]) -> re.Pattern[str]:
    """One of these codes, for `exact`."""
    return re.compile("|".join(re.escape(code) for code in codes))


def only(typed: MultiDict[str, str], form: Form) -> None:
    """Refuse what the form does not have, has once but was sent twice, or never says.  Raises Invalid."""
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
        elif len(values) > (len(set(values)) if name in form.ticked else 1):
            yield name, "said_twice"
        elif name in form.exact and not all(map(form.exact[name].fullmatch, values)):
            yield name, "not_listed" if name in form.ticked else "odd_box"
    yield from ((name, "unknown_field") for name in request.files if name not in form.files)
