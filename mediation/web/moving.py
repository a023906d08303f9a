"""The mediator takes people to another room: he sees who will be there, then everybody sees it coming."""

import json

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mediation.domain.fields import Invalid
from mediation.domain.rooms import PLACES, SIDES, Room, where
from mediation.services import meetings, talks
from mediation.services.replies import Answer, Reused
from mediation.services.talks import NoMove
from mediation.web import known, repeats
from mediation.web.meeting import PAGE, entered, room_page
from mediation.web.opened import Opened
from mediation.web.views import case_view

MINUTES = ("5", "10", "15", "20", "30")
MOVE = known.Form(
    frozenset({"to", "minutes"}),
    exact={"to": known.listed(PLACES), "minutes": known.listed((*MINUTES, ""))},
)
STOP = known.Form(frozenset({"since"}))


def move(ref: str) -> ResponseReturnValue:
    """Where to, who will be there and who waits (GET); then it is announced (POST)."""
    opened = entered(ref)
    if opened.actor.role != "mediator":
        abort(403)
    if request.method == "GET":
        to = request.args.get("to")
        return _page(opened, Room(to)) if to in set(PLACES) else abort(404)
    try:
        known.only(request.form, MOVE)
        return repeats.given(repeats.before(opened.actor.id) or _moved(opened))
    except Reused:
        return room_page(entered(ref), problems={"to": "said_before"}), 422
    except NoMove as refused:
        return room_page(entered(ref), problems={"to": refused.reason}), 409
    except Invalid as invalid:
        return room_page(entered(ref), problems=invalid.problems), 422


def stop(ref: str) -> ResponseReturnValue:
    """Not yet: whoever is in the meeting may say so until it happens."""
    opened = entered(ref)
    try:
        known.only(request.form, STOP)
        return repeats.given(repeats.before(opened.actor.id) or _stopped(opened))
    except Reused:
        return room_page(entered(ref), problems={"to": "said_before"}), 422
    except NoMove as refused:
        return room_page(entered(ref), problems={"to": refused.reason}), 409
    except Invalid as invalid:
        return room_page(entered(ref), problems=invalid.problems), 422


def _moved(opened: Opened) -> Answer:
    room, minutes = Room(request.form.get("to", Room.SELF)), request.form.get("minutes") or None

    def work(session: Session) -> Answer:
        case, facts = meetings.held(session, opened.case_id)
        talk = talks.move(
            session, case, facts, opened.actor, room, int(minutes) if minutes else None, opened.at
        )
        return _answer(opened, {"moving": room, "since": talk.since.isoformat()})

    return _done(opened, work)


def _stopped(opened: Opened) -> Answer:
    def work(session: Session) -> Answer:
        case, facts = meetings.held(session, opened.case_id)
        talks.stop(session, case, facts, opened.actor, request.form.get("since", ""), opened.at)
        return _answer(opened, {"stopped": True})

    return _done(opened, work)


def _done(opened: Opened, work: repeats.Work) -> Answer:
    answer = repeats.once(opened.actor.id, work)
    assert answer is not None  # noqa: S101 - each of them has an answer
    return answer


def _answer(opened: Opened, told: dict[str, object]) -> Answer:
    return Answer(opened.case_id, url_for(PAGE, ref=opened.case.ref), json.dumps(told))


def _page(opened: Opened, to: Room) -> str:
    sides = {side: where(to, side) for side in SIDES}
    return render_template("cases/move.html", case=case_view(opened), to=to, sides=sides, minutes=MINUTES)
