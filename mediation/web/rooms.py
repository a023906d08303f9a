"""A room of a meeting as one visitor sees it: where he is, who hears him, what was said there."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from mediation.domain.rooms import PLACES, Room, audiences, private, private_side, readable, where
from mediation.services import compartments, meetings, talks, unsaid
from mediation.services.meetings import TALKING, Said
from mediation.services.talks import Standing
from mediation.store.db import db
from mediation.web.context import office
from mediation.web.cursors import Cursor
from mediation.web.opened import Opened


@dataclass(frozen=True, slots=True)
class Move:
    """A move that is announced: where the visitor will be then, where the talk will be, and from when on."""

    room: Room
    talk: Room
    since: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page of a room has beside what was said: another `mark` is another page.

    `until` is when it becomes another by itself, because a move that was announced happens.
    """

    mark: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class RoomView:
    """What the page of a room shows.

    `room` is where the visitor is, `audience` whose talk is shown, `speaks` whether he can add to it.
    `alone` says that nobody else is on his side of the case.
    """

    room: Room
    audience: Room
    speaks: bool
    alone: bool
    lines: list[Said]
    earlier: int | None
    draft: str
    others: list[Room]
    coming: Move | None
    stopped: str | None
    talking_with: str | None
    back_at: datetime | None
    minutes: int | None
    targets: list[Room]
    notes: list[Said]
    cursor: Cursor
    unsaid: list[Room]


def room_view(opened: Opened, wanted: str = "", before: int | None = None) -> RoomView:
    """The room for its visitor; `wanted` is another audience that he may read, `before` pages back."""
    role, facts = opened.actor.role, opened.facts
    now = talks.standing(db.session(), opened.case_id, facts.state, opened.at)
    here = facts.state in TALKING
    room = now.room_of(role) if here else Room.JOINT
    mine = audiences(now.room, role) if here else ()
    audience = _audience(wanted, room, role)
    # Before the lines: one that comes in between is told twice rather than never.
    told = cursor(opened, now)
    lines = _said(opened, audience, before)
    mediator = role == "mediator"
    return RoomView(
        room=room,
        audience=audience,
        speaks=audience in mine,
        alone=facts.workers == 1 and not facts.authorities,
        lines=lines,
        earlier=lines[0].number if len(lines) == meetings.MOST else None,
        draft=unsaid.found(db.session(), office(), opened.case_id, opened.actor, audience),
        others=[one for one in readable(role) if one is not audience and one is not Room.TEAM],
        coming=_coming(now, role, opened.at),
        stopped=now.stopped,
        talking_with=None if room is not Room.WAITING else private_side(now.room),
        back_at=now.since + timedelta(minutes=now.minutes) if now.since and now.minutes else None,
        minutes=now.minutes,
        targets=[one for one in PLACES if one is not now.room]
        if mediator and facts.state in talks.WHILE
        else [],
        notes=_said(opened, Room.TEAM) if mediator and audience is not Room.TEAM else [],
        cursor=told,
        unsaid=_unsaid(opened, audience),
    )


def frame(opened: Opened, now: Standing) -> Frame:
    """The frame of the visitor's page where the talk stands so."""
    role, coming = opened.actor.role, now.coming
    ahead = coming and (coming.at, where(coming.room, role), opened.staff and coming.room)
    here = (opened.facts.state, opened.revision, now.room_of(role), now.since, now.minutes)
    mark = hashlib.sha256(repr((here, ahead, now.stopped)).encode()).hexdigest()
    return Frame(mark[:_MARK], coming.at if coming else None)


_MARK = 12
"""Figures of a mark: enough to tell two pages of one case apart."""


def cursor(opened: Opened, now: Standing) -> Cursor:
    """How far a page that is made now has been told."""
    heads = dict.fromkeys(readable(opened.actor.role), 0)
    for one in compartments.all_open(db.session(), office().keys, opened.case_id, opened.actor):
        if one.audience in heads:
            heads[one.audience] = max(heads[one.audience], one.last)
    return Cursor(heads, frame(opened, now).mark)


def default_audience(room: Room, role: str) -> Room:
    """Whose talk is shown in a room: its own; to who waits, what he leaves for the mediator."""
    if room is not Room.WAITING:
        return room
    return Room.JOINT if role == "mediator" else private(role)


def _unsaid(opened: Opened, shown: Room) -> list[Room]:
    kept = unsaid.kept(db.session(), opened.case_id, opened.actor)
    return [one for one in readable(opened.actor.role) if one in kept and one is not shown]


def _audience(wanted: str, room: Room, role: str) -> Room:
    known = {str(one): one for one in readable(role)}
    return known.get(wanted) or default_audience(room, role)


def _said(opened: Opened, audience: Room, before: int | None = None) -> list[Said]:
    return meetings.said(db.session(), office(), opened.case_id, opened.actor, audience, before=before)


def _coming(now: Standing, role: str, at: datetime) -> Move | None:
    if now.coming is None:
        return None
    left = int((now.coming.at - at).total_seconds()) + 1
    return Move(where(now.coming.room, role), now.coming.room, now.coming.at.isoformat(), left)
