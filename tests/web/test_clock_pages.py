"""What people see of clocks: a pause in plain words, what staff is asked to do, a clock that is wrong."""

from datetime import timedelta
from typing import Any

import makers
import pytest
from flask import Flask
from makers import NOW
from reading import words
from visiting import Played, browser, filled, post

from mediation.services.waking import wake
from mediation.web.context import visitor_of_staff


@pytest.fixture
def played(app: Flask, transaction: Any) -> Any:
    """A case in some state."""
    return lambda **wanted: Played(app, transaction, **wanted)


def paused(played: Any) -> Played:
    """A case whose clock stands still since 3 March."""
    case: Played = played(state="accepted")
    for side in ("worker", "employer"):
        case.act("ask_pause", role=side, at=NOW, data={"pause_for": "appraisal"})
    return case


def test_a_clock_that_stands_still_says_so_and_since_when(played: Any) -> None:
    case = paused(played)
    for role in ("worker", "employer", "mediator"):
        page = words(case.by(role).get(case.url()))
        assert (
            "调解期限 已暂停 从2026年3月3日（周二）起暂停，这段时间不算。恢复以后，剩下的天数接着算。" in page
        )
        assert "没谈成可以直接申请仲裁 2026年3月17日（周二） 还剩 14 天" in page


def test_whoever_goes_on_sees_the_new_day(played: Any, app: Flask) -> None:
    case = paused(played)
    case.act("resume", role="worker", at=NOW + timedelta(days=3))
    app.extensions["clock"] = lambda: NOW + timedelta(days=3, minutes=1)
    page = words(case.by("worker").get(case.url()))
    assert "调解期限 2026年3月20日（周五） 还剩 14 天" in page
    assert "第 1 天" in page, "three days on which nothing counted"


def test_the_page_that_asks_for_a_pause_lets_one_choose_the_reason(played: Any) -> None:
    case = played(state="accepted")
    client = case.by("worker")
    page = client.get(case.url("/acts/ask_pause"))
    assert page.text.count('type="radio"') == 4
    for reason in ("等鉴定结果", "等别的部门出材料", "有一方暂时来不了（生病、出远门）", "遇到不可抗力"):
        assert reason in words(page)
    assert client.post(case.url("/acts/ask_pause"), data=filled(page)).status_code == 422
    sent = post(client, case.url("/acts/ask_pause"), pause_for="papers")
    assert sent.status_code == 302
    assert "原因：等别的部门出材料" in words(case.by("employer").get(case.url()))


# --- the desk -----------------------------------------------------------------------------------------


@pytest.fixture
def clerk(app: Flask, transaction: Any) -> Any:
    """The desk of a clerk."""
    with transaction() as session:
        return browser(app, visitor_of_staff(makers.make_staff(session, role="clerk", name="李受理员")).id)


CALL = "单位没回短信，打个电话"


def test_the_desk_says_whom_to_call_first_until_somebody_acts(
    played: Any, clerk: Any, app: Flask, transaction: Any, office: Any
) -> None:
    waiting = [played(state="contacting", at=NOW - timedelta(days=days)) for days in (0, 1, 0)]
    wake(transaction, office, NOW)
    page = words(clerk.get("/desk"))
    assert page.count(CALL) == 2, "in the table and on the card"
    refs = [part.partition('"')[0] for part in clerk.get("/desk").text.split("/cases/")[1:]]
    called = waiting[1]
    first = next(ref.split("/")[0] for ref in refs)
    assert first == called.ref
    called.act("contact_employer", at=NOW + timedelta(minutes=1))
    assert CALL not in words(clerk.get("/desk"))


def test_a_case_to_call_about_comes_first_in_its_group_only(
    played: Any, clerk: Any, transaction: Any, office: Any, app: Flask
) -> None:
    """What is overdue comes before what is not, whatever was asked for."""
    overdue = played(state="submitted", at=NOW - timedelta(days=6))
    called = played(state="contacting", at=NOW - timedelta(days=1))
    wake(transaction, office, NOW)
    page = clerk.get("/desk").text
    assert page.index(overdue.ref) < page.index(called.ref)


# --- a clock that is wrong ----------------------------------------------------------------------------


def test_a_clock_that_went_back_says_what_to_do_and_keeps_what_was_typed(played: Any, app: Flask) -> None:
    case = played(state="contacting", at=NOW)
    before = case.now()
    app.extensions["clock"] = lambda: NOW - timedelta(days=1)
    client = case.by("clerk")
    answer = post(client, case.url("/acts/ask_info"), note="请补工资条")
    assert answer.status_code == 503
    page = words(answer)
    assert "我们的时钟不准，现在办不了" in page
    assert "这一步还没有办，您填的都还在" in page
    assert "过几分钟再点一次。还是不行，打 12351。" in page
    assert "请补工资条" in answer.text
    assert case.now() == before
    app.extensions["clock"] = lambda: NOW + timedelta(minutes=5)
    again = client.post(case.url("/acts/ask_info"), data=filled(answer))
    assert (again.status_code, case.now()[0]) == (302, "needs_info")


def test_a_program_is_told_so_by_its_code(played: Any, app: Flask) -> None:
    case = played(state="contacting", at=NOW)
    app.extensions["clock"] = lambda: NOW - timedelta(days=1)
    client = case.by("clerk")
    form = filled(client.get(case.url("/acts/ask_info")))
    answer = client.post(case.url("/acts/ask_info"), data=form, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (503, "clock_back")


def test_four_minutes_back_are_overlooked(played: Any, app: Flask) -> None:
    case = played(state="contacting", at=NOW)
    app.extensions["clock"] = lambda: NOW - timedelta(minutes=3)
    assert post(case.by("clerk"), case.url("/acts/ask_info"), note="x").status_code == 302


def test_what_was_due_before_an_act_is_done_with_it_though_no_worker_ran(
    played: Any, app: Flask, transaction: Any
) -> None:
    """The time for signing ended at midnight after 5 March; in the morning the mediator mends the terms."""
    case = played(state="awaiting_signatures", at=makers.MONDAY)
    app.extensions["clock"] = lambda: NOW + timedelta(days=3)
    assert post(case.by("mediator"), case.url("/acts/amend_terms")).status_code == 302
    page = words(case.by("worker").get(case.url()))
    newest_first = ("改了协议，之前签的字作废", "签字期限过了，签的字不算了", "提醒签字")
    places = [page.index(said) for said in newest_first]
    assert places == sorted(places)


def test_what_was_due_stays_done_though_the_act_after_it_is_refused(played: Any, app: Flask) -> None:
    """The administrator seals in the morning what ought to have been signed the day before."""
    case = played(state="awaiting_signatures", at=makers.MONDAY)
    app.extensions["clock"] = lambda: NOW + timedelta(days=3)
    before = words(case.by("worker").get(case.url()))
    refused = case.by("admin").post(case.url("/acts/seal"), data={"seen": case.now()[1]})
    assert refused.status_code == 409
    assert "签字期限过了" not in before
    assert "签字期限过了" in words(case.by("worker").get(case.url())), "so that he sees what it meant"


# --- the timeline -------------------------------------------------------------------------------------

OF_STAFF = ("提醒打电话给单位", "提醒今天要决定受不受理", "提醒寄信或者上门")
FOR_ALL = ("又发短信给单位", "单位五个工作日没有答复", "满十五天，可以直接申请仲裁")


def test_the_timeline_says_what_the_system_did(
    played: Any, app: Flask, transaction: Any, office: Any
) -> None:
    case = played(state="contacting", at=NOW - timedelta(days=1))
    wake(transaction, office, NOW + timedelta(days=30))
    app.extensions["clock"] = lambda: NOW + timedelta(days=30)
    for role, expected in (("clerk", 6), ("worker", 3), ("employer", 3)):
        page = words(case.by(role).get(case.url()))
        assert page.count("自动办理") == expected
        assert all(said in page for said in FOR_ALL)
        assert all((said in page) is (role == "clerk") for said in OF_STAFF)
        assert "草稿保存期" not in page, "it is over and of no use to anybody"
        assert "一共 15 天" not in page, "the thirty-first day of fifteen says nothing"
