"""Pages for everybody: what we do, what came of it, whether a paper is ours."""

import hashlib
import re

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from mediation.documents.authority import AuthorityMissing, roots
from mediation.documents.signing import inspect
from mediation.documents.verdicts import judged as judged_of
from mediation.domain.facts import day
from mediation.services import papers, publishing
from mediation.services import totals as books
from mediation.store.db import db
from mediation.store.models import Paper, SentMessage
from mediation.web.context import now, office

public = Blueprint("public", __name__)

MOST_MESSAGES = 100
_LINK = re.compile(r"(https?://[A-Za-z0-9./_:-]+)")


@public.get("/")
def home() -> ResponseReturnValue:
    """Can you help me?"""
    return render_template("public/home.html", totals=books.now(db.session(), day(now())))


@public.get("/totals")
def totals() -> ResponseReturnValue:
    """What came of it, in figures that name nobody."""
    session = db.session()
    found = books.now(session, day(now()))
    return render_template(
        "public/totals.html",
        totals=found,
        opened=books.OPENING_DAY,
        few=publishing.FEW,
        places=publishing.by_subdistrict(found),
        months=publishing.by_month(found),
        heads=publishing.by_head(session, found),
    )


@public.route("/v", methods=["GET", "POST"])
def verify() -> ResponseReturnValue:
    """Ask for a check code or a file, and say what the register knows of it."""
    if request.method == "GET":
        return _verify_page()
    file = request.files.get("file")
    if file is not None and file.filename:
        with file.stream as content:
            return _verify_file(content.read())
    code = request.form.get("code", "")
    if not any(c.isascii() and c.isalnum() for c in code):
        return _verify_page(problems={"code": "missing.check_code"}), 422
    return redirect(url_for(".verify_code", code=_plain(code)))


@public.get("/v/<code>")
def verify_code(code: str) -> ResponseReturnValue:
    """What the register knows of a check code: the address printed on every paper."""
    paper = papers.by_check_code(db.session(), code[:100])
    judged = "registered" if paper else "unknown"
    return _verify_page(judged, paper, code=_plain(code)), 200 if paper else 404


@public.get("/inbox")
def inbox() -> ResponseReturnValue:
    """Every text that was sent: in development there is no operator to send them."""
    if not current_app.config["SHOW_INBOX"]:
        abort(404)
    query = select(SentMessage).order_by(SentMessage.id.desc()).limit(MOST_MESSAGES)
    messages = [(one, _parts(one.body)) for one in db.session().scalars(query)]
    return render_template("public/inbox.html", messages=messages)


def _verify_file(content: bytes) -> ResponseReturnValue:
    """Judge exactly these bytes.  They are forgotten afterwards."""
    paper = papers.by_sha256(db.session(), hashlib.sha256(content).hexdigest())
    judged = judged_of(registered=paper is not None, verdict=inspect(content, _roots()))
    return _verify_page(judged, paper if judged == "registered" else None, by_file=True)


def _roots() -> tuple[bytes, ...]:
    """The roots our papers are checked against; an office that never sealed has none."""
    try:
        return roots(office().keys)
    except AuthorityMissing:
        return ()


def _verify_page(
    judged: str | None = None,
    paper: Paper | None = None,
    *,
    by_file: bool = False,
    code: str = "",
    problems: dict[str, str] | None = None,
) -> str:
    return render_template(
        "public/verify.html",
        judged=judged,
        paper=paper,
        made=day(paper.made_at) if paper else None,
        by_file=by_file,
        code=code,
        problems=problems or {},
    )


def _plain(code: str) -> str:
    """A check code as typed, cut to what can be one: it is shown again and goes into an address."""
    return "".join(c for c in code if (c.isascii() and c.isalnum()) or c == "-")[:20] or "-"


def _parts(body: str) -> list[tuple[str, str]]:
    """A text in pieces, each with its address on this server or none."""
    own = office().organisation.public_url
    return [
        (piece, piece.removeprefix(own) if piece.startswith(f"{own}/") else "") for piece in _LINK.split(body)
    ]
