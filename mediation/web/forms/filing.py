"""The filing form: what was typed, in the shape of a dossier, with every row kept."""

import re
from collections.abc import Mapping
from typing import Any

from mediation.domain.filing import GROUPS, MOST_CLAIMS, MOST_WORKERS, SUBDISTRICTS
from mediation.domain.money import NotAnAmount, parse_yuan
from mediation.domain.terms import HEADS
from mediation.domain.words import vocabulary, word
from mediation.web.known import ROW, Form

Typed = dict[str, Any]

_PERSON = re.compile(r"workers\.([0-9]{1,4})\.(name|phone|group)")
_CLAIM = re.compile(r"workers\.([0-9]{1,4})\.claims\.([0-9]{1,4})\.(head|amount|from|to)")
FORM = Form(
    frozenset(
        {"category", "subdistrict", "story", "add"}
        | {f"employer.{name}" for name in ("name", "contact.name", "contact.phone")}
    ),
    rows=re.compile(rf"workers\.{ROW}\.(?:name|phone|group|claims\.{ROW}\.(?:head|amount|from|to))"),
)
_ORDER = (
    *("category", "employer", "subdistrict", "workers", "story"),
    *("name", "contact", "phone", "group", "claims"),
    *("head", "amount", "from", "to"),
)
_ADD = re.compile(r"workers\.([0-9]{1,4})\.claims")


def choices() -> dict[str, list[tuple[str, str]]]:
    """The lists of the form: code and word."""
    lists = {
        "plain_categories": tuple(vocabulary()["plain_categories"]),
        "subdistricts": SUBDISTRICTS,
        "groups": GROUPS,
        "heads": HEADS,
    }
    return {kind: [(code, word(kind, code)) for code in codes] for kind, codes in lists.items()}


def blank(category: str) -> Typed:
    """An empty form, the category already chosen at the door."""
    return typed({"category": category if category in vocabulary()["plain_categories"] else ""})


def typed(form: Mapping[str, str]) -> Typed:
    """Everything typed, as text.  Rows of which nothing was filled in are left out, but for the first."""
    people: dict[int, dict[str, str]] = {}
    claims: dict[int, dict[int, dict[str, str]]] = {}
    for field, value in form.items():
        if found := _PERSON.fullmatch(field):
            people.setdefault(int(found[1]), {})[found[2]] = value
        elif found := _CLAIM.fullmatch(field):
            claims.setdefault(int(found[1]), {}).setdefault(int(found[2]), {})[found[3]] = value
    workers = [
        _worker(people.get(seat, {}), claims.get(seat, {})) for seat in sorted(people.keys() | claims.keys())
    ]
    return {
        "channel": "online",
        "category": form.get("category", ""),
        "subdistrict": form.get("subdistrict", ""),
        "employer": {
            "name": form.get("employer.name", ""),
            "contact": {
                "name": form.get("employer.contact.name", ""),
                "phone": form.get("employer.contact.phone", ""),
            },
        },
        "workers": _filled(workers) or [_worker({}, {})],
        "story": form.get("story", ""),
    }


def _worker(person: Mapping[str, str], claims: Mapping[int, dict[str, str]]) -> Typed:
    rows = [_claim(claims[number]) for number in sorted(claims)]
    return {
        "name": person.get("name", ""),
        "phone": person.get("phone", ""),
        "group": person.get("group", ""),
        "claims": _filled(rows) or [_claim({})],
    }


def _claim(row: Mapping[str, str]) -> Typed:
    return {field: row.get(field, "") for field in ("head", "amount", "from", "to")}


def _filled(rows: list[Typed]) -> list[Typed]:
    return [row for row in rows if _says(row)]


def _says(value: Any) -> bool:
    """Whether anything was typed in here."""
    match value:
        case str():
            return bool(value.strip())
        case dict():
            return any(_says(one) for one in value.values())
        case _:
            return any(_says(one) for one in value)


def add_row(form: Typed, where: str) -> None:
    """Add one empty row: a claim of `workers.N.claims`, else a worker."""
    workers = form["workers"]
    if found := _ADD.fullmatch(where):
        rows = workers[min(int(found[1]), len(workers) - 1)]["claims"]
        if len(rows) < MOST_CLAIMS:
            rows.append(_claim({}))
    elif len(workers) < MOST_WORKERS:
        workers.append(_worker({}, {}))


def amounts(form: Typed) -> dict[str, int]:
    """The amounts that can be read, by field, to be said back in words."""
    found = {}
    for seat, worker in enumerate(form["workers"]):
        for number, claim in enumerate(worker["claims"]):
            try:
                found[f"workers.{seat}.claims.{number}.amount"] = parse_yuan(claim["amount"][:40])
            except NotAnAmount:
                continue
    return found


def in_order(problems: Mapping[str, str]) -> dict[str, str]:
    """Problems in the order in which their fields stand on the page."""
    return dict(sorted(problems.items(), key=lambda one: [_place(part) for part in one[0].split(".")]))


def _place(part: str) -> int:
    return int(part) if part.isdecimal() else _ORDER.index(part) if part in _ORDER else len(_ORDER)


def particular(problems: Mapping[str, str]) -> dict[str, str]:
    """Problems with the sentence of their own field where the vocabulary has one: `missing.workers.name`."""
    known = vocabulary()["problems"]
    found = {}
    for field, code in problems.items():
        own = f"{code}.{re.sub(r'[.][0-9]+', '', field)}"
        found[field] = own if own in known else code
    return found
