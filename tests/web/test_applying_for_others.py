"""A representative files once for several: each is texted, and confirms or declines for himself."""

import re
from typing import Any

import pytest
from answering import begin, go, send
from flask import Flask
from flask.testing import FlaskClient
from reading import fields, title, words
from sqlalchemy import select, text
from visiting import browser

from mediation.store.cases import facts_of, party
from mediation.store.models import Case
from mediation.web.context import visitor_of_party

OTHERS = "/apply/others"
SECOND, THIRD = "13800138001", "13800138002"


def add(client: FlaskClient, name: str, phone: str, **said: str) -> Any:
    hidden = {k: v for k, v in fields(client.get(OTHERS)).items() if k == "once"}
    return client.post(OTHERS, data={**hidden, "name": name, "phone": phone, **(said or {"owed": "8000"})})


@pytest.fixture
def filed(client: FlaskClient, transaction: Any) -> Any:
    """Three people, of whom the first has filed."""
    go(client)
    assert add(client, "某二", SECOND).location == OTHERS
    assert add(client, "某三", THIRD, unclear="1").location == OTHERS
    assert send(client).status_code == 302
    with transaction() as session:
        return session.scalars(select(Case)).one().ref


def test_a_box_that_no_page_sends_adds_nobody(client: FlaskClient) -> None:
    go(client)
    for odd in ("on", "0", ""):
        page = add(client, "某三", THIRD, unclear=odd)
        assert page.status_code == 422
        assert words(page).count("和页面上的不一样") == 2
        assert fields(page)["name"] == "某三"
    assert add(client, "某三", THIRD, unclear="1").location == OTHERS


def of(app: Flask, transaction: Any, seat: int) -> FlaskClient:
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        return browser(app, str(visitor_of_party(party(case, "worker", seat)).id))


def test_the_list_stands_without_scripts(client: FlaskClient) -> None:
    go(client)
    assert "只有您一位" in words(client.get("/apply/check"))
    first = add(client, "某二", SECOND)
    assert first.location == OTHERS, (first.location, words(client.get(OTHERS)))
    add(client, "某三", THIRD)
    assert "除了您，还有 2 位：某二、某三" in words(client.get("/apply/check"))
    again = add(client, "某四", SECOND)
    assert again.status_code == 422
    assert title(again).startswith("错误")
    assert "名单里已经有了（第 2 位）" in words(again)
    assert 'value="某四"' in again.get_data(as_text=True)
    assert client.post(OTHERS, data={"remove": SECOND}).location == OTHERS
    assert "某二" not in words(client.get(OTHERS))
    assert client.post(OTHERS, data={"odd": "1"}).status_code == 422
    assert client.post(OTHERS, data={"name": "\0", "phone": "😀" * 1000, "owed": "９" * 9}).status_code == 422


def test_whoever_has_begun_nothing_is_led_to_the_start(client: FlaskClient) -> None:
    assert client.get(OTHERS).location == "/apply"
    begin(client)
    assert client.get(OTHERS).location == "/apply"


def test_each_is_texted_with_his_own_link(filed: str, texted: Any) -> None:
    bodies = [body for phone in (SECOND, THIRD) for body in texted(phone)]
    links = {link for body in bodies for link in re.findall(r"/k/(\S+)", body)}
    assert len(links) == 2
    assert all("是不是您" in texted(phone)[0] for phone in (SECOND, THIRD))


def test_one_confirms_in_one_tap_and_one_declines(
    filed: str, app: Flask, transaction: Any, client: FlaskClient
) -> None:
    second, third = (of(app, transaction, seat) for seat in (1, 2))
    page = second.get(f"/cases/{filed}", follow_redirects=True)
    assert "周某替您一起申请了调解，是您吗？" in words(page)
    assert "干了三个月" not in words(page), "no story before he says that it is his"
    assert "13800138" not in words(page)
    for hidden in ("/terms", "/meeting", "/agreement.pdf", "/acts/step_out"):
        assert second.get(f"/cases/{filed}{hidden}").status_code == 404
    assert words(client.get(f"/cases/{filed}")).count("本人还没确认") == 2
    assert total(transaction) == 18_000_00
    yes = fields(page)
    assert second.post(f"/cases/{filed}/acts/confirm_place", data=yes).status_code == 302
    assert "干了三个月" in words(second.get(f"/cases/{filed}"))
    assert total(transaction) == 26_000_00
    no = fields(third.get(f"/cases/{filed}/named"))
    assert third.post(f"/cases/{filed}/acts/decline_place", data=no).status_code == 302
    assert "您说了不参加" in words(third.get(f"/cases/{filed}", follow_redirects=True))
    assert total(transaction) == 26_000_00
    with transaction() as session:
        facts = facts_of(session.scalars(select(Case)).one())
    assert (facts.staying, facts.declined) == ((0, 1), (2,))
    assert "本人不参加" in words(client.get(f"/cases/{filed}"))


def test_the_employer_hears_of_nobody_who_has_not_confirmed(filed: str, app: Flask, transaction: Any) -> None:
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        employer = browser(app, str(visitor_of_party(party(case, "employer")).id))
    page = words(employer.get(f"/cases/{filed}")) + words(employer.get(f"/cases/{filed}/hear"))
    assert "周某" in page
    assert "某二" not in page
    assert "8,000" not in page.replace("18,000", "")


def total(transaction: Any) -> int:
    """What is claimed by the running totals."""
    with transaction() as session:
        return int(session.scalar(text("SELECT sum(amount) FROM totals WHERE measure = 'claimed'")) or 0)
