"""Whoever applies shows that the phone is in his hand; and nobody uses up what is there for all."""

import re
from datetime import timedelta
from typing import Any

import pytest
from answering import ANSWERS, PHONE, answer, go, proof, ready, return_code, send
from flask import Flask
from flask.testing import FlaskClient
from makers import NOW, make_staff
from reading import fields, links, title, words
from visiting import browser

from mediation.services import limits
from mediation.store.models import Case
from mediation.web.context import visitor_of_staff

CODE = re.compile(r"验证码(\d{6})")
OTHER = "13800138009"


def codes(texts: list[str]) -> list[str]:
    return [found[1] for found in map(CODE.search, texts) if found]


def test_without_the_code_nothing_is_filed(client: FlaskClient, stored: Any, texted: Any) -> None:
    go(client)
    assert len(codes(texted(PHONE))) == 1
    page = client.get("/apply/check")
    assert PHONE in words(page)
    none = send(client, code="")
    assert none.status_code == 422
    assert title(none).startswith("错误：")
    assert words(none).count("写上短信里的 6 位数字") == 2
    right = proof(client)
    wrong = "000000" if right != "000000" else "111111"
    assert words(send(client, code=wrong)).count("验证码不对，还能试 4 次") == 2
    assert stored(Case) == 0
    assert send(client, code=f" {right[:3]} {right[3:]} ").status_code == 302
    assert stored(Case) == 1


def test_a_right_code_is_not_asked_for_again(client: FlaskClient, stored: Any) -> None:
    """Something else is missing: what the code has shown stays shown."""
    go(client)
    typed = ready(client)
    client.post("/apply/what", data={"change": "1", "what": ["wages", "overtime"]})
    assert client.post("/apply/check", data=typed).status_code == 422
    client.post("/apply/amount", data={"amount.wages": "18000", "amount.overtime": "500"})
    assert send(client).status_code == 302
    assert stored(Case) == 1


def test_a_code_to_one_phone_proves_no_other(client: FlaskClient, stored: Any, texted: Any) -> None:
    go(client)
    first = proof(client)
    answer(client, "contact", ANSWERS["contact"] | {"phone": OTHER})
    assert len(codes(texted(OTHER))) == 1
    assert send(client, code=first).status_code == 422
    assert stored(Case) == 0
    assert send(client, code=codes(texted(OTHER))[0]).status_code == 302


def test_a_code_of_one_application_proves_no_other(app: Flask, client: FlaskClient, stored: Any) -> None:
    go(client)
    mine = proof(client)
    other = app.test_client()
    go(other)
    assert send(other, code=mine).status_code == 422
    assert stored(Case) == 0


def test_another_code_may_be_sent_after_a_moment(app: Flask, client: FlaskClient, texted: Any) -> None:
    go(client)
    page = client.get("/apply/check")
    assert "tel:12351" in links(page)
    again = fields(page) | {"again": "1"}
    soon = client.post("/apply/check", data=again)
    assert soon.status_code == 429
    assert words(soon).count("等一分钟再发") == 2
    app.extensions["clock"] = lambda: NOW + timedelta(seconds=61)
    assert client.post("/apply/check", data=again).location == "/apply/check#code"
    assert len(codes(texted(PHONE))) == 2


def test_where_no_code_could_be_sent_the_page_says_so_and_what_was_written_is_kept(
    app: Flask, client: FlaskClient, stored: Any, texted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as used_up:
        used_up.setattr(limits, "OF_FILING", limits.Budget(network=0, day=0, filing=True))
        used_up.setattr(limits, "texted_lately", lambda *_asked: True)
        go(client)
        page = client.get("/apply/check")
        still_none = client.post("/apply/check", data=fields(page) | {"again": "1"})
    assert codes(texted(PHONE)) == []
    assert still_none.status_code == 429
    for seen in (page, still_none):
        said = words(seen)
        assert "验证码已经发到" not in said
        assert f"现在没能把验证码发到 {PHONE}" in said
        assert "您写的都存着" in said
        assert "过一个小时" in said
        assert "明天再试" in said
        assert "tel:12351" in links(seen)
        assert return_code(seen)
        assert "code" not in fields(seen)
    later = client.post("/apply/check", data=fields(page) | {"again": "1"})
    assert later.location == "/apply/check#code"
    assert f"验证码已经发到 {PHONE}" in words(client.get("/apply/check"))
    assert send(client).status_code == 302
    assert stored(Case) == 1


def test_a_code_that_is_too_old_is_not_said_to_be_on_its_way(app: Flask, client: FlaskClient) -> None:
    go(client)
    app.extensions["clock"] = lambda: NOW + timedelta(minutes=6)
    said = words(client.get("/apply/check"))
    assert "验证码已经发到" not in said
    assert "的验证码不能用了" in said


def test_who_came_back_by_a_text_has_shown_his_phone(app: Flask, client: FlaskClient, texted: Any) -> None:
    go(client)
    another = app.test_client()
    another.post("/apply/back", data={"phone": PHONE})
    another.post("/apply/back/code", data={"code": proof(client)})
    assert "code" not in fields(another.get("/apply/check"))
    assert send(another).status_code == 302


def test_our_staff_file_without_a_code_for_who_calls(app: Flask, transaction: Any, texted: Any) -> None:
    with transaction() as session:
        visitor = browser(app, str(visitor_of_staff(make_staff(session, role="clerk")).id))
    go(visitor)
    assert codes(texted(PHONE)) == []
    assert "code" not in fields(visitor.get("/apply/check"))
    assert send(visitor).status_code == 302


def test_one_phone_files_five_times_a_day(app: Flask, stored: Any, texted: Any) -> None:
    for _ in range(limits.MOST_FILINGS):
        client = app.test_client()
        go(client)
        sent = send(client)
        assert sent.status_code == 302, words(sent)
    before = len(codes(texted(PHONE)))
    client = app.test_client()
    go(client)
    page = client.get("/apply/check")
    assert f"现在没能把验证码发到 {PHONE}" in words(page), "and not what was filed with this phone"
    assert len(codes(texted(PHONE))) == before, "nor does it ring once more"
    assert "code" not in fields(page)
    assert stored(Case) == limits.MOST_FILINGS


def test_who_has_filed_five_times_and_shows_that_the_phone_is_his_is_told_why_not(
    app: Flask, stored: Any, texted: Any
) -> None:
    late = app.test_client()
    go(late)
    for minute in range(limits.MOST_FILINGS):
        app.extensions["clock"] = lambda minute=minute: NOW + timedelta(minutes=2 * minute + 2)
        client = app.test_client()
        go(client)
        assert send(client).status_code == 302
    app.extensions["clock"] = lambda: NOW + timedelta(minutes=30)
    late.post("/apply/back", data={"phone": PHONE})
    (code, *_) = codes(texted(PHONE))
    assert late.post("/apply/back/code", data={"code": code}).location == "/apply/check"
    page = late.post("/apply/check", data=fields(late.get("/apply/check")))
    assert page.status_code == 429
    assert words(page).count("今天已经交了 5 份") == 2
    assert stored(Case) == limits.MOST_FILINGS


def test_nobody_files_with_a_phone_of_his_own_side_as_the_employers(client: FlaskClient, stored: Any) -> None:
    go(client, answers=ANSWERS | {"employer": {"name": "某物业公司", "phone": PHONE}})
    page = send(client)
    assert page.status_code == 422
    assert words(page).count("单位的电话和申请人、代理人的一样。写单位自己的，不知道就空着") == 2
    assert stored(Case) == 0
    assert answer(client, "employer", ANSWERS["employer"]).status_code == 302
    assert send(client).status_code == 302
