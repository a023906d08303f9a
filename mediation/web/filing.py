"""Filing a dispute: one form, no account, nothing lost on the way."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from sqlalchemy.orm import Session

from mediation.domain.fields import Invalid
from mediation.domain.filing import Filing, read
from mediation.domain.words import word
from mediation.engine.asking import Actor
from mediation.services.access import BY_FILING
from mediation.services.casework import Step
from mediation.services.filing import file_claim
from mediation.services.notices import short
from mediation.services.replies import Answer, Reused
from mediation.store.cases import party
from mediation.store.db import db
from mediation.store.models import Case
from mediation.web import known, repeats
from mediation.web.auth import STAFF
from mediation.web.context import now, office, settle, visitor_of_party
from mediation.web.forms import filing as forms

filing = Blueprint("filing", __name__)

Also = Callable[[Session, Case, Actor], Step | None]


def this_browser() -> str:
    """Who sends a filing: the browser, for he is somebody else afterwards, the worker of his case."""
    return f"browser:{session.setdefault('browser', secrets.token_urlsafe(16))}"


@filing.get("/file")
def form() -> ResponseReturnValue:
    """The empty form."""
    this_browser()
    return _page(forms.blank(request.args.get("category", "")))


@filing.post("/file")
def submit() -> ResponseReturnValue:
    """File what was typed, or show the form again: with one more row, or with what is to be mended."""
    typed = forms.typed(request.form)
    try:
        known.only(request.form, forms.FORM)
    except Invalid as wrong:
        return _page(typed, wrong.problems), 422
    if where := request.form.get("add"):
        forms.add_row(typed, where)
        return _page(typed)
    browser = this_browser()
    try:
        answer = repeats.before(browser) or lodge(browser, read(typed))
    except Invalid as wrong:
        return _page(typed, forms.in_order(forms.particular(wrong.problems))), 422
    except Reused as refusal:
        return _page(typed, refusal=refusal), 422
    return _welcome(answer)


def lodge(
    browser: str, claim: Filing, page: str = "cases.show", also: Also = lambda _work, _case, _filer: None
) -> Answer:
    """Store the case and the answer to its form, which leads to `page`, all of it or nothing.

    `also` is done in the same transaction, and may bring the case a step further.  Raises Reused.
    """
    actor = Actor("worker", "filing", claim.workers[0].name, authority=BY_FILING)

    def work(work: Session) -> Answer:
        case, step = file_claim(work, office(), claim, actor, now())
        step = also(work, case, actor) or step
        body = {"state": step.state, "version": step.revision}
        return Answer(case.id, url_for(page, ref=case.ref), json.dumps(body))

    answer = repeats.once(browser, work)
    assert answer is not None  # noqa: S101 - a filing that is not refused has an answer
    if not answer.repeated:
        settle()
    return answer


def by_staff() -> bool:
    """Whether a member of staff files, for somebody who calls or stands at the counter."""
    return bool(current_user.is_authenticated and current_user.actor.role in STAFF)


def admit(answer: Answer) -> Case:
    """Let the first worker of the case in on this browser; staff stay who they are."""
    case = db.session.get_one(Case, answer.case_id)
    if not by_staff():
        login_user(visitor_of_party(party(case, "worker"), BY_FILING))
    return case


def _welcome(answer: Answer) -> ResponseReturnValue:
    """Show the worker his case, with a word on what came of his form."""
    case = admit(answer)
    said = "filed_before" if answer.repeated else "filed"
    flash(word("said", said).format(number=short(case.number)))
    return repeats.given(answer)


def _page(
    typed: dict[str, Any], problems: dict[str, str] | None = None, refusal: Reused | None = None
) -> str:
    return render_template(
        "filing/form.html",
        typed=typed,
        problems=problems or {},
        refusal=refusal,
        lists=forms.choices(),
        amounts=forms.amounts(typed),
    )
