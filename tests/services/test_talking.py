"""The joint room of a meeting: open while people talk, every word kept in its order."""

from concurrent.futures import ThreadPoolExecutor

import makers
import pytest
from makers import make_case

from mediation.domain.fields import Invalid
from mediation.services.meetings import RoomClosed, said, say
from mediation.store.models import Case


def case_in(transaction, office, state):
    with transaction() as session:
        return make_case(session, office, state=state).id


def test_words_are_kept_in_the_order_they_were_said(transaction, office):
    case_id = case_in(transaction, office, "in_meeting")
    with transaction() as session:
        case = session.get_one(Case, case_id)
        for role, body in (("worker", "您好"), ("employer", " 您好\n请讲 "), ("mediator", "开始")):
            say(session, case, makers.actor_of(session, case, role), body, case.moved_at)
    with transaction() as session:
        found = said(session, session.get_one(Case, case_id))
        assert [(m.number, m.role, m.body) for m in found] == [
            (1, "worker", "您好"),
            (2, "employer", "您好\n请讲"),
            (3, "mediator", "开始"),
        ]
        assert [m.number for m in said(session, session.get_one(Case, case_id), after=1)] == [2, 3]
        assert [m.number for m in said(session, session.get_one(Case, case_id), most=2)] == [2, 3]


def test_everybody_who_speaks_at_once_is_heard(transaction, office):
    case_id = case_in(transaction, office, "in_meeting")

    def speak(speaker):
        for turn in range(5):
            with transaction() as session:
                case = session.get_one(Case, case_id)
                who = makers.actor_of(session, case, "worker" if speaker % 2 else "employer")
                say(session, case, who, f"{speaker}.{turn}", case.moved_at)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(speak, range(8)))
    with transaction() as session:
        found = said(session, session.get_one(Case, case_id))
        assert [m.number for m in found] == list(range(1, 41))
        assert len({m.body for m in found}) == 40


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("state", makers.PATHS)
def test_the_room_is_open_from_the_appointment_to_the_seal(transaction, office, state):
    case_id = case_in(transaction, office, state)
    talking = ("scheduled", "in_meeting", "adjourned", "terms_drafted", "awaiting_signatures")

    def speak(role):
        with transaction() as session:
            case = session.get_one(Case, case_id)
            say(session, case, makers.actor_of(session, case, role), "您好", case.moved_at)

    for role in ("clerk", "admin"):
        with pytest.raises(RoomClosed):
            speak(role)
    if state in talking:
        speak("worker")
    else:
        with pytest.raises(RoomClosed):
            speak("worker")


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("body", ["", " \n ", "\x00", "长" * 2001, "\ud800"])
def test_nothing_is_not_said(transaction, office, body):
    case_id = case_in(transaction, office, "in_meeting")

    def speak():
        with transaction() as session:
            case = session.get_one(Case, case_id)
            say(session, case, makers.actor_of(session, case, "worker"), body, case.moved_at)

    with pytest.raises(Invalid):
        speak()
    with transaction() as session:
        assert said(session, session.get_one(Case, case_id)) == []
