"""Whoever leaves an application hears of it once, a day later; the link needs a code to that phone."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from answering import ANSWERS, PHONE, begin, go, send
from flask import Flask
from flask.testing import FlaskClient
from makers import NOW
from reading import MOST_BYTES, fields, links, weight, words
from sqlalchemy import select

from mediation.services import left_behind, limits, notices, unsent
from mediation.store.models import SentMessage, Unsent

BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
NEXT = NOW + timedelta(days=1, hours=1)


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def later(app: Flask, transaction: Any) -> Any:
    """What the worker process does at a moment, and the texts about applications left that are there then."""

    def done(at: Any = NEXT) -> list[str]:
        app.extensions["clock"] = lambda: at
        with transaction() as session:
            left_behind.remind(session, app.extensions["office"], at)
            texts = session.scalars(select(SentMessage).order_by(SentMessage.id))
            return [one.body for one in texts if "/apply/b/" in one.body]

    return done


def link_in(text: str) -> str:
    found = re.search("/apply/b/[a-z0-9]+", text)
    assert found
    return found.group()


@BOTH
def test_a_day_later_one_text_brings_it_back_on_another_phone(
    app: Flask, client: FlaskClient, later: Any, texted: Any
) -> None:
    go(client)
    assert later(NOW + timedelta(hours=23)) == []
    (text,) = later()
    assert "您的调解申请没交完，填的还在，4月2日前接着填" in text
    assert later(NEXT + timedelta(days=1)) == [text], "once"
    other, place = app.test_client(), link_in(text)
    page = other.get(place)
    assert page.status_code == 200
    assert "138****8000" in words(page)
    for hidden in (PHONE, ANSWERS["story"]["story"], "周某"):
        assert hidden not in page.text
    assert weight(other, page) <= MOST_BYTES
    asked = other.post(place, data=fields(page))
    assert asked.location == "/apply/back/code"
    code = next(found[1] for body in texted(PHONE) if (found := re.search(r"验证码(\d{6})", body)))
    assert other.post("/apply/back/code", data={"code": code}).location == "/apply/check"
    assert ANSWERS["story"]["story"] in words(other.get("/apply/check"))
    assert client.get("/apply/check").location == "/apply", "it is on one phone"


def test_whoever_gave_no_phone_has_filed_or_goes_on_hears_nothing(
    app: Flask, client: FlaskClient, later: Any
) -> None:
    go(client)
    assert send(client).status_code == 302
    nameless = app.test_client()
    go(nameless, "contact")
    assert later() == []
    third = app.test_client()
    go(third, answers=ANSWERS | {"contact": ANSWERS["contact"] | {"phone": "13800138009"}})
    assert later(NEXT + timedelta(hours=23)) == []


def test_a_phone_is_reminded_once_a_week_whoever_types_it(app: Flask, later: Any) -> None:
    for _ in range(3):
        go(app.test_client())
        app.extensions["clock"] = lambda: NOW + timedelta(minutes=2)
    assert len(later(NEXT + timedelta(hours=1))) == 1
    go(app.test_client())
    assert len(later(NEXT + timedelta(days=6))) == 1
    app.extensions["clock"] = lambda: NEXT + timedelta(days=8)
    go(app.test_client())
    assert len(later(NEXT + timedelta(days=10))) == 2


def test_nobody_is_woken_and_who_has_a_case_comes_first(
    client: FlaskClient, later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(client)
    night = NEXT.replace(hour=22)
    assert later(night) == []
    with monkeypatch.context() as full:
        full.setattr(limits, "texted_lately", lambda *_asked: True)
        assert later(night + timedelta(hours=12)) == []
    assert len(later(night + timedelta(hours=12))) == 1


def test_it_is_told_in_the_language_in_which_it_was_filled_in(client: FlaskClient, later: Any) -> None:
    client.get("/?lang=en")
    go(client)
    (text,) = later()
    assert "Your application is not sent yet. Go on until 2 Apr" in text
    page = client.get(link_in(text))
    assert "Go on with your application" in words(page)


def test_a_link_that_leads_nowhere_says_what_else_there_is(client: FlaskClient, later: Any) -> None:
    go(client)
    place = link_in(later()[0])
    later(NOW + unsent.KEPT + timedelta(hours=1))
    odd = (f"/apply/b/{one}" for one in ("2" * 9, "%F0%9F%98%80" * 9, "a%00b"))
    for wrong in (place, place[:-1], *odd):
        page = client.get(wrong)
        assert page.status_code == 404
        assert {"/apply/back", "/follow"} <= set(links(page))
        assert client.post(wrong).status_code == 404


def test_the_text_is_one_text(app: Flask) -> None:
    organisation = app.extensions["office"].organisation
    link, last = "t.example/apply/b/" + "x" * 9, date(2026, 12, 31)
    for language, most in notices.LONGEST.items():
        assert len(notices.left_text(organisation, link, last, language)) <= most


def test_every_page_says_until_which_day_it_is_kept(client: FlaskClient) -> None:
    begin(client)
    assert "2026年4月2日（周四）前都能接着填" in words(client.get("/apply/what"))
    assert "until Thursday 2 April" in words(client.get("/apply/what?lang=en"))


def test_what_the_database_keeps_of_a_link_opens_nothing(
    client: FlaskClient, later: Any, transaction: Any
) -> None:
    go(client)
    key = link_in(later()[0]).rpartition("/")[2]
    with transaction() as session:
        row = session.scalars(select(Unsent)).one()
        assert row.link
        assert key not in row.link
        assert client.get(f"/apply/b/{row.link[:9]}").status_code == 404
