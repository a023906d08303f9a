"""Coming in: workers and employers with a code to their phone, staff with a password."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from mediation.domain.events import Event, What
from mediation.domain.fields import Problem, text
from mediation.domain.numbers import case_number, mobile
from mediation.domain.words import word
from mediation.services import events
from mediation.services.access import BadCode, staff_by_password
from mediation.services.entering import Claimed, enter, holder, note_login, party_of, text_code
from mediation.services.limits import TooOften
from mediation.services.notices import notice_code, short
from mediation.services.patience import Patience
from mediation.store.db import db, transaction
from mediation.store.models import Agent, Party
from mediation.web import landing, languages
from mediation.web.context import now, office, visitor_of_party, visitor_of_staff
from mediation.web.forms.problems import particular

entering = Blueprint("entering", __name__)

TICKED = "1"
CLAIMED = "entering"
"""Under which name the session cookie keeps who somebody says he is: only what he typed himself."""


@entering.route("/follow", methods=["GET", "POST"])
def follow() -> ResponseReturnValue:
    """A worker asks with case number and phone."""
    return _ask("entering/follow.html", ("number", "phone"))


@entering.route("/answer", methods=["GET", "POST"])
def answer() -> ResponseReturnValue:
    """An employer asks with the case number of the notice."""
    return _ask("entering/answer.html", ("number",))


@entering.route("/k/<key>", methods=["GET", "POST"])
def link(key: str) -> ResponseReturnValue:
    """Somebody opens the link of a text message.

    An employer first reads who we are: that page asks for nothing, sets no cookie and changes nothing.
    """
    party = _party_of_link(key)
    if party is None:
        return render_template("entering/no_link.html"), 404
    if current_user.is_authenticated and current_user.actor.id == visitor_of_party(party).actor.id:
        return redirect(landing.of(party))
    if request.method == "POST":
        return _text(Claimed(key=party.key))
    checks = party.side == "employer" and isinstance(party, Party)
    return _link_page("entering/check.html" if checks else "entering/link.html", party)


@entering.get("/k/<key>/enter")
def onward(key: str) -> ResponseReturnValue:
    """Where an employer asks for his code, once he has checked who wrote to him."""
    party = _party_of_link(key)
    if party is None:
        return render_template("entering/no_link.html"), 404
    return _link_page("entering/link.html", party)


@entering.route("/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """The code that was texted; or another one, if it did not come."""
    claimed = _claimed()
    if claimed is None:
        return redirect(url_for(".follow"))
    if request.method == "GET":
        return _code_page(claimed)
    if "again" in request.form:
        return _text(claimed)
    typed = "".join(request.form.get("code", "")[:100].split())
    if not typed:
        return _code_page(claimed, problems={"code": "missing.code"}), 422
    with transaction() as work:
        found = enter(work, claimed, typed, now())
    if isinstance(found, BadCode):
        return _code_page(claimed, problems={"code": found.problem}), 422
    return _let_in(found, remembered=request.form.get("remember") == TICKED)


@entering.route("/staff", methods=["GET", "POST"])
def staff() -> ResponseReturnValue:
    """A member of staff logs in."""
    if request.method == "GET":
        return _staff_page("", {})
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    given = {"login": login, "password": password}
    problems = {field: f"missing.{field}" for field, typed in given.items() if not typed.strip()}
    if problems:
        return _staff_page(login, problems), 422
    if not _patience().may_try(login, now()):
        _note(What.LOGIN_HELD_OFF, login)
        return render_template("entering/wait.html"), 429
    person = staff_by_password(db.session(), login, password[:1000]) if _readable(login) else None
    if person is None:
        _patience().failed(login, now())
        _note(What.LOGIN_FAILED, login)
        return _staff_page(login, {"login": "not_these"}), 422
    _patience().forget(login)
    visitor = visitor_of_staff(person)
    with transaction() as work:
        events.record(work, Event(What.LOGGED_IN, visitor.actor.id), now())
    session.clear()
    login_user(visitor)
    return redirect(url_for("desk.show"))


@entering.post("/leave")
def leave() -> ResponseReturnValue:
    """Leave, and leave nothing on this device."""
    session.clear()
    logout_user()  # after it: what tells the browser to forget the cookie of weeks stands in the session
    flash(word("said", "left", languages.language()))
    return redirect(url_for("public.home"))


def _ask(page: str, fields: tuple[str, ...]) -> ResponseReturnValue:
    """Read who somebody says he is, and text a code; whether there is such a case shows nowhere."""
    if request.method == "GET":
        return render_template(page, typed={}, problems={})
    problems, read = {}, {}
    for field, reader in (("number", _number), ("phone", mobile)):
        if field in fields:
            try:
                read[field] = reader(request.form.get(field, ""))
            except Problem as problem:
                problems[field] = str(problem)
    if problems:
        return render_template(page, typed=request.form, problems=particular(problems)), 422
    return _text(Claimed(**read))


def _party_of_link(key: str) -> Party | Agent | None:
    """Whose link it is; typed off a letter in capitals, it is the same."""
    if "\0" in key:
        return None
    return holder(db.session(), key, now()) or holder(db.session(), key.lower(), now())


def _link_page(page: str, party: Party | Agent) -> str:
    agent, number = isinstance(party, Agent), short(party.case.number)
    return render_template(page, party=party, agent=agent, number=number, check=notice_code(party.key))


def _number(typed: str) -> str:
    return office().organisation.number(*case_number(typed))


def _text(claimed: Claimed) -> ResponseReturnValue:
    """Text a code and ask for it."""
    session[CLAIMED] = {"key": claimed.key, "number": claimed.number, "phone": claimed.phone}
    try:
        with transaction() as work:
            text_code(work, office().organisation, claimed, now(), languages.language())
    except TooOften as too:
        return _code_page(claimed, too=too), 429
    return redirect(url_for(".code"))


def _claimed() -> Claimed | None:
    kept = session.get(CLAIMED)
    return Claimed(**kept) if kept else None


def _code_page(claimed: Claimed, **said: object) -> str:
    """The phone is shown to who typed it or holds a link to it, to nobody else."""
    phone = claimed.phone
    if claimed.key:
        party = party_of(db.session(), claimed, now())
        phone = party.phone if party else ""
    return render_template("entering/code.html", claimed=claimed, phone=phone, **{"problems": {}, **said})


def _let_in(party: Party | Agent, *, remembered: bool) -> ResponseReturnValue:
    """Let a party in; on a phone that it calls its own, for some weeks and without another code."""
    session.clear()
    login_user(visitor_of_party(party), remember=remembered)
    flash(word("said", "entered", languages.language()).format(number=short(party.case.number)))
    return redirect(landing.of(party))


def _staff_page(login: str, problems: dict[str, str]) -> str:
    return render_template("entering/staff.html", login=login, problems=problems)


def _note(what: What, login: str) -> None:
    with transaction() as work:
        note_login(work, what, login if _readable(login) else "", now())


def _readable(login: str) -> bool:
    try:
        return bool(text(login, 100))
    except Problem:
        return False


def _patience() -> Patience:
    found: Patience = current_app.extensions.setdefault("patience", Patience())
    return found
