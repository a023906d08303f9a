"""A mediator declares to whom he is close; the case of that firm is not given to him, whatever is sent."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from makers import act, make_staff
from reading import title, words
from visiting import Played, browser, post

from mediation.services.access import staff_actor
from mediation.store.models import Case
from mediation.web.context import visitor_of_staff

PAGE = "/desk/interests"
FIRM = {"name": "某制衣公司", "uscc": "", "kind": "employed"}


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    """An accepted case whose mediator has stepped aside."""
    found = Played(app, transaction, state="accepted")
    found.act("recuse")
    return found


@pytest.fixture
def sun(app: Flask, transaction: Any) -> tuple[FlaskClient, str]:
    """The browser of another mediator, and what he is called in a form."""
    with transaction() as session:
        person = make_staff(session, name="孙调解员")
        return browser(app, visitor_of_staff(person).id), staff_actor(person).id


def test_a_declared_firm_keeps_its_cases_from_a_mediator_until_it_is_withdrawn(
    case: Played, sun: Any
) -> None:
    client, number = sun
    assign = case.url("/acts/assign")
    assert "孙调解员（在办 0 件）" in words(case.by("admin").get(assign))
    assert post(client, PAGE, **FIRM).status_code == 302
    shown = words(case.by("admin").get(assign))
    assert "孙调解员（在办" not in shown
    assert (
        "要回避，不能指派：孙调解员（申报过某制衣公司：在那里干过、在那里干着）、赵调解员（已经回避本案）"
        in shown
    )
    refused = post(case.by("admin"), assign, mediator=number)
    assert refused.status_code == 422
    assert case.now()[0] == "accepted"
    over = words(client.get(PAGE))
    assert "某制衣公司" in over
    interest = client.get(PAGE).text.partition('name="interest" value="')[2].partition('"')[0]
    assert post(client, f"{PAGE}/over", interest=interest).status_code == 302
    assert post(case.by("admin"), assign, mediator=number).status_code == 302


def test_a_name_that_is_alike_is_pointed_out_and_may_be_chosen(case: Played, sun: Any) -> None:
    client, number = sun
    post(client, PAGE, **FIRM | {"name": "北京某制衣公司"})
    page = words(case.by("admin").get(case.url("/acts/assign")))
    assert "孙调解员（在办 0 件），申报过相近的名字：北京某制衣公司" in page
    assert post(case.by("admin"), case.url("/acts/assign"), mediator=number).status_code == 302


def test_each_mediator_stands_with_his_load(case: Played, sun: Any, app: Flask, transaction: Any) -> None:
    _, number = sun
    other = Played(app, transaction, state="accepted")
    with transaction() as session:
        act(session, other.office, session.get_one(Case, other.id), "assign", data={"mediator": number})
    assert "孙调解员（在办 1 件）" in words(case.by("admin").get(case.url("/acts/assign")))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, None),
        ({"name": "x" * 101}, None),
        ({"name": "某\u200b公司"}, "U+200B"),
        ({"kind": ""}, "选一个"),
        ({"kind": "friend"}, "选一个"),
        ({"uscc": "9" * 19}, None),
        ({"name": "😀"}, None),
        ({"more": "1"}, None),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(sun: Any, typed: dict[str, str], said: str | None) -> None:
    client, _ = sun
    answer = post(client, PAGE, **(FIRM | typed))
    assert answer.status_code == 422
    assert title(answer).startswith("错误：")
    assert said is None or words(answer).count(said) >= 1
    assert "您还没有申报过" in words(answer)


@pytest.mark.parametrize(("interest", "status"), [("0", 404), ("x", 404), ("9" * 30, 404), ("", 404)])
def test_nothing_else_is_withdrawn(sun: Any, interest: str, status: int) -> None:
    assert post(sun[0], f"{PAGE}/over", interest=interest).status_code == status


@pytest.mark.parametrize(
    ("role", "status"), [("worker", 403), ("employer", 403), ("clerk", 403), ("admin", 403)]
)
def test_nobody_else_declares_anything(case: Played, role: str, status: int) -> None:
    client = case.by(role)
    assert client.get(PAGE).status_code == status
    assert post(client, PAGE, **FIRM).status_code == status
    assert post(client, f"{PAGE}/over", interest="1").status_code == status
