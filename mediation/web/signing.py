"""Signing: the whole terms once more, three statements, and a code to the signer's own phone."""

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from mediation.domain.agents import acts_for, check
from mediation.domain.fields import Invalid
from mediation.engine.asking import Ask
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action
from mediation.services import access, limits, notices
from mediation.services.access import BadCode
from mediation.services.casework import Step, fire, hold
from mediation.services.limits import TooOften
from mediation.store.db import db, transaction
from mediation.store.models import Agent, Party, Person
from mediation.web import acting
from mediation.web.acting import NOTHING
from mediation.web.clauses import terms_view
from mediation.web.context import office
from mediation.web.known import Form, boxes, listed
from mediation.web.opened import Opened
from mediation.web.views import case_view

STATEMENTS = ("read", "willing", "binding")
FORM = Form(
    frozenset({"digest", "code", "password", "sent"}),
    ticked=frozenset({"stated"}),
    exact=boxes("sent") | {"stated": listed(STATEMENTS)},
)


def form_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """The page to read and sign on; ticks stand only while the terms are the ones he read."""
    terms = terms_view(opened)
    if typed.get("digest") != terms.digest:
        typed = NOTHING
    return render_template(
        "cases/sign.html",
        case=case_view(opened),
        action=action,
        terms=terms,
        seen=opened.revision,
        phone=_phone(opened),
        sent=bool(typed.get("sent")),
        ticked=typed.getlist("stated"),
        problems=problems or {},
        refusal=refusal,
    )


def send_code(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Text a code for exactly these terms to the phone on file."""
    try:
        _may_sign(opened, action, typed)
    except Invalid as invalid:
        return acting.mended(opened, action, invalid.problems, typed, form_page)
    except Refused as refusal:
        return acting.again(opened, action, refusal, NOTHING, form_page)
    phone, subject = _phone(opened), _subject(opened)
    try:
        with transaction() as session:
            limits.may_text(session, subject, opened.at, phone)
            access.send_code(session, subject, phone, notices.code_text(office().organisation), opened.at)
    except TooOften as too:
        problem = {"code": "sms_soon" if too.soon else "sms_often"}
        return acting.mended(opened, action, problem, _sent(typed), form_page)
    return form_page(opened, action, _sent(typed))


def _sent(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was typed, on a page that asks for the code."""
    return MultiDict([*typed.items(multi=True), ("sent", "1")])


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Sign, if the three statements are made and the code is right.  Raises Refused, Invalid."""
    _may_sign(opened, action, typed)
    if problems := _problems(opened, typed):
        raise Invalid(problems)
    wrong: dict[str, str] = {}

    def sign(session: Session) -> Step | None:
        # Before a code is spent: it is not wrong because somebody else was faster.
        hold(session, office().catalogue, opened.case_id, acting.seen_in(typed))
        wrong.update(_unproven(session, opened, typed))
        # A wrong code goes on to the commit: its lost try must be kept.
        return None if wrong else fire(session, office().catalogue, opened.case_id, ask)

    ask = _ask(opened, action, typed)
    answer = acting.once(opened, sign)
    if answer is None:
        raise Invalid(wrong)
    return acting.finished(action.name, answer)


def _may_sign(opened: Opened, action: Action, typed: MultiDict[str, str]) -> None:
    """Ask the chart before any code is spent.  Raises Refused, Invalid."""
    acting.admit(opened, typed, FORM)
    ask = _ask(opened, action, typed)
    check(opened.facts, ask)
    opened.engine.decide(ask, opened.facts)


def _ask(opened: Opened, action: Action, typed: MultiDict[str, str]) -> Ask:
    data = {"digest": typed.get("digest", "")}
    return Ask(action.name, opened.actor, acting.seen_in(typed), opened.at, data)


def _unproven(session: Session, opened: Opened, typed: MultiDict[str, str]) -> dict[str, str]:
    if not _phone(opened):
        person = session.get_one(Person, _number(opened))
        proven = access.staff_by_password(session, person.login, typed.get("password", ""))
        return {} if proven is person else {"password": "wrong_password"}
    try:
        access.use_code(session, _subject(opened), typed.get("code", ""), opened.at)
    except BadCode as bad:
        return {"code": bad.problem}
    return {}


def _problems(opened: Opened, typed: MultiDict[str, str]) -> dict[str, str]:
    problems: dict[str, str] = {}
    if set(typed.getlist("stated")) != set(STATEMENTS):
        problems["stated"] = "not_ticked"
    proof, code = ("code", "code_missing") if _phone(opened) else ("password", "missing")
    if not typed.get(proof, "").strip():
        problems[proof] = code
    return problems


def _subject(opened: Opened) -> str:
    assert opened.facts.terms is not None  # noqa: S101 - signed only where there are terms
    return f"sign {opened.actor.id} {opened.facts.terms.digest}"


def _phone(opened: Opened) -> str:
    """The phone on file; a member of staff may have none and then shows his password."""
    if opened.staff:
        return db.session.get_one(Person, _number(opened)).phone
    if ref := acts_for(opened.actor):
        return db.session.scalars(select(Agent.phone).where(Agent.ref == ref)).one()
    return db.session.get_one(Party, _number(opened)).phone


def _number(opened: Opened) -> int:
    return int(opened.actor.id.partition(":")[2])
