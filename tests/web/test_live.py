"""A room as it goes on: who hears what on an open page, and when it hangs up."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from listening import Ear
from makers import make_staff
from reading import filled, words
from visiting import Played, browser, post

from mediation.domain.rooms import Room
from mediation.services import agents
from mediation.store import wakeups
from mediation.store.db import db
from mediation.store.models import Agent, Case, Person
from mediation.web import streaming
from mediation.web.context import visitor_of_party

SIDES = ("worker", "employer")
SILENCE = 0.6
"""Seconds in which whatever was to come would have come: more than two glances."""


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="in_meeting")


@pytest.fixture
def listen(case: Played, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Ear]]:
    """Begin to listen as somebody; all hang up at the end."""
    monkeypatch.setattr(streaming, "BEAT", 0.5)
    ears: list[Ear] = []

    def begin(role: str, since: str = "", **how: Any) -> Ear:
        ears.append(Ear(case.by(role), case.url("/meeting/stream"), query_string={"from": since}, **how))
        return ears[-1]

    yield begin
    live = case.app.extensions["live"]
    live.close()
    assert all(ear.ended.wait(5) for ear in ears)
    listener = live._thread
    if listener is not None:
        listener.join(5)


def say(case: Played, role: str, body: str, of: str = "") -> None:
    client = case.by(role)
    typed = filled(client.get(case.url("/meeting"), query_string={"of": of} if of else {}))
    assert client.post(case.url("/meeting"), data=typed | {"body": body}).status_code == 302


def later(case: Played, by: timedelta) -> None:
    clock = case.app.extensions["clock"]
    case.app.extensions["clock"] = lambda: clock() + by


def announce(case: Played, to: Room) -> None:
    assert post(case.by("mediator"), case.url(f"/meeting/move?to={to}")).status_code == 302


def move(case: Played, to: Room) -> None:
    announce(case, to)
    later(case, timedelta(seconds=5))


def test_what_is_said_is_heard_by_everybody_in_the_room(case: Played, listen: Any) -> None:
    ears = [listen(role) for role in (*SIDES, "mediator")]
    say(case, "worker", "我要回我的工资")
    for ear in ears:
        (event,) = ear.wait(1)
        assert "我要回我的工资" in event.data["html"]
        assert (event.data["audience"], event.data["number"]) == (Room.JOINT, 1)


@pytest.mark.parametrize(("side", "other"), [SIDES, SIDES[::-1]])
def test_what_is_said_in_private_changes_nothing_that_the_other_side_hears(
    case: Played, listen: Any, side: str, other: str
) -> None:
    room = Room(f"private:{side}")
    move(case, room)
    ears = {role: listen(role) for role in (*SIDES, "mediator")}
    page = case.by(other).get(case.url("/meeting"))
    heard = ears[other].raw.replace(":\n\n", "")
    for number in range(5):
        say(case, side if number % 2 else "mediator", f"底线 {number}")
    say(case, "mediator", "再加一点就成", Room.TEAM)
    assert len(ears[side].wait(5)) == 5
    assert len(ears["mediator"].wait(6)) == 6
    time.sleep(SILENCE)
    assert ears[other].raw.replace(":\n\n", "") == heard
    assert "底线" not in ears[other].raw
    assert "再加一点" not in ears[side].raw
    assert _still(case.by(other).get(case.url("/meeting")).text) == _still(page.text)


def _still(page: str) -> str:
    """A page without what is another at each reading of it."""
    return "\n".join(line for line in page.splitlines() if 'name="once"' not in line and "csrf" not in line)


def test_whoever_comes_back_has_missed_nothing_and_hears_nothing_twice(case: Played, listen: Any) -> None:
    ear = listen("employer")
    say(case, "worker", "一")
    say(case, "worker", "二")
    first, second = ear.wait(2)
    ear.close()
    say(case, "worker", "三")
    say(case, "mediator", "四")
    back = listen("employer", headers={"Last-Event-ID": first.id})
    say(case, "worker", "五")
    assert [event.data["number"] for event in back.wait(4)] == [2, 3, 4, 5]
    time.sleep(SILENCE)
    assert len(back.said()) == 4
    assert second.id.split("~")[0] == "2.0"


def test_an_open_page_and_its_stream_lose_nothing_between_them(case: Played, listen: Any) -> None:
    page = case.by("worker").get(case.url("/meeting")).text
    since = page.split("/meeting/stream?from=")[1].split('"')[0]
    say(case, "employer", "刚好在中间说的")
    ear = listen("worker", since)
    (event,) = ear.wait(1)
    assert "刚好在中间说的" in event.data["html"]
    assert not [one for one in ear.events if one.kind == "changed"]


@pytest.mark.parametrize(
    "since", ["x", "1", "1.2.3.4.5~a", "-1.0~", "9999999999.0~", "１.0~", "~", "1.0.0~é", "0.0~é\nid: 9.9~"]
)
def test_what_a_browser_makes_up_is_taken_as_nothing_told(case: Played, listen: Any, since: str) -> None:
    say(case, "worker", "一")
    assert len(listen("employer", since).wait(1)) == 1


def test_a_move_is_told_when_it_is_announced_and_when_it_happens(case: Played, listen: Any) -> None:
    ears = [listen(role) for role in (*SIDES, "mediator")]
    for ear in ears:
        ear.wait(1, "changed")  # these pages had no mark to begin with
    announce(case, Room.WORKER)
    for ear in ears:
        ear.wait(2, "changed")
    time.sleep(SILENCE)
    assert {len(ear.wait(2, "changed")) for ear in ears} == {2}
    later(case, timedelta(seconds=5))
    for ear in ears:
        ear.wait(3, "changed")


def test_an_act_of_the_case_makes_a_page_another(case: Played, listen: Any) -> None:
    ear = listen("worker")
    ear.wait(1, "changed")
    case.act("adjourn")
    ear.wait(2, "changed")


def test_whoever_is_not_in_the_room_gets_no_stream(case: Played, agent: Any) -> None:
    assert agent("mediator").get(case.url("/meeting/stream")).status_code == 404
    assert agent("clerk").get(case.url("/meeting/stream")).status_code == 403
    assert case.app.test_client().get(case.url("/meeting/stream")).status_code == 302


def test_an_agent_who_is_revoked_hears_nothing_more_at_once(
    case: Played, listen: Any, transaction: Any
) -> None:
    case.act("name_agent")
    case.act("verify_agent")
    with transaction() as session:
        one = agents.agents_of(session, session.get_one(Case, case.id))[0]
        visitor = visitor_of_party(session.get_one(Agent, one.id)).id
    ear = Ear(browser(case.app, str(visitor)), case.url("/meeting/stream"))
    say(case, "employer", "还听得到")
    ear.wait(1)
    case.act("end_agent")
    say(case, "employer", "再也听不到")
    assert ear.ended.wait(2)
    assert "再也听不到" not in ear.raw


def test_a_mediator_who_works_here_no_more_hears_nothing_more(
    case: Played, listen: Any, transaction: Any
) -> None:
    ear = listen("mediator")
    ear.wait(1, "changed")
    with transaction() as session:
        number = int(session.get_one(Case, case.id).mediator_id.removeprefix("person:"))
        session.get_one(Person, number).active = False
    assert ear.ended.wait(2)


def test_a_case_that_goes_to_another_mediator_goes_with_all_its_lines(
    case: Played, listen: Any, transaction: Any
) -> None:
    ear = listen("mediator")
    ear.wait(1, "changed")
    with transaction() as session:
        other = f"person:{make_staff(session, role='mediator').id}"
    with transaction() as session:
        session.get_one(Case, case.id).mediator_id = other
    assert ear.ended.wait(2)


def test_more_lines_than_connections_of_the_pool(case: Played, listen: Any) -> None:
    ears = [listen("worker") for _ in range(30)]
    say(case, "employer", "都听见了")
    for ear in ears:
        ear.wait(1)
    with case.app.app_context():
        assert db.engine.pool.checkedout() <= 1


def test_who_finds_all_lines_taken_is_told_so(case: Played, listen: Any) -> None:
    case.app.extensions["live"]._most = 1
    listen("worker")
    answer = case.by("employer").get(case.url("/meeting/stream"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_server_that_ends_hangs_up(case: Played, listen: Any) -> None:
    ear = listen("worker")
    case.app.extensions["live"].close()
    assert ear.ended.wait(2)
    assert case.by("worker").get(case.url("/meeting/stream")).status_code == 503


def test_a_line_lives_and_ends_by_itself_after_a_while(
    case: Played, listen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "LONGEST", 1.2)
    ear = listen("worker")
    assert ear.ended.wait(5)
    assert ear.raw.count(":\n\n") >= 2


def test_a_database_that_is_away_for_a_moment_costs_nobody_a_word(
    case: Played, listen: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    usual, tries = wakeups.listen, []

    def once_away(engine: Any) -> Any:
        tries.append(engine)
        if len(tries) == 1:
            raise ConnectionError("away")
        return usual(engine)

    monkeypatch.setattr(wakeups, "listen", once_away)
    with caplog.at_level(logging.CRITICAL, "mediation.services.live"):
        ear = listen("worker")
        say(case, "employer", "没有丢")
        ear.wait(1)
    assert len(tries) == 2


def test_nobody_listens_to_the_database_when_nobody_watches(case: Played, listen: Any) -> None:
    live = case.app.extensions["live"]
    ear = listen("worker")
    ear.wait(1, "changed")
    ear.close()
    assert ear.ended.wait(5)
    until = time.monotonic() + 5
    while live._thread is not None:
        assert time.monotonic() < until
        time.sleep(0.01)
    back = listen("worker")
    say(case, "employer", "又有人在听")
    back.wait(1)


def test_a_page_that_was_left_for_long_is_asked_to_come_anew(
    case: Played, listen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "AT_ONCE", 3)
    for number in range(5):
        say(case, "worker", f"第 {number} 句")
    ear = listen("employer")
    ear.wait(1, "changed")
    assert ear.said() == []
    say(case, "worker", "新的一句")
    assert "新的一句" in ear.wait(1)[0].data["html"]


def test_the_stream_speaks_the_language_of_its_page(case: Played) -> None:
    client = case.by("employer")
    client.get(case.url("/meeting?lang=en"))
    ear = Ear(client, case.url("/meeting/stream"))
    say(case, "worker", "你好")
    assert "seen by all" in words(_page(ear.wait(1)[0].data["html"]))
    case.app.extensions["live"].close()


def _page(html: str) -> Any:
    return type("Page", (), {"text": html})()
