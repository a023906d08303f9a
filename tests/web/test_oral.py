"""Applying by word of mouth: one page at the desk, read back, filed with the caller's yes, printed."""

import re
import subprocess
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from answering import go, ready
from flask import Flask
from makers import FILED, SPOKEN
from reading import fields, filled, links, title, words
from sqlalchemy import func, select
from visiting import Played

from mediation.store.cases import facts_of
from mediation.store.models import Case, Party

BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def cases(transaction: Any) -> Callable[[], int]:
    def count() -> int:
        with transaction() as session:
            return int(session.scalar(select(func.count()).select_from(Case)) or 0)

    return count


@BOTH
def test_what_the_caller_said_yes_to_is_filed_and_his_link_texted(
    agent: Any, transaction: Any, texted: Any, cases: Any
) -> None:
    client = agent()
    back = client.post("/desk/oral", data=fields(client.get("/desk/oral")) | SPOKEN)
    assert back.status_code == 200
    said = words(back)
    for sentence in (
        "您叫 周某",
        "138 0013 8000",
        "某物业公司",
        "18,000.00 元",
        "壹万捌仟元整",
        "您同意吗？",
    ):
        assert sentence in said, sentence
    assert cases() == 0, "nothing is stored before the caller agrees"
    yes = {"agreed": "1", "contact.consent": "1", "file": "1"}
    answer = client.post("/desk/oral", data=fields(back) | yes)
    assert answer.status_code == 302
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        assert answer.location == f"/desk/oral/{case.ref}"
        assert case.state == "submitted"
        facts = facts_of(case)
        assert (facts.channel, facts.claims[0].head, facts.claims[0].amount) == (
            "hotline",
            "wages",
            18_000_00,
        )
        first = msgspec.json.decode(case.log[0].data)
        assert re.fullmatch("person:[0-9]+", first["oral"].pop("by"))
        assert first["oral"] == {"language": "mandarin", "agreed": True}
        assert (first["channel"], first["consented"]) == ("hotline", "1")
        assert case.story.endswith("干了三个月，工资没发。")
        key = session.scalars(select(Party.key).where(Party.side == "worker")).one()
    assert key in texted("13800138000")[0]
    done = client.get(answer.location)
    assert "登记好了" in words(done)
    assert f"{answer.location}/record.pdf" in links(done)


def test_staff_who_file_stay_themselves(agent: Any) -> None:
    client = agent()
    client.post("/desk/oral", data=FILED)
    with client.session_transaction() as kept:
        assert kept["_user_id"].startswith("person:")


@BOTH
def test_a_double_click_files_once_and_a_changed_form_waits_for_a_click(agent: Any, cases: Any) -> None:
    client = agent()
    typed = fields(client.post("/desk/oral", data=SPOKEN)) | FILED
    first, second = (client.post("/desk/oral", data=typed).location for _ in range(2))
    assert first == second
    assert cases() == 1
    changed = client.post("/desk/oral", data=typed | {"contact.name": "吴某"})
    assert changed.status_code == 422
    assert "交过一次，内容和这次的不一样" in words(changed)
    assert client.post("/desk/oral", data=fields(changed) | {"file": "1"}).status_code == 302
    assert cases() == 2


@pytest.mark.parametrize(
    ("without", "sentence"),
    [
        ("agreed", "念给对方听，对方说对了，再点这一项"),
        ("contact.consent", "问对方同不同意"),
        ("language", "选一个"),
    ],
    ids=["agreed", "consent", "language"],
)
def test_without_the_callers_yes_nothing_is_filed(
    agent: Any, cases: Any, without: str, sentence: str
) -> None:
    typed = {name: value for name, value in FILED.items() if name != without}
    answer = agent().post("/desk/oral", data=typed)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert f"#{without}" in links(answer)
    assert "您叫 周某" in words(answer), "what was typed is read on"
    assert cases() == 0


def test_an_empty_page_names_every_field_in_the_order_of_the_talk(agent: Any) -> None:
    client = agent()
    answer = client.post("/desk/oral", data=fields(client.get("/desk/oral")))
    assert answer.status_code == 422
    assert title(answer).startswith("错误：")
    summary = [link for link in links(answer) if link.startswith("#") and link != "#main"]
    assert summary == ["#contact.name", "#contact.phone", "#what", "#employer.name", "#place", "#since"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("contact.phone", "1380013800", "10"),
        ("amount.wages", "一大笔", "钱数只写数字"),
        ("amount.wages", "", "说不清"),
        ("amount.wages", "9000000", "9,000,000.00"),
        ("place", "elsewhere", "不在东城区，这里登记不了"),
        ("since", "forever", "从列出的里面选一个"),
        ("day", "2026-12-31", "这一天还没到"),
        ("channel", "online", "从列出的里面选一个"),
        ("employer.name", "某\N{GRINNING FACE}店", "删掉它就行"),
        ("story", "长" * 4501, "写得太长了"),
        ("state", "closed", "多了一项用不上的内容"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(
    agent: Any, cases: Any, field: str, typed: str, sentence: str
) -> None:
    answer = agent().post("/desk/oral", data=FILED | {field: typed})
    assert answer.status_code == 422
    assert sentence in words(answer)
    kept = filled(answer)
    assert kept["contact.name"] == "周某"
    if field in kept and field not in ("since", "channel"):
        assert kept[field] == typed
    assert cases() == 0


def test_a_large_sum_is_asked_back_once(agent: Any) -> None:
    client, much = agent(), SPOKEN | {"amount.wages": "9000000"}
    asked = client.post("/desk/oral", data=much)
    assert asked.status_code == 422
    back = client.post("/desk/oral", data=much | {"sure": fields(asked)["sure"]})
    assert back.status_code == 200
    assert (
        client.post("/desk/oral", data=fields(back) | FILED | {"amount.wages": "9000000"}).status_code == 302
    )


def test_an_amount_without_its_tick_counts(agent: Any) -> None:
    typed = SPOKEN | {"amount.overtime": "一万八", "unclear.injury": "1"}
    said = words(agent().post("/desk/oral", data=typed))
    assert "加班费。一共 18,000.00 元" in said
    assert "工伤待遇。多少钱，您说不清。" in said


def test_cases_of_the_same_phone_or_employer_are_shown_to_those_who_may_open_them(agent: Any) -> None:
    clerk = agent()
    place = clerk.post("/desk/oral", data=FILED).location.rpartition("/")[2]
    phone = {"look": "1", "contact.phone": SPOKEN["contact.phone"]}
    found = clerk.post("/desk/oral", data=phone)
    assert found.status_code == 200
    assert f"/cases/{place}" in links(found)
    assert "同一个手机号" in words(found)
    firm = {"contact.phone": "13800138001", "employer.name": SPOKEN["employer.name"]}
    read_back = words(clerk.post("/desk/oral", data=SPOKEN | firm))
    assert "同一家单位" in read_back
    other = {"look": "1", "contact.phone": "13800138001", "employer.name": "物业公司"}
    assert "可能登记过" not in words(clerk.post("/desk/oral", data=other)), "a part of a name is another name"
    assert "可能登记过" not in words(agent("mediator").post("/desk/oral", data=phone))


def test_back_to_the_questions_with_everything_that_was_typed(agent: Any) -> None:
    client = agent()
    back = client.post("/desk/oral", data=SPOKEN)
    again = client.post("/desk/oral", data=fields(back) | {"back": "1"})
    kept = filled(again)
    assert {name: kept[name] for name in SPOKEN} == SPOKEN


def text_of(pdf: bytes) -> str:
    """All words of a paper, its spaces left out."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())


# --- who may, and the paper ----------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["hotline", "counter"])
def test_the_record_has_the_four_blocks_of_the_law(agent: Any, channel: str) -> None:
    client = agent()
    typed = FILED | {"channel": channel, "language": "dialect", "unclear.injury": "1"}
    place = client.post("/desk/oral", data=typed).location
    paper = client.get(f"{place}/record.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.headers["Cache-Control"] == "no-store"
    said = text_of(paper.data)
    order = [
        "劳动争议调解口头申请记录",
        *("一、当事人", "周某", "13800138000", "某物业公司"),
        *("二、请求、事实和理由", "拖欠工资", "18,000.00", "干了三个月"),
        "三、申请时间",
        *("四、记录和确认", "方言", "第十二条"),
    ]
    places = [said.index(one) for one in order if one != "拖欠工资"]
    assert places == sorted(places)
    assert ("经电话宣读确认" in said) == (channel == "hotline")
    assert ("申请人（签名）" in said) == (channel == "counter")


def test_a_mediator_files_and_prints_the_record_though_the_case_is_not_his(agent: Any) -> None:
    mediator = agent("mediator")
    place = mediator.post("/desk/oral", data=FILED).location
    done = mediator.get(place)
    assert done.status_code == 200
    assert not any(link.startswith("/cases/") for link in links(done))
    assert mediator.get(f"{place}/record.pdf").status_code == 200
    assert agent("mediator").get(place).status_code == 404
    assert agent("mediator").get(f"{place}/record.pdf").status_code == 404
    assert agent("clerk").get(f"{place}/record.pdf").status_code == 200


def test_a_mediator_who_applies_step_by_step_for_somebody_is_told_the_number(agent: Any) -> None:
    mediator, clerk = agent("mediator"), agent("clerk")
    go(mediator)
    answer = mediator.post("/apply/check", data=ready(mediator), follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.path == "/desk"
    assert "登记好了，编号" in words(answer)
    go(clerk)
    filed = clerk.post("/apply/check", data=ready(clerk), follow_redirects=True)
    assert (filed.status_code, filed.request.path.startswith("/apply/received/")) == (200, True)


def test_nobody_else_comes_near(app: Flask, transaction: Any, agent: Any) -> None:
    place = agent().post("/desk/oral", data=FILED).location
    case = Played(app, transaction, state="submitted")
    for path in ("/desk/oral", place, f"{place}/record.pdf"):
        assert app.test_client().get(path).location == "/staff"
        assert case.by("worker").get(path).status_code == 403
    assert app.test_client().post("/desk/oral", data=FILED).location == "/staff"
    assert case.by("worker").post("/desk/oral", data=FILED).status_code == 403
    with transaction() as session:
        ref = session.get_one(Case, case.id).ref
    assert agent().get(f"/desk/oral/{ref}").status_code == 404, "that one was filed by the worker himself"


def test_the_page_of_the_case_leads_staff_to_the_record_of_those_told_aloud_only(
    app: Flask, transaction: Any, agent: Any
) -> None:
    client = agent()
    place = client.post("/desk/oral", data=FILED).location
    case = f"/cases/{place.rpartition('/')[2]}"
    assert f"{place}/record.pdf" in links(client.get(case))
    online = Played(app, transaction, state="submitted")
    assert not any("record.pdf" in link for link in links(client.get(online.url())))


# --- the old page, and staff who apply step by step ----------------------------------------------------


def test_the_page_that_was_there_before_leads_on(app: Flask, agent: Any, cases: Any) -> None:
    anybody = app.test_client()
    assert anybody.get("/file?category=pay").location == "/apply"
    assert anybody.post("/file", data=FILED).location == "/apply"
    assert agent().get("/file").location == "/desk/oral"
    assert cases() == 0
