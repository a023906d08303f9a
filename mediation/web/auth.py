"""Deny by default: a page is open to everybody only if it is listed here."""

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from mediation.web import answers, noting
from mediation.web.context import load_visitor

PUBLIC = frozenset(
    {
        "static",
        "public.home",
        "public.totals",
        "public.verify",
        "public.verify_code",
        "public.inbox",
        "places.where",
        "calculating.calculate",
        "calculating.lengthy",
        "filing.form",
        "applying.start",
        "applying.step",
        "applying.check",
        "applying.others",
        "applying.agent",
        "applying.reach",
        "applying.filed",
        "applying.elsewhere",
        "applying.evidence",
        "applying.small",
        "applying.read_amount",
        "applying.employers",
        "applying.back",
        "applying.by_link",
        "applying.back_code",
        "entering.follow",
        "entering.answer",
        "entering.link",
        "entering.onward",
        "entering.code",
        "entering.staff",
        # Each asks for itself whose file it is: an application has no login yet.
        "uploads.begin",
        "uploads.standing",
        "uploads.go_on",
        "apply_uploads.begin",
        "apply_uploads.standing",
        "apply_uploads.go_on",
        "reports.delivery",
    }
)
"""Endpoints that ask nobody who he is."""

STAFF = frozenset({"clerk", "mediator", "admin"})
ONLY_FOR = {"desk": STAFF}
"""Blueprints that only some roles may enter; everything else behind the login asks store.cases."""


def guard(app: Flask) -> None:
    """Put the login in front of every page of `app`."""
    manager = LoginManager(app)
    manager.session_protection = "basic"
    manager.user_loader(load_visitor)
    app.before_request(noting.remember)
    app.before_request(_let_in)
    app.after_request(noting.note)


def _let_in() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC:
        return None
    if not current_user.is_authenticated:
        if answers.wanted():
            return answers.plain("not_entered"), 401
        wanted = "entering.staff" if request.blueprint == "desk" else "entering.follow"
        return redirect(url_for(wanted))
    roles = ONLY_FOR.get(request.blueprint or "")
    if roles is not None and current_user.actor.role not in roles:
        abort(403)
    return None
