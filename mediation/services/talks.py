"""Where the mediator of a meeting talks: in the joint room, with one side alone, or with nobody.

A move begins some seconds after it was asked for, and until then anybody in the meeting may stop it.
Nobody has to carry it out: each row says from which moment it holds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from mediation.domain.facts import Facts
from mediation.domain.rooms import PLACES, Room, where
from mediation.engine.asking import Actor
from mediation.store.models import Case, Entry, Stop, Talk
from mediation.store.wakeups import stir

NOTICE = timedelta(seconds=5)
"""So long everybody knows of a move before it happens."""
LONGEST = 60
"""Minutes that a private talk may be announced to take."""
WHILE = ("in_meeting", "terms_drafted", "awaiting_signatures")
"""The states in which the mediator moves people; before and between meetings everybody waits."""
OPENING = "open_meeting"


class NoMove(Exception):
    """Nobody is moved; `reason` is a code of the vocabulary."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Coming:
    """A move that is announced."""

    id: int
    room: Room
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the talk is, since when, about how many minutes it will take, and the move that is announced."""

    room: Room
    since: datetime | None = None
    minutes: int | None = None
    coming: Coming | None = None
    stopped: str | None = None
    """The role of whoever stopped the last move that was announced, until there is another one."""

    def room_of(self, role: str) -> Room:
        """Where somebody of `role` is."""
        return where(self.room, role)


def standing(session: Session, case_id: int, state: str, at: datetime) -> Standing:
    """Where the mediator talks in the meeting that is going on, at this moment."""
    if state not in WHILE:
        return Standing(Room.WAITING)
    query = (
        select(Talk, Stop.role)
        .outerjoin(Stop)
        .where(Talk.case_id == case_id, Talk.meeting == _opening(case_id))
        .order_by(Talk.since.desc(), Talk.id.desc())
        .limit(_BACK)
    )
    coming, stopped = None, None
    for number, (talk, by) in enumerate(session.execute(query)):
        if by is not None:
            stopped = by if number == 0 else stopped
        elif talk.since > at:
            coming = Coming(talk.id, Room(talk.room), talk.since)
        else:
            return Standing(Room(talk.room), talk.since, talk.minutes, coming, stopped)
    return Standing(Room.JOINT, None, None, coming, stopped)


_BACK = 50
"""How many moves are looked at to find the one that holds: all later ones would have been stopped."""


def move(  # noqa: PLR0913, PLR0917 - who moves whom where, when and about how long
    session: Session, case: Case, facts: Facts, actor: Actor, room: Room, minutes: int | None, at: datetime
) -> Talk:
    """Announce that the talk moves to `room` in a moment.  The caller holds the case, and commits.

    Raises NoMove.
    """
    now = standing(session, case.id, facts.state, at)
    if facts.state not in WHILE:
        raise NoMove("not_meeting")
    if actor.role != "mediator" or actor.id != facts.mediator or room not in PLACES:
        raise NoMove("mediator_moves")
    if now.coming is not None:
        raise NoMove("moving_already")
    if now.room is room:
        raise NoMove("there_already")
    talk = Talk(case_id=case.id, room=room, asked=at, since=at + NOTICE, by=actor.id, minutes=minutes)
    talk.meeting = session.scalar(select(_opening(case.id))) or 0
    session.add(talk)
    session.flush()
    stir(session)
    return talk


def stop(  # noqa: PLR0913, PLR0917 - who stops which move of which case, and when
    session: Session, case: Case, facts: Facts, actor: Actor, since: str, at: datetime
) -> None:
    """Not yet: the move announced for `since` does not happen.  The caller holds the case, and commits.

    Raises NoMove where it has happened, or was stopped already.
    """
    coming = standing(session, case.id, facts.state, at).coming
    if coming is None or coming.at.isoformat() != since:
        raise NoMove("moved_already")
    session.add(Stop(talk_id=coming.id, at=at, role=actor.role, by=actor.id))
    session.flush()
    stir(session)


def _opening(case_id: int) -> ScalarSelect[int]:
    """The number of the entry that opened the newest meeting of a case, 0 without one."""
    return (
        select(func.coalesce(func.max(Entry.number), 0))
        .where(Entry.case_id == case_id, Entry.action == OPENING)
        .scalar_subquery()
    )
