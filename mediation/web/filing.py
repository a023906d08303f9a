"""Filing a dispute: the one way in which every page does it."""

import json
import secrets
from collections.abc import Callable

from flask import Blueprint, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from sqlalchemy.orm import Session

from mediation.domain.filing import Filing
from mediation.engine.asking import Actor
from mediation.services.access import BY_FILING
from mediation.services.casework import Step
from mediation.services.filing import file_claim
from mediation.services.replies import Answer
from mediation.store.cases import party
from mediation.store.db import db
from mediation.store.models import Case
from mediation.web import repeats
from mediation.web.auth import STAFF
from mediation.web.context import now, office, settle, visitor_of_party

filing = Blueprint("filing", __name__)

Also = Callable[[Session, Case, Actor], Step | None]


def this_browser() -> str:
    """Who sends a filing: the browser, for he is somebody else afterwards, the worker of his case."""
    return f"browser:{session.setdefault('browser', secrets.token_urlsafe(16))}"


@filing.route("/file", methods=["GET", "POST"])
def form() -> ResponseReturnValue:
    """Where the single form was: everybody is led to the questions, staff to the page of those who call."""
    return redirect(url_for("desk.oral" if by_staff() else "applying.start"))


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
