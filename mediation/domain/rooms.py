"""Who hears whom in a meeting: its rooms, who is in which, and who may ever read what was said in one."""

from enum import StrEnum
from typing import Final


class Room(StrEnum):
    """A room of a meeting, and so the audience of what is said in it.

    Nothing is said in `waiting`: who waits can leave a word for the mediator, which belongs to the
    private talk.  `team` is the mediator's notebook, `self` the drafts of whoever writes them.
    """

    WAITING = "waiting"
    JOINT = "joint"
    WORKER = "private:worker"
    EMPLOYER = "private:employer"
    TEAM = "team"
    SELF = "self"


TALKS: Final = (Room.JOINT, Room.WORKER, Room.EMPLOYER)
"""The rooms in which people talk: where the mediator can take them, but for the waiting room."""
PLACES: Final = (*TALKS, Room.WAITING)
_PRIVATE: Final = {"worker": Room.WORKER, "employer": Room.EMPLOYER}
SIDES: Final = tuple(_PRIVATE)


def private(side: str) -> Room:
    """The private talk of a side with the mediator.  Raises KeyError for whoever is on no side."""
    return _PRIVATE[side]


def private_side(room: Room) -> str | None:
    """Whose private talk this room is; None for any other room."""
    return next((side for side, own in _PRIVATE.items() if own is room), None)


def where(talk: Room, role: str) -> Room:
    """In which room somebody of `role` is while the mediator talks in `talk`.

    Whoever is not where the mediator is waits.  So nobody hears anything without the mediator.
    """
    if role == "mediator" or talk is Room.JOINT or _PRIVATE.get(role) is talk:
        return talk
    return Room.WAITING


def inside(talk: Room) -> tuple[str, ...]:
    """The sides that take part in `talk`."""
    return tuple(side for side in SIDES if where(talk, side) is talk) if talk in TALKS else ()


def audiences(talk: Room, role: str) -> tuple[Room, ...]:
    """For whom somebody of `role` can say something now: first those in his own room.

    A side that waits can leave the mediator a word, and the mediator one to a side that waits; from
    the joint room nothing goes to one side alone, and from a private talk nothing to both.
    """
    if role in _PRIVATE:
        return (Room.JOINT,) if talk is Room.JOINT else (_PRIVATE[role],)
    if role != "mediator":
        return ()
    waiting = tuple(_PRIVATE[side] for side in SIDES if where(talk, side) is Room.WAITING)
    own = (talk,) if talk in TALKS else ()
    return (*own, *waiting, Room.TEAM)


def readable(role: str) -> tuple[Room, ...]:
    """What somebody of `role` may read of a meeting, beside his own drafts."""
    if role in _PRIVATE:
        return (Room.JOINT, _PRIVATE[role])
    return (*TALKS, Room.TEAM) if role == "mediator" else ()
