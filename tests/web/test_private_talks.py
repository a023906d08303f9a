"""Private talks on the page: who hears it stands in five places, people are moved openly, words are held."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from reading import filled, links, title, words
from visiting import Played, post

from mediation.domain.rooms import Room

LATER = timedelta(seconds=6)
ONLY_TWO = "只有您和调解员能看到、听到"
HEARERS = {
    ("joint", "worker"): ("一起谈", "大家都能看到、听到", "说给大家听", "发给所有人", "所有人可见"),
    ("private:worker", "worker"): (
        "背对背谈话", ONLY_TWO, "说给调解员听", "发给调解员（对方看不到）", "仅您和调解员",
    ),
    ("private:worker", "mediator"): (
        "背对背 · 劳动者", "只有您和劳动者能看到、听到", "说给劳动者听", "发给劳动者（单位看不到）",
        "仅劳动者和调解员",
    ),
    ("private:employer", "mediator"): (
        "背对背 · 单位", "只有您和单位能看到、听到", "说给单位听", "发给单位（劳动者看不到）",
        "仅单位和调解员",
    ),
    ("private:employer", "employer"): (
        "背对背谈话", ONLY_TWO, "说给调解员听", "发给调解员（对方看不到）", "仅您和调解员",
    ),
    ("private:employer", "worker"): (
        "等候室", "您写的只有调解员看得到", "给调解员留句话", "发给调解员（对方看不到）", "仅您和调解员",
    ),
    ("private:worker", "employer"): (
        "等候室", "您写的只有调解员看得到", "给调解员留句话", "发给调解员（对方看不到）", "仅您和调解员",
    ),
}  # fmt: skip
"""Name of the room, who hears, the box, the button, and the chip of a message, by talk and role."""


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="in_meeting")


def later(case: Played, by: timedelta = LATER) -> None:
    clock = case.app.extensions["clock"]
    case.app.extensions["clock"] = lambda: clock() + by


def move(case: Played, to: str, **typed: str) -> None:
    """The mediator announces it on his page, and the notice passes."""
    asked = post(case.by("mediator"), case.url(f"/meeting/move?to={to}"), **typed)
    assert asked.status_code == 302
    later(case)


def room(case: Played, role: str, of: str = "") -> Any:
    return case.by(role).get(case.url("/meeting"), query_string={"of": of} if of else {})


def say(case: Played, role: str, body: str, of: str = "") -> Any:
    client = case.by(role)
    typed = filled(client.get(case.url("/meeting"), query_string={"of": of} if of else {}))
    return client.post(case.url("/meeting"), data=typed | {"body": body})


@pytest.mark.parametrize(("talk", "role"), HEARERS)
def test_who_hears_it_stands_in_five_places(case: Played, talk: str, role: str) -> None:
    if talk != "joint":
        move(case, talk)
    assert say(case, role, "请听我说").status_code == 302
    page = room(case, role)
    name, hearers, box, button, chip = HEARERS[talk, role]
    assert title(page).startswith(f"{name}：{hearers}")
    assert f"<h1>{name}</h1>" in page.text
    assert page.text.count(hearers) >= 2
    assert f">{button}</button>" in page.text
    assert box in words(page)
    assert chip in words(page)
    audience = f"private:{role}" if name == "等候室" else talk
    assert filled(page)["audience"] == audience
    assert f'data-room="{"waiting" if name == "等候室" else talk}"' in page.text
    assert page.text.count(f'data-audience="{audience}"') == 1 + (name != "等候室")


def test_nobody_hears_what_is_said_in_private_but_those_two(case: Played) -> None:
    move(case, Room.WORKER, minutes="10")
    say(case, "worker", "一万八就签")
    say(case, "mediator", "我去问问")
    for role in ("worker", "mediator"):
        assert words(room(case, role)).index("一万八就签") < words(room(case, role)).index("我去问问")
    say(case, "employer", "还要多久")
    waiting = words(room(case, "employer"))
    assert "调解员在和劳动者谈，大约 10 分钟" in waiting
    assert "还要多久" in waiting
    for wanted in ("", "joint", "private:worker", "private:employer", "team", "self", "waiting", "x"):
        assert "一万八" not in room(case, "employer", wanted).text
        assert "还要多久" not in room(case, "worker", wanted).text
    move(case, Room.JOINT)
    for role in ("worker", "employer", "mediator"):
        assert "一万八" not in room(case, role).text
    assert "一万八就签" in words(room(case, "worker", Room.WORKER))
    assert "您现在不在这个房间里" in words(room(case, "worker", Room.WORKER))


def test_he_who_moves_people_sees_first_who_will_be_there(case: Played) -> None:
    page = case.by("mediator").get(case.url("/meeting/move?to=private:worker"))
    assert "在场 您、劳动者" in words(page)
    assert "等候 单位" in words(page)
    assert "5 秒后切换" in words(page)
    assert room(case, "worker").text.count("还有") == 0
    places = {link for link in links(room(case, "mediator")) if "/move?to=" in link}
    assert places == {
        case.url(f"/meeting/move?to={to}") for to in ("private:worker", "private:employer", "waiting")
    }


@pytest.mark.parametrize("role", ["worker", "employer", "mediator"])
def test_five_seconds_long_everybody_sees_it_coming_and_may_say_not_yet(case: Played, role: str) -> None:
    post(case.by("mediator"), case.url("/meeting/move?to=private:worker"))
    assert "还有 5 秒：调解员和您单独谈，对方听不到" in words(room(case, "worker"))
    assert "还有 5 秒：请您在等候室等一会儿" in words(room(case, "employer"))
    assert "还有 5 秒：换到 背对背 · 劳动者" in words(room(case, "mediator"))
    client = case.by(role)
    typed = filled(client.get(case.url("/meeting")))
    stopped = client.post(
        case.url("/meeting/stop"), data={k: typed[k] for k in ("csrf_token", "since", "once")}
    )
    assert stopped.status_code == 302
    later(case)
    for one in ("worker", "employer", "mediator"):
        assert "点了“先别动”，大家还在原来的房间" in words(room(case, one))
        assert filled(room(case, one))["audience"] == "joint"
    late = client.post(
        case.url("/meeting/stop"), data={"csrf_token": typed["csrf_token"], "since": typed["since"]}
    )
    assert late.status_code == 409
    assert "已经换好了，或者已经有人拦下了" in words(late)


@pytest.mark.parametrize(("role", "status"), [("worker", 403), ("employer", 403), ("clerk", 403)])
def test_only_the_mediator_moves_people(case: Played, role: str, status: int) -> None:
    client = case.by(role)
    assert client.get(case.url("/meeting/move?to=private:worker")).status_code == status
    assert client.post(case.url("/meeting/move"), data={"to": "private:worker"}).status_code == status
    later(case)
    assert filled(room(case, "mediator"))["audience"] == "joint"


@pytest.mark.parametrize("to", ["", "team", "self", "JOINT", "private:clerk", "0"])
def test_nobody_is_moved_to_where_no_room_is(case: Played, to: str) -> None:
    client = case.by("mediator")
    assert client.get(case.url("/meeting/move"), query_string={"to": to}).status_code == 404
    form = filled(client.get(case.url("/meeting/move?to=waiting")))
    assert client.post(case.url("/meeting/move"), data=form | {"to": to}).status_code == 422
    form.pop("to")
    assert client.post(case.url("/meeting/move"), data=form).status_code in (409, 422)
    later(case)
    assert filled(room(case, "mediator"))["audience"] == "joint"


def test_a_word_typed_before_the_room_changed_is_held_and_asked_about(case: Played) -> None:
    client = case.by("worker")
    typed = filled(client.get(case.url("/meeting"))) | {"body": "其实一万八就行"}
    move(case, Room.WORKER)
    held = client.post(case.url("/meeting"), data=typed)
    assert held.status_code == 409
    assert "房间刚刚换了，这句话还没发" in words(held)
    form = filled(held)
    assert (form["audience"], form["body"]) == ("private:worker", "其实一万八就行")
    assert ">发给调解员（对方看不到）</button>" in held.text
    assert ">先不发，存草稿</button>" in held.text
    assert "其实一万八就行" not in room(case, "employer").text
    assert client.post(case.url("/meeting"), data=form | {"do": "say"}).status_code == 302
    assert "其实一万八就行" in words(room(case, "worker"))
    assert "其实一万八就行" not in room(case, "employer").text


def test_a_private_word_held_back_does_not_reach_the_joint_room(case: Played) -> None:
    move(case, Room.WORKER)
    client = case.by("worker")
    typed = filled(client.get(case.url("/meeting"))) | {"body": "其实一万八就行"}
    move(case, Room.JOINT)
    assert client.post(case.url("/meeting"), data=typed).status_code == 409
    for role in ("worker", "employer", "mediator"):
        assert "其实一万八就行" not in room(case, role).text


def test_a_draft_waits_in_the_room_it_was_written_in(case: Played) -> None:
    move(case, Room.WORKER)
    client = case.by("worker")
    typed = filled(client.get(case.url("/meeting")))
    kept = client.post(case.url("/meeting"), data=typed | {"body": "再想想一万七", "do": "keep"})
    assert kept.status_code == 302
    move(case, Room.JOINT)
    assert filled(room(case, "worker"))["body"] == ""
    for role in ("employer", "mediator"):
        for of in ("", "private:worker", "joint", "self"):
            assert "再想想" not in room(case, role, of).text
    move(case, Room.WORKER)
    assert filled(room(case, "worker"))["body"] == "再想想一万七"
    say(case, "worker", "一万七")
    assert filled(room(case, "worker"))["body"] == ""


def test_notes_of_the_mediator_stand_beside_every_room_for_him_alone(case: Played) -> None:
    assert say(case, "mediator", "单位账上没钱", of="team").status_code == 302
    assert "单位账上没钱" in words(room(case, "mediator"))
    page = room(case, "mediator", "team")
    assert title(page).startswith("调解组内部：双方都看不到")
    assert ">存到内部笔记</button>" in page.text
    for role in ("worker", "employer"):
        for of in ("", "team", "joint"):
            assert "账上没钱" not in room(case, role, of).text


def test_before_the_meeting_everybody_waits_and_may_leave_the_mediator_a_word(
    app: Flask, transaction: Any
) -> None:
    case = Played(app, transaction, state="scheduled")
    assert say(case, "worker", "我会晚五分钟").status_code == 302
    assert "我会晚五分钟" not in room(case, "employer").text
    assert "我会晚五分钟" in words(room(case, "mediator", "private:worker"))
    assert case.by("mediator").get(case.url("/meeting/move?to=joint")).status_code == 200
    form = filled(case.by("mediator").get(case.url("/meeting/move?to=joint")))
    answer = case.by("mediator").post(case.url("/meeting/move"), data=form)
    assert answer.status_code == 409


def test_a_program_is_told_what_became_of_it(case: Played) -> None:
    json_only = {"Accept": "application/json"}
    client = case.by("mediator")
    form = filled(client.get(case.url("/meeting/move?to=private:worker")))
    told = client.post(case.url("/meeting/move"), data=form, headers=json_only).get_json()
    assert told["moving"] == "private:worker"
    assert datetime.fromisoformat(told["since"])
    later(case)
    typed = filled(room(case, "worker")) | {"body": "好"}
    said = case.by("worker").post(case.url("/meeting"), data=typed, headers=json_only)
    assert json.loads(said.text) == {"audience": "private:worker", "number": 1}


def test_the_room_in_english(case: Played) -> None:
    move(case, Room.WORKER)
    page = case.by("worker").get(case.url("/meeting?lang=en"))
    assert title(page).startswith("Private talk: Only you and the mediator see and hear this")
    assert ">Send to the mediator (the other side does not see it)</button>" in page.text
    other = case.by("employer").get(case.url("/meeting?lang=en"))
    assert title(other).startswith("Waiting room: Only the mediator sees what you write")
