"""The joint room of a meeting: what was said, by whom, and something to say it with."""

import json
from dataclasses import dataclass
from datetime import datetime

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mediation.domain.fields import Invalid
from mediation.services import meetings
from mediation.services.meetings import JOINT, TALKING, RoomClosed
from mediation.services.replies import Answer, Reused
from mediation.store.db import db
from mediation.store.models import Case, Message
from mediation.web import known, repeats
from mediation.web.opened import Opened, open_case
from mediation.web.views import case_view, in_room

FORM = known.Form(frozenset({"body", "audience"}))


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
    try:
        known.only(request.form, FORM)
        if request.form.get("audience") != JOINT:
            return room_page(opened, body, {"body": "room_changed"}), 409
        return repeats.given(repeats.before(opened.actor.id) or say(opened, body))
    except Reused:
        return room_page(open_case(ref), body, {"body": "said_before"}), 422
    except RoomClosed:
        return room_page(open_case(ref), body, closed=True), 409
    except Invalid as invalid:
        empty = invalid.problems.get("body") == "missing"
        return room_page(open_case(ref), body, {"body": "no_message"} if empty else invalid.problems), 422


def say(opened: Opened, body: str) -> Answer:
    """Say it, once for each page.  Raises RoomClosed, Invalid, Reused."""
    place = url_for("cases.meeting", ref=opened.case.ref, _anchor="say")

    def work(session: Session) -> Answer:
        case = session.get_one(Case, opened.case_id)
        said = meetings.say(session, case, opened.actor, body, opened.at)
        return Answer(case.id, place, json.dumps({"number": said.number}))

    answer = repeats.once(opened.actor.id, work)
    assert answer is not None  # noqa: S101 - whatever is said has an answer
    return answer


def room_page(
    opened: Opened, body: str = "", problems: dict[str, str] | None = None, *, closed: bool = False
) -> str:
    """The room as the visitor sees it."""
    lines = [_line(opened, one) for one in meetings.said(db.session(), opened.case)]
    return render_template(
        "cases/meeting.html",
        case=case_view(opened),
        lines=lines,
        open=opened.facts.state in TALKING,
        closed=closed,
        body=body,
        problems=problems or {},
    )


def _line(opened: Opened, one: Message) -> Line:
    return Line(one.number, one.role, one.name, one.at, one.body, one.actor_id == opened.actor.id)
