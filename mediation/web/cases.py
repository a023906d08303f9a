"""One case: its page, its acts, its meeting, its terms, its paper."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediation.domain.fields import Invalid
from mediation.engine.refusals import Refused
from mediation.services import papers
from mediation.store.db import db
from mediation.web import (
    acting,
    agents,
    answering,
    applications,
    arbitration,
    choosing_times,
    clauses,
    correcting,
    drafting,
    elements,
    evidence,
    letters,
    live,
    mailboxes,
    meeting,
    meeting_file,
    moving,
    named,
    naming_agents,
    oral,
    reaching,
    register,
    repeats,
    scope,
    signing,
    times,
    triage,
)
from mediation.web.context import settle
from mediation.web.opened import open_case
from mediation.web.views import case_view

cases = Blueprint("cases", __name__)
cases.add_url_rule("/cases/<ref>/meeting", "meeting", meeting.room, methods=["GET", "POST"])
cases.add_url_rule("/cases/<ref>/meeting/stream", "stream", live.stream)
cases.add_url_rule("/cases/<ref>/meeting/move", "move", moving.move, methods=["GET", "POST"])
cases.add_url_rule("/cases/<ref>/meeting/stop", "stop_move", moving.stop, methods=["POST"])
cases.add_url_rule("/cases/<ref>/arbitration.pdf", "arbitration", arbitration.arbitration)
cases.add_url_rule("/cases/<ref>/application.pdf", "application", applications.application)
cases.add_url_rule("/cases/<ref>/letter.pdf", "letter", letters.letter_pdf)
cases.add_url_rule("/cases/<ref>/meeting.ics", "calendar", meeting_file.calendar)

cases.add_url_rule("/cases/<ref>/papers/<kind>.pdf", "stated", triage.stated)
cases.add_url_rule("/cases/<ref>/hear", "hear", answering.hear)
cases.add_url_rule("/cases/<ref>/mail/<whose>", "mailbox", mailboxes.mailbox, methods=["GET", "POST"])
cases.add_url_rule("/cases/<ref>/reach/<whose>", "reach", reaching.mended, methods=["GET", "POST"])
cases.add_url_rule("/cases/<ref>/contacts", "contacts", register.of_case, methods=["GET", "POST"])
cases.add_url_rule("/cases/<ref>/named", "named", named.page)

PAGES: Mapping[str, tuple[acting.Form, acting.Perform]] = {
    "join": (answering.form_page, answering.perform),
    "draft_terms": (drafting.form_page, drafting.perform),
    "amend_terms": (drafting.form_page, drafting.perform),
    "approve_rejection": (triage.form_page, acting.perform),
    "mark_clauses": (clauses.form_page, clauses.perform),
    "correct_party": (correcting.form_page, correcting.perform),
    "name_agent": (naming_agents.form_page, naming_agents.perform),
    "sign": (signing.form_page, signing.perform),
    times.ACT: (choosing_times.form_page, choosing_times.perform),
    **dict.fromkeys(times.FIXING, (choosing_times.fix_page, acting.perform)),
    elements.ACT: (elements.form_page, elements.perform),
    evidence.ADD: (evidence.form_page, evidence.perform),
    evidence.OPEN: (evidence.form_page, evidence.perform),
}
"""Acts with a page of their own: how it asks, and what it does."""


@cases.get("/cases/<ref>")
def show(ref: str) -> ResponseReturnValue:
    """The page of one case."""
    opened = open_case(ref)
    if named.only_named(opened.facts, opened.actor):
        return redirect(url_for(".named", ref=ref))
    return render_template(
        "cases/show.html",
        case=case_view(opened),
        answer=answering.given(opened),
        told=elements.told(opened),
        tell=elements.may_tell(opened),
        letter=letters.may_print(opened),
        oral=oral.has_record(opened),
        others=register.others(opened),
        triage=triage.of(opened),
        scope=scope.of(opened),
        agents=agents.lines(opened),
    )


@cases.route("/cases/<ref>/acts/<name>", methods=["GET", "POST"])
def act(ref: str, name: str) -> ResponseReturnValue:
    """The page of one act, and the act."""
    opened = open_case(ref)
    action = opened.action(name)
    plain: tuple[acting.Form, acting.Perform] = (acting.form_page, acting.perform)
    form, perform = PAGES.get(name, plain)
    if request.method == "POST":
        try:
            if (answer := repeats.before(opened.actor.id)) is not None:
                return acting.finished(name, answer)
            return perform(opened, action, request.form)
        except Invalid as invalid:
            return acting.mended(opened, action, invalid.problems, request.form, form)
        except Refused as refused:
            return acting.again(opened, action, refused, request.form, form)
    if refusal := acting.why_not(opened, action):
        return acting.refusal_page(opened, action, refusal)
    return form(opened, action, acting.NOTHING, None, None)


@cases.post("/cases/<ref>/sign/code")
def code(ref: str) -> ResponseReturnValue:
    """Text a code to sign with."""
    opened = open_case(ref)
    return signing.send_code(opened, opened.action("sign"), request.form)


@cases.get("/cases/<ref>/terms")
def terms(ref: str) -> ResponseReturnValue:
    """The terms, clause by clause."""
    return clauses.form_page(open_case(ref))


@cases.get("/cases/<ref>/agreement.pdf")
def agreement(ref: str) -> ResponseReturnValue:
    """The registered agreement, exactly its bytes."""
    opened = open_case(ref)
    if opened.facts.sealed is None:
        abort(404)
    paper = papers.paper_of(db.session(), opened.case_id, "agreement")
    if paper is None:
        settle()
        paper = papers.paper_of(db.session(), opened.case_id, "agreement")
    if paper is None:
        return render_template("cases/printing.html", case=case_view(open_case(ref))), 202
    return triage.handed(paper)
