"""Who hears whom: nobody of one side is ever where the other side talks alone."""

import itertools

import pytest

from mediation.domain.rooms import (
    PLACES,
    TALKS,
    Room,
    audiences,
    inside,
    private,
    private_side,
    readable,
    where,
)

ROLES = ("worker", "employer", "mediator")
OTHER = {"worker": "employer", "employer": "worker"}


@pytest.mark.parametrize(("talk", "side"), list(itertools.product(PLACES, OTHER)))
def test_a_side_is_in_the_joint_room_in_its_own_or_waits(talk: Room, side: str) -> None:
    assert where(talk, side) in (Room.JOINT, private(side), Room.WAITING)
    assert where(talk, side) is not private(OTHER[side])
    assert where(talk, "mediator") is talk


def test_who_takes_part_in_each_talk() -> None:
    assert inside(Room.JOINT) == ("worker", "employer")
    assert inside(Room.WORKER) == ("worker",)
    assert inside(Room.EMPLOYER) == ("employer",)
    assert inside(Room.WAITING) == ()


@pytest.mark.parametrize(("talk", "role"), list(itertools.product(PLACES, ROLES)))
def test_nobody_can_say_what_he_could_not_read(talk: Room, role: str) -> None:
    assert set(audiences(talk, role)) <= set(readable(role))
    assert Room.WAITING not in audiences(talk, role)


@pytest.mark.parametrize("talk", PLACES)
def test_nothing_goes_past_who_is_in_the_room(talk: Room) -> None:
    for side in OTHER:
        assert audiences(talk, side) == ((Room.JOINT,) if talk is Room.JOINT else (private(side),))
    to = audiences(talk, "mediator")
    assert (Room.JOINT in to) == (talk is Room.JOINT), "to both only where both are"
    if talk is Room.JOINT:
        assert to == (Room.JOINT, Room.TEAM), "to one side alone only where it is alone, or waits"
    else:
        assert set(to) == {Room.WORKER, Room.EMPLOYER, Room.TEAM}
        assert to[0] is (talk if talk in TALKS else Room.WORKER)


@pytest.mark.parametrize("role", ["clerk", "admin", "system", "stranger"])
def test_whoever_is_not_in_the_meeting_reads_and_says_nothing(role: str) -> None:
    assert readable(role) == ()
    assert all(audiences(talk, role) == () for talk in PLACES)
    assert where(Room.WORKER, role) is Room.WAITING


def test_whose_private_talk_it_is() -> None:
    assert {room: private_side(room) for room in Room if private_side(room)} == {
        Room.WORKER: "worker",
        Room.EMPLOYER: "employer",
    }
    with pytest.raises(KeyError):
        private("mediator")
