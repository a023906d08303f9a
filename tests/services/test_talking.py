"""What is said in a meeting: to whom, in its order, read by nobody else, whatever a query forgets."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import makers
import pytest
from sqlalchemy import select, text
from talking import Meeting

from mediation.domain.fields import Invalid
from mediation.domain.rooms import Room
from mediation.services import compartments, meetings, talks, unsaid
from mediation.services.meetings import RoomChanged, RoomClosed
from mediation.store.cases import facts_of
from mediation.store.models import Case, Compartment, Message, Talk

SECOND = timedelta(seconds=1)
OTHER = {"worker": "employer", "employer": "worker"}


@pytest.fixture
def house(transaction, office):
    return Meeting(transaction, office)


def test_words_are_kept_in_the_order_they_were_said(house):
    for role, body in (("worker", "您好"), ("employer", " 您好\n请讲 "), ("mediator", "开始")):
        house.say(role, Room.JOINT, body)
    for role in ("worker", "employer", "mediator"):
        assert house.read(role, Room.JOINT) == ["您好", "您好\n请讲", "开始"]
    assert house.read("worker", Room.JOINT, after=1) == ["您好\n请讲", "开始"]
    assert house.read("worker", Room.JOINT, most=2) == ["您好\n请讲", "开始"]
    assert house.read("worker", Room.JOINT, before=3, most=1) == ["您好\n请讲"]


def test_everybody_who_speaks_at_once_is_heard(house, transaction, office):
    def speak(speaker):
        for turn in range(5):
            with transaction() as session:
                case = session.get_one(Case, house.id)
                who = makers.actor_of(session, case, "worker" if speaker % 2 else "employer")
                meetings.say(session, office, case.id, who, Room.JOINT, f"{speaker}.{turn}", house.at)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(speak, range(8)))
    with transaction() as session:
        rows = session.scalars(select(Message).order_by(Message.number)).all()
        assert [row.number for row in rows] == list(range(1, 41))
    assert len(set(house.read("mediator", Room.JOINT))) == 40


@pytest.mark.parametrize("side", OTHER)
def test_what_is_said_in_private_is_read_by_that_side_and_the_mediator(house, side):
    room = Room(f"private:{side}")
    house.move(room)
    house.say("mediator", room, "您心里最低多少")
    house.say(side, room, "一万八")
    assert house.read(side, room) == house.read("mediator", room) == ["您心里最低多少", "一万八"]
    for who in (OTHER[side], "clerk", "admin"):
        assert house.read(who, room) == []


def test_notes_of_the_mediator_are_read_by_him_alone(house):
    house.say("mediator", Room.TEAM, "底线大概一万六")
    assert house.read("mediator", Room.TEAM) == ["底线大概一万六"]
    for who in ("worker", "employer", "clerk", "admin"):
        assert house.read(who, Room.TEAM) == []


@pytest.mark.parametrize("side", OTHER)
def test_who_waits_can_leave_the_mediator_a_word_and_he_an_answer(house, side):
    house.move(Room(f"private:{OTHER[side]}"))
    own = Room(f"private:{side}")
    house.say(side, own, "我还要等多久")
    house.say("mediator", own, "十分钟")
    assert house.read(side, own) == ["我还要等多久", "十分钟"]
    assert house.read(OTHER[side], own) == []


def test_a_word_for_a_room_that_its_writer_has_left_reaches_nobody(house):
    house.move(Room.WORKER)
    for role, audience in (
        ("worker", Room.JOINT),
        ("employer", Room.JOINT),
        ("mediator", Room.JOINT),
        ("worker", Room.EMPLOYER),
        ("employer", Room.WORKER),
        ("worker", Room.TEAM),
        ("worker", Room.SELF),
        ("mediator", Room.WAITING),
    ):
        with pytest.raises(RoomChanged):
            house.say(role, audience, "发错了")
    with house.transaction() as session:
        assert session.scalars(select(Message)).all() == []


def test_a_query_that_forgets_for_whom_it_asks_shows_nothing(house, monkeypatch):
    """The filter is dropped: every message of the case is found, and those of others stay shut."""
    house.move(Room.WORKER)
    house.say("worker", Room.WORKER, "一万八就签")
    house.say("mediator", Room.TEAM, "底线一万八")
    house.move(Room.JOINT)
    house.say("worker", Room.JOINT, "大家好")
    monkeypatch.setattr(
        meetings, "_of", lambda case_id, *_: select(Message).where(Message.case_id == case_id)
    )
    assert house.read("employer", Room.JOINT) == [None, None, "大家好"]
    assert house.read("clerk", Room.JOINT) == [None, None, None]


def test_what_lies_in_the_database_cannot_be_read_without_the_key(house):
    house.move(Room.WORKER)
    house.say("worker", Room.WORKER, "canary-private")
    house.say("mediator", Room.TEAM, "canary-notes")
    with house.transaction() as session:
        case = session.get_one(Case, house.id)
        who = makers.actor_of(session, case, "worker")
        unsaid.keep(session, house.office, case.id, who, Room.WORKER, "canary-draft", house.at)
        for table in ("messages", "compartments", "drafts", "talks"):
            for row in session.execute(text(f"SELECT * FROM {table}")):
                cells = (bytes(c) if isinstance(c, bytes | memoryview) else str(c).encode() for c in row)
                assert b"canary" not in b"".join(cells), table


def test_a_sealed_message_put_under_another_number_does_not_open(house):
    house.say("worker", Room.JOINT, "五千")
    with house.transaction() as session:
        case = session.get_one(Case, house.id)
        who = makers.actor_of(session, case, "worker")
        row = session.scalars(select(Message)).one()
        keys = compartments.all_open(session, house.office.keys, house.id, who)
        assert compartments.words_of(row, keys) == "五千"
        session.expunge(row)
        row.number = 2
        assert compartments.words_of(row, keys) is None


def test_the_next_mediator_does_not_read_what_was_said_to_the_one_before(house):
    house.move(Room.WORKER)
    house.say("worker", Room.WORKER, "只跟您说")
    with house.transaction() as session:
        case = session.get_one(Case, house.id)
        new = makers.staff_actor(makers.make_staff(session, role="mediator"))
        makers.act(session, house.office, case, "assign", data={"mediator": new.id})
        found = meetings.said(session, house.office, house.id, new, Room.WORKER)
        assert found == []
        case = session.get_one(Case, house.id)
        meetings.say(session, house.office, case.id, new, Room.WORKER, "我接着办", house.at + SECOND)
        found = meetings.said(session, house.office, house.id, new, Room.WORKER)
        assert [one.body for one in found] == ["我接着办"]
    assert house.read("worker", Room.WORKER) == ["只跟您说", "我接着办"]


def test_moving_takes_five_seconds_and_only_the_mediator_moves(house):
    for role in ("worker", "employer", "clerk", "admin"):
        with pytest.raises(talks.NoMove, match="mediator_moves"):
            house.announce(Room.WORKER, role)
    since = house.announce(Room.WORKER, minutes=10)
    assert since - house.at == talks.NOTICE == timedelta(seconds=5)
    before = house.standing()
    assert (before.room, before.coming.room, before.coming.at) == (Room.JOINT, Room.WORKER, since)
    house.say("employer", Room.JOINT, "还在这里")
    with pytest.raises(talks.NoMove, match="moving_already"):
        house.announce(Room.EMPLOYER)
    house.at = since
    now = house.standing()
    assert (now.room, now.coming, now.since, now.minutes) == (Room.WORKER, None, since, 10)
    assert [now.room_of(role) for role in ("worker", "employer", "mediator")] == [
        Room.WORKER,
        Room.WAITING,
        Room.WORKER,
    ]
    with pytest.raises(talks.NoMove, match="there_already"):
        house.announce(Room.WORKER)


@pytest.mark.parametrize("role", ["worker", "employer", "mediator"])
def test_anybody_in_the_meeting_may_stop_a_move_before_it_happens(house, role):
    since = house.announce(Room.EMPLOYER)
    house.stop(role, since)
    with pytest.raises(talks.NoMove, match="moved_already"):
        house.stop(role, since)
    house.at = since + SECOND
    assert (house.standing().room, house.standing().stopped) == (Room.JOINT, role)
    later = house.announce(Room.WORKER)
    house.at = later
    assert (house.standing().room, house.standing().stopped) == (Room.WORKER, None)
    with pytest.raises(talks.NoMove, match="moved_already"):
        house.stop(role, later)


def test_each_meeting_begins_together(house):
    house.move(Room.WORKER)
    with house.transaction() as session:
        case = session.get_one(Case, house.id)
        makers.act(session, house.office, case, "adjourn")
    assert house.standing().room is Room.WAITING
    with house.transaction() as session:
        case = session.get_one(Case, house.id)
        makers.act(session, house.office, case, "open_meeting")
        house.at = case.moved_at + SECOND
    assert house.standing().room is Room.JOINT


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("state", makers.PATHS)
def test_the_rooms_are_open_from_the_appointment_to_the_seal(transaction, office, state):
    house = Meeting(transaction, office, state=state)
    for role in ("clerk", "admin"):
        with pytest.raises(RoomClosed):
            house.say(role, Room.JOINT, "您好")
    if state in meetings.TALKING:
        house.say("worker", Room.JOINT if state in talks.WHILE else Room.WORKER, "您好")
    else:
        with pytest.raises(RoomClosed):
            house.say("worker", Room.JOINT, "您好")
    if state not in talks.WHILE:
        with house.transaction() as session:
            case = session.get_one(Case, house.id)
            who = makers.actor_of(session, case, "mediator")
            with pytest.raises(talks.NoMove, match="not_meeting"):
                talks.move(session, case, facts_of(case), who, Room.JOINT, None, house.at)


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("body", ["", " \n ", "\x00", "长" * 2001, "\ud800"])
def test_nothing_is_not_said(house, body):
    with pytest.raises(Invalid):
        house.say("worker", Room.JOINT, body)
    assert house.read("worker", Room.JOINT) == []


def test_a_draft_stays_with_the_audience_it_was_written_for(house):
    with house.transaction() as session:
        case = session.get_one(Case, house.id)
        worker, employer = (makers.actor_of(session, case, side) for side in OTHER)
        unsaid.keep(session, house.office, case.id, worker, Room.WORKER, "一万八", house.at)
        unsaid.keep(session, house.office, case.id, worker, Room.WORKER, "一万八千五", house.at)
        unsaid.keep(session, house.office, case.id, employer, Room.EMPLOYER, "只有一万", house.at)
        find = lambda who, room: unsaid.found(session, house.office, house.id, who, room)  # noqa: E731 - short
        assert find(worker, Room.WORKER) == "一万八千五"
        assert find(worker, Room.JOINT) == find(employer, Room.WORKER) == ""
        assert find(employer, Room.EMPLOYER) == "只有一万"
        unsaid.forget(session, house.id, worker, Room.WORKER)
        assert find(worker, Room.WORKER) == ""
        assert find(employer, Room.EMPLOYER) == "只有一万"


def test_rows_of_the_rooms_are_never_changed(house):
    house.move(Room.WORKER)
    house.say("worker", Room.WORKER, "您好")
    for table, change in (("messages", "audience = 'joint'"), ("talks", "room = 'joint'")):
        for deed in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="append-only"), house.transaction() as session:
                session.execute(text(deed))
    with house.transaction() as session:
        assert len(session.scalars(select(Talk)).all()) == 1
        assert len(session.scalars(select(Compartment)).all()) == 1
