"""The page on which a side says which half-days suit it, and the mediator's page that starts from them."""

from collections.abc import Mapping, Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.domain import fields, halfdays
from mediation.domain.fields import Invalid
from mediation.domain.problems import Problem
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action
from mediation.web import acting
from mediation.web.acting import NOTHING
from mediation.web.known import Form, boxes, listed
from mediation.web.opened import Opened
from mediation.web.views import case_view
from mediation.web.wording import wording

ANY = "yes"
FORM = Form(frozenset({"any", "none"}), frozenset({"halfdays"}), exact=boxes("none") | {"any": listed([ANY])})


def form_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """What is offered, ticked as it was sent or as it was answered before; and all of it in one tap."""
    case = case_view(opened)
    return render_template(
        "cases/choose_times.html",
        case=case,
        action=action,
        seen=opened.revision,
        offered=halfdays.offered(opened.at),
        ticked=set(typed.getlist("halfdays")) if typed else {one.code for one in case.times.mine},
        none_suits="none" in typed if typed else case.times.none,
        problems=problems or {},
        refusal=refusal,
        consequence=wording("consequences", action.name),
    )


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Keep what suits the visitor, or that none does, in place of what he said before.

    Raises Refused, Invalid.
    """
    acting.admit(opened, typed, FORM)
    everything = [one.code for one in halfdays.offered(opened.at)]
    chosen = typed.getlist("halfdays")
    if "any" in typed:
        chosen = everything
    if problem := _problem(opened, chosen, everything, none="none" in typed):
        raise Invalid({"halfdays": problem})
    return acting.attempt(opened, action, typed, fields.read(action, {"halfdays": chosen}))


def fix_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str],
    problems: Mapping[str, str] | None,
    refusal: Refused | None,
) -> str:
    """The mediator's page, filled in with the first half-day that suits everybody who has answered."""
    shared = halfdays.common(opened.facts, opened.at)
    if shared and not typed:
        start = shared[0].start
        typed = MultiDict({"for_day": start.date().isoformat(), "for_time": f"{start:%H:%M}"})
    return acting.form_page(opened, action, typed, problems, refusal)


def _problem(opened: Opened, chosen: Sequence[str], offered: Sequence[str], *, none: bool) -> str:
    """What is wrong with an answer, `none` being that none suits; nothing where it can be kept."""
    if none:
        return "halfday_and_none" if chosen else ""
    if not chosen:
        return "no_halfday"
    strange = set(chosen).difference(offered)
    if any(_past(opened, code) for code in strange):
        return "halfday_past"
    return "not_listed" if strange else ""


def _past(opened: Opened, code: str) -> bool:
    try:
        return halfdays.read(code).day <= opened.today
    except Problem:
        return False
