"""The page that corrects what is on record of a party; what is typed goes to the record, not into the log."""

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.domain import fields
from mediation.domain.choosing import DETAILS
from mediation.domain.fields import Invalid
from mediation.domain.words import word
from mediation.engine.asking import Ask
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action
from mediation.services.correcting import correct_party
from mediation.web import acting, given
from mediation.web.acting import NOTHING
from mediation.web.context import office
from mediation.web.given import Choices, Field
from mediation.web.known import Form
from mediation.web.opened import Opened
from mediation.web.views import case_view
from mediation.web.wording import wording

NOT_YET = {"before": "0" * 64, "after": "0" * 64}
"""Stands for the fingerprints while the chart is asked: the service makes them."""
FORM = Form(frozenset({"party", "detail", "value", "reason", "reason_other"}))


def form_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """The page that asks whose detail is what, and why."""
    problems = dict(problems or {})
    return render_template(
        "cases/act.html",
        case=case_view(opened),
        action=action,
        seen=opened.revision,
        questions=_questions(opened, action, typed, problems),
        problems=problems,
        refusal=refusal,
        consequence=wording("consequences", action.name),
    )


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Correct the record, if what was typed can be read.  Raises Refused, Invalid."""
    acting.admit(opened, typed, FORM)
    if unlisted := given.not_offered(_questions(opened, action, typed, {})):
        raise Invalid(unlisted)
    raw = given.raw(opened, action, typed) | NOT_YET
    try:
        data, problems = fields.read(action, raw), {}
    except Invalid as invalid:
        data, problems = {}, invalid.problems
    value = typed.get("value", "").strip()
    if problems or not value:
        raise Invalid(problems | ({} if value else {"value": "missing"}))
    ask = Ask(action.name, opened.actor, acting.seen_in(typed), opened.at, data)
    opened.engine.decide(ask, opened.facts)
    answer = acting.once(opened, lambda session: correct_party(session, office(), opened.case_id, ask, value))
    assert answer is not None  # noqa: S101 - an act that is not refused has an answer
    return acting.finished(action.name, answer)


def _questions(
    opened: Opened, action: Action, typed: MultiDict[str, str], problems: Mapping[str, str]
) -> list[Field]:
    [reason] = [one for one in given.questions(opened, action, typed, problems) if one.name == "reason"]
    choices = {"party": _parties(opened), "detail": tuple((one, word("details", one)) for one in DETAILS)}
    asked = [
        Field(
            "radios" if name in choices else "text",
            name,
            wording("fields", f"{action.name}.{name}"),
            wording("field_hints", f"{action.name}.{name}"),
            required=True,
            choices=choices.get(name, ()),
            value=typed.get(name, ""),
            problem=problems.get(name),
        )
        for name in ("party", "detail", "value")
    ]
    return [*asked, reason]


def _parties(opened: Opened) -> Choices:
    return tuple(
        (f"{one.side}:{one.seat}", f"{word('roles', one.side)} {one.name}") for one in opened.case.parties
    )
