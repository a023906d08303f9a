"""All pages of this application, and what every request passes."""

from datetime import UTC, datetime

from flask import Flask, Response, request
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect

from mediation.web import auth, errors, filters, languages
from mediation.web.applying import applying
from mediation.web.calculating import calculating
from mediation.web.cases import cases
from mediation.web.context import office
from mediation.web.desk import desk
from mediation.web.entering import entering
from mediation.web.evidence import evidence
from mediation.web.filing import filing
from mediation.web.places import places
from mediation.web.public import public
from mediation.web.reports import reports
from mediation.web.unsent import PATH
from mediation.web.uploads import OF_APPLYING, make_room, uploads

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEARD = "; media-src 'self' blob:"
RECORDING = "applying.evidence"
"""The one page that may use the microphone, and may play what was recorded and is nowhere else yet."""
SENSORS = "camera=(), geolocation=(), microphone="
SIZES = ("n", "l")


def register(app: Flask) -> None:
    """Attach every blueprint, the login, the forms' protection, filters, error pages and headers."""
    app.extensions["clock"] = lambda: datetime.now(UTC)
    app.before_request(make_room)  # first: the next one reads the form
    CSRFProtect(app).exempt(reports)  # a gateway has no session; it shows a word of its own
    auth.guard(app)
    filters.register(app)
    errors.register(app)
    public_pages = (public, places, calculating, filing, applying, entering, uploads, reports)
    for blueprint in (*public_pages, cases, desk, evidence):
        app.register_blueprint(blueprint)
    app.register_blueprint(uploads, name=OF_APPLYING, url_prefix=f"{PATH}/{uploads.name}")
    app.after_request(_finish)
    app.after_request(languages.remember)
    app.context_processor(_everywhere)


def _everywhere() -> dict[str, object]:
    """What the skeleton of every page needs."""
    size = request.args.get("size") or request.cookies.get("size")
    actor = current_user.actor if current_user.is_authenticated else None
    return {
        "organisation": office().organisation,
        "size": size if size in SIZES else "n",
        "visitor": actor,
    }


def _finish(response: Response) -> Response:
    """Headers of every answer; the large-text choice is kept on this phone."""
    recording = request.endpoint == RECORDING
    response.headers.setdefault("Content-Security-Policy", POLICY + HEARD if recording else POLICY)
    response.headers.setdefault("Permissions-Policy", SENSORS + ("(self)" if recording else "()"))
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if request.args.get("size") in SIZES:
        response.set_cookie("size", request.args["size"], max_age=31_536_000, samesite="Lax", httponly=True)
    return response
