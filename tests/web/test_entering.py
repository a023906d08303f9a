"""Coming in: with number, phone and code, with a link, with a password; and what strangers learn: nothing."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from makers import MONDAY, make_case, make_staff
from reading import fields, links, still, title, words
from sqlalchemy import delete, select

from mediation.services import limits
from mediation.services.offices import Office
from mediation.store.models import Case, Code, Party, SentMessage
from mediation.web import entering

WORKER, EMPLOYER, STRANGER = "13800000000", "13900000001", "13811112222"

BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
"""For what a database could take differently; everything else here is the same page on one of them."""


@pytest.fixture
def database_kind() -> str:
    """One kind for most of these tests."""
    return "sqlite"


class Clock:
    """What the pages take for now."""

    def __init__(self) -> None:
        self.at = MONDAY + timedelta(days=1)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **much: float) -> None:
        self.at += timedelta(**much)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(entering, "now", clock)
    return clock


@pytest.fixture
def case(transaction: Any, office: Office) -> Case:
    """A case with two workers, seen by its number, its reference and the keys of its parties."""
    with transaction() as session:
        made = make_case(session, office, state="contacting", workers=2)
        session.commit()
        session.refresh(made)
        assert [party.side for party in made.parties] == ["worker", "worker", "employer"]
        session.expunge_all()
    return made


@pytest.fixture
def code_to(texted: Callable[[str], list[str]]) -> Callable[[str], str]:
    """The code in the newest text to a phone."""

    def read(phone: str) -> str:
        found = re.search(r"验证码([0-9]{6})", texted(phone)[0])
        assert found
        return found[1]

    return read


def ask(client: FlaskClient, number: str = "2026-1", phone: str = WORKER) -> Any:
    return client.post("/follow", data={"number": number, "phone": phone})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


# --- the worker --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["2026-1", "2026-000001", "２０２６－０００００１", " 东工调〔2026〕000001号 "]
)
@pytest.mark.usefixtures("clock")
def test_a_worker_comes_in_with_number_phone_and_code(
    client: FlaskClient, case: Case, code_to: Any, number: str
) -> None:
    answer = ask(client, number, "+86 138-0000-0000")
    assert (answer.status_code, answer.location) == (302, "/code")
    page = client.get("/code")
    assert "如果编号和电话对得上，验证码已经发到 138****0000 。" in words(page)
    assert 'autocomplete="one-time-code"' in page.text
    assert 'inputmode="numeric"' in page.text
    code = code_to(WORKER)
    answer = client.post("/code", data={"code": f" {code[:3]} {code[3:]} "})
    assert (answer.status_code, answer.location) == (302, f"/cases/{case.ref}")
    assert client.get(f"/cases/{case.ref}").status_code == 200


@pytest.mark.usefixtures("clock", "case")
def test_a_code_works_once(app: Flask, client: FlaskClient, code_to: Any) -> None:
    ask(client)
    code = code_to(WORKER)
    client.post("/code", data={"code": code})
    other = app.test_client()
    with other.session_transaction() as kept:
        kept["entering"] = {"key": "", "number": "东工调〔2026〕000001号", "phone": WORKER}
    assert other.post("/code", data={"code": code}).status_code == 422


@BOTH
@pytest.mark.usefixtures("case")
def test_strangers_see_the_same_as_the_worker_step_by_step(app: Flask, clock: Clock, texted: Any) -> None:
    """Whether a case exists, and whose phone it has, must show in no page, status or cookie."""
    pairs = [("2026-1", WORKER), ("2026-1", STRANGER), ("2026-999999", WORKER), ("2025-1", STRANGER)]
    clients = [app.test_client() for _ in pairs]

    def alike(answers: list[Any]) -> Any:
        seen = {
            (one.status_code, one.location, still(one).replace("138****2222", "138****0000"))
            for one in answers
        }
        assert len(seen) == 1
        return answers[0]

    alike([ask(one, *pair) for one, pair in zip(clients, pairs, strict=True)])
    alike([one.get("/code") for one in clients])
    for left in (4, 3, 2, 1):
        answer = alike([one.post("/code", data={"code": "abc"}) for one in clients])
        assert words(answer).count(f"验证码不对，还能试 {left} 次") == 2
    for _ in range(2):
        assert "这个验证码用不了了" in words(
            alike([one.post("/code", data={"code": "abc"}) for one in clients])
        )
    assert alike([one.post("/code", data={"again": "1"}) for one in clients]).status_code == 429
    clock.wait(seconds=61)
    assert alike([one.post("/code", data={"again": "1"}) for one in clients]).status_code == 302
    for one, (number, phone) in zip(clients, pairs, strict=True):
        with one.session_transaction() as kept:
            assert set(kept) - {"csrf_token", "_fresh"} == {"entering"}
            assert kept["entering"]["phone"] == phone
            assert kept["entering"]["number"].startswith(f"东工调〔{number[:4]}〕")
    assert texted(STRANGER) == []


@BOTH
@pytest.mark.usefixtures("clock", "case")
def test_a_wrong_code_costs_a_try_for_good(client: FlaskClient, code_to: Any, transaction: Any) -> None:
    ask(client)
    code = code_to(WORKER)
    answer = client.post("/code", data={"code": wrong(code)})
    assert answer.status_code == 422
    assert title(answer).startswith("错误：")
    assert "#code" in links(answer)
    with transaction() as session:
        assert session.scalars(select(Code.tries_left)).one() == 4
    for _ in range(4):
        client.post("/code", data={"code": wrong(code)})
    assert client.post("/code", data={"code": code}).status_code == 422


@pytest.mark.usefixtures("case")
def test_a_code_dies_after_five_minutes_and_another_one_can_be_had(
    client: FlaskClient, code_to: Any, clock: Clock
) -> None:
    ask(client)
    old = code_to(WORKER)
    clock.wait(minutes=5, seconds=1)
    answer = client.post("/code", data={"code": old})
    assert answer.status_code == 422
    assert "这个验证码过期了，重新发一个" in words(answer)
    assert client.post("/code", data={"again": "1"}).location == "/code"
    assert client.post("/code", data={"code": code_to(WORKER)}).location.startswith("/cases/")


@BOTH
@pytest.mark.usefixtures("case", "clock")
def test_a_number_that_nobody_has_costs_no_code_of_the_day(client: FlaskClient, transaction: Any) -> None:
    """So whoever invents numbers keeps nobody from filing, coming in or signing."""
    before = MONDAY + timedelta(days=1)
    with transaction() as session:
        session.execute(delete(SentMessage))
    assert ask(client, phone=STRANGER).status_code == 302
    with transaction() as session:
        assert not limits.texted_lately(session, 1, before)
    assert ask(client).status_code == 302
    with transaction() as session:
        assert limits.texted_lately(session, 1, before)


@BOTH
@pytest.mark.usefixtures("case")
def test_codes_are_sent_twice_a_minute_and_five_an_hour_at_most(
    client: FlaskClient, clock: Clock, texted: Any
) -> None:
    before = len(texted(WORKER))
    assert ask(client).status_code == 302
    answer = ask(client)
    assert answer.status_code == 429
    assert "刚刚发过一条，等一分钟再发" in words(answer)
    for _ in range(4):
        clock.wait(seconds=61)
        assert ask(client).status_code == 302
    clock.wait(seconds=61)
    answer = client.post("/code", data={"again": "1"})
    assert answer.status_code == 429
    assert "一小时里发得太多了，过一会儿再发" in words(answer)
    assert len(texted(WORKER)) == before + 5
    clock.wait(hours=1)
    assert ask(client).status_code == 302


@pytest.mark.parametrize(
    ("number", "phone", "field", "sentence"),
    [
        ("", WORKER, "number", "写上编号，在短信里"),
        ("一二三", WORKER, "number", "编号像 2026-000128 这样写，在短信里"),
        ("1926-1", WORKER, "number", "编号像 2026-000128 这样写，在短信里"),
        ("2026-1\0", WORKER, "number", "这一项的内容读不出来"),
        ("2026-" + "1" * 100_000, WORKER, "number", "写得太长了，短一些"),
        ("2026-1", "", "phone", "写上申请时留的手机号"),
        ("2026-1", "12345", "phone", "手机号是 11 位数字"),
        ("2026-1", "1380000000" + "\N{SUPERSCRIPT TWO}\N{PILE OF POO}", "phone", "手机号是 11 位数字"),
    ],
)
def test_what_cannot_be_a_number_or_a_phone_is_said_at_once(
    client: FlaskClient, number: str, phone: str, field: str, sentence: str
) -> None:
    answer = ask(client, number, phone)
    assert answer.status_code == 422
    assert title(answer).startswith("错误：")
    assert f"#{field}" in links(answer)
    assert words(answer).count(sentence) == 2
    assert fields(answer)["phone"] == phone


def test_without_having_asked_there_is_no_code_to_enter(client: FlaskClient) -> None:
    assert client.get("/code").location == "/follow"
    assert client.post("/code", data={"code": "123456"}).location == "/follow"


@BOTH
@pytest.mark.parametrize("typed", ["", "   ", "\0", "1" * 1_000_000, "\N{PILE OF POO}", "１２３４５６"])
@pytest.mark.usefixtures("clock", "case")
def test_odd_codes_are_only_wrong(client: FlaskClient, typed: str) -> None:
    ask(client)
    assert client.post("/code", data={"code": typed}).status_code == 422


# --- the employer ------------------------------------------------------------------------------------


def test_an_employer_can_check_who_we_are_before_giving_anything(client: FlaskClient, office: Office) -> None:
    said = words(client.get("/answer"))
    assert said.index("先核实我们是谁") < said.index("通知上的编号")
    assert office.organisation.name in said
    assert office.organisation.phone in said
    assert "看一看不等于承认什么" in said


@pytest.mark.usefixtures("clock")
def test_an_employer_comes_in_with_the_number_of_the_notice(
    client: FlaskClient, case: Case, code_to: Any
) -> None:
    assert client.post("/answer", data={"number": "2026-000001"}).location == "/code"
    page = client.get("/code")
    assert "如果编号对得上，验证码已经发到贵单位登记的电话。" in words(page)
    assert "139" not in words(page)
    assert client.post("/code", data={"code": code_to(EMPLOYER)}).location == f"/cases/{case.ref}/hear"


@pytest.mark.usefixtures("clock", "case")
def test_an_employer_with_a_wrong_number_sees_the_same(app: Flask) -> None:
    pages = []
    for number in ("2026-1", "2026-77"):
        client = app.test_client()
        assert client.post("/answer", data={"number": number}).location == "/code"
        pages.append(still(client.get("/code")) + still(client.post("/code", data={"code": "x"})))
    assert pages[0] == pages[1]
    assert app.test_client().post("/answer", data={"number": "?"}).status_code == 422


# --- links -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seat", "expected"),
    [(1, ("13800000001", "发给申请人的链接")), (2, (EMPLOYER, "先核实我们是谁"))],
)
@pytest.mark.usefixtures("clock")
def test_a_link_says_the_number_and_leads_in_with_a_code(
    client: FlaskClient, case: Case, code_to: Any, seat: int, expected: tuple[str, str]
) -> None:
    phone, said = expected
    link = f"/k/{case.parties[seat].key}"
    page = client.get(link)
    assert "2026-000001" in words(page)
    assert said in words(page)
    assert f"{phone[:3]}****{phone[-4:]}" in words(page)
    assert phone not in page.text
    assert case.ref not in page.text
    assert client.post(link).location == "/code"
    first = f"/cases/{case.ref}" + ("/hear" if phone == EMPLOYER else "")
    assert client.post("/code", data={"code": code_to(phone)}).location == first
    assert client.get(link).location == first


@BOTH
@pytest.mark.parametrize("key", ["nobody", "%00", "a%00b", "x" * 3000, "%F0%9F%92%A9", "%ED%A0%80", "%FF"])
def test_an_unknown_link_is_not_there(client: FlaskClient, key: str) -> None:
    assert client.get(f"/k/{key}").status_code == 404
    assert client.post(f"/k/{key}").status_code == 404


@pytest.mark.usefixtures("clock")
def test_a_party_without_a_phone_is_told_to_call(client: FlaskClient, case: Case, transaction: Any) -> None:
    with transaction() as session:
        session.get_one(Party, case.parties[2].id).phone = ""
    page = client.get(f"/k/{case.parties[2].key}")
    assert "发不了验证码" in words(page)
    assert not fields(page)


# --- staff -------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(transaction: Any) -> tuple[str, str]:
    with transaction() as session:
        make_staff(session, role="clerk", login="clerk", password="right horse")
    return "clerk", "right horse"


def log_in(client: FlaskClient, login: str, password: str) -> Any:
    return client.post("/staff", data={"login": login, "password": password})


def test_staff_come_in_with_login_and_password(client: FlaskClient, clerk: tuple[str, str]) -> None:
    answer = log_in(client, *clerk)
    assert (answer.status_code, answer.location) == (302, "/desk")


@pytest.mark.usefixtures("clerk")
def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(client: FlaskClient) -> None:
    answers = [log_in(client, "clerk", "wrong"), log_in(client, "nobody", "wrong")]
    assert {one.status_code for one in answers} == {422}
    assert still(answers[0]).replace("clerk", "nobody") == still(answers[1])
    assert words(answers[0]).count("登录名和密码对不上") == 2
    assert "wrong" not in answers[0].text


@pytest.mark.parametrize(
    ("login", "password", "sentence"),
    [("", "x", "写上登录名"), ("clerk", "", "写上密码"), ("\0", "x", "登录名和密码对不上")],
)
def test_what_is_missing_at_the_login_is_said(
    client: FlaskClient, login: str, password: str, sentence: str
) -> None:
    answer = log_in(client, login, password)
    assert answer.status_code == 422
    assert sentence in words(answer)


@BOTH
@pytest.mark.parametrize("odd", ["x" * 1_000_000, "\N{PILE OF POO}" * 1000, "\u202e", "a\0b", "' or 1=1 --"])
def test_odd_logins_are_only_wrong(client: FlaskClient, odd: str) -> None:
    assert log_in(client, odd, odd).status_code == 422


def test_after_five_wrong_passwords_a_login_waits_a_quarter_of_an_hour(
    app: Flask, client: FlaskClient, clerk: tuple[str, str], clock: Clock
) -> None:
    for _ in range(5):
        assert log_in(client, "clerk", "wrong").status_code == 422
    answer = log_in(app.test_client(), *clerk)
    assert answer.status_code == 429
    assert "等 15 分钟再登录" in words(answer)
    assert log_in(client, "somebody", "else").status_code == 422
    clock.wait(minutes=15, seconds=1)
    assert log_in(client, *clerk).status_code == 302


def test_a_right_password_wipes_the_wrong_ones_out(client: FlaskClient, clerk: tuple[str, str]) -> None:
    for _ in range(2):
        for _ in range(4):
            log_in(client, "clerk", "wrong")
        assert log_in(client, *clerk).status_code == 302


def test_leaving_forgets_everything_on_this_device(client: FlaskClient, clerk: tuple[str, str]) -> None:
    log_in(client, *clerk)
    answer = client.post("/leave")
    assert (answer.status_code, answer.location) == (302, "/")
    assert "您退出了" in words(client.get("/"))
    assert client.get("/desk").location == "/staff"


@pytest.mark.parametrize("path", ["/follow", "/answer", "/staff"])
def test_every_page_has_one_heading_and_says_its_name_in_the_tab(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    headings = re.findall(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    assert len(headings) == 1
    assert headings[0] in title(page)
