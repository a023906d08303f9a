"""What am I owed?  A kind, a short form, an answer; all of it in the address, and nothing is stored."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediation.domain.calculating import asking
from mediation.domain.calculating.kinds import Kind, book
from mediation.domain.calculating.rates import rates
from mediation.domain.calculating.working import number
from mediation.domain.facts import day
from mediation.domain.fields import Invalid
from mediation.domain.places import Both
from mediation.web.context import now
from mediation.web.given import iso_day
from mediation.web.known import BESIDE, LONGEST_NAME, MOST_NAMED
from mediation.web.languages import language

calculating = Blueprint("calculating", __name__)

SETTINGS = frozenset({"lang", "size"})
"""How the page is shown; no part of a sum."""
KIND, ASKED = "kind", "asked"
LONGEST_ADDRESS = 7500
"""Of a sum, in characters: servers read 8 KB of an address (`serving`), and say nothing kind beyond."""
ABOUT = {
    "overtime": "overtime",
    "compensation": "dismissal",
    "plus_one": "dismissal",
    "unlawful_dismissal": "dismissal",
    "double_wage": "no_contract",
    "leave": "other",
    "final_award": None,
}
"""What the application is about that follows a sum; wages where nothing else is said."""


@calculating.record
def _read(_state: object) -> None:
    """Read kinds and rates when the application is built: with a fault in them nothing starts."""
    book()
    rates()


@calculating.post("/calculate")
def lengthy() -> ResponseReturnValue:
    """The form of a sum that takes a year of days: to the answer, which has its address as any other."""
    sent = ((name, value) for name, value in request.form.items(multi=True) if name not in BESIDE)
    said = [(name, value.replace("\r\n", "\n")) for name, value in sent]
    address = f"{url_for('.calculate')}?{urlencode(said)}"
    if len(address) <= LONGEST_ADDRESS:
        return redirect(address)
    typed = dict(said)
    kind = book().kinds.get(typed.pop(KIND, ""))
    lines = next((name for name, field in kind.fields.items() if field.kind == "dates"), "") if kind else ""
    return _form(kind, typed, {lines: "too_many_days"}) if kind and lines else _kinds({KIND: "too_long"})


@calculating.get("/calculate")
def calculate() -> ResponseReturnValue:
    """The kinds, the form of one, or its answer."""
    lists = {name: values for name, values in request.args.lists() if name not in SETTINGS}
    typed = {name: values[0] for name, values in lists.items()}
    problems = {name[:LONGEST_NAME]: "said_twice" for name, values in lists.items() if len(values) > 1}
    kind = book().kinds.get(typed.pop(KIND, ""))
    asked = typed.pop(ASKED, "")
    if kind is None:
        if asked or KIND in lists:
            problems = {KIND: "not_listed" if lists.get(KIND, [""])[0] else "choose_one"}
        elif typed:
            problems |= _unknown(typed)
        return _kinds(problems)
    if problems or not asked:
        problems |= _unknown({name: value for name, value in typed.items() if name not in kind.fields})
        return _form(kind, typed, problems)
    try:
        answer = asking.calculate(kind, _plain(kind, typed), day(now()))
    except Invalid as wrong:
        return _form(kind, typed, dict(list(wrong.problems.items())[:MOST_NAMED]))
    change = _address({KIND: kind.code} | typed | _lang())
    about = ABOUT.get(kind.code, "wages")
    return _page(
        "public/sum.html", kind=kind, answer=answer, change=change, about=about, book=rates(), number=number
    )


def _unknown(typed: dict[str, str]) -> dict[str, str]:
    return {name[:LONGEST_NAME]: "unknown_field" for name in list(typed)[:MOST_NAMED]}


def _plain(kind: Kind, typed: dict[str, str]) -> dict[str, str]:
    """Days as ISO where they can be understood; everything else as it was typed."""
    return {
        name: iso_day(value) if name in kind.fields and kind.fields[name].kind == "day" else value
        for name, value in typed.items()
    }


def _kinds(problems: dict[str, str]) -> ResponseReturnValue:
    page = _page("public/sums.html", kinds=book().kinds, problems=problems)
    return page, 422 if problems else 200


def _form(kind: Kind, typed: dict[str, str], problems: dict[str, str]) -> ResponseReturnValue:
    shown = {name[:LONGEST_NAME]: code for name, code in problems.items()}
    long = any(field.kind == "dates" for field in kind.fields.values())
    page = _page("public/sum_form.html", kind=kind, typed=typed, problems=shown, long=long)
    return page, 422 if problems else 200


def _page(template: str, **values: object) -> str:
    kept = {name: value for name, value in request.args.items() if name not in SETTINGS}
    other = _address(kept | {"lang": "zh" if language() == "en" else "en"})
    here = f"?{urlencode(kept | _lang())}&" if kept or _lang() else "?"
    return render_template(template, told=_told, other_language=other, here=here, lang=_lang(), **values)


def _told(both: Both) -> str:
    return both.en if language() == "en" else both.zh


def _address(query: dict[str, str]) -> str:
    return f"{url_for('.calculate')}?{urlencode(query)}"


def _lang() -> dict[str, str]:
    return {"lang": "en"} if language() == "en" else {}
