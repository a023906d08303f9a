"""The register of employers' contacts: looked up, added to, and offered where a case is against one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.domain.fields import Invalid, Problem, text
from mediation.domain.filing import party_detail
from mediation.domain.mail import mail_address
from mediation.domain.naming import name
from mediation.domain.words import word
from mediation.engine.asking import Actor, Ask
from mediation.engine.refusals import NotNow, Refused
from mediation.services import mailboxes, notices, register
from mediation.services.correcting import correct_party
from mediation.services.register import HOWS, KINDS, VERIFIED, Line
from mediation.store.cases import party
from mediation.store.db import db, transaction
from mediation.web import acting, known
from mediation.web.context import current_actor, now, office, settle
from mediation.web.errors import STATUS
from mediation.web.letters import may_print
from mediation.web.opened import Opened, open_case
from mediation.web.sent import Text, came
from mediation.web.views import case_view

KEEPERS = ("clerk", "admin")
"""Who writes into the register; a mediator reads it."""
NEW = known.Form(frozenset({"q", "uscc", "kind", "value", "role", "how"}))
EVENT = known.Form(frozenset({"q", "contact", "event"}))
USE = known.Form(frozenset({"contact"}))


@dataclass(frozen=True, slots=True)
class Other:
    """Another case of the same firm."""

    number: str
    label: str
    url: str


def show() -> ResponseReturnValue:
    """The contacts of one employer, asked for by its name or registration number."""
    asked = request.args.get("q", "")
    try:
        return _page(text(asked, 100))
    except Problem as problem:
        return _page("", problems={"q": str(problem)}), 422


def add() -> ResponseReturnValue:
    """Write one more contact down, and how it was verified where it was."""
    actor, typed = _keeper(), request.form
    try:
        known.only(typed, NEW)
        found, how = _read(typed)
    except Invalid as wrong:
        return _page(_known_name(typed), typed, wrong.problems), 422
    with transaction() as session:
        contact = register.add(session, **found, by=actor.id, at=now())
        if how:
            register.note(session, contact, VERIFIED, how, actor.id, now())
    flash(word("said", "contact_kept"))
    return redirect(url_for("desk.contacts", q=found["employer"]))


def happened() -> ResponseReturnValue:
    """A contact was verified, came back, or is out of use."""
    actor, typed = _keeper(), request.form
    try:
        known.only(typed, EVENT)
    except Invalid as wrong:
        return _page(_known_name(typed), typed, wrong.problems), 422
    what, _, how = typed.get("event", "").partition(".")
    contact = typed.get("contact", "")
    if not re.fullmatch("[0-9]{1,18}", contact):
        abort(404)
    if how not in HOWS.get(what, ()):
        return _page(_known_name(typed), typed, {f"event-{contact}": "not_listed"}), 422
    try:
        with transaction() as session:
            register.note(session, int(contact), what, how, actor.id, now())
    except LookupError:
        abort(404)
    flash(word("said", "contact_kept"))
    return redirect(url_for("desk.contacts", q=_known_name(typed)))


def of_case(ref: str) -> ResponseReturnValue:
    """The contacts of the employer of this case, and what was sent to it; staff take one over."""
    opened = open_case(ref)
    if not opened.staff:
        abort(404)
    if request.method == "GET":
        return _case_page(opened)
    _keeper()
    try:
        known.only(request.form, USE)
        return _use(opened)
    except Invalid as wrong:
        return _case_page(opened, wrong.problems), 422
    except Refused as refusal:
        return _case_page(open_case(ref), refusal=refusal), STATUS[type(refusal)]


def others(opened: Opened) -> list[Other]:
    """The firm's other open cases, for itself alone; each opens with a code of its own."""
    if opened.actor.role != "employer":
        return []
    found = register.other_cases(db.session(), party(opened.case, "employer"))
    catalogue = office().catalogue
    return [
        Other(
            notices.short(one.case.number),
            catalogue[one.case.workflow, one.case.workflow_version].workflow.states[one.case.state].label,
            url_for("entering.link", key=one.key),
        )
        for one in found
    ]


def _use(opened: Opened) -> ResponseReturnValue:
    """The verified contact becomes the one on record.  Raises Invalid, Refused."""
    employer, wanted = party(opened.case, "employer"), request.form.get("contact")
    lines = register.contacts_of(db.session(), employer.name, employer.uscc)
    chosen = next((one for one in lines if str(one.id) == wanted and one.state == VERIFIED), None)
    if chosen is None or chosen.kind == "post":
        raise Invalid({"contacts": "not_listed"})
    if chosen.kind == "email":
        with transaction() as session:
            mailboxes.give(session, employer, chosen.value, opened.actor.id, opened.at)
    else:
        action = opened.action("correct_party")
        if opened.facts.state not in action.sources:
            raise NotNow(action.label, opened.engine.workflow.states[opened.facts.state].label)
        said = {"party": "employer:0", "detail": "phone", "reason": "verified_contact"}
        ask = Ask(action.name, opened.actor, acting.seen_in(request.form), opened.at, said)
        with transaction() as session:
            correct_party(session, office(), opened.case_id, ask, chosen.value)
        settle()
    flash(word("said", "contact_used"))
    return redirect(url_for("cases.contacts", ref=opened.case.ref))


def _keeper() -> Actor:
    actor = current_actor()
    if actor.role not in KEEPERS:
        abort(403)
    return actor


def _known_name(typed: MultiDict[str, str]) -> str:
    """The employer that a form is about, as far as it can be read."""
    try:
        return text(typed.get("q", ""), 100)
    except Problem:
        return ""


def _read(typed: MultiDict[str, str]) -> tuple[dict[str, Any], str]:
    """A contact as columns, and how it was verified.  Raises Invalid with every field at fault."""
    problems: dict[str, str] = {}
    found: dict[str, Any] = {"uscc": None, "role": ""}
    kind, how = typed.get("kind", ""), typed.get("how", "")
    readers: dict[str, tuple[str, Callable[[str], Any]]] = {
        "q": ("employer", lambda said: name(said, 100)),
        "uscc": ("uscc", lambda said: text(said, 18).upper() or None),
        "value": ("value", lambda said: _value(kind, said)),
        "role": ("role", lambda said: text(said, 50)),
    }
    for field, (column, reader) in readers.items():
        try:
            found[column] = reader(typed.get(field, ""))
        except Problem as problem:
            problems[field] = str(problem)
    if kind not in KINDS:
        problems["kind"] = "not_listed" if kind else "missing"
    for field, column in (("q", "employer"), ("value", "value")):
        if not found.get(column) and field not in problems:
            problems[field] = "missing"
    if how and how not in HOWS[VERIFIED]:
        problems["how"] = "not_listed"
    if problems:
        raise Invalid(problems)
    return found | {"kind": kind}, how


def _value(kind: str, said: str) -> str:
    if kind == "email":
        return mail_address(said)
    return party_detail("employer", "phone", said) if kind == "phone" else text(said, 200)


def _page(asked: str, typed: Mapping[str, str] | None = None, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "desk/contacts.html",
        asked=asked,
        lines=register.look_up(db.session(), asked) if asked else [],
        typed=typed or {},
        problems=problems or {},
        kinds=[(one, word("contact_kinds", one)) for one in KINDS],
        hows=[(one, word("contact_hows", one)) for one in HOWS[VERIFIED]],
        events=[(f"{what}.{how}", _said(what, how)) for what, hows in HOWS.items() for how in hows],
        keeper=current_actor().role in KEEPERS,
    )


def _said(what: str, how: str) -> str:
    return f"{word('contact_states', what)} · {word('contact_hows', how)}"


def _case_page(opened: Opened, problems: dict[str, str] | None = None, refusal: Refused | None = None) -> str:
    session, employer = db.session(), party(opened.case, "employer")
    lines: list[Line] = register.contacts_of(session, employer.name, employer.uscc)
    sent = [
        Text(message.phone, message.at, came(handover), handover.way if handover else "sms")
        for message, handover in notices.sent_to(session, employer)
    ]
    return render_template(
        "cases/contacts.html",
        case=case_view(opened),
        employer=employer,
        seen=opened.revision,
        lines=lines,
        verified=any(one.value == employer.phone and one.state == VERIFIED for one in lines),
        bounces=register.came_back(session, employer.phone) if employer.phone else [],
        mail=mailboxes.address_of(session, employer),
        sent=sent,
        keeper=opened.actor.role in KEEPERS,
        letter=may_print(opened),
        problems=problems or {},
        refusal=refusal,
    )
