"""What is said in a meeting: for whom, as the server decides it, in which order, and who may read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from mediation.domain.facts import Facts
from mediation.domain.fields import Invalid, Problem, text
from mediation.domain.rooms import Room, audiences
from mediation.engine.asking import Actor
from mediation.services import compartments, talks
from mediation.services.compartments import Open
from mediation.services.offices import Office
from mediation.store.cases import facts_of
from mediation.store.models import Case, Message
from mediation.store.wakeups import stir

TALKING = ("scheduled", "in_meeting", "adjourned", "terms_drafted", "awaiting_signatures")
"""The states in which the rooms of a case are open."""
SPEAKERS = ("worker", "employer", "mediator")
MOST = 200
"""So many messages at once; whoever wants older ones pages back."""


class RoomClosed(Exception):
    """Nobody can speak in the rooms of this case now."""


class RoomChanged(Exception):
    """The message was for an audience that its writer no longer speaks to: nobody got it."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message as its reader may see it; `body` is None where no key in his hand opens it."""

    audience: Room
    number: int
    role: str
    name: str
    at: datetime
    body: str | None
    mine: bool


def held(session: Session, case_id: int) -> tuple[Case, Facts]:
    """Hold the case for what happens in its rooms: one at a time, and nobody ends it meanwhile."""
    case = session.get_one(Case, case_id, with_for_update={"key_share": True}, populate_existing=True)
    return case, facts_of(case)


def say(  # noqa: PLR0913, PLR0917 - who says what to whom, where and when
    session: Session, office: Office, case_id: int, actor: Actor, audience: Room, body: str, at: datetime
) -> tuple[Message, Room]:
    """Say it to those whom its writer believed to speak to, if they are the ones.  The caller commits.

    The message, and the room in which its writer is.

    Raises RoomClosed outside the meeting states, RoomChanged, Invalid for an empty or unreadable text.
    """
    case, facts = held(session, case_id)
    if not speaks(facts, actor):
        raise RoomClosed
    now = talks.standing(session, case.id, facts.state, at)
    if audience not in audiences(now.room, actor.role):
        raise RoomChanged
    words = read(body)
    compartment = compartments.opened(session, office.keys, case, facts, actor, audience)
    number = compartments.next_number(session, compartment)
    message = Message(
        case_id=case.id,
        number=number,
        audience=audience,
        holder=compartment.holder,
        role=actor.role,
        actor_id=actor.id,
        name=actor.name,
        at=at,
        body="",
        sealed=compartment.seal(number, words),
    )
    session.add(message)
    session.flush()
    stir(session)
    return message, now.room_of(actor.role)


def speaks(facts: Facts, actor: Actor) -> bool:
    """Whether the rooms are open and `actor` is one of those who talk: a party, or the case's mediator."""
    if facts.state not in TALKING or actor.role not in SPEAKERS:
        return False
    return actor.id == facts.mediator if actor.role == "mediator" else (actor.role, actor.seat) in facts.seats


def read(body: str) -> str:
    """What somebody typed to say.  Raises Invalid."""
    try:
        words = text(body)
    except Problem as problem:
        raise Invalid({"body": str(problem)}) from None
    if not words:
        raise Invalid({"body": "missing"})
    return words


def said(  # noqa: PLR0913 - whose messages, for whom, from where to where
    session: Session,
    office: Office,
    case_id: int,
    actor: Actor,
    audience: Room,
    *,
    after: int = 0,
    before: int | None = None,
    most: int = MOST,
) -> list[Said]:
    """The newest messages of one audience between two numbers, oldest first, as `actor` may read them."""
    keys = compartments.all_open(session, office.keys, case_id, actor)
    query = _of(case_id, audience, keys).where(Message.number > after)
    if before is not None:
        query = query.where(Message.number < before)
    rows = session.scalars(query.order_by(Message.number.desc()).limit(most)).all()
    return [as_read(row, actor, keys) for row in reversed(rows)]


def missed(  # noqa: PLR0913, PLR0917 - what of which case, for whom with which keys, after what, how much
    session: Session, case_id: int, actor: Actor, keys: Iterable[Open], told: Mapping[Room, int], most: int
) -> list[Said]:
    """What was said after the numbers that `actor` has been told, oldest first; `most` and one more of it."""
    keys = list(keys)
    wanted = [_of(case_id, room, keys).where(Message.number > number) for room, number in told.items()]
    query = select(Message).where(or_(*(one.whereclause for one in wanted if one.whereclause is not None)))
    rows = session.scalars(query.order_by(Message.id).limit(most + 1))
    return [as_read(row, actor, keys) for row in rows]


def _of(case_id: int, audience: Room, keys: Iterable[Open]) -> Select[Message]:
    # What was said before there were compartments was said to everybody.
    before = [""] if audience is Room.JOINT else []
    holders = {*before, *(one.holder for one in keys if one.audience is audience)}
    mine = (Message.case_id == case_id, Message.audience == audience, Message.holder.in_(holders))
    return select(Message).where(*mine)


def as_read(row: Message, actor: Actor, keys: Iterable[Open]) -> Said:
    """A message as `actor` may read it with the keys he has."""
    body = compartments.words_of(row, keys)
    return Said(Room(row.audience), row.number, row.role, row.name, row.at, body, row.actor_id == actor.id)
