"""Filing a dispute: one form, no account, nothing lost on the way."""

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from sqlalchemy.exc import IntegrityError

from mediation.domain.fields import Invalid
from mediation.domain.filing import Filing, read
from mediation.domain.words import word
from mediation.engine.asking import Actor
from mediation.services import once
from mediation.services.access import BY_FILING
from mediation.services.filing import file_claim
from mediation.services.notices import short
from mediation.store.cases import party
from mediation.store.db import db, transaction
from mediation.store.models import Case
from mediation.web.auth import STAFF
from mediation.web.context import now, office, settle, visitor_of_party
from mediation.web.forms import filing as forms

filing = Blueprint("filing", __name__)


@filing.get("/file")
def form() -> ResponseReturnValue:
    """The empty form."""
    session.setdefault("browser", secrets.token_urlsafe(16))
    return _page(forms.blank(request.args.get("category", "")), secrets.token_urlsafe(16))


@filing.post("/file")
def submit() -> ResponseReturnValue:
    """File what was typed, or show the form again: with one more row, or with what is to be mended."""
    typed = forms.typed(request.form)
    token = request.form.get("once") or secrets.token_urlsafe(16)
    if where := request.form.get("add"):
        forms.add_row(typed, where)
        return _page(typed, token)
    browser = session.setdefault("browser", secrets.token_urlsafe(16))
    before = once.case_of(db.session(), browser, token)
    if before is not None:
        return _welcome(before, "filed_before")
    try:
        case = _file(read(typed), browser, token)
    except Invalid as wrong:
        return _page(typed, token, forms.in_order(forms.particular(wrong.problems))), 422
    except IntegrityError:
        before = once.case_of(db.session(), browser, token)
        if before is None:
            raise
        return _welcome(before, "filed_before")
    settle()
    return _welcome(case, "filed")


def _file(claim: Filing, browser: str, token: str) -> Case:
    """Store the case and remember the form, all of it or nothing."""
    actor = Actor("worker", "filing", claim.workers[0].name, authority=BY_FILING)
    with transaction() as work:
        case, _ = file_claim(work, office(), claim, actor, now())
        once.remember(work, browser, token, case)
    return case


def _welcome(case: Case, said: str) -> ResponseReturnValue:
    """Let the first worker in on this browser and show him his case; staff stay who they are."""
    if not (current_user.is_authenticated and current_user.actor.role in STAFF):
        login_user(visitor_of_party(party(case, "worker"), BY_FILING))
    flash(word("said", said).format(number=short(case.number)))
    return redirect(url_for("cases.show", ref=case.ref))


def _page(typed: dict[str, Any], token: str, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "filing/form.html",
        typed=typed,
        once=token,
        problems=problems or {},
        lists=forms.choices(),
        amounts=forms.amounts(typed),
    )
