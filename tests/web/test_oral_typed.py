"""What is typed on the page of the telephone, and what no page would send: read, or asked for again."""

import io
import re
from typing import Any

import pytest
from answering import ODD
from flask.testing import FlaskClient
from makers import FILED, SPOKEN
from reading import MOST_BYTES, fields, filled, ids, links, title, weight, words

from mediation.store.models import Case
from mediation.web.forms.oral import FORM, READ_BACK

PAGE = "/desk/oral"
FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.fixture
def database_kind() -> str:
    """What is typed is read without asking the database."""
    return "sqlite"


@pytest.fixture
def client(agent: Any) -> FlaskClient:
    found: FlaskClient = agent()
    return found


BAD = [
    ("contact.name", "", "写上姓名"),
    ("contact.name", "   ", "写上姓名"),
    ("contact.name", "周" * 51, "写得太长了，短一些"),
    ("contact.name", "周\0某", "这一项的内容读不出来"),
    ("contact.name", "周\N{GRINNING FACE}某", "姓名、名称里不能有“\N{GRINNING FACE}”，删掉它就行"),
    ("contact.phone", "", "写上手机号，我们好找到您"),
    ("reach.phone", "没有", "电话写数字，座机带区号，比如 01060000000"),
    ("reach.relation", "远" * 21, "写得太长了，短一些"),
    ("contact.phone", "138001380", "手机号是 11 位数字，您写了 9 位"),
    ("contact.phone", "23800138000", "手机号是 11 位数字"),
    ("amount.wages", "一大笔", "钱数只写数字，比如 18000"),
    ("amount.wages", "١٨٠٠٠", "钱数只写数字，比如 18000"),
    ("amount.wages", "-5", "钱数要大于零"),
    ("amount.wages", "1.234", "钱数最多写到分，比如 18640.50"),
    ("amount.wages", "9" * 39, "钱数太大了。是不是多打了几个零？"),
    ("amount.wages", "", "写上钱数，说不清就点“说不清”"),
    ("employer.name", "", "写上单位的名字，记不清就点“记不清”"),
    ("employer.name", "好" * 101, "写得太长了，短一些"),
    ("employer.phone", "13800138000", "单位的电话和申请人、代理人的一样。写单位自己的，不知道就空着"),
    ("employer.phone", "没有", "电话写数字，座机带区号，比如 01060000000"),
    ("place", "", "选一下在哪儿上班，说不清就点“说不清”"),
    ("place", "110105001", "从列出的里面选一个"),
    ("since", "", "选一下有多久了，说不清也行"),
    ("since", "ages", "从列出的里面选一个"),
    ("day", "去年", "日期按“2026-04-09”这样写"),
    ("day", "2027-01-01", "这一天还没到，看看是不是写错了"),
    ("story", "长" * 4501, "写得太长了，最多 4500 个字"),
    ("story", "a\0b", "这一项的内容读不出来"),
    ("channel", "online", "从列出的里面选一个"),
]


@pytest.mark.parametrize(("field", "typed", "sentence"), BAD)
def test_what_cannot_be_read_is_said_above_the_form_and_beside_its_field(
    client: FlaskClient, stored: Any, field: str, typed: str, sentence: str
) -> None:
    page = client.post(PAGE, data=FILED | {field: typed})
    assert page.status_code == 422
    assert title(page).startswith("错误：")
    assert f"#{field}" in links(page)
    assert field in ids(page)
    assert words(page).count(sentence) == 2
    kept = filled(page)
    for name, value in (SPOKEN | {field: typed}).items():
        if "\0" not in value and not (name == field and name in ("place", "since", "channel")):
            assert kept[name] == value, name
    assert stored(Case) == 0


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ([], "选一下是什么事"),
        (["wages", "overtime", "injury", "other"], "最多选三样，先选最要紧的"),
        (["gold"], "从列出的里面选一个"),
    ],
    ids=["none", "four", "gold"],
)
def test_one_to_three_kinds_of_the_list(
    client: FlaskClient, stored: Any, what: list[str], sentence: str
) -> None:
    page = client.post(PAGE, data={**FILED, "what": what, "amount.wages": ""})
    assert page.status_code == 422
    assert words(page).count(sentence) == 2
    assert stored(Case) == 0


BUTTONS = {"look", "back", "file"}
BOXES = {name for name in FORM.single if name.startswith(("unclear.", "employer.unknown", "about", "sure"))}
READ = sorted((FORM.single | FORM.ticked) - BUTTONS - BOXES)


@pytest.mark.parametrize("what", ODD)
def test_no_field_takes_what_nobody_says(client: FlaskClient, stored: Any, what: str) -> None:
    written = ("story",) if what in ("emoji", "two_languages") else ()
    for name in READ:
        page = client.post(PAGE, data={**FILED, name: ODD[what]})
        assert page.status_code == (302 if name in written else 422), name
        assert title(page).startswith("错误：") or name in written, name
    assert stored(Case) == len(written), "whatever can be written may be told"


@pytest.mark.parametrize("what", ODD)
def test_no_box_and_no_button_breaks_the_page(client: FlaskClient, what: str) -> None:
    for name in sorted(BOXES | BUTTONS):
        page = client.post(PAGE, data={**SPOKEN, name: ODD[what]})
        assert page.status_code == 422, name


def test_whatever_else_is_sent_is_refused_and_nothing_is_filed(client: FlaskClient, stored: Any) -> None:
    for odd in ("admin", "by", "state", "kind", "amount.gold", "contact.mail", "x" * 1000, ""):
        page = client.post(PAGE, data={**FILED, odd: "1"})
        assert page.status_code == 422, odd
        assert "多了一项用不上的内容" in words(page), odd
    assert client.post(PAGE, data={**FILED, "photo": (io.BytesIO(b"x"), "x.jpg")}).status_code == 422
    assert client.post(PAGE, json=FILED).status_code == 422
    for name in FILED:
        raw = f"{name}=%ff%fe%c3%28".encode()
        assert client.post(PAGE, data=raw, content_type=FORM_TYPE).status_code in (200, 422), name
    assert client.post(PAGE, data=b"x=" + b"y" * 5_000_000, content_type=FORM_TYPE).status_code == 413
    assert stored(Case) == 0


def test_words_of_a_program_are_shown_as_words(client: FlaskClient) -> None:
    odd = '<script>alert(1)</script> & "引号" {{7*7}} %s'
    page = client.post(PAGE, data=SPOKEN | {"story": odd})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert fields(page)["story"] == odd
    again = client.post(PAGE, data=fields(page) | {"back": "1"})
    assert "<script>alert" not in again.text
    assert fields(again)["story"] == odd


# --- how the three pages are ---------------------------------------------------------------------------


def three(client: FlaskClient, query: str = "") -> list[Any]:
    """The questions, what is read back, and what is said when it is filed."""
    questions = client.get(PAGE + query)
    back = client.post(PAGE + query, data=fields(questions) | SPOKEN)
    done = client.post(PAGE + query, data=fields(back) | FILED)
    return [questions, back, client.get(done.location + query)]


def test_every_page_is_light(client: FlaskClient) -> None:
    for page in three(client):
        assert page.status_code == 200
        assert weight(client, page) <= MOST_BYTES, title(page)


KEPT = ("中文", "1.8万", "东城区总工会劳动争议调解")
"""What is Chinese on an English page: the way back, how amounts are said, and our name."""


def test_every_page_is_there_in_english(client: FlaskClient) -> None:
    for page in three(client, "?lang=en"):
        assert 'lang="en"' in page.text
        main = words(page)
        for chinese in (*KEPT, *(value for value in SPOKEN.values() if not value.isascii())):
            main = main.replace(chinese, "")
        assert re.findall("[\u4e00-\u9fff]+", main) == [], title(page)


def test_the_enter_key_reads_back_and_does_nothing_else(client: FlaskClient) -> None:
    form = client.get(PAGE).text.partition("<main")[2]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert "name=" not in first[0]


# --- boxes ---------------------------------------------------------------------------------------------

NOT_TICKED = ("on", "yes", "true", "0", "", "1 ", "01", "１", "-1", "1\n", "None", "9" * 40)


@pytest.mark.parametrize("name", sorted(FORM.exact.keys() - FORM.ticked))
def test_a_box_or_a_button_says_what_the_page_gives_it_or_is_refused_and_all_is_kept(
    client: FlaskClient, stored: Any, name: str
) -> None:
    typed = FILED if name in READ_BACK else SPOKEN
    for odd in NOT_TICKED:
        page = client.post(PAGE, data={**typed, name: odd})
        assert page.status_code == 422, odd
        assert "和页面上的不一样" in words(page), odd
        assert f"#{name}" in links(page)
        assert ("照着念" in page.text) == (name in READ_BACK), "said where it was ticked"
        kept = filled(page)
        assert {one: kept[one] for one in SPOKEN} == SPOKEN, odd
    twice = client.post(PAGE, data={**typed, name: ["1", "1"]})
    assert "填了两次" in words(twice)
    assert stored(Case) == 0


def test_a_kind_that_is_ticked_twice_is_asked_again(client: FlaskClient) -> None:
    page = client.post(PAGE, data={**SPOKEN, "what": ["wages", "wages"]})
    assert page.status_code == 422
    assert "填了两次" in words(page)


def test_a_large_sum_beside_an_odd_box_is_asked_back_all_the_same(client: FlaskClient) -> None:
    much = SPOKEN | {"amount.wages": "9000000"}
    page = client.post(PAGE, data=much | {"about": "on"})
    assert page.status_code == 422
    assert "sure" not in fields(page)
    asked = client.post(PAGE, data=fields(page) | much)
    assert asked.status_code == 422
    assert fields(asked)["sure"] == "900000000"
    again = client.post(PAGE, data=much | {"sure": fields(asked)["sure"], "about": "on"})
    assert fields(again)["sure"] == "900000000", "what was asked back once is not asked again"
