"""Filing on the web: what was typed is never lost, and one form makes one case."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from reading import fields, ids, links, title, words
from sqlalchemy import func, select

from mediation.store.cases import facts_of
from mediation.store.models import Case, Party

FILED = {
    "category": "pay",
    "employer.name": "某物业公司",
    "employer.contact.name": "",
    "employer.contact.phone": "010-6000 0000",
    "subdistrict": "110101010",
    "workers.0.name": "周某",
    "workers.0.phone": "138 0013 8000",
    "workers.0.group": "migrant",
    "workers.0.claims.0.head": "wages",
    "workers.0.claims.0.amount": "1.8万",
    "workers.0.claims.0.from": "2026-01-01",
    "workers.0.claims.0.to": "2026-03-31",
    "story": "干了三个月，工资没发。",
}

BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
"""For what a database could take differently; everything else here is the same page on one of them."""


@pytest.fixture
def database_kind() -> str:
    """One kind for most of these tests."""
    return "sqlite"


@pytest.fixture
def cases(transaction: Any) -> Any:
    """How many cases there are."""

    def count() -> int:
        with transaction() as session:
            return session.scalars(select(func.count()).select_from(Case)).one()

    return count


@BOTH
def test_a_worker_files_and_is_shown_his_case_with_its_number(
    client: FlaskClient, transaction: Any, texted: Any
) -> None:
    typed = fields(client.get("/file"))
    answer = client.post("/file", data=typed | FILED)
    assert answer.status_code == 302
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        assert answer.location == f"/cases/{case.ref}"
        assert case.state == "submitted"
        assert re.fullmatch("东工调〔20[0-9]{2}〕000001号", case.number or "")
        assert (facts_of(case).channel, facts_of(case).claims[0].amount) == ("online", 18_000_00)
        worker = session.scalars(select(Party).where(Party.side == "worker")).one()
        assert (worker.name, worker.phone, worker.group) == ("周某", "13800138000", "migrant")
    assert "编号" in texted("13800138000")[0]
    with client.session_transaction() as kept:
        flashed = dict(kept["_flashes"])
    assert "-000001。3 个工作日内给您答复" in flashed["message"]


def test_whoever_filed_is_let_in_on_this_browser_only(app: Flask, client: FlaskClient) -> None:
    place = client.post("/file", data=FILED).location
    assert client.get(place).status_code == 200
    assert app.test_client().get(place).location == "/follow"


@BOTH
def test_the_same_form_sent_twice_files_one_case(client: FlaskClient, cases: Any) -> None:
    typed = fields(client.get("/file")) | FILED
    first, second = client.post("/file", data=typed), client.post("/file", data=typed)
    assert cases() == 1
    assert second.status_code == 302
    assert second.location == first.location
    with client.session_transaction() as kept:
        assert "没有重复登记" in kept["_flashes"][-1][1]


def test_two_forms_file_two_cases(client: FlaskClient, cases: Any) -> None:
    for _ in range(2):
        client.post("/file", data=fields(client.get("/file")) | FILED)
    assert cases() == 2


def test_the_token_of_somebody_elses_form_opens_nothing(app: Flask, client: FlaskClient, cases: Any) -> None:
    typed = fields(client.get("/file")) | FILED
    mine = client.post("/file", data=typed).location
    stranger = app.test_client()
    stranger.get("/file")
    assert stranger.post("/file", data=typed).location != mine
    assert cases() == 2


@BOTH
def test_the_loser_of_a_race_is_led_to_the_case_of_the_winner(
    client: FlaskClient, cases: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mediation.services import replies

    typed = fields(client.get("/file")) | FILED
    first = client.post("/file", data=typed).location
    look, seen = replies.found, []

    def too_early(*asked: Any) -> replies.Answer | None:
        seen.append(asked)
        return None if len(seen) == 1 else look(*asked)

    monkeypatch.setattr(replies, "found", too_early)
    assert client.post("/file", data=typed).location == first
    assert len(seen) == 2
    assert cases() == 1


def test_the_door_chosen_at_home_is_the_category(client: FlaskClient) -> None:
    assert fields(client.get("/file?category=dismissal"))["category"] == "dismissal"
    assert "category" not in fields(client.get("/file?category=nonsense"))


def test_an_empty_form_names_every_field_in_the_order_of_the_page(client: FlaskClient, cases: Any) -> None:
    answer = client.post("/file", data=fields(client.get("/file")))
    assert answer.status_code == 422
    assert title(answer).startswith("错误：")
    summary = [link.removeprefix("#") for link in links(answer) if link.startswith("#") and link != "#main"]
    assert summary == [
        "category", "employer.name", "subdistrict",
        "workers.0.name", "workers.0.phone", "workers.0.claims.0.head", "story",
    ]  # fmt: skip
    assert set(summary) <= set(ids(answer))
    assert words(answer).count("说说经过，一两句就行") == 2
    assert "有 7 处要改" in words(answer)
    assert cases() == 0


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("workers.0.phone", "1380013800", "手机号是 11 位数字"),
        ("workers.0.phone", "", "写上手机号，我们好找到您"),
        ("workers.0.name", "   ", "写上姓名"),
        ("workers.0.name", "周" * 51, "写得太长了，短一些"),
        ("workers.0.name", "周\0某", "这一项的内容读不出来"),
        ("workers.0.group", "rich", "从列出的里面选一个"),
        ("workers.0.claims.0.amount", "一大笔", "钱数只写数字，比如 18000"),
        ("workers.0.claims.0.amount", "-5", "钱数要大于零"),
        ("workers.0.claims.0.amount", "1.234", "钱数最多写到分，比如 18640.50"),
        ("workers.0.claims.0.amount", "9" * 40, "钱数太大了。是不是多打了几个零？"),
        ("workers.0.claims.0.head", "gold", "从列出的里面选一个"),
        ("workers.0.claims.0.from", "去年", "日期按“2026-04-09”这样写"),
        ("employer.name", "", "写上单位的名字，记不清就写店名或者老板的名字"),
        ("employer.contact.phone", "没有", "电话写数字，座机带区号，比如 01060000000"),
        ("subdistrict", "110105001", "从列出的里面选一个"),
        ("category", "../../etc/passwd", "从列出的里面选一个"),
        ("story", "长" * 5001, "写得太长了，最多 5000 个字"),
        ("story", "", "说说经过，一两句就行"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    client: FlaskClient, cases: Any, field: str, typed: str, sentence: str
) -> None:
    answer = client.post("/file", data=FILED | {field: typed})
    assert answer.status_code == 422
    assert f"#{field}" in links(answer)
    assert words(answer).count(sentence) == 2
    assert cases() == 0


def test_everything_typed_is_kept_when_something_is_to_be_mended(client: FlaskClient) -> None:
    typed = FILED | {
        "workers.0.claims.1.head": "overtime",
        "workers.0.claims.1.amount": "很多",
        "workers.1.name": "吴某",
        "workers.1.phone": "13900139000",
        "workers.1.claims.0.head": "expenses",
        "workers.1.claims.0.amount": "120.50",
        "story": '<script>alert(1)</script> & "引号"',
    }
    answer = client.post("/file", data=typed)
    assert answer.status_code == 422
    kept = fields(answer)
    assert {field: kept[field] for field in typed} == typed
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("where", "appears", "stays_away"),
    [
        ("workers.0.claims", "workers.0.claims.1.head", "workers.1.name"),
        ("workers", "workers.1.claims.0.head", "workers.0.claims.1.head"),
        ("workers.7.claims", "workers.0.claims.1.head", "workers.1.name"),
        ("nonsense", "workers.1.name", "workers.2.name"),
    ],
)
def test_a_row_more_and_nothing_lost(
    client: FlaskClient, cases: Any, where: str, appears: str, stays_away: str
) -> None:
    once = fields(client.get("/file"))["once"]
    answer = client.post("/file", data=FILED | {"once": once, "add": where})
    assert answer.status_code == 200
    assert not title(answer).startswith("错误")
    assert appears in ids(answer)
    assert stays_away not in ids(answer)
    kept = fields(answer)
    assert {field: kept[field] for field in FILED} == FILED
    assert kept["once"] not in ("", once)
    assert cases() == 0


def test_an_amount_is_said_back_in_words(client: FlaskClient) -> None:
    answer = client.post("/file", data=FILED | {"add": "workers"})
    assert "您写的是 18,000.00 元 （人民币壹万捌仟元整）" in words(answer)
    assert "多打了一个零" not in words(answer)
    huge = client.post("/file", data=FILED | {"add": "workers", "workers.0.claims.0.amount": "1864050"})
    assert "是不是多打了一个零？" in words(huge)


def test_rows_left_empty_do_not_stop_a_filing(client: FlaskClient, transaction: Any) -> None:
    empty = {"workers.0.claims.1.head": "", "workers.0.claims.1.amount": " ", "workers.1.name": ""}
    assert client.post("/file", data=FILED | empty).status_code == 302
    with transaction() as session:
        facts = facts_of(session.scalars(select(Case)).one())
    assert (facts.workers, len(facts.claims)) == (1, 1)


def test_the_enter_key_files_and_adds_nothing(client: FlaskClient) -> None:
    form = client.get("/file").text.partition("<main")[2]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert "name=" not in first[0]


@BOTH
@pytest.mark.parametrize(
    "odd",
    ["A" * 1_000_000, "\0" * 50, "\N{PILE OF POO}" * 5000, "\ud800\udfff", "\u202egnp.exe", "%s%n{0}{{7*7}}"],
    ids=["million", "nul", "emoji", "surrogates", "bidi", "format"],
)
def test_no_input_at_all_is_our_own_fault(client: FlaskClient, odd: str) -> None:
    for field in ("once", "add", *FILED):
        sent = {key: text.encode("utf-8", "surrogatepass") for key, text in (FILED | {field: odd}).items()}
        assert client.post("/file", data=sent).status_code in (200, 302, 413, 422), field


def test_many_rows_with_wild_numbers_are_only_too_many(client: FlaskClient) -> None:
    wild = {f"workers.{n}.name": "某" for n in range(0, 9999, 20)}
    answer = client.post("/file", data=FILED | wild | {"add": "workers"})
    assert answer.status_code == 200
    assert client.post("/file", data=FILED | {"workers.99999.name": "某"}).status_code == 422
    assert client.post("/file", data=FILED | wild).status_code == 422


def test_staff_who_file_stay_themselves(client: FlaskClient, transaction: Any) -> None:
    from makers import make_staff

    with transaction() as session:
        make_staff(session, role="clerk", login="clerk", password="right horse")
    client.post("/staff", data={"login": "clerk", "password": "right horse"})
    client.post("/file", data=FILED)
    with client.session_transaction() as kept:
        assert kept["_user_id"].startswith("person:")


class TestProtection:
    """Forms without the token of their page are refused with a page that says what to do."""

    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"WTF_CSRF_ENABLED": True}

    @pytest.mark.parametrize("path", ["/file", "/follow", "/answer", "/code", "/staff", "/v"])
    def test_a_post_without_its_token_is_refused(self, client: FlaskClient, cases: Any, path: str) -> None:
        answer = client.post(path, data=FILED)
        assert answer.status_code == 400
        assert "这一页放得太久了" in words(answer)
        assert cases() == 0

    def test_with_its_token_it_goes_through(self, client: FlaskClient) -> None:
        typed = fields(client.get("/file"))
        assert typed["csrf_token"]
        assert client.post("/file", data=typed | FILED).status_code == 302
