"""The employer's door: check first, hear it first, then answer; and nothing is promised by reading."""

import json
import re
from typing import Any

import makers
import pytest
from flask import Flask
from flask.testing import FlaskClient
from reading import filled, links, title, words
from visiting import Played, post

from mediation.engine.refusals import Unmet
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
    assert 'hreflang="en"' in client.get("/answer").text
    assert "Check who we are first" in words(client.get("/answer?lang=en"))
    for path in (f"/k/{key}", f"/k/{key}/enter", "/answer", "/k/nobody"):
        page = client.get(path)
        assert '<html lang="en"' in page.text, path
        assert left_in_chinese(page) == "", path
    client.post(f"/k/{key}")
    for page in (client.get("/code"), client.post("/code", data={"code": "x"}), client.post("/answer")):
        assert left_in_chinese(page).replace("演示", "") == ""
    assert "先核实我们是谁" in words(client.get("/answer?lang=zh"))


# --- hear it first -----------------------------------------------------------------------------------


def test_what_is_asked_is_heard_before_anything_is_promised(asked: Played) -> None:
    employer = asked.by("employer")
    before = asked.now()
    page = employer.get(asked.url("/hear"))
    said = words(page)
    for told in (
        "申请人称",
        "工资",
        "6,000.00",
        "从 2025-11-01 到 2026-01-31",
        "报销费用",
        "120.50",
        "6,120.50",
    ):
        assert told in said
    for told in ("没有人断定它对不对", "不收钱", "2026年3月9日（周一）", "2026年3月17日（周二）"):
        assert told in said
    doors = {asked.url(f"/acts/join?way={way}") for way in ("talk", "pay_at_once")} | {
        asked.url("/acts/decline")
    }
    assert doors <= set(links(page))
    assert all(employer.get(door).status_code == 200 for door in doors)
    assert asked.now() == before
    assert asked.url("/hear") in links(employer.get(asked.url()))


def test_it_is_for_the_employer_alone(app: Flask, asked: Played) -> None:
    for role in ("worker", "clerk", "admin"):
        assert asked.by(role).get(asked.url("/hear")).status_code == 404
    assert app.test_client().get(asked.url("/hear")).status_code == 302


def test_days_that_are_over_and_doors_that_are_shut_are_not_shown(asked: Played) -> None:
    asked.act("join")
    said = words(asked.by("employer").get(asked.url("/hear")))
    assert "最好在这天前答复" not in said
    assert "愿意马上付" not in said
    assert "不愿意" in said
    asked.act("decline", data={"reason": "unwilling"})
    assert "您的打算" not in words(asked.by("employer").get(asked.url("/hear")))


def test_hearing_and_answering_are_there_in_english(asked: Played) -> None:
    employer = asked.by("employer")
    employer.set_cookie("lang", "en")
    for page in (employer.get(asked.url("/hear")), employer.get(asked.url("/acts/join"))):
        assert page.status_code == 200
        assert left_in_chinese(page) == ""
    wrong = post(employer, asked.url("/acts/join"), **{"stand-0": "partly", "amount-1": "1", "way": "no"})
    assert wrong.status_code == 422
    assert left_in_chinese(wrong) == ""


# --- the answer --------------------------------------------------------------------------------------

SAID = {"stand-0": "partly", "amount-0": "5,000", "note-0": "十一月发过一千", "stand-1": "dispute"}


def test_the_answer_to_each_claim_is_kept_and_read_by_employer_and_staff(asked: Played) -> None:
    employer = asked.by("employer")
    page = employer.get(asked.url("/acts/join?way=pay_at_once"))
    assert re.search(r'value="pay_at_once" checked', page.text)
    assert employer.post(asked.url("/acts/join"), data=filled(page) | SAID).status_code == 302
    with asked.transaction() as session:
        kept = json.loads(session.get_one(Case, asked.id).log[-1].data)
    assert kept["answer"] == {
        "way": "pay_at_once",
        "said": [
            {"claim": 0, "stand": "partly", "amount": 500_000, "note": "十一月发过一千"},
            {"claim": 1, "stand": "dispute"},
        ],
    }
    for role in ("employer", "clerk"):
        said = words(asked.by(role).get(asked.url()))
        assert "单位的答复：愿意马上付" in said
        assert "认可一部分 5,000.00 元" in said
        assert "十一月发过一千" in said
    said = words(asked.by("worker").get(asked.url()))
    assert "单位的答复" not in said
    assert "十一月发过一千" not in said


def test_who_says_nothing_of_the_claims_is_willing_to_talk(asked: Played) -> None:
    assert post(asked.by("employer"), asked.url("/acts/join")).status_code == 302
    assert "单位的答复：愿意谈" in words(asked.by("clerk").get(asked.url()))


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"way": "never"}, "way", "从列出的里面选一个"),
        ({"stand-0": "perhaps"}, "stand-0", "从列出的里面选一个"),
        ({"stand-0": "partly"}, "amount-0", "写上钱数，比如 18000"),
        ({"stand-0": "partly", "amount-0": "五千"}, "amount-0", "钱数只写数字，比如 18000"),
        ({"stand-0": "partly", "amount-0": "5000.001"}, "amount-0", "钱数最多写到分，比如 18640.50"),
        ({"stand-0": "accept", "amount-0": "5000"}, "amount-0", "选“认可一部分”的才写钱数"),
        ({"note-1": "不欠"}, "stand-1", "选一下：认可、认可一部分，还是不认可"),
        ({"stand-1": "dispute", "note-1": "长" * 501}, "note-1", "写得太长了，短一些"),
        ({"stand-1": "dispute", "note-1": "\0"}, "note-1", "这一项的内容读不出来"),
        ({"note": "长" * 5000}, "note", "写得太长了，短一些"),
        ({"stand-2": "accept"}, "stand-2", "多了一项用不上的内容"),
        ({"claim": "0"}, "claim", "多了一项用不上的内容"),
    ],
)
def test_what_cannot_be_an_answer_is_said_where_it_stands_and_nothing_is_lost(
    asked: Played, typed: dict[str, str], field: str, sentence: str
) -> None:
    before = asked.now()
    page = post(asked.by("employer"), asked.url("/acts/join"), **typed)
    assert page.status_code == 422
    assert title(page).startswith("错误：")
    assert f"#{field}" in links(page)
    assert sentence in words(page)
    shown = filled(page)
    assert all(
        shown[name] == value.strip() for name, value in typed.items() if name in shown and "\0" not in value
    )
    assert asked.now() == before


def test_a_claim_that_is_not_there_or_twice_is_refused_by_the_chart(asked: Played) -> None:
    for claims in ([2], [0, 0]):
        said = [{"claim": claim, "stand": "accept"} for claim in claims]
        with pytest.raises(Unmet):
            asked.act("join", data={"answer": {"way": "talk", "said": said}})
    assert asked.now()[0] == "contacting"
