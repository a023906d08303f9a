"""Choosing a time: both sides say what suits them, and the mediator starts from what is common."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from makers import NOW
from reading import fields, filled, ids, links, title, words
from visiting import Played, post

from mediation.domain.facts import Facts
from mediation.domain.halfdays import offered
from mediation.store.cases import facts_of, party
from mediation.store.models import Case

ACT = "/acts/tell_times"
OFFERED = [one.code for one in offered(NOW)]
"""30 of them: from 2026-03-04 (a Wednesday) in the morning to 2026-03-17 in the evening."""


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="accepted")


def known(case: Played) -> Facts:
    with case.transaction() as session:
        return facts_of(session.get_one(Case, case.id))


def tell(case: Played, role: str, *codes: str, seat: int = 0) -> Any:
    return post(case.by(role, seat), case.url(ACT), halfdays=list(codes), none=[])


def test_it_is_the_next_thing_for_both_sides_until_they_have_answered(case: Played) -> None:
    for role in ("worker", "employer"):
        browser = case.by(role)
        page = browser.get(case.url())
        assert case.url(ACT) in links(page)
        assert "您什么时候方便" in words(page)
        assert "您现在不用做什么" not in words(page)
        assert tell(case, role, OFFERED[0]).status_code == 302
        page = browser.get(case.url())
        assert "您什么时候方便" not in words(page)
        assert "您说方便的开会时间： 3月4日（周三）上午 改一改" in words(page)
        assert case.url(ACT) in links(page), "it may be done again"


def test_any_of_them_is_one_tap(case: Played) -> None:
    worker = case.by("worker")
    done = worker.post(case.url(ACT), data=filled(worker.get(case.url(ACT))) | {"any": "yes"})
    assert done.status_code == 302
    assert list(known(case).halfdays["worker:0"]) == OFFERED
    assert 'name="any" value="yes"' in worker.get(case.url(ACT)).text


def test_the_page_offers_thirty_and_shows_again_what_was_ticked(case: Played) -> None:
    worker = case.by("worker")
    page = worker.get(case.url(ACT))
    assert [part for part in page.text.split('"') if part in OFFERED] == OFFERED
    assert "halfdays" not in fields(page)
    tell(case, "worker", OFFERED[4], OFFERED[2])
    page = worker.get(case.url(ACT))
    for code in OFFERED:
        assert (f'value="{code}" checked' in page.text) == (code in (OFFERED[4], OFFERED[2]))
    tell(case, "worker", OFFERED[5])
    assert known(case).halfdays == {"worker:0": (OFFERED[5],)}


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ([], "至少勾一个时间"),
        (["2026-03-03.evening"], "已经过了"),
        (["2020-01-01.morning"], "已经过了"),
        ([OFFERED[3], "2026-03-07.morning"], "从列出的里面选一个"),
        ([OFFERED[3], "2026-03-18.morning"], "从列出的里面选一个"),
        ([OFFERED[3], OFFERED[3]], "填了两次"),
        (["2026-03-04"], "从列出的里面选一个"),
        (["2026-03-04.night"], "从列出的里面选一个"),
        (["2026-02-30.morning"], "从列出的里面选一个"),
        ([OFFERED[3], "😀"], "从列出的里面选一个"),
        (["２０２６-03-04.morning"], "从列出的里面选一个"),
        (["a\0b"], "从列出的里面选一个"),
        (["1" * 100_000], "从列出的里面选一个"),
        (["none"], "从列出的里面选一个"),
        ([OFFERED[3], *(str(n) for n in range(5_000))], "从列出的里面选一个"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_could_stays_ticked(
    case: Played, chosen: list[str], sentence: str
) -> None:
    answer = tell(case, "worker", *chosen)
    assert answer.status_code == 422
    assert title(answer).startswith("错误：")
    assert words(answer).count(sentence) == 2
    assert "#halfdays" in links(answer)
    assert "halfdays" in ids(answer)
    for code in OFFERED:
        assert (f'value="{code}" checked' in answer.text) == (code in chosen)
    assert known(case).halfdays == {}


def test_a_hundred_thousand_values_are_refused_and_break_nothing(case: Played) -> None:
    answer = tell(case, "worker", *("x" for _ in range(100_000)))
    assert answer.status_code in (413, 422)
    assert known(case).halfdays == {}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"extra": "1"}, "unknown_field"),
        ({"any": ["yes", "yes"]}, "said_twice"),
        ({"any": "no"}, "odd_box"),
        ({"any": ""}, "odd_box"),
    ],
)
def test_what_the_form_does_not_have_is_refused(case: Played, more: dict[str, Any], code: str) -> None:
    worker = case.by("worker")
    form = filled(worker.get(case.url(ACT))) | {"halfdays": OFFERED[0]} | more
    answer = worker.post(case.url(ACT), data=form, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert code in answer.text
    page = post(worker, case.url(ACT), halfdays=OFFERED[0], **more)
    assert page.status_code == 422
    assert title(page).startswith("错误：")
    assert known(case).halfdays == {}


def test_that_none_suits_is_an_answer_which_is_seen_by_all_and_can_be_changed(
    app: Flask, transaction: Any
) -> None:
    case = Played(app, transaction, state="accepted", workers=2)
    worker = case.by("worker", 1)
    assert post(worker, case.url(ACT), none="1").status_code == 302
    assert known(case).halfdays == {"worker:1": ()}
    page = worker.get(case.url())
    assert "您说列出的时间都不行" in words(page)
    assert "您什么时候方便" not in words(page)
    assert 'name="none" value="1" checked' in worker.get(case.url(ACT)).text
    name = name_of(case, 1)
    for role, seat in (("worker", 0), ("employer", 0), ("mediator", 0), ("clerk", 0), ("admin", 0)):
        assert f"劳动者：{name} 列出的时间都不行" in words(case.by(role, seat).get(case.url())), role
    tell(case, "employer", OFFERED[1])
    page = case.by("mediator").get(case.url("/acts/convene"))
    assert "有人说列出的时间都不行" in words(page)
    assert f"劳动者：{name} 列出的时间都不行" in words(page)
    assert (fields(page)["for_day"], fields(page)["for_time"]) == ("", "")
    tell(case, "worker", OFFERED[1], seat=1)
    assert known(case).halfdays["worker:1"] == (OFFERED[1],)
    assert "列出的时间都不行" not in words(case.by("mediator").get(case.url()))
    assert 'name="none" value="1" checked' not in worker.get(case.url(ACT)).text


def test_each_side_is_asked_for_its_times_beside_the_mediator_until_it_has_answered(
    app: Flask, transaction: Any
) -> None:
    case = Played(app, transaction, state="accepted")
    mediator = case.by("mediator")  # the case is given to him
    for role in ("worker", "employer"):
        page = words(case.by(role).get(case.url()))
        assert "现在轮到您" in page
        assert "劳动者：钟某" + ("（您）" if role == "worker" else "") + " 还没答" in page
        assert "单位：某制衣公司" + ("（您）" if role == "employer" else "") + " 还没答" in page
    page = words(mediator.get(case.url()))
    assert "现在轮到您" in page, "he waits for nobody and may fix a time"
    assert "劳动者：钟某 还没答 单位：某制衣公司 还没答" in page
    tell(case, "worker", OFFERED[1])
    assert "现在轮到：单位、调解员" in words(case.by("worker").get(case.url()))
    assert "现在轮到您" in words(case.by("employer").get(case.url()))
    assert "大家都答了" not in words(mediator.get("/desk"))
    tell(case, "employer", OFFERED[1])
    assert "现在轮到：调解员" in words(case.by("employer").get(case.url()))
    assert "大家都答了开会时间" in words(mediator.get("/desk"))
    post(case.by("employer"), case.url(ACT), halfdays=[], none="1")
    assert "大家都答了，没有都方便的时间" in words(mediator.get("/desk"))
    case.act("convene")
    assert "大家都答了" not in words(mediator.get("/desk"))
    assert "谁答过开会时间了" not in words(case.by("worker").get(case.url()))


def name_of(case: Played, seat: int) -> str:
    with case.transaction() as session:
        return party(session.get_one(Case, case.id), "worker", seat).name


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"none": "1", "halfdays": [OFFERED[3]]}, "只留一样"),
        ({"none": "1", "any": "yes"}, "只留一样"),
        ({"none": ["1", "1"]}, "填了两次"),
        ({"none": "yes"}, "和页面上的不一样"),
        ({"none": ""}, "和页面上的不一样"),
        ({}, "至少勾一个时间"),
    ],
)
def test_that_none_suits_is_ticked_alone_and_as_the_page_sends_it(
    case: Played, typed: dict[str, Any], sentence: str
) -> None:
    answer = post(case.by("worker"), case.url(ACT), **typed)
    assert answer.status_code == 422
    assert title(answer).startswith("错误：")
    assert sentence in words(answer)
    for code in OFFERED:
        assert (f'value="{code}" checked' in answer.text) == (code in typed.get("halfdays", []))
    assert ('name="none" value="1" checked' in answer.text) == ("none" in typed)
    assert known(case).halfdays == {}


def test_in_english_who_has_answered_is_said_too(case: Played) -> None:
    post(case.by("employer"), case.url(ACT), none="1")
    worker = case.by("worker")
    page = words(worker.get(case.url() + "?lang=en"))
    assert "Who has answered about the meeting" in page
    assert "None of the times offered" in page
    assert "(you) Not yet" in page
    post(worker, case.url(ACT), none="1")
    assert "You said that none of the times offered suits you." in words(worker.get(case.url()))


def test_nobody_chooses_for_another_and_no_employer_before_it_has_joined(
    app: Flask, transaction: Any, case: Played
) -> None:
    for role in ("mediator", "clerk", "admin"):
        assert case.by(role).get(case.url(ACT)).status_code == 403
    asked = Played(app, transaction, state="contacting")
    for role in ("worker", "employer"):
        assert "您什么时候方便" not in words(asked.by(role).get(asked.url()))
    assert "先答应参加调解" in words(asked.by("employer").get(asked.url(ACT)))
    asked.act("join")
    for role in ("worker", "employer"):
        assert "您什么时候方便" in words(asked.by(role).get(asked.url()))


def test_in_english_every_sentence_is(case: Played) -> None:
    for typed in (None, []):
        worker = case.by("worker")
        page = worker.get(case.url(ACT) + "?lang=en") if typed is None else tell_english(case, worker)
        text = words(page)
        assert "Which times suit you?" in text
        assert "Wednesday 4 March 2026" in text
        assert "Morning" in text
        assert "Any of them" in text
        assert "None of these times" in text
        assert "您" not in text


def tell_english(case: Played, worker: Any) -> Any:
    worker.get(case.url(ACT) + "?lang=en")
    return post(worker, case.url(ACT))


def test_the_mediator_starts_from_the_first_that_suits_everybody(case: Played) -> None:
    mediator = case.by("mediator")
    page = mediator.get(case.url("/acts/convene"))
    assert "还没有人挑时间" in words(page)
    assert fields(page)["for_day"] == ""
    tell(case, "worker", *OFFERED[1:6])
    page = mediator.get(case.url("/acts/convene"))
    assert (fields(page)["for_day"], fields(page)["for_time"]) == ("2026-03-04", "14:00")
    assert "单位：某制衣公司 还没答" in words(page)
    tell(case, "employer", OFFERED[0], OFFERED[5], OFFERED[6])
    page = mediator.get(case.url("/acts/convene"))
    assert (fields(page)["for_day"], fields(page)["for_time"]) == ("2026-03-05", "18:30")
    assert "答过的人都方便： 3月5日（周四）晚上" in words(page)
    assert "劳动者：钟某 3月4日（周三）下午、晚上； 3月5日（周四）上午、下午、晚上" in words(page)
    assert post(mediator, case.url("/acts/convene")).status_code == 302
    assert str(known(case).meeting) == "2026-03-05 18:30:00+08:00"


def test_if_nothing_is_common_the_page_says_so_and_fills_nothing_in(case: Played) -> None:
    tell(case, "worker", OFFERED[0])
    tell(case, "employer", OFFERED[1])
    page = case.by("mediator").get(case.url("/acts/convene"))
    assert "没有大家都方便的时间" in words(page)
    assert (fields(page)["for_day"], fields(page)["for_time"]) == ("", "")


def test_what_the_mediator_has_typed_stands_and_not_what_is_common(case: Played) -> None:
    tell(case, "worker", OFFERED[0])
    page = post(case.by("mediator"), case.url("/acts/convene"), for_day="2026-03-09", for_time="夜里")
    assert page.status_code == 422
    assert (fields(page)["for_day"], fields(page)["for_time"]) == ("2026-03-09", "夜里")


def test_another_day_starts_from_it_too(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="in_meeting")
    tell(case, "employer", OFFERED[9])
    page = case.by("mediator").get(case.url("/acts/adjourn"))
    assert (fields(page)["for_day"], fields(page)["for_time"]) == ("2026-03-09", "09:30")


def test_no_side_reads_what_the_other_has_chosen(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="accepted", workers=2)
    tell(case, "employer", OFFERED[6], OFFERED[7])
    said = "3月6日（周五）上午、下午"
    for role, seat, sees in (
        ("employer", 0, True), ("worker", 0, False), ("worker", 1, False),
        ("mediator", 0, True), ("clerk", 0, True), ("admin", 0, True),
    ):  # fmt: skip
        page = words(case.by(role, seat).get(case.url()))
        assert (said in page) is sees, (role, seat)
        assert ("谁什么时候方便" in page) is (role not in ("worker", "employer"))
        assert "单位：某制衣公司" in page
        assert ("挑好了" in page) is (role in ("worker", "employer")), "who has chosen all may know"


def test_days_that_have_passed_are_not_offered_and_an_old_answer_is_asked_again(
    app: Flask, case: Played
) -> None:
    tell(case, "worker", OFFERED[0])
    app.extensions["clock"] = lambda: NOW + timedelta(days=1)
    page = case.by("worker").get(case.url())
    assert "您什么时候方便" in words(page)
    assert OFFERED[0] not in case.by("worker").get(case.url(ACT)).text


def test_whoever_joins_is_texted_the_way_to_it(app: Flask, transaction: Any, texted: Any) -> None:
    case = Played(app, transaction, state="contacting")
    post(case.by("employer"), case.url("/acts/join"), way="talk")
    assert "挑一下开会时间" in texted("13800000000")[0]


def test_if_any_time_suits_everybody_no_list_of_thirty_is_read_out(case: Played) -> None:
    tell(case, "worker", *OFFERED)
    tell(case, "employer", *OFFERED)
    page = words(case.by("mediator").get(case.url("/acts/convene")))
    assert "答过的人都方便： 列出的时间都行" in page
    assert "3月4日" not in page
