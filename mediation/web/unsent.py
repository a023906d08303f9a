"""The unsent application of the browser that asks: known by a cookie that nobody can guess."""

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from mediation.domain.applying import Answers
from mediation.services import unsent
from mediation.services.unsent import Held
from mediation.store.db import db
from mediation.web.context import now, office

COOKIE, PATH = "unsent", "/apply"
LONGEST = 100
PART = 5
"""A return code is shown and read aloud in parts of so many letters."""


def mine(session: Session | None = None) -> Held | None:
    """The application of this browser, if it has one that is not too old."""
    secret = request.cookies.get(COOKIE, "")[:LONGEST]
    return unsent.held(session or db.session(), office(), secret, now()) if secret else None


def give(response: Response, secret: str) -> Response:
    """Let this browser have the application of `secret`, also after it was closed."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(unsent.KEPT.total_seconds()),
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def take(response: Response) -> Response:
    """The application is filed: this browser has none."""
    response.delete_cookie(COOKIE, path=PATH)
    return response


def in_parts(code: str) -> str:
    """A return code as people read it: K7F2Q-9M3XT."""
    return f"{code[:PART]}-{code[PART:]}"


def onward(answers: Answers) -> str:
    """Where somebody goes on: the first question that he neither answered nor skipped, or the list of all."""
    return url_for("applying.step", name=answers.next) if answers.next else url_for("applying.check")
