"""An unsent application comes back on another phone: by its return code, or by a code to that phone."""

from typing import cast

from flask import Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from mediation.domain.fields import Invalid, Problem
from mediation.domain.numbers import mobile
from mediation.services import left_behind
from mediation.services import unsent as services
from mediation.services.access import BadCode
from mediation.services.limits import TooOften
from mediation.services.unsent import Held
from mediation.store.db import db, transaction
from mediation.web import known, languages, unsent
from mediation.web.context import now, office

PHONE = "returning"
"""Under which name the session cookie keeps the phone that somebody typed to get his answers back."""
LONGEST = 40
_BACK = known.Form(frozenset({"code", "phone"}))
_CODE = known.Form(frozenset({"code", "again"}), exact=known.boxes("again"))


def back() -> ResponseReturnValue:
    """Ask for the return code, or for the phone."""
    if request.method == "GET":
        return _page()
    try:
        known.only(request.form, _BACK)
    except Invalid as wrong:
        return _page(wrong.problems), 422
    if "phone" in request.form:
        return _by_phone(request.form["phone"])
    return _by_code(request.form.get("code", ""))


def by_link(key: str) -> ResponseReturnValue:
    """From the text to whoever left an application: what is there, and a code to that phone opens it."""
    phone = left_behind.phone_of(db.session(), office(), key, now())
    if phone is None:
        return render_template("apply/no_link.html"), 404
    if request.method == "GET":
        return render_template("apply/link.html", phone=phone, key=key)
    session[PHONE] = phone
    return _text(phone)


def back_code() -> ResponseReturnValue:
    """The code that was texted; or another one, if it did not come."""
    phone = session.get(PHONE)
    if not phone:
        return redirect(url_for(".back"))
    return _code_page(phone) if request.method == "GET" else _code_typed(phone)


def _code_typed(phone: str) -> ResponseReturnValue:
    try:
        known.only(request.form, _CODE)
    except Invalid as wrong:
        return _code_page(phone, wrong.problems), 422
    if "again" in request.form:
        return _text(phone)
    typed = "".join(request.form.get("code", "")[:LONGEST].split())
    if not typed:
        return _code_page(phone, {"code": "missing.code"}), 422
    with transaction() as work:
        found = services.bring_back_by_phone(work, office(), phone, typed, now())
    if isinstance(found, BadCode):
        return _code_page(phone, {"code": found.problem}), 422
    session.pop(PHONE)
    return _here(found)


def _by_code(typed: str) -> ResponseReturnValue:
    code = "".join(c for c in typed[:LONGEST].upper() if c.isalnum())
    if len(code) != services.CODE_LENGTH:
        return _page({"code": "return_code_shape"}), 422
    try:
        with transaction() as work:
            found = services.bring_back(work, office(), code, now())
    except TooOften:
        return _page({"code": "return_too_often"}), 429
    return _here(found) if found else (_page({"code": "return_code_unknown"}), 422)


def _by_phone(typed: str) -> ResponseReturnValue:
    try:
        phone = mobile(typed)
    except Problem as problem:
        code = "missing.workers.phone" if str(problem) == "missing" else str(problem)
        return _page({"phone": code}), 422
    session[PHONE] = phone
    return _text(phone)


def _text(phone: str) -> ResponseReturnValue:
    """Text a code and ask for it; whether anything was begun with this phone shows nowhere."""
    try:
        with transaction() as work:
            services.text_code(work, office(), phone, now(), languages.language())
    except TooOften as too:
        return _code_page(phone, {"again": "sms_soon" if too.soon else "sms_often"}), 429
    return redirect(url_for(".back_code"))


def _here(found: tuple[Held, str]) -> Response:
    """On this browser now: go on at the first question without an answer."""
    mine, secret = found
    return unsent.give(cast("Response", redirect(unsent.onward(mine.answers))), secret)


def _page(problems: dict[str, str] | None = None) -> str:
    return render_template("apply/back.html", typed=request.form, problems=problems or {})


def _code_page(phone: str, problems: dict[str, str] | None = None) -> str:
    return render_template("apply/back_code.html", phone=phone, problems=problems or {})
