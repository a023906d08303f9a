"""Drafts of a meeting: what somebody has written for one audience and not said.

A draft stays with the audience it was written for: it never turns up in another room by itself.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mediation.domain.rooms import Room
from mediation.engine.asking import Actor
from mediation.services import compartments, meetings
from mediation.services.offices import Office
from mediation.store.models import Draft
from mediation.store.vault import Spoilt

_NUMBER = 0
"""Drafts have no number: their compartment is their writer's alone."""


def keep(  # noqa: PLR0913, PLR0917 - whose words, for whom, in which case and when
    session: Session, office: Office, case_id: int, actor: Actor, audience: Room, body: str, at: datetime
) -> None:
    """Keep what was written for `audience`, in place of what was kept for it.  The caller commits.

    Raises RoomClosed for whoever does not talk in this case, Invalid for a text that cannot be read.
    """
    case, facts = meetings.held(session, case_id)
    if not meetings.speaks(facts, actor):
        raise meetings.RoomClosed
    words = meetings.read(body)
    own = compartments.opened(session, office.keys, case, facts, actor, Room.SELF)
    session.merge(
        Draft(
            case_id=case.id,
            actor_id=actor.id,
            audience=audience,
            at=at,
            sealed=own.seal(_NUMBER, words),
        )
    )
    session.flush()


def found(session: Session, office: Office, case_id: int, actor: Actor, audience: Room) -> str:
    """What `actor` has written for `audience` and not said; nothing where there is none."""
    row = session.get(Draft, (case_id, actor.id, audience))
    if row is None:
        return ""
    for one in compartments.all_open(session, office.keys, case_id, actor):
        if one.audience is Room.SELF:
            try:
                return one.unseal(_NUMBER, row.sealed)
            except Spoilt:
                return ""
    return ""


def kept(session: Session, case_id: int, actor: Actor) -> set[Room]:
    """The audiences for which `actor` has written something and not said it."""
    mine = (Draft.case_id == case_id, Draft.actor_id == actor.id)
    return {Room(one) for one in session.scalars(select(Draft.audience).where(*mine))}


def forget(session: Session, case_id: int, actor: Actor, audience: Room) -> None:
    """It was said, or is not wanted any more.  The caller commits."""
    mine = (Draft.case_id == case_id, Draft.actor_id == actor.id, Draft.audience == audience)
    session.execute(delete(Draft).where(*mine))
