"""The page of one act: asked, read, done or refused, with everything typed kept."""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from mediation.domain import fields
from mediation.domain.fields import Invalid
from mediation.engine.asking import Ask
from mediation.engine.refusals import NotNow, Refused, Stale, Unmet
from mediation.engine.workflow import Action
from mediation.services import waking
from mediation.services.casework import Late, Step, current, standing, step
from mediation.services.replies import Answer
from mediation.store.db import db, transaction
from mediation.web import answers, given, known, repeats
from mediation.web.context import office, settle
from mediation.web.errors import STATUS
from mediation.web.opened import Opened, open_case
from mediation.web.views import case_view
from mediation.web.wording import listener, worded, wording

Form = Callable[[Opened, Action, MultiDict[str, str], Mapping[str, str] | None, Refused | None], str]
"""A page that asks for an act: what was typed, what is wrong with it, and why it was refused."""

Perform = Callable[[Opened, Action, MultiDict[str, str]], ResponseReturnValue]
"""What a page does with what was typed."""

NOTHING: MultiDict[str, str] = MultiDict()


def why_not(opened: Opened, action: Action) -> Refused | None:
    """Why the act is not open to the visitor now; None if it is."""
    for choice in opened.choices():
        if choice.action is action:
            return None if choice.open else Unmet(choice.reasons)
    return NotNow(action.label, opened.engine.workflow.states[opened.facts.state].label)


def refusal_page(opened: Opened, action: Action, refusal: Refused) -> ResponseReturnValue:
    """Why an act cannot be done, with the way back to the case."""
    if answers.wanted():
        where = standing(db.session(), office().catalogue, opened.case_id)
        return answers.refused(refusal, where), STATUS[type(refusal)]
    page = render_template("cases/refused.html", case=case_view(opened), action=action, refusal=refusal)
    return page, STATUS[type(refusal)]


def form_page(  # noqa: PLR0913, PLR0917 - a form as every page has it, and what is read a second time
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
    second: object = None,
) -> str:
    """The page that asks for an act; `second` is a refusal to be read a second time."""
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
        second=second,
        consequence=wording("consequences", f"{action.name}.{role}", action.name),
    )


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Do a plain act as its form asks.  Raises Refused, Invalid."""
    admit(opened, typed, given.form(action))
    if unlisted := given.unlisted(opened, action, typed):
        raise Invalid(unlisted)
    return attempt(opened, action, typed, fields.read(action, given.raw(opened, action, typed)))


def admit(opened: Opened, typed: MultiDict[str, str], form: known.Form) -> None:
    """Whoever saw another case than this is told so first, then what its form does not have.

    Raises Stale, Invalid.
    """
    seen, session = seen_in(typed), db.session()
    if not current(session, opened.case_id, seen, opened.revision):
        raise Stale(seen, standing(session, office().catalogue, opened.case_id))
    known.only(typed, form)


def attempt(
    opened: Opened, action: Action, typed: MultiDict[str, str], data: Mapping[str, Any]
) -> ResponseReturnValue:
    """Do the act in a transaction of its own.  Raises Refused."""
    ask = Ask(action.name, opened.actor, seen_in(typed), opened.at, data)
    catalogue, case_id = office().catalogue, opened.case_id
    answer = repeats.stepped(
        opened.actor.id, lambda beside: step(catalogue, case_id, ask, beside), _teller(opened, action.name)
    )
    return finished(action.name, answer)


def once(opened: Opened, work: Callable[[Session], Step | None]) -> Answer | None:
    """Do what the form in hand asks, once; `work` gives no step where nothing was done.  Raises Refused."""
    told = _teller(opened)

    def answered(session: Session) -> Answer | None:
        came = work(session)
        return told(came) if came else None

    return repeats.once(opened.actor.id, answered)


def _teller(opened: Opened, action: str = "") -> Callable[[Step], Answer]:
    """How a step is told to whoever asked for it: back to the case, or as JSON."""
    # Whoever has stepped aside does not find the case any more.
    place = url_for("desk.show") if action == "recuse" else url_for("cases.show", ref=opened.case.ref)

    def told(came: Step) -> Answer:
        return Answer(came.case_id, place, json.dumps({"state": came.state, "version": came.revision}))

    return told


def again(
    opened: Opened, action: Action, refusal: Refused, typed: MultiDict[str, str], form: Form
) -> ResponseReturnValue:
    """After a refusal: the form once more on the case as it now stands, or why there is none."""
    # What was due before the act has been undone with it: done now, the page says what the refusal meant.
    with suppress(Late, Refused), transaction() as session:
        waking.act(session, office(), opened.case_id, opened.at)
    fresh = open_case(opened.case.ref)
    if answers.wanted() or why_not(fresh, action) is not None:
        return refusal_page(fresh, action, refusal)
    return form(fresh, action, typed, None, refusal), STATUS[type(refusal)]


def mended(
    opened: Opened, action: Action, problems: Mapping[str, str], typed: MultiDict[str, str], form: Form
) -> ResponseReturnValue:
    """What cannot be read in a form, each beside its field."""
    if answers.wanted():
        return answers.invalid(problems), 422
    return form(opened, action, typed, problems, None), 422


def finished(name: str, answer: Answer) -> ResponseReturnValue:
    """After the commit: papers and notices, a word, and back to the case."""
    if not answer.repeated:
        settle()
    if not answers.wanted():
        flash(worded("done", name))
    return repeats.given(answer)


def seen_in(typed: MultiDict[str, str]) -> int:
    """The revision that the form was made from.  Raises Invalid where the form does not say it."""
    seen = typed.get("seen", "")
    if not re.fullmatch("[0-9]{1,9}", seen):
        raise Invalid({"seen": "not_seen"})
    return int(seen)


def _field(name: str) -> str:
    """Where on the page the problem of a field is mended."""
    return "payment" if name in given.ANY else name
