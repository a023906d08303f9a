"""What a mediator declares about himself: firms and people whose cases are not given to him."""

import re
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.domain.fields import Invalid, Problem, text
from mediation.domain.naming import name
from mediation.domain.words import word
from mediation.services import interests
from mediation.services.interests import KINDS
from mediation.store.db import db, transaction
from mediation.web import known
from mediation.web.context import current_actor, now

NEW = known.Form(frozenset({"kind", "name", "uscc"}))
OVER = known.Form(frozenset({"interest"}))


def show() -> ResponseReturnValue:
    """What this mediator has declared, and the form for more."""
    _person()
    return _page()


def declare() -> ResponseReturnValue:
    """One more firm or person."""
    person, typed = _person(), request.form
    try:
        known.only(typed, NEW)
        found = _read(typed)
    except Invalid as wrong:
        return _page(typed, wrong.problems), 422
    with transaction() as session:
        interests.declare(session, person, **found, at=now())
    return _kept("interest_kept")


def withdraw() -> ResponseReturnValue:
    """Something that was declared holds no more."""
    person, typed = _person(), request.form
    try:
        known.only(typed, OVER)
    except Invalid as wrong:
        return _page(typed, wrong.problems), 422
    number = typed.get("interest", "")
    if not re.fullmatch("[0-9]{1,18}", number):
        abort(404)
    try:
        with transaction() as session:
            interests.withdraw(session, person, int(number), now())
    except LookupError:
        abort(404)
    return _kept("interest_over")


def _kept(said: str) -> ResponseReturnValue:
    flash(word("said", said))
    return redirect(url_for("desk.interests"))


def _person() -> int:
    """The mediator who asks, by the number of his row; nobody else declares anything."""
    actor = current_actor()
    if actor.role != "mediator":
        abort(403)
    return int(actor.id.removeprefix("person:"))


def _read(typed: MultiDict[str, str]) -> dict[str, Any]:
    """What is declared, as columns.  Raises Invalid with every field at fault."""
    problems: dict[str, str] = {}
    found: dict[str, Any] = {"kind": typed.get("kind", ""), "uscc": None}
    if found["kind"] not in KINDS:
        problems["kind"] = "choose_one"
    try:
        found["name"] = name(typed.get("name", ""), 100)
    except Problem as problem:
        problems["name"] = str(problem)
    try:
        found["uscc"] = text(typed.get("uscc", ""), 18).upper() or None
    except Problem as problem:
        problems["uscc"] = str(problem)
    if not found.get("name") and "name" not in problems:
        problems["name"] = "missing"
    if problems:
        raise Invalid(problems)
    return found


def _page(typed: MultiDict[str, str] | None = None, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "desk/interests.html",
        declared=interests.declared(db.session(), _person()),
        kinds=[(one, word("interest_kinds", one)) for one in KINDS],
        typed=typed or {},
        problems=problems or {},
    )
