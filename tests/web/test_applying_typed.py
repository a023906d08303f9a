"""What people type while they apply: read, or asked for again with a sentence, and kept."""

import io
import re
from typing import Any

import pytest
from answering import ANSWERS, ODD, PHONE, answer, begin, go, return_code, send
from flask.testing import FlaskClient
from reading import MOST_BYTES, fields, ids, links, title, weight, words
from sqlalchemy import select

from mediation.domain.applying import STEPS
from mediation.store.models import Party, Unsent
from mediation.web.forms.applying import FORMS


@pytest.fixture
def database_kind() -> str:
    """What is typed is read without asking the database."""
    return "sqlite"


BAD = [
    ("what", {}, "what", "选一下是什么事"),
    ("what", {"what": ["wages", "overtime", "injury", "other"]}, "what", "最多选三样，先选最要紧的"),
    ("what", {"what": ["gold"]}, "what", "从列出的里面选一个"),
    ("employer", {}, "name", "写上单位的名字，记不清就点“记不清”"),
    ("employer", {"name": "  "}, "name", "写上单位的名字，记不清就点“记不清”"),
    ("employer", {"name": "某\0公司"}, "name", "这一项的内容读不出来"),
    ("employer", {"name": "好" * 101}, "name", "写得太长了，短一些"),
    ("employer", {"name": "某公司😀"}, "name", "姓名、名称里不能有“😀”，删掉它就行"),
    ("employer", {"name": "某公司", "phone": "没有"}, "phone", "电话写数字，座机带区号，比如 01060000000"),
    ("place", {}, "place", "选一下在哪儿上班，说不清就点“说不清”"),
    ("place", {"place": "110105001"}, "place", "从列出的里面选一个"),
    ("when", {}, "since", "选一下有多久了，说不清也行"),
    ("when", {"since": "ages"}, "since", "从列出的里面选一个"),
    ("when", {"since": "under_1", "day": "2027-01-01"}, "day", "这一天还没到，看看是不是写错了"),
    ("when", {"day": "去年"}, "day", "日期按“2026-04-09”这样写"),
    ("amount", {}, "amount.wages", "写上钱数，说不清就点“说不清”"),
    ("amount", {"amount.wages": "一大笔"}, "amount.wages", "钱数只写数字，比如 18000"),
    ("amount", {"amount.wages": "١٨٠٠٠"}, "amount.wages", "钱数只写数字，比如 18000"),
    ("amount", {"amount.wages": "-5"}, "amount.wages", "钱数要大于零"),
    ("amount", {"amount.wages": "1.234"}, "amount.wages", "钱数最多写到分，比如 18640.50"),
    ("amount", {"amount.wages": "9" * 39}, "amount.wages", "钱数太大了。是不是多打了几个零？"),
    ("amount", {"amount.wages": "1864050"}, "amount.wages", "您写的是 1,864,050.00 元。是不是多打了一个零？"),
    ("story", {"story": "长" * 4501}, "story", "写得太长了，最多 4500 个字"),
    ("story", {"story": "a\0b"}, "story", "这一项的内容读不出来"),
    ("contact", {"phone": PHONE, "consent": "1"}, "name", "写上姓名"),
    ("contact", {"name": "周某", "consent": "1"}, "phone", "写上手机号，我们好找到您"),
    ("contact", {"name": "周某", "phone": "138001380"}, "phone", "手机号是 11 位数字，您写了 9 位"),
    ("contact", {"name": "周某", "phone": "23800138000", "consent": "1"}, "phone", "手机号是 11 位数字"),
    ("contact", {"name": "周某", "phone": PHONE}, "consent", "点一下“同意”，我们才能给您打电话"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "said", "field", "sentence"), BAD)
def test_what_cannot_be_read_is_said_twice_and_kept(
    client: FlaskClient, step: str, said: dict[str, Any], field: str, sentence: str
) -> None:
    go(client, step)
    page = answer(client, step, said)
    assert page.status_code == 422
    assert title(page).startswith("错误：")
    assert f"#{field}" in links(page)
    assert field in ids(page)
    assert words(page).count(sentence) == 2
    kept = fields(page)
    assert all(
        kept.get(name) == value
        for name, value in said.items()
        if isinstance(value, str) and "\0" not in value and name not in ("place", "since")
    )
    assert return_code(page)


EVERY_FIELD = [(step, name) for step in STEPS for name in ANSWERS[step]]


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize(("step", "name"), EVERY_FIELD)
def test_no_field_breaks_its_page(client: FlaskClient, step: str, name: str, what: str) -> None:
    go(client, step)
    page = client.post(f"/apply/{step}", data={**ANSWERS[step], name: ODD[what]})
    if name == "story" and what in ("emoji", "two_languages"):
        assert page.status_code == 302, "whatever can be written may be told"
    else:
        assert page.status_code == 422
        assert title(page).startswith("错误：")


@pytest.mark.parametrize("step", STEPS)
def test_no_page_breaks_whatever_is_sent(client: FlaskClient, step: str) -> None:
    go(client, step)
    url = f"/apply/{step}"
    fine = (302,) if step == "story" else (422,)
    assert client.post(url, data={**ANSWERS[step], "admin": "1"}).status_code == 422
    assert client.post(url, data={**ANSWERS[step], "photo": (io.BytesIO(b"x"), "x.jpg")}).status_code == 422
    assert client.post(url, json=ANSWERS[step]).status_code in fine
    for name in ANSWERS[step]:
        raw = f"{name}=%ff%fe%c3%28".encode()
        kind = "application/x-www-form-urlencoded"
        assert client.post(url, data=raw, content_type=kind).status_code in (302, 422), name
    assert client.post(url, data=b"x=" + b"y" * 5_000_000, content_type=kind).status_code == 413


EXACT = [(step, name) for step in STEPS for name in sorted(FORMS[step].exact) if name != "what"]


@pytest.mark.parametrize(("step", "name"), EXACT)
def test_a_box_says_what_the_page_gives_it_or_is_refused_and_what_was_typed_is_kept(
    client: FlaskClient, step: str, name: str
) -> None:
    go(client, step)
    for odd in ("on", "yes", "0", "", "1 ", "１", "9" * 40):
        page = client.post(f"/apply/{step}", data={**ANSWERS[step], name: odd})
        assert page.status_code == 422, odd
        assert title(page).startswith("错误：")
        assert "和页面上的不一样" in words(page)
        kept = fields(page)
        typed = {one: said for one, said in ANSWERS[step].items() if isinstance(said, str)}
        assert all(kept[one] == said for one, said in typed.items() if one not in ("place", "since", name))
    twice = client.post(f"/apply/{step}", data={**ANSWERS[step], name: ["1", "1"]})
    assert "填了两次" in words(twice)
    english = client.post(f"/apply/{step}?lang=en", data={**ANSWERS[step], name: "on"})
    assert "This did not come as the page sends it." in words(english)


@pytest.mark.parametrize(
    "said", [{"about": "gold"}, {"owed": "x"}, {"owed": "0"}, {"anew": "yes"}, {"anew": ""}]
)
def test_the_first_page_begins_nothing_by_what_it_does_not_send(
    client: FlaskClient, stored: Any, said: dict[str, str]
) -> None:
    page = client.post("/apply", data=fields(client.get("/apply")) | said)
    assert page.status_code == 422
    assert "和页面上的不一样" in words(page)
    assert stored(Unsent) == 0


def test_a_large_amount_is_asked_back_once(client: FlaskClient) -> None:
    go(client, "amount")
    said = {"amount.wages": "1864050"}
    page = answer(client, "amount", said)
    assert page.status_code == 422
    assert client.post("/apply/amount", data=fields(page) | {"amount.wages": "9000000"}).status_code == 422, (
        "another large amount is asked back again"
    )
    assert client.post("/apply/amount", data=fields(page)).location == "/apply/story"


@pytest.mark.parametrize(
    "path", ["", "/check", "/back", "/back/code", "/elsewhere", *(f"/{s}" for s in STEPS)]
)
def test_without_anything_begun_every_address_leads_somewhere(client: FlaskClient, path: str) -> None:
    assert client.get(f"/apply{path}").status_code in (200, 302)
    client.set_cookie("unsent", "\0nonsense" * 100, path="/apply")
    page = client.get(f"/apply{path}", follow_redirects=True)
    assert page.status_code == 200


@pytest.mark.parametrize("step", STEPS)
def test_a_step_before_its_turn_breaks_nothing(client: FlaskClient, step: str) -> None:
    begin(client)
    assert client.get(f"/apply/{step}", follow_redirects=True).status_code == 200


def test_an_answer_after_the_application_is_gone_begins_a_new_one(client: FlaskClient, stored: Any) -> None:
    assert client.post("/apply/employer", data=ANSWERS["employer"]).location == "/apply/place"
    assert stored(Unsent) == 1
    assert fields(client.get("/apply/employer"))["name"] == "某物业公司"


def test_a_page_from_before_throws_nothing_away(client: FlaskClient) -> None:
    old = fields(client.get("/apply"))
    go(client, "amount")
    assert client.post("/apply", data=old).location == "/apply/amount"
    assert client.post("/apply", data=old | {"anew": "1"}).location == "/apply/what"
    assert "checked" not in client.get("/apply/what").text


@pytest.mark.parametrize("step", ["", *(f"/{s}" for s in STEPS), "/check", "/elsewhere", "/back"])
def test_every_page_is_there_in_english(client: FlaskClient, step: str) -> None:
    go(client)
    page = client.get(f"/apply{step}?lang=en")
    assert 'lang="en"' in page.text
    told = words(page)
    for chinese in (
        "中文",
        "东城区总工会劳动争议调解",
        "1.8万",
        "某物业公司",
        "周某",
        "干了三个月，工资没发。",
        "万",
    ):
        told = told.replace(chinese, "")
    told = re.sub(r"\w* ?<title>.*", "", told)
    assert re.findall("[\u4e00-\u9fff]+", told) == []
    assert 'lang="en"' in client.get(f"/apply{step}").text, "the choice is kept"
    assert 'lang="zh-CN"' in client.get("/").text, "other pages speak Chinese"


def test_every_page_is_light(client: FlaskClient) -> None:
    """All that a first visit fetches, not even compressed: at most 60 KB."""
    go(client)
    for step in ("", *(f"/{s}" for s in STEPS), "/check", "/back"):
        assert weight(client, client.get(f"/apply{step}")) <= MOST_BYTES, step


def test_who_applied_in_english_is_written_to_in_english(client: FlaskClient, transaction: Any) -> None:
    go(client)
    client.get("/apply/check?lang=en")
    assert send(client).status_code == 302
    with transaction() as work:
        (mine,) = [one for one in work.scalars(select(Party)) if one.side == "worker"]
        assert mine.language == "en"


def test_an_english_error_is_english(client: FlaskClient) -> None:
    go(client, "employer")
    page = client.post("/apply/employer?lang=en", data={})
    assert title(page).startswith("Error: ")
    assert words(page).count("Enter the employer's name") == 2
