"""An unsent application comes back: in the same browser, by its return code, by a text; to nobody else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from answering import ANSWERS, PHONE, go, return_code
from flask import Flask
from flask.testing import FlaskClient
from makers import NOW
from reading import fields, links, title, words
from sqlalchemy import func, select

from mediation.domain.applying import STEPS
from mediation.services import unsent
from mediation.store.models import Code, SecurityEvent, SentMessage, Unsent


@pytest.mark.parametrize("step", [*STEPS, "check"])
def test_whatever_was_answered_is_back_on_another_phone(app: Flask, client: FlaskClient, step: str) -> None:
    """The browser is closed before each question; the return code brings the rest back elsewhere."""
    go(client, None if step == "check" else step)
    code = return_code(client.get(f"/apply/{step}"))
    another = app.test_client()
    answered = another.post("/apply/back", data={"code": f" {code.lower()} "})
    assert answered.location == f"/apply/{step}"
    page = another.get(answered.location)
    assert page.status_code == 200
    assert return_code(page) == code
    for done in STEPS[: STEPS.index(step)] if step != "check" else STEPS:
        shown = fields(another.get(f"/apply/{done}"))
        for name, value in ANSWERS[done].items():
            expected = {"一万八": "18000"}.get(value, value) if isinstance(value, str) else value[0]
            assert shown[name] == expected
    assert client.get(f"/apply/{step}").location == "/apply", "the other browser has it no more"


@pytest.mark.parametrize("step", [*STEPS, "check"])
def test_the_same_browser_closed_and_opened_again_goes_on(app: Flask, client: FlaskClient, step: str) -> None:
    go(client, None if step == "check" else step)
    kept = client.get_cookie("unsent", path="/apply")
    assert kept is not None
    assert kept.max_age == 30 * 24 * 3600
    assert kept.http_only
    assert kept.same_site == "Lax"
    again = app.test_client()
    again.set_cookie("unsent", kept.value, path="/apply")
    assert f"/apply/{step}" in links(again.get("/apply"))


def test_a_text_brings_it_back(app: Flask, client: FlaskClient, texted: Any) -> None:
    go(client)
    another = app.test_client()
    assert another.post("/apply/back", data={"phone": "138 0013 8000"}).location == "/apply/back/code"
    code = re.search(r"验证码(\d{6})", texted(PHONE)[0])[1]  # type: ignore[index] - fails loudly
    wrong = another.post("/apply/back/code", data={"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    assert words(wrong).count("验证码不对，还能试 4 次") == 2
    assert another.post("/apply/back/code", data={"code": code}).location == "/apply/check"
    assert "某物业公司" in words(another.get("/apply/check"))
    third = app.test_client()
    third.post("/apply/back", data={"phone": PHONE})
    assert third.post("/apply/back/code", data={"code": code}).status_code == 422, "a code is used once"


def test_a_phone_that_nobody_typed_is_answered_alike(app: Flask, client: FlaskClient, texted: Any) -> None:
    go(client)
    said = []
    for phone in (PHONE, "13700137000"):
        another = app.test_client()
        first = another.post("/apply/back", data={"phone": phone})
        page = another.get("/apply/back/code")
        wrong = another.post("/apply/back/code", data={"code": "12345x"})
        soon = another.post("/apply/back/code", data={"again": "1"})
        masked = f"{phone[:3]}****{phone[-4:]}"
        said.append(
            [
                (one.status_code, re.sub(r'value="[^"]*"', "", one.text).replace(masked, ""))
                for one in (first, page, wrong, soon)
            ]
        )
    assert said[0] == said[1]
    assert said[0][3][0] == 429
    assert texted("13700137000") == []


def test_a_wrong_return_code_opens_nothing_and_may_be_tried_so_often(
    app: Flask, client: FlaskClient, stored: Any, transaction: Any
) -> None:
    go(client, "place")
    code = return_code(client.get("/apply/place"))
    stranger = app.test_client()
    for _ in range(unsent.MOST_TRIES):
        page = stranger.post("/apply/back", data={"code": "22222-22222"})
        assert page.status_code == 422
        assert words(page).count("这个取回码对不上") == 2
    for tried in ("22222-22222", code):
        page = stranger.post("/apply/back", data={"code": tried})
        assert page.status_code == 429, "right or wrong"
    assert stranger.get("/apply/place").location == "/apply"
    app.extensions["clock"] = lambda: NOW + unsent.A_WHILE + timedelta(minutes=1)
    assert app.test_client().post("/apply/back", data={"code": code}).location == "/apply/place"
    with transaction() as session:
        tries = select(func.count()).where(SecurityEvent.what == "return_tried")
        assert session.scalar(tries) == unsent.MOST_TRIES + 1


@pytest.mark.parametrize("typed", ["", "K7F2Q", "0" * 10**5, "取回码" * 10, "\0" * 10, "K7F2Q-9M3XT-22"])
def test_what_cannot_be_a_return_code_costs_no_try(client: FlaskClient, stored: Any, typed: str) -> None:
    page = client.post("/apply/back", data={"code": typed})
    assert page.status_code == 422
    assert title(page).startswith("错误：")
    assert stored(SecurityEvent) == 0


@pytest.mark.parametrize(
    "data", [{"phone": ""}, {"phone": "12"}, {"phone": "\0"}, {"code": "x", "more": "1"}]
)
def test_what_cannot_be_a_phone_is_said(client: FlaskClient, stored: Any, data: dict[str, str]) -> None:
    page = client.post("/apply/back", data=data)
    assert page.status_code == 422
    assert title(page).startswith("错误：")
    assert stored(Code) == 0


def test_after_thirty_days_it_is_gone(app: Flask, client: FlaskClient, transaction: Any, stored: Any) -> None:
    go(client, "amount")
    code = return_code(client.get("/apply/amount"))
    with transaction() as session:
        saved = session.scalars(select(Unsent.saved_at)).one()
        assert unsent.clean(session, saved + unsent.KEPT) == 0
    app.extensions["clock"] = lambda: NOW + unsent.KEPT + timedelta(hours=1)
    assert client.get("/apply/amount").location == "/apply"
    assert app.test_client().post("/apply/back", data={"code": code}).status_code == 422
    with transaction() as session:
        assert unsent.clean(session, saved + unsent.KEPT + timedelta(seconds=1)) == 1
    assert stored(Unsent) == 0


def test_the_database_holds_nothing_that_can_be_read(client: FlaskClient, transaction: Any) -> None:
    go(client)
    code = return_code(client.get("/apply/check"))
    secret = client.get_cookie("unsent", path="/apply").value  # type: ignore[union-attr] - fails loudly
    with transaction() as session:
        row = session.scalars(select(Unsent)).one()
        kept = " ".join(str(value) for value in (row.browser, row.code, row.phone, row.content))
        texts = session.scalars(select(SentMessage.body)).all()
    for said in (code.replace("-", ""), secret, PHONE, "周某", "某物业公司", "wages"):
        assert said not in kept
    assert len(texts) == 1, "the code for the phone, and it names nothing"
    assert code.replace("-", "") not in texts[0]
