"""Photos and recordings beside an application: may be left out, one at a time, kept with the answers."""

import re
from collections.abc import Mapping

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediation.domain.fields import Invalid
from mediation.services import evidence, unsent_files
from mediation.services import uploads as parts
from mediation.store.db import db, transaction
from mediation.web import known, unsent, uploads
from mediation.web.context import now, office
from mediation.web.evidence import served
from mediation.web.known import Form

_FORM = Form(frozenset({"upload", "drop"}), files=frozenset({"file"}))


def page() -> ResponseReturnValue:
    """What was added, the place to add one more, and the way on."""
    if unsent.mine() is None:
        return redirect(url_for("applying.start"))
    if request.method == "GET":
        return _page({})
    try:
        known.only(request.form, _FORM)
        _drop(request.form["drop"]) if "drop" in request.form else _add()
    except Invalid as wrong:
        return _page(wrong.problems), 422
    return redirect(url_for("applying.evidence"))


def _add() -> None:
    ready = evidence.judged(uploads.taken(db.session(), uploads.APPLY, request.form))
    with transaction() as work:
        mine = unsent.mine(work)
        if mine is None:
            abort(404)
        unsent_files.add(work, office(), mine, ready, now())
        parts.forget(work, request.form.get("upload", ""))


def _drop(number: str) -> None:
    if not re.fullmatch("[0-9]{1,18}", number):
        raise Invalid({"drop": "not_listed"})
    with transaction() as work:
        if mine := unsent.mine(work):
            unsent_files.drop(work, mine, int(number))


def small(number: int) -> Response:
    """The small copy of a photo, for whoever fills in the application alone."""
    mine = unsent.mine()
    found = unsent_files.small(db.session(), office(), mine, number) if mine else None
    if found is None:
        abort(404)
    return served(found, "image/jpeg")


def _page(problems: Mapping[str, str]) -> str:
    mine = unsent.mine()
    files = unsent_files.listed(db.session(), mine) if mine else []
    return render_template("apply/evidence.html", mine=mine, files=files, problems=dict(problems))
