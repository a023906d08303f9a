"""The joint room of a meeting: what was said, by whom, and something to say it with."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from mediation.domain.fields import Invalid
from mediation.services import meetings
from mediation.services.meetings import JOINT, TALKING, RoomClosed
from mediation.store.db import db, transaction
from mediation.store.models import Case, Message
from mediation.web.opened import Opened, open_case
from mediation.web.views import case_view, in_room


@dataclass(frozen=True, slots=True)
class Line:
    """One message in the room."""

    number: int
    role: str
    name: str
    at: datetime
    body: str
    mine: bool


def room(ref: str) -> ResponseReturnValue:
    """The joint room of a case."""
    opened = open_case(ref)
    if not in_room(opened):
        abort(403)
    if request.method == "GET":
        return room_page(opened)
    body = request.form.get("body", "")
    if request.form.get("audience") != JOINT:
        return room_page(opened, body, {"body": "room_changed"}), 409
    try:
        say(opened, body, request.form.get("after", default=0, type=int))
    except RoomClosed:
        return room_page(open_case(ref), body, closed=True), 409
    except Invalid as invalid:
        code = invalid.problems["body"]
        return room_page(open_case(ref), body, {"body": "no_message" if code == "missing" else code}), 422
    return redirect(url_for("cases.meeting", ref=ref, _anchor="say"))


def say(opened: Opened, body: str, after: int) -> None:
    """Say it once: a second click on the same page says nothing new.  Raises RoomClosed, Invalid."""
    for _ in range(2):
        try:
            with transaction() as session:
                case = session.get_one(Case, opened.case_id)
                newer = meetings.said(session, case, after)
                if not any(one.actor_id == opened.actor.id and one.body == body.strip() for one in newer):
                    meetings.say(session, case, opened.actor, body, opened.at)
        except IntegrityError:
            continue  # somebody else took the number in this moment
        return
    abort(503)


def room_page(
    opened: Opened, body: str = "", problems: dict[str, str] | None = None, *, closed: bool = False
) -> str:
    """The room as the visitor sees it."""
    lines = [_line(opened, one) for one in meetings.said(db.session(), opened.case)]
    return render_template(
        "cases/meeting.html",
        case=case_view(opened),
        lines=lines,
        last=lines[-1].number if lines else 0,
        open=opened.facts.state in TALKING,
        closed=closed,
        body=body,
        problems=problems or {},
    )


def _line(opened: Opened, one: Message) -> Line:
    return Line(one.number, one.role, one.name, one.at, one.body, one.actor_id == opened.actor.id)
