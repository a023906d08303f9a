"""A room of a meeting: what was said there, by whom, and something to say it with."""

import json

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mediation.domain.fields import Invalid
from mediation.domain.rooms import Room
from mediation.services import meetings, unsaid
from mediation.services.meetings import TALKING, RoomChanged, RoomClosed
from mediation.services.replies import Answer, Reused
from mediation.web import known, repeats
from mediation.web.context import office
from mediation.web.opened import Opened, open_case
from mediation.web.rooms import default_audience, room_view
from mediation.web.views import case_view, in_room

SAY, KEEP = "say", "keep"
FORM = known.Form(
    frozenset({"body", "audience", "do"}),
    exact={"audience": known.listed(Room), "do": known.listed((SAY, KEEP))},
)
PAGE = "cases.meeting"


def room(ref: str) -> ResponseReturnValue:
    """The room in which the visitor is, or what was said in another that he may read."""
    opened = entered(ref)
    if request.method == "GET":
        return room_page(opened)
    body = request.form.get("body", "")
    try:
        known.only(request.form, FORM)
        return repeats.given(_written(opened, body))
    except Reused:
        return room_page(entered(ref), body, {"body": "said_before"}), 422
    except RoomChanged:
        return _held(entered(ref), body), 409
    except RoomClosed:
        return room_page(entered(ref), body, closed=True), 409
    except Invalid as invalid:
        empty = invalid.problems.get("body") == "missing"
        problems = {"body": "no_message"} if empty else invalid.problems
        return room_page(entered(ref), body, problems), 422


def entered(ref: str) -> Opened:
    """The case, for one of those who talk in it (403)."""
    opened = open_case(ref)
    if not in_room(opened):
        abort(403)
    return opened


def _written(opened: Opened, body: str) -> Answer:
    """Say it to those whom its writer saw, or keep it for later.  Raises RoomClosed, RoomChanged, Invalid."""
    audience = Room(request.form.get("audience") or Room.WAITING)
    return _kept(opened, audience, body) if request.form.get("do") == KEEP else _say(opened, audience, body)


def _say(opened: Opened, audience: Room, body: str) -> Answer:
    def work(session: Session) -> Answer:
        said, where = meetings.say(session, office(), opened.case_id, opened.actor, audience, body, opened.at)
        unsaid.forget(session, opened.case_id, opened.actor, audience)
        # To whoever is there anyway no audience is named, so that the page goes with him to the next room.
        of = None if default_audience(where, opened.actor.role) is audience else audience
        place = url_for(PAGE, ref=opened.case.ref, of=of, _anchor="say")
        return Answer(opened.case_id, place, json.dumps({"audience": audience, "number": said.number}))

    return _once(opened, work)


def _kept(opened: Opened, audience: Room, body: str) -> Answer:
    place = url_for(PAGE, ref=opened.case.ref, of=audience, _anchor="say")

    def work(session: Session) -> Answer:
        unsaid.keep(session, office(), opened.case_id, opened.actor, audience, body, opened.at)
        return Answer(opened.case_id, place, json.dumps({"kept": audience}))

    return _once(opened, work)


def _once(opened: Opened, work: repeats.Work) -> Answer:
    answer = repeats.once(opened.actor.id, work)
    assert answer is not None  # noqa: S101 - whatever is written has an answer
    return answer


def _held(opened: Opened, body: str) -> str:
    """The page of now, with what was written for the room of before: it asks whom it is for."""
    return room_page(opened, body, {"body": "room_changed"}, held=True)


def room_page(
    opened: Opened,
    body: str | None = None,
    problems: dict[str, str] | None = None,
    *,
    closed: bool = False,
    held: bool = False,
) -> str:
    """The room as the visitor sees it; what was held is shown where he speaks now."""
    wanted = "" if held else request.values.get("of") or request.form.get("audience", "")
    before = request.args.get("before", "")
    view = room_view(opened, wanted, int(before) if before.isdecimal() and len(before) < _LONG else None)
    return render_template(
        "cases/meeting.html",
        case=case_view(opened),
        room=view,
        open=opened.facts.state in TALKING,
        closed=closed,
        held=held,
        body=view.draft if body is None else body,
        problems=problems or {},
    )


_LONG = 10
"""Figures that no number of a message has."""
