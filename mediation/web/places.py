"""Am I in the right place?  One question a page; the answers lie in the address and nowhere else."""

from collections.abc import Callable
from dataclasses import asdict
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediation.domain.place_rules import MOST_QUESTIONS
from mediation.domain.place_rules import places as rules
from mediation.domain.places import Both, Outcome, Way, follow
from mediation.domain.scope import signs
from mediation.domain.words import problem as sentence
from mediation.web.context import office
from mediation.web.languages import language

places = Blueprint("places", __name__)

ABOUT = {"pay": "wages", "dismissal": "dismissal", "contract": "no_contract"}
"""Where a category of dispute is said on the first page of applying, too."""
SETTINGS = frozenset({"lang", "size"})
"""How the page is shown; not answers."""
ASKED = "asked"
"""The question whose button was pressed: without an answer to it, nothing was chosen."""


@places.record
def _read(_state: object) -> None:
    """Read the rules when the application is built: with a fault in them nothing starts."""
    rules()
    signs()


@places.get("/where")
def where() -> ResponseReturnValue:
    """The first question that is not answered yet, or what the answers lead to.  Nothing is stored."""
    given = {name: values for name, values in request.args.lists() if name not in SETTINGS}
    twice = {name for name, values in given.items() if len(values) > 1}
    way = follow(rules(), {name: values[0] for name, values in given.items() if name not in twice})
    problem = _problem(way, given, twice)
    page = _result(way, problem) if isinstance(way.next, Outcome) else _question(way, problem)
    return page, 422 if problem else 200


def _problem(way: Way, given: dict[str, list[str]], twice: set[str]) -> str | None:
    """What is wrong with the address, as the code of a sentence: of several the one that matters most."""
    if twice:
        return "said_twice"
    if way.wrong:
        return "no_such_answer"
    if given.keys() - {ASKED} - {question.code for question, _ in way.steps}:
        return "unknown_field"
    if given.get(ASKED) == [way.next.code]:
        return "not_chosen"
    return None


def _question(way: Way, problem: str | None) -> str:
    return _page("public/where.html", way, problem, problems={way.next.code: problem} if problem else {})


def _result(way: Way, problem: str | None) -> str:
    return _page(
        "public/place.html",
        way,
        problem,
        changes=[
            (question, question.choices[code], _address(way, upto=step))
            for step, (question, code) in enumerate(way.steps)
        ],
        about=ABOUT.get(way.category),
        safe=_where({"danger": "no"} | _lang()),
    )


def _page(template: str, way: Way, problem: str | None, **values: object) -> str:
    kept = _answers(way, len(way.steps)) | _lang()
    return render_template(
        template,
        way=way,
        problem=sentence(problem, language()) if problem else "",
        kept=kept,
        most=MOST_QUESTIONS,
        back=_address(way, upto=len(way.steps) - 1) if way.steps else url_for("public.home"),
        here=f"?{urlencode(kept)}&" if kept else "?",
        other_language=_address(way, upto=len(way.steps), lang="zh" if language() == "en" else "en"),
        told=teller(),
        **values,
    )


def teller() -> Callable[[Both], str]:
    """A sentence of the rules in the visitor's language, filled in with what this installation is."""
    ours = office().organisation
    filled = {
        "office": ours.name,
        "phone": ours.phone,
        "address": ours.address,
        "commission": ours.arbitration_commission,
    }
    return lambda both: str(asdict(both)[language()]).format_map(filled)


def _address(way: Way, *, upto: int, lang: str = "") -> str:
    """The address of this way with only its first answers."""
    return _where(_answers(way, upto) | _lang() | ({"lang": lang} if lang else {}))


def _where(query: dict[str, str]) -> str:
    return f"{url_for('.where')}?{urlencode(query)}"


def _answers(way: Way, upto: int) -> dict[str, str]:
    return {question.code: code for question, code in way.steps[:upto]}


def _lang() -> dict[str, str]:
    """The language goes along in the address: no cookie is needed."""
    return {"lang": "en"} if language() == "en" else {}
