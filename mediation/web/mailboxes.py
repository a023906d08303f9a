"""How a party is written to: by mail too, and in which language.  It says so itself, or staff for it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediation.domain.fields import Invalid, Problem, seat
from mediation.domain.mail import mail_address
from mediation.domain.words import word
from mediation.services import mailboxes
from mediation.store.cases import party
from mediation.store.db import db, transaction
from mediation.store.models import Party
from mediation.web import known, languages
from mediation.web.opened import Opened, open_case
from mediation.web.views import case_view

FORM, LANGUAGE = known.Form(frozenset({"address"})), known.Form(frozenset({"language"}))


def mailbox(ref: str, whose: str) -> ResponseReturnValue:
    """Ask for the address of one party, or keep what was typed; an empty one ends the letters."""
    opened = open_case(ref)
    mine = party_to_change(opened, whose)
    if request.method == "GET":
        return _page(opened, mine)
    if "language" in request.form:
        return _speak(opened, mine)
    typed = request.form.get("address", "")
    try:
        known.only(request.form, FORM)
        address = mail_address(typed)
    except Invalid as wrong:
        return _page(opened, mine, typed, wrong.problems), 422
    except Problem as problem:
        return _page(opened, mine, typed, {"address": str(problem)}), 422
    with transaction() as session:
        mailboxes.give(session, mine, address, opened.actor.id, opened.at)
    flash(word("said", "mail_given" if address else "mail_ended", languages.language()))
    return redirect(url_for("cases.show", ref=ref))


def _speak(opened: Opened, mine: Party) -> ResponseReturnValue:
    """From now on texts and letters to this party are in the language that was chosen."""
    spoken = request.form["language"]
    wrong = {} if spoken in languages.LANGUAGES else {"language": "not_listed"}
    try:
        known.only(request.form, LANGUAGE)
    except Invalid as invalid:
        wrong = invalid.problems
    if wrong:
        return _page(opened, mine, problems=wrong), 422
    with transaction() as session:
        session.get_one(Party, mine.id).language = spoken
    flash(word("said", "language_kept", languages.language()))
    return redirect(url_for("cases.show", ref=opened.case.ref))


def may_change(opened: Opened, one: Party) -> bool:
    """Staff for everybody, a party for itself."""
    return opened.staff or opened.actor.id == f"party:{one.id}"


def party_to_change(opened: Opened, whose: str) -> Party:
    """The party for which the visitor may say how it is reached; any other is not there (404)."""
    try:
        side, _, number = seat(whose).partition(":")
        found = party(opened.case, side, int(number))
    except (Problem, LookupError):
        abort(404)
    if not may_change(opened, found):
        abort(404)
    return found


def _page(opened: Opened, mine: Party, typed: str = "", problems: dict[str, str] | None = None) -> str:
    return render_template(
        "cases/mail.html",
        case=case_view(opened),
        party=mine,
        current=mailboxes.address_of(db.session(), mine),
        typed=typed,
        problems=problems or {},
    )
