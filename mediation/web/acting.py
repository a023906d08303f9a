"""The page of one act: asked, read, done or refused, with everything typed kept."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.domain import fields
from mediation.domain.fields import Invalid
from mediation.domain.words import word
from mediation.engine.asking import Ask
from mediation.engine.refusals import NotNow, Refused, Unmet
from mediation.engine.workflow import Action
from mediation.services.casework import fire
from mediation.store.db import transaction
from mediation.web import given
from mediation.web.context import office, settle
from mediation.web.errors import STATUS
from mediation.web.opened import Opened, open_case
from mediation.web.views import case_view
from mediation.web.wording import listener, wording

Form = Callable[[Opened, Action, MultiDict[str, str], Mapping[str, str] | None, Refused | None], str]
"""A page that asks for an act: what was typed, what is wrong with it, and why it was refused."""

NOTHING: MultiDict[str, str] = MultiDict()


def why_not(opened: Opened, action: Action) -> Refused | None:
    """Why the act is not open to the visitor now; None if it is."""
    for choice in opened.choices():
        if choice.action is action:
            return None if choice.open else Unmet(choice.reasons)
    return NotNow(action.label, opened.engine.workflow.states[opened.facts.state].label)


def refusal_page(opened: Opened, action: Action, refusal: Refused) -> ResponseReturnValue:
    """Why an act cannot be done, with the way back to the case."""
    page = render_template("cases/refused.html", case=case_view(opened), action=action, refusal=refusal)
    return page, STATUS[type(refusal)]


def form_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """The page that asks for an act."""
    problems = dict(problems or {})
    role = listener(opened.actor.role)
    return render_template(
        "cases/act.html",
        case=case_view(opened),
        action=action,
        seen=opened.revision,
        questions=given.questions(opened, action, typed, problems),
        problems={_field(name): code for name, code in problems.items()},
        refusal=refusal,
        consequence=wording("consequences", f"{action.name}.{role}", action.name),
    )


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Do a plain act as its form asks."""
    if unlisted := given.unlisted(opened, action, typed):
        return form_page(opened, action, typed, unlisted), 422
    try:
        data = fields.read(action, given.raw(opened, action, typed))
    except Invalid as invalid:
        return form_page(opened, action, typed, invalid.problems), 422
    return attempt(opened, action, typed, data, form_page)


def attempt(
    opened: Opened, action: Action, typed: MultiDict[str, str], data: Mapping[str, Any], form: Form
) -> ResponseReturnValue:
    """Do the act in a transaction of its own; if it is refused, show its `form` again with what was typed."""
    try:
        with transaction() as session:
            ask = Ask(action.name, opened.actor, seen_in(typed), opened.at, data)
            fire(session, office().catalogue, opened.case_id, ask)
    except Refused as refusal:
        return again(opened, action, refusal, typed, form)
    return finished(opened, action)


def again(
    opened: Opened, action: Action, refusal: Refused, typed: MultiDict[str, str], form: Form
) -> ResponseReturnValue:
    """After a refusal: the form once more on the case as it now stands, or why there is none."""
    fresh = open_case(opened.case.ref)
    if why_not(fresh, action) is not None:
        return refusal_page(fresh, action, refusal)
    return form(fresh, action, typed, None, refusal), STATUS[type(refusal)]


def finished(opened: Opened, action: Action) -> ResponseReturnValue:
    """After the commit: papers and notices, a word, and back to the case."""
    ref = opened.case.ref
    settle()
    flash(word("done", action.name))
    return redirect(url_for("cases.show", ref=ref))


def seen_in(typed: MultiDict[str, str]) -> int:
    """The revision that the form was made from."""
    return typed.get("seen", default=-1, type=int)


def _field(name: str) -> str:
    """Where on the page the problem of a field is mended."""
    return "payment" if name in given.ANY else name
