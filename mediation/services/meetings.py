"""What is said in the joint room of a meeting."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mediation.domain.fields import Invalid, Problem, text
from mediation.engine.asking import Actor
from mediation.store.models import Case, Message

JOINT = "joint"
TALKING = ("scheduled", "in_meeting", "adjourned", "terms_drafted", "awaiting_signatures")
"""The states in which the joint room is open."""


class RoomClosed(Exception):
    """Nobody can speak in the room of this case now."""


def say(session: Session, case: Case, actor: Actor, body: str, at: datetime) -> Message:
    """Write a message to everybody in the joint room.  The caller commits.

    Raises RoomClosed outside the meeting states, Invalid for an empty or unreadable text.
    """
    # One speaker of a case at a time, or two would take the same number; and nobody ends it meanwhile.
    session.refresh(case, with_for_update={"key_share": True})
    if case.state not in TALKING or actor.role not in ("worker", "employer", "mediator"):
        raise RoomClosed
    try:
        words = text(body)
    except Problem as problem:
        raise Invalid({"body": str(problem)}) from None
    if not words:
        raise Invalid({"body": "missing"})
    last = session.scalar(
        select(func.max(Message.number)).where(Message.case_id == case.id, Message.audience == JOINT)
    )
    message = Message(
        case_id=case.id,
        number=(last or 0) + 1,
        audience=JOINT,
        role=actor.role,
        actor_id=actor.id,
        name=actor.name,
        at=at,
        body=words,
    )
    session.add(message)
    session.flush()  # a number taken by somebody else in this moment shows here
    return message


def said(session: Session, case: Case, after: int = 0, most: int = 500) -> list[Message]:
    """The joint messages of a case after number `after`, oldest first."""
    query = (
        select(Message)
        .where(Message.case_id == case.id, Message.audience == JOINT, Message.number > after)
        .order_by(Message.number.desc())
        .limit(most)
    )
    return list(reversed(session.scalars(query).all()))
