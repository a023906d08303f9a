"""The elements of a dispute: a worker's page to tell them; what he told, for himself and for staff."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.domain import fields
from mediation.domain.elements import Element, answer, elements
from mediation.domain.fields import Invalid, Problem
from mediation.domain.money import figures, plain
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action
from mediation.web import acting, languages
from mediation.web.acting import NOTHING
from mediation.web.known import Form
from mediation.web.lines import worker_name
from mediation.web.opened import Opened
from mediation.web.views import case_view
from mediation.web.wording import wording

ACT = "tell_elements"
READERS: Mapping[str, Callable[[Any], Any]] = {"day": fields.calendar_day, "amount": fields.amount}


@dataclass(frozen=True, slots=True)
class Told:
    """An element that a worker has told: the question, and the answer in words."""

    said: str
    answer: str


def form_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """The questions for what this worker claims, with what he has answered before."""
    before = {code: _shown(said) for code, said in _answers(opened, opened.actor.seat).items()}
    return render_template(
        "cases/elements.html",
        case=case_view(opened),
        action=action,
        seen=opened.revision,
        language=languages.language(),
        questions=_asked(opened, opened.actor.seat),
        typed=typed if typed else before,
        problems=problems or {},
        refusal=refusal,
        consequence=wording("consequences", action.name),
    )


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Keep what was answered; what was left out is not asked again here.  Raises Refused, Invalid."""
    asked = _asked(opened, opened.actor.seat)
    acting.admit(opened, typed, Form(frozenset(question.code for question in asked)))
    said, problems = {}, {}
    for question in asked:
        written = typed.get(question.code, "").strip()
        if not written:
            continue
        try:
            answer(question, written, READERS)
        except Problem as problem:
            problems[question.code] = str(problem)
        said[question.code] = written
    if not said:
        problems[asked[0].code] = "answer_one"
    if problems:
        raise Invalid(problems)
    return acting.attempt(opened, action, typed, fields.read(action, {"elements": said}))


def may_tell(opened: Opened) -> bool:
    """Whether the visitor could tell elements now."""
    return any(choice.open and choice.action.name == ACT for choice in opened.choices())


def told(opened: Opened) -> dict[str, list[Told]]:
    """What each worker has told, by his name: staff see all, a worker his own, an employer nothing."""
    seats = range(opened.facts.workers) if opened.staff else ()
    if opened.actor.role == "worker":
        seats = range(opened.actor.seat, opened.actor.seat + 1)
    found = {seat: _lines(_answers(opened, seat)) for seat in seats}
    return {worker_name(opened, seat): lines for seat, lines in found.items() if lines}


def _asked(opened: Opened, seat: int) -> tuple[Element, ...]:
    return elements().of(claim.head for claim in opened.facts.claims if claim.worker == seat)


def _answers(opened: Opened, seat: int) -> dict[str, Any]:
    """What the worker in this seat has answered, the later answer to a question before the earlier."""
    found: dict[str, Any] = {}
    for entry in opened.case.log:
        if entry.action == ACT and entry.seat == seat:
            found |= msgspec.json.decode(entry.data)["elements"]
    return found


def _lines(answers: Mapping[str, Any]) -> list[Told]:
    language, questions = languages.language(), elements().questions
    return [Told(one.said[language], _in_words(one, answers[code], language))
            for code, one in questions.items() if code in answers]  # fmt: skip


def _in_words(question: Element, said: Any, language: str) -> str:
    if question.kind == "choice":
        return question.choices[said][language]
    return figures(said) if question.kind == "amount" else str(said)


def _shown(said: Any) -> str:
    return plain(said) if isinstance(said, int) else str(said)
