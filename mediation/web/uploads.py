"""Sending a file in parts, so that a dropped line costs one part and not the file: begin, go on, hand in.

    POST  /uploads            for=<reference of a case, or "apply">, size   -> 201 {"upload": …, "came": 0}
    PATCH /uploads/<upload>   Upload-Offset: <came>, the bytes as they are   -> 200 {"came": …}; 409 where not
    GET   /uploads/<upload>   where it stands                                -> 200 {"came": …, "size": …}

For an application all of it stands under /apply/uploads: its cookie goes to no other address.
The secret of a whole file then goes with the usual form, in the field `upload` instead of `file`.
"""

import re

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from mediation.domain.evidence import MOST_BYTES
from mediation.domain.fields import Invalid
from mediation.services import uploads as services
from mediation.services.uploads import Elsewhere, Gone
from mediation.store import cases
from mediation.store.db import db, transaction
from mediation.web import answers, known, unsent
from mediation.web.context import now, office
from mediation.web.known import Form

uploads = Blueprint("uploads", __name__, url_prefix="/uploads")

APPLY = "apply"
OF_APPLYING = "apply_uploads"
"""The same pages once more, where the cookie of an application comes along."""
FORM = Form(frozenset({"for", "size"}))
AROUND = 64 * 1024
"""A form takes so many bytes beside its file."""
TAKES_FILES = frozenset({("cases.act", "add_evidence"), ("applying.evidence", None)})


def make_room() -> None:
    """Let a page that takes files take large ones; runs before anything reads the form."""
    if (request.endpoint, (request.view_args or {}).get("name")) in TAKES_FILES:
        request.max_content_length = MOST_BYTES + AROUND
    elif request.blueprint in (uploads.name, OF_APPLYING):
        request.max_content_length = services.MOST_PART


@uploads.post("")
def begin() -> ResponseReturnValue:
    """Begin a file."""
    try:
        known.only(request.form, FORM)
        size = _number(request.form.get("size", ""), "size")
        with transaction() as work:
            secret = services.begin(work, _holder(work, request.form.get("for", "")), size, now())
    except Invalid as wrong:
        return answers.invalid(wrong.problems), 422
    return jsonify(upload=secret, came=0), 201


@uploads.get("/<secret>")
def standing(secret: str) -> ResponseReturnValue:
    """Where it stands."""
    try:
        found = services.standing(db.session(), _asked(db.session()), secret)
    except Gone:
        abort(404)
    return jsonify(came=found.came, size=found.size)


@uploads.patch("/<secret>")
def go_on(secret: str) -> ResponseReturnValue:
    """The next bytes."""
    content = request.get_data(cache=False)
    if len(content) != request.content_length:
        abort(400)  # the line was cut in the middle; what came before it counts, this part does not
    try:
        start = _number(request.headers.get("Upload-Offset", ""), "Upload-Offset")
        with transaction() as work:
            found = services.add(work, office().keys, _asked(work), secret, start, content)
    except Gone:
        abort(404)
    except Elsewhere as elsewhere:
        return _stands(elsewhere.came), 409
    except Invalid as wrong:
        return answers.invalid(wrong.problems), 422
    return _stands(found.came)


def _number(said: str, field: str) -> int:
    if not re.fullmatch("[0-9]{1,12}", said):
        raise Invalid({field: "not_a_number"})
    return int(said)


def _stands(came: int) -> Response:
    return jsonify(came=came)


def taken(session: Session, about: str, typed: MultiDict[str, str]) -> bytes:
    """The file that a form brings: in it, or sent in parts before.  Raises Invalid with field `file`."""
    if secret := typed.get("upload", ""):
        try:
            return services.whole(session, office().keys, _holder(session, about), secret)
        except Gone:
            raise Invalid({"file": "upload_gone"}) from None
    sent = request.files.getlist("file")
    if len(sent) > 1:
        raise Invalid({"file": "one_file"})
    content = sent[0].read() if sent else b""
    if not content:
        chosen = bool(sent and sent[0].filename)
        raise Invalid({"file": "file_empty" if chosen else "file_missing"})
    return content


def _asked(session: Session) -> str:
    return _holder(session, request.args.get("for", ""))


def _holder(session: Session, about: str) -> str:
    """Who sends, and to what: his case, or the application of this browser.  404 where it is not his."""
    if about == APPLY:
        mine = unsent.mine(session)
        if mine is None:
            abort(404)
        return f"unsent {mine.id}"
    if not current_user.is_authenticated or "\0" in about:
        abort(404)
    case = cases.find(session, current_user.actor, about)
    if case is None:
        abort(404)
    return f"{current_user.actor.id} case {case.id}"
