"""Every way of saying no as a page: a sentence, what to do next, and the right status."""

import secrets

from flask import Flask, Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from mediation.engine.refusals import ClockBack, NotNow, NotYours, Refused, Stale, TooEarly, Unknown, Unmet
from mediation.services.casework import NoSuchCase
from mediation.services.meetings import RoomClosed
from mediation.services.replies import Reused
from mediation.web import answers

STATUS: dict[type[Exception], int] = {
    Unknown: 404,
    NotYours: 403,
    NotNow: 409,
    Unmet: 409,
    Stale: 409,
    TooEarly: 409,
    ClockBack: 503,
    RoomClosed: 409,
    Reused: 422,
}


def register(app: Flask) -> None:
    """Attach the error pages."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(RoomClosed, lambda _e: (_page("room_closed"), 409))
    app.register_error_handler(NoSuchCase, lambda _e: (_page("404"), 404))
    app.register_error_handler(CSRFError, lambda _e: (_page("expired"), 400))
    app.register_error_handler(HTTPException, http)
    if not app.testing:
        app.register_error_handler(Exception, ours)


def refused(refusal: Exception) -> ResponseReturnValue:
    """An act that the chart refuses."""
    assert isinstance(refusal, Refused)  # noqa: S101 - registered for these only
    if answers.wanted():
        return answers.refused(refusal), STATUS[type(refusal)]
    return _page("refused", refusal=refusal), STATUS[type(refusal)]


def http(error: HTTPException) -> ResponseReturnValue:
    """A status that Flask or a page raised."""
    known = {403: "403", 404: "404", 405: "404", 413: "413"}
    if isinstance(error, InternalServerError):
        return ours(error)
    return _page(known.get(error.code or 0, "other")), error.code or 500


def ours(error: Exception) -> ResponseReturnValue:
    """Our own fault: the code lets the hotline find it in the log, and tells nobody anything else."""
    code = "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(6))
    current_app.logger.error("help code %s", code, exc_info=error)
    return _page("500", code=code), 500


def _page(name: str, **values: object) -> str | Response:
    if answers.wanted():
        return answers.plain(
            {"403": "not_yours", "404": "unknown", "413": "too_large", "500": "ours"}.get(name, name)
        )
    return render_template(f"errors/{name}.html", **values)
