"""Evidence of a case: the list of it, handing one in, opening one to everybody, and what is in each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from mediation.domain import fields
from mediation.domain.evidence import Item
from mediation.domain.fields import Invalid
from mediation.domain.words import word
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action
from mediation.services import evidence as services
from mediation.services import uploads as parts
from mediation.services.evidence import SMALL, STAFF, VIEW
from mediation.services.replies import Answer
from mediation.store.db import db
from mediation.store.vault import Spoilt
from mediation.web import acting, known, languages, repeats, uploads
from mediation.web.acting import NOTHING
from mediation.web.context import office
from mediation.web.known import Form
from mediation.web.lines import worker_name
from mediation.web.opened import Opened, open_case
from mediation.web.views import case_view

evidence = Blueprint("evidence", __name__, url_prefix="/cases/<ref>/evidence")

ADD, OPEN = services.ADD, "open_evidence"
_ADD_FORM = Form(frozenset({"upload"}), files=frozenset({"file"}))
_OPEN_FORM = Form(frozenset({"piece"}))
_ENDINGS = {"audio/mp4": "m4a", "audio/mpeg": "mp3", "image/jpeg": "jpg"}
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Line:
    """One piece as the reader sees it: `mine` he handed it in, `may_open` he may open it to everybody."""

    name: str
    digest: str
    kind: str
    kilobytes: int
    by: str
    name_of: str
    at: datetime
    opened: bool
    mine: bool
    may_open: bool
    original: bool


@evidence.get("")
def listed(ref: str) -> str:
    """All that the visitor may see of it, and the place to hand in one more."""
    return _list(open_case(ref))


@evidence.get("/<digest>/<any(view, small, original):which>")
def content(ref: str, digest: str, which: str) -> Response:
    """What is in one piece: the clean copy, or the original for whom it is."""
    opened = open_case(ref)
    item = services.one(opened.facts, opened.actor, digest)
    if item is None or (which == "original" and not _entitled(opened, item)):
        abort(404)
    if which == "small" and item.kind != "photo":
        abort(404)
    try:
        if which == "original":
            return served(services.original(office(), digest), item.media, _file_name(opened, item))
        copied = services.copy(office(), item, SMALL if which == "small" else VIEW)
    except (OSError, Spoilt, Invalid):
        # The audit names it; the reader is told that it is not there.
        abort(404)
    if item.kind == "photo":
        return served(copied, "image/jpeg")
    return served(copied, item.media, _file_name(opened, item))


def served(content: bytes, media: str, name: str = "") -> Response:
    """Bytes of a stranger: nothing in them runs, and what is no picture of ours is only saved."""
    response = Response(content, mimetype=media)
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = "private, no-store"  # many phones are shared
    if name:
        response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def form_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """The page that asks for a file, or asks again whether to open one."""
    if action.name == ADD:
        return _list(opened, problems, refusal)
    wanted = typed.get("piece") or request.args.get("piece", "")
    mine = [
        line for line in lines(opened) if line.mine and (line.digest == wanted if wanted else line.may_open)
    ]
    if not mine:
        abort(404)
    return render_template(
        "evidence/open.html",
        case=case_view(opened),
        action=action,
        seen=opened.revision,
        line=mine[0],
        problems=problems or {},
        refusal=refusal,
    )


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Hand in a file, or open one to everybody.  Raises Refused, Invalid."""
    if action.name == OPEN:
        acting.admit(opened, typed, _OPEN_FORM)
        return acting.attempt(opened, action, typed, fields.read(action, {"piece": typed.get("piece")}))
    known.only(typed, _ADD_FORM)
    ready = services.judged(uploads.taken(db.session(), opened.case.ref, typed))
    db.session.rollback()
    services.keep(office(), ready)
    place = url_for("evidence.listed", ref=opened.case.ref)

    def work(session: Session) -> Answer:
        step = services.hand_in(session, office(), opened.case_id, opened.actor, ready, opened.at)
        parts.forget(session, typed.get("upload", ""))
        said = {"state": step.state, "version": step.revision, "digest": ready.digest}
        return Answer(step.case_id, place, json.dumps(said))

    answer = repeats.once(opened.actor.id, work)
    assert answer is not None  # noqa: S101 - what is handed in has an answer
    return acting.finished(ADD, answer)


def lines(opened: Opened) -> list[Line]:
    """All that the visitor may see, the newest last."""
    openable = any(choice.open for choice in opened.choices() if choice.action.name == OPEN)
    me = (opened.actor.role, opened.actor.seat)
    return [
        Line(
            f"{word('evidence_kinds', item.kind, languages.language())} {number}",
            item.digest,
            item.kind,
            -(-item.size // 1024),
            item.side,
            worker_name(opened, item.seat) if item.side == "worker" else "",
            item.at,
            item.opened,
            item.owner == me,
            item.owner == me and not item.opened and openable,
            _entitled(opened, item),
        )
        for number, item in services.visible(opened.facts, opened.actor)
    ]


def _list(opened: Opened, problems: Mapping[str, str] | None = None, refusal: Refused | None = None) -> str:
    choices = [choice for choice in opened.choices() if choice.action.name == ADD]
    return render_template(
        "evidence/list.html",
        case=case_view(opened),
        lines=lines(opened),
        may_add=any(choice.open for choice in choices),
        problems=problems or {},
        refusal=refusal,
    )


def _entitled(opened: Opened, item: Item) -> bool:
    """The original, with all that a camera wrote into it, is its owner's and the staff's."""
    return opened.actor.role in STAFF or item.owner == (opened.actor.role, opened.actor.seat)


def _file_name(opened: Opened, item: Item) -> str:
    """A name of ours: what the file was called may say too much."""
    number = next(n for n, one in services.visible(opened.facts, opened.actor) if one is item)
    return f"{item.kind}-{number}.{_ENDINGS.get(item.media, item.media.partition('/')[2])}"
