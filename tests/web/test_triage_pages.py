"""What the clerk sees beside an application: whether it is for us, and why it may not be."""

from typing import Any

import pytest
from flask import Flask
from makers import make_application
from reading import words
from visiting import Played, post

from mediation.domain.filing import read as read_filing


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def played(app: Flask, transaction: Any, state: str = "submitted", **said: Any) -> Played:
    application = make_application(**said)
    application["workers"][0]["group"] = "over_age"
    return Played(app, transaction, state=state, filing=read_filing(application))


def test_the_clerk_sees_why_it_may_not_be_for_us_with_article_and_number(
    app: Flask, transaction: Any
) -> None:
    case = played(app, transaction, story="公积金没交，工资也没发")
    page = words(case.by("clerk").get(case.url()))
    assert "可能不归我们 公积金，找公积金中心 经过里写了“公积金”" in page
    assert "住房公积金管理条例第38条" in page
    assert "12329" in page
    assert "登记的是“超龄劳动者”" in page
    assert "过了时间也可以申请。我们不会因为这个不收。" in page


def test_an_ordinary_application_is_said_to_raise_nothing(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="submitted")
    assert "没有看出不归我们的地方" in words(case.by("clerk").get(case.url()))


@pytest.mark.parametrize(
    ("state", "role"), [("submitted", "worker"), ("contacting", "employer"), ("accepted", "clerk")]
)
def test_nobody_but_staff_sees_it_and_not_after_acceptance(
    app: Flask, transaction: Any, state: str, role: str
) -> None:
    case = played(app, transaction, state, story="公积金没交，工资也没发")
    assert "归不归我们" not in words(case.by(role).get(case.url()))


@pytest.mark.parametrize(
    ("said", "moves"),
    [({}, False), ({"note": " \N{IDEOGRAPHIC SPACE}"}, False), ({"missing": "dates"}, True)],
)
def test_a_worker_is_asked_for_something_or_not_at_all(
    app: Flask, transaction: Any, said: dict[str, str], moves: bool
) -> None:
    case = Played(app, transaction, state="contacting")
    page = post(case.by("clerk"), case.url("/acts/ask_info"), **said)
    assert (case.now()[0] == "needs_info") == moves
    assert ("点一下缺什么，或者写一句话" in words(page)) != moves
