"""The joint room: everybody in it reads everything, nobody outside reads anything."""

from typing import Any

import pytest
from flask import Flask
from reading import filled, links, title, words
from sqlalchemy import func, select
from visiting import Played, post

from mediation.store.models import Message

IN = ("worker", "employer", "mediator")


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="in_meeting")


def count(case: Played) -> int:
    with case.transaction() as session:
        return session.scalar(select(func.count()).select_from(Message)) or 0


def test_what_is_said_is_read_by_all_three_with_who_said_it(case: Played) -> None:
    for role in IN:
        answer = post(case.by(role), case.url("/meeting"), body=f"我是{role}")
        assert answer.status_code == 302
        assert answer.location.startswith(case.url("/meeting"))
    for role in IN:
        page = words(case.by(role).get(case.url("/meeting")))
        assert page.index("我是worker") < page.index("我是employer") < page.index("我是mediator")
        assert "调解员 赵调解员" in page


def test_five_signs_say_who_can_see_it(case: Played) -> None:
    answer = case.by("worker").get(case.url("/meeting"))
    page = words(answer)
    assert "大家都能看到" in page
    assert "您、单位、调解员都在这里" in page
    assert "说给大家听" in page
    assert "发给所有人" in page
    assert 'data-audience="joint"' in answer.text
    assert title(answer).startswith("一起谈：大家都能看到")
    assert filled(answer)["audience"] == "joint"
    assert "您、劳动者、调解员都在这里" in words(case.by("employer").get(case.url("/meeting")))


@pytest.mark.parametrize("role", ["clerk", "admin"])
def test_staff_who_are_not_in_the_room_neither_read_nor_speak(case: Played, role: str) -> None:
    post(case.by("worker"), case.url("/meeting"), body="只在会议室里说")
    client = case.by(role)
    assert client.get(case.url("/meeting")).status_code == 403
    assert client.post(case.url("/meeting"), data={"body": "我在", "audience": "joint"}).status_code == 403
    assert "只在会议室里说" not in client.get(case.url()).text
    assert count(case) == 1


def test_two_clicks_say_it_once_and_saying_it_again_says_it_twice(case: Played) -> None:
    client = case.by("worker")
    typed = filled(client.get(case.url("/meeting"))) | {"body": "好"}
    for _ in range(2):
        assert client.post(case.url("/meeting"), data=typed).status_code == 302
    assert count(case) == 1
    assert post(client, case.url("/meeting"), body="好").status_code == 302
    assert count(case) == 2


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "写一句话再发"),
        ("  \n ", "写一句话再发"),
        ("长" * 2001, "写得太长了，短一些"),
        ("坏\0字", "读不出来"),
    ],
)
def test_what_cannot_be_sent_is_kept_in_the_box(case: Played, body: str, sentence: str) -> None:
    answer = post(case.by("worker"), case.url("/meeting"), body=body)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert filled(answer)["body"].strip() == body.strip()
    assert count(case) == 0


@pytest.mark.parametrize("audience", ["private:worker", "private:employer", "team", "self", "waiting"])
def test_a_message_for_another_room_is_not_delivered_here(case: Played, audience: str) -> None:
    answer = post(case.by("worker"), case.url("/meeting"), body="最少一万八", audience=audience)
    assert answer.status_code == 409
    assert "房间刚刚换了，这句话还没发" in words(answer)
    assert filled(answer)["body"] == "最少一万八"
    assert count(case) == 0


@pytest.mark.parametrize("audience", ["", "caucus:w", "JOINT", "private:worker "])
def test_a_form_that_nobody_was_given_is_refused_and_what_it_says_kept(case: Played, audience: str) -> None:
    answer = post(case.by("worker"), case.url("/meeting"), body="最少一万八", audience=audience)
    assert answer.status_code == 422
    assert filled(answer)["body"] == "最少一万八"
    assert count(case) == 0


def test_after_the_meeting_nothing_can_be_said_and_nothing_typed_is_lost(case: Played) -> None:
    client = case.by("worker")
    post(client, case.url("/meeting"), body="早上好")
    typed = filled(client.get(case.url("/meeting"))) | {"body": "等一下"}
    case.act("end", role="mediator")
    answer = client.post(case.url("/meeting"), data=typed)
    assert answer.status_code == 409
    assert "这句话没有发出去" in words(answer)
    assert filled(answer)["body"] == "等一下"
    later = client.get(case.url("/meeting"))
    assert "早上好" in words(later)
    assert "现在不能在这里说话" in words(later)
    assert "<textarea" not in later.text


def test_markup_in_a_message_is_only_text(case: Played) -> None:
    post(case.by("employer"), case.url("/meeting"), body="<script>alert(1)</script>")
    assert "<script>alert" not in case.by("worker").get(case.url("/meeting")).text


def test_offers_and_the_mediators_tools_stand_beside_it(case: Played) -> None:
    case.act("offer", role="employer")
    worker = case.by("worker").get(case.url("/meeting"))
    assert "5,000.00 元" in words(worker)
    wanted = {case.url(f"/acts/{name}") for name in ("accept_offer", "counter", "reject_offer")}
    assert wanted <= set(links(worker))
    tools = {case.url(f"/acts/{name}") for name in ("adjourn", "draft_terms", "end")}
    assert tools <= set(links(case.by("mediator").get(case.url("/meeting"))))
    assert not tools & set(links(worker))
