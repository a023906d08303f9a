"""Applying step by step: one question a page, nothing lost, and a case at the end."""

import re
from typing import Any

import pytest
from answering import ANSWERS, PHONE, VAGUE, answer, begin, go, ready, send
from flask import Flask
from flask.testing import FlaskClient
from reading import fields, links, title, words
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from mediation.domain.applying import STEPS
from mediation.store.cases import facts_of, party
from mediation.store.models import Case, Unsent
from mediation.web import submitting as pages


def test_ten_screens_make_a_case(client: FlaskClient, transaction: Any, stored: Any, texted: Any) -> None:
    begin(client)
    screens = ["/apply"]
    where = "/apply/what"
    for step in STEPS:
        assert where == f"/apply/{step}"
        screens.append(where)
        where = answer(client, step, ANSWERS[step]).location
    assert where == "/apply/check"
    page = client.get("/apply/check")
    assert "18,000.00 元" in words(page)
    assert "人民币壹万捌仟元整" in words(page)
    sent = send(client)
    received = client.get(sent.location)
    screens += [where, sent.location]
    assert len(screens) == 10
    assert stored(Case) == 1
    assert stored(Unsent) == 0
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        facts = facts_of(case)
        assert (facts.category, facts.subdistrict, facts.channel) == ("pay", "110101010", "online")
        assert [(claim.head, claim.amount) for claim in facts.claims] == [("wages", 18_000_00)]
        assert (party(case, "worker").name, party(case, "worker").phone) == ("周某", PHONE)
        assert (case.employer_name, party(case, "employer").phone) == ("某物业公司", "13900139000")
        assert case.story == "多久了：1 到 3 个月\n干了三个月，工资没发。"
        assert '"consented":"1"' in case.log[0].data
        number = re.sub(r"\D+(\d{4})\D+(\d+)\D*", r"\1-\2", str(case.number))
    assert number in words(received)
    assert "3 个工作日内" in words(received)
    assert any(number in text for text in texted(PHONE))
    assert client.get(sent.location).status_code == 200, "the address of the confirmation goes on to work"


def test_nobody_need_know_anything_but_how_to_be_reached(client: FlaskClient, transaction: Any) -> None:
    go(client, answers=VAGUE)
    assert client.get(send(client).location).status_code == 200
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        facts = facts_of(case)
        assert facts.subdistrict == "110101000"
        assert [(one.head, one.amount) for one in facts.claims] == [
            ("wages", 0), ("double_wage", 0), ("other", 0),
        ]  # fmt: skip
        assert case.employer_name == "单位名称待查"
        assert case.story.splitlines() == [
            "单位叫什么：记不清", "多久了：说不清", "多少钱：欠工资说不清", "多少钱：没签合同说不清",
            "多少钱：社保说不清", "经过：没有写，等我们打电话时说",
        ]  # fmt: skip


def test_a_form_sent_twice_files_once(client: FlaskClient, stored: Any) -> None:
    go(client)
    typed = ready(client)
    first, second = (client.post("/apply/check", data=typed) for _ in range(2))
    assert first.location == second.location
    assert stored(Case) == 1


def test_two_windows_of_one_application_file_once(client: FlaskClient, stored: Any) -> None:
    go(client)
    one, other = (ready(client) for _ in range(2))
    assert one["once"] != other["once"]
    assert client.post("/apply/check", data=one).status_code == 302
    assert client.post("/apply/check", data=other).location == "/apply"
    assert stored(Case) == 1


def test_two_windows_sent_at_once_file_once(
    app: Flask, client: FlaskClient, stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other window files after this one has read the answers and before it has written anything."""
    go(client)
    one, other = (ready(client) for _ in range(2))
    window = app.test_client()
    for name, path in (("unsent", "/apply"), ("session", "/")):
        window.set_cookie(name, client.get_cookie(name, path=path).value, path=path)  # type: ignore[union-attr] - fails loudly
    read, faster = pages.read_filing, []

    def slow(given: Any) -> Any:
        if not faster:
            faster.append("busy")
            faster.append(window.post("/apply/check", data=other).status_code)
        return read(given)

    monkeypatch.setattr(pages, "read_filing", slow)
    assert client.post("/apply/check", data=one).location == "/apply"
    assert faster == ["busy", 302]
    assert stored(Case) == 1


def test_the_door_chosen_at_home_is_ticked(client: FlaskClient) -> None:
    assert "/apply?about=wages" in links(client.get("/"))
    page = client.get("/apply?about=wages")
    step = client.post("/apply", data=fields(page)).location
    assert 'value="wages" checked' in client.get(step).text
    assert "checked" not in client.get("/apply/what?about=nonsense").text


def test_another_district_is_no_error_and_keeps_the_answers(client: FlaskClient) -> None:
    go(client, "place")
    there = answer(client, "place", {"place": "elsewhere"})
    assert there.location == "/apply/elsewhere"
    page = client.get(there.location)
    assert not title(page).startswith("错误")
    assert {"tel:12351", "tel:12333"} <= set(links(page))
    assert client.get("/apply").text.count("/apply/place"), "it goes on at the place"
    assert answer(client, "place", ANSWERS["place"]).location == "/apply/when"


@pytest.mark.parametrize("step", STEPS)
def test_a_change_leads_back_to_the_list(client: FlaskClient, step: str) -> None:
    go(client)
    href = f"/apply/{step}?change=1"
    assert href in links(client.get("/apply/check"))
    page = client.get(href)
    assert client.post(f"/apply/{step}", data=fields(page)).location == "/apply/check", (
        "what the page shows is what was answered"
    )


def test_a_kind_added_later_asks_for_its_amount(client: FlaskClient) -> None:
    go(client)
    typed = MultiDict({"change": "1"})
    typed.setlist("what", ["wages", "overtime"])
    assert client.post("/apply/what", data=typed).location == "/apply/amount?change=1"
    page = client.get("/apply/amount?change=1")
    assert fields(page)["amount.wages"] == "18000"
    assert (
        client.post("/apply/amount", data=fields(page) | {"amount.overtime": "500"}).location
        == "/apply/check"
    )


def test_what_is_missing_is_said_on_the_list(client: FlaskClient, stored: Any) -> None:
    begin(client)
    answer(client, "what", ANSWERS["what"])
    page = send(client)
    assert page.status_code == 422
    assert title(page).startswith("错误：")
    assert [link for link in links(page) if link.startswith("#") and link != "#main"] == [
        "#employer", "#place", "#when", "#amount", "#contact",
    ]  # fmt: skip
    assert words(page).count("“多少钱”还没填") == 2
    assert stored(Case) == 0
