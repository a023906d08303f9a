"""The employer's door: check first, hear it first, then answer; and nothing is promised by reading."""

import re
from typing import Any

import makers
import pytest
from flask import Flask
from flask.testing import FlaskClient
from reading import links, words
from visiting import Played

from mediation.services.notices import notice_code
from mediation.services.offices import Office
from mediation.store.models import Case

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def asked(app: Flask, transaction: Any) -> Played:
    """A case whose employer has been asked."""
    return Played(app, transaction, state="contacting")


def key_of(transaction: Any, case: Played, side: str = "employer") -> str:
    with transaction() as session:
        return next(one.key for one in session.get_one(Case, case.id).parties if one.side == side)


def left_in_chinese(page: Any) -> str:
    """Chinese that an English page still shows, but for what is marked as Chinese and what people wrote."""
    main = re.sub(r'<(\w+)[^>]*lang="zh-CN"[^>]*>.*?</\1>', " ", page.text.partition("<body>")[2], flags=re.S)
    return "".join(CHINESE.findall(re.sub(r"<[^>]+>", " ", main)))


# --- check first -------------------------------------------------------------------------------------


def test_the_page_behind_a_notice_asks_for_nothing_and_does_nothing(
    client: FlaskClient, asked: Played, office: Office, transaction: Any, texted: Any
) -> None:
    key = key_of(transaction, asked)
    with transaction() as session:
        before = makers.everything(session)
    page = client.get(f"/k/{key}")
    assert page.status_code == 200
    assert not re.search(r"<(form|input|button|textarea|select)\b", page.text)
    assert "Set-Cookie" not in page.headers
    with transaction() as session:
        assert makers.everything(session) == before
    said = words(page)
    for told in (office.organisation.name, office.organisation.phone, "2026-000001", notice_code(key)):
        assert told in said
    for told in ("这不是诉讼", "不等于承认什么", "不收钱", "不要银行卡号", "您不同意，就没有协议"):
        assert told in said
    assert f"/k/{key}/enter" in links(page)
    assert "某制衣公司" not in said, "whoever finds the link learns nobody's name"


def test_the_staff_see_the_code_that_the_employer_reads_out(asked: Played, transaction: Any) -> None:
    code = notice_code(key_of(transaction, asked))
    assert re.fullmatch("[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code)
    assert code != notice_code(key_of(transaction, asked, "worker"))
    assert code in words(asked.by("clerk").get(asked.url()))
    assert code not in words(asked.by("worker").get(asked.url()))


def test_from_the_check_the_employer_goes_on_to_the_code(
    client: FlaskClient, asked: Played, transaction: Any
) -> None:
    key = key_of(transaction, asked)
    page = client.get(f"/k/{key}/enter")
    assert "139****0001" in words(page)
    assert client.post(f"/k/{key}").location == "/code"


@pytest.mark.parametrize("path", ["/k/nobody", "/k/nobody/enter", "/k/%00/enter"])
def test_a_wrong_link_says_whom_to_call(client: FlaskClient, office: Office, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert "这个链接打不开了" in words(page)
    assert office.organisation.phone in words(page)
    assert {"/answer", "/follow"} <= set(links(page))


def test_the_way_in_is_there_in_english(client: FlaskClient, asked: Played, transaction: Any) -> None:
    key = key_of(transaction, asked)
    assert "English" in words(client.get("/answer"))
    assert "Check who we are first" in words(client.get("/answer?lang=en"))
    for path in (f"/k/{key}", f"/k/{key}/enter", "/answer", "/k/nobody"):
        page = client.get(path)
        assert '<html lang="en"' in page.text, path
        assert left_in_chinese(page) == "", path
    client.post(f"/k/{key}")
    for page in (client.get("/code"), client.post("/code", data={"code": "x"}), client.post("/answer")):
        assert left_in_chinese(page).replace("演示", "") == ""
    assert "先核实我们是谁" in words(client.get("/answer?lang=zh"))
    assert '<html lang="zh-CN"' in client.get("/follow?lang=en").text, "not there in English, and says so"
