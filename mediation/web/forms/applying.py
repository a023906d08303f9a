"""The pages of an application: what each may send, and its answer as the fields that say it."""

import re
from collections.abc import Callable, Iterable, Mapping

from mediation.domain.applying import CONSENT, KINDS, Answers, Typed, amount_field, unclear_field
from mediation.domain.money import plain
from mediation.web.known import TICKED, Form, boxes, listed

CHANGE = "change"
"""Sent by a page that was opened from the list of answers and leads back there."""
_AMOUNTS = frozenset(map(amount_field, KINDS))
_FEN = re.compile("[1-9][0-9]{0,17}")


def _form(typed: Iterable[str], exact: Mapping[str, re.Pattern[str]] | None = None) -> Form:
    """A page of an application: what is typed or chosen from a list, and what is ticked or hidden."""
    fixed = boxes(CHANGE) | dict(exact or {})
    return Form(frozenset({*typed, *fixed}), exact=fixed)


FORMS: Mapping[str, Form] = {
    "what": Form(frozenset({CHANGE}), frozenset({"what"}), exact=boxes(CHANGE) | {"what": listed(KINDS)}),
    "employer": _form({"name", "phone"}, boxes("unknown")),
    "place": _form({"place"}),
    "when": _form({"since", "day"}, boxes("about")),
    "amount": _form(_AMOUNTS, boxes(*map(unclear_field, KINDS)) | {"sure": _FEN}),
    "story": _form({"story"}),
    "contact": _form({"name", "phone"}, {"consent": listed([CONSENT])}),
}


def shown(step: str, answers: Answers) -> Typed:
    """The fields of a page as they say the answer that was given; none where there is none yet."""
    return {} if getattr(answers, step) is None else _SHOWN[step](answers)


def _employer(answers: Answers) -> Typed:
    firm = answers.employer
    assert firm is not None  # noqa: S101 - see shown
    return {"name": [firm.name or ""], "unknown": _ticked(firm.name is None), "phone": [firm.phone]}


def _when(answers: Answers) -> Typed:
    since = answers.when
    assert since is not None  # noqa: S101 - see shown
    return {"since": [since.length], "day": [since.day], "about": _ticked(since.about)}


def _amount(answers: Answers) -> Typed:
    found: dict[str, list[str]] = {}
    for kind, fen in (answers.amount or {}).items():
        found[amount_field(kind)] = [plain(fen).removesuffix(".00") if fen is not None else ""]
        found[unclear_field(kind)] = _ticked(fen is None)
    return found


def _contact(answers: Answers) -> Typed:
    who = answers.contact
    assert who is not None  # noqa: S101 - see shown
    return {"name": [who.name], "phone": [who.phone], "consent": [who.consented]}


def _ticked(said: bool) -> list[str]:  # noqa: FBT001 - what is ticked is what it is about
    return [TICKED] if said else []


_SHOWN: Mapping[str, Callable[[Answers], Typed]] = {
    "what": lambda answers: {"what": list(answers.what or ())},
    "employer": _employer,
    "place": lambda answers: {"place": [answers.place or ""]},
    "when": _when,
    "amount": _amount,
    "story": lambda answers: {"story": [answers.story or ""]},
    "contact": _contact,
}
