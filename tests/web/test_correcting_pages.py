"""The pages on which staff put something right: what is asked, what is refused, what others see of it."""

from typing import Any

import pytest
from flask import Flask
from makers import make_staff
from reading import filled, links, words
from visiting import Played, browser, post

from mediation.store.cases import facts_of, party
from mediation.store.models import Case, Entry
from mediation.web.context import visitor_of_staff

CLAIM = {"claim": "0", "right_amount": "100", "reason": "typed_wrongly"}


@pytest.fixture
def database_kind() -> str:
    """Pages are the same on both; the services behind them are tested on both."""
    return "sqlite"


@pytest.fixture
def played(app: Flask, transaction: Any) -> Any:
    """Make a case and hand out browsers for its people."""
    return lambda **wanted: Played(app, transaction, **wanted)


def facts(case: Played) -> Any:
    with case.transaction() as session:
        return facts_of(session.get_one(Case, case.id))


def last(case: Played) -> str:
    with case.transaction() as session:
        return str(session.query(Entry).order_by(Entry.id.desc()).first().data)


def test_corrections_are_folded_away_on_the_page_of_staff_and_not_there_for_the_parties(played: Any) -> None:
    case = played(state="not_agreed")
    page = case.by("admin").get(case.url())
    folded = page.text.partition("<details")[2].partition("</details>")[0]
    for name in ("reopen", "correct_party", "correct_claim"):
        assert case.url(f"/acts/{name}") in folded
        assert page.text.count(case.url(f"/acts/{name}")) == 1, "and nowhere else"
    assert "更正" not in words(case.by("worker").get(case.url()))
    assert "更正" not in words(case.by("mediator").get(case.url()))


def test_what_cannot_be_undone_now_is_not_explained_on_every_page(played: Any) -> None:
    case = played(state="accepted")
    assert "复核" not in words(case.by("admin").get(case.url()))


def test_a_claim_is_corrected_and_the_history_tells_from_what_to_what_and_why(played: Any) -> None:
    case = played(state="accepted")
    clerk = case.by("clerk")
    answer = post(clerk, case.url("/acts/correct_claim"), **CLAIM | {"right_amount": "5800"})
    assert answer.location == case.url()
    assert facts(case).claims[0].amount == 580_000
    for role in ("clerk", "worker", "employer"):
        page = words(case.by(role).get(case.url()))
        assert "从 6,000.00 元 改成 5,800.00 元" in page
        assert "录入的时候写错了" in page


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"claim": ""}, "这一项还没填"),
        ({"claim": "7"}, "从列出的里面选一个"),
        ({"claim": "²"}, "从列出的里面选一个"),
        ({"right_amount": "五百"}, "钱数只写数字"),
        ({"right_amount": "-1"}, "钱数要大于零"),
        ({"right_amount": "1e309"}, "钱数只写数字"),
        ({"right_amount": "9" * 30}, "钱数太大了"),
        ({"right_amount": "1.005"}, "钱数最多写到分"),
        ({"reason": ""}, "这一项还没填"),
        ({"reason": "other", "reason_other": " "}, "这一项还没填"),
        ({"reason": "bounced"}, "从列出的里面选一个"),
    ],
)
def test_bad_input_is_a_sentence_beside_its_field_and_moves_nothing(
    played: Any, typed: dict[str, str], problem: str
) -> None:
    case = played(state="accepted")
    before = case.now()
    given = CLAIM | {"right_amount": "777.70"} | typed
    answer = post(case.by("clerk"), case.url("/acts/correct_claim"), **given)
    assert answer.status_code == 422
    assert problem in words(answer)
    assert case.now() == before
    kept = filled(answer)
    assert kept["right_amount"] == given["right_amount"]


def test_the_same_amount_is_refused_with_the_sentence_of_the_chart(played: Any) -> None:
    case = played(state="accepted")
    answer = post(case.by("clerk"), case.url("/acts/correct_claim"), **CLAIM | {"right_amount": "6000"})
    assert answer.status_code == 409
    assert "新的数目和原来的一样" in words(answer)
    assert filled(answer)["right_amount"] == "6000"


def test_full_width_digits_are_no_amount_and_zero_is_one_here(played: Any) -> None:
    case = played(state="accepted")
    before = case.now()
    wide = post(
        case.by("clerk"), case.url("/acts/correct_claim"), **CLAIM | {"right_amount": "５９９９．５０"}
    )
    assert (wide.status_code, case.now()) == (422, before)
    post(case.by("clerk"), case.url("/acts/correct_claim"), **CLAIM | {"right_amount": "5999．50"})
    assert facts(case).claims[0].amount == 599_950
    post(case.by("clerk"), case.url("/acts/correct_claim"), **CLAIM | {"claim": "1", "right_amount": "0"})
    assert facts(case).claims[1].amount == 0


def test_a_large_correction_waits_on_the_desk_of_everybody_but_who_asked_for_it(
    played: Any, app: Flask
) -> None:
    case = played(state="accepted")
    with case.transaction() as session:
        other = browser(app, visitor_of_staff(make_staff(session, role="clerk", name="另一位")).id)
    clerk = case.by("clerk")
    post(clerk, case.url("/acts/correct_claim"), **CLAIM)
    assert facts(case).claims[0].amount == 600_000
    approve = case.url("/acts/approve_correction")
    assert approve not in links(clerk.get("/desk"))
    assert "请另一位工作人员复核" in words(clerk.get(case.url()))
    refused = clerk.get(approve)
    assert refused.status_code == 409
    assert "要请另一位工作人员复核" in words(refused)
    for page in (other, case.by("admin"), case.by("mediator")):
        assert approve in links(page.get("/desk"))
    asked = words(other.get(approve))
    assert "从 6,000.00 元 改成 100.00 元" in asked
    assert "李受理员 提出" in asked
    assert post(other, approve, reason="saw_the_proof").location == case.url()
    assert facts(case).claims[0].amount == 10_000
    assert approve not in links(other.get("/desk"))
    told = words(case.by("worker").get(case.url()))
    assert "另一位" in told
    assert "看过凭证" in told


def test_the_parties_do_not_see_what_waits(played: Any) -> None:
    case = played(state="accepted")
    post(case.by("clerk"), case.url("/acts/correct_claim"), **CLAIM)
    assert "等着复核" in words(case.by("clerk").get(case.url()))
    for role in ("worker", "employer"):
        page = case.by(role).get(case.url())
        assert "等着复核" not in words(page)
        assert "/acts/approve_correction" not in page.text
        assert case.by(role).get(case.url("/acts/approve_correction")).status_code == 403


def test_money_that_bounced_is_owed_again(played: Any) -> None:
    case = played(state="performed")
    case.act("close")
    page = case.by("clerk").get(case.url("/acts/restate_payment"))
    assert "现在是 5,000.00 元" in words(page)
    answer = post(
        case.by("clerk"),
        case.url("/acts/restate_payment"),
        promised="0",
        right_amount="3000",
        reason="bounced",
    )
    assert answer.location == case.url()
    assert case.now()[0] == "performing", "it is not due yet"
    assert "还有 2,000.00 元 没到" in words(case.by("worker").get(case.url()))


def test_more_than_was_paid_is_no_correction(played: Any) -> None:
    case = played(state="performed")
    typed = {"promised": "0", "right_amount": "5000.01", "reason": "typed_wrongly"}
    answer = post(case.by("clerk"), case.url("/acts/restate_payment"), **typed)
    assert answer.status_code == 409
    assert "只能往少里改" in words(answer)


def test_a_reopened_case_asks_both_sides_again(played: Any) -> None:
    case = played(state="not_agreed")
    assert post(case.by("admin"), case.url("/acts/reopen"), reason="both_willing").location == case.url()
    assert case.now()[0] == "submitted"
    assert "双方愿意接着谈" in words(case.by("worker").get(case.url()))
    assert case.by("clerk").get(case.url("/acts/reopen")).status_code == 403


# --- a party's details -------------------------------------------------------------------------------

NAME = {"party": "worker:0", "detail": "name", "value": "钟大某", "reason": "typed_wrongly"}


def test_a_name_is_corrected_on_record_and_the_log_does_not_know_it(played: Any) -> None:
    case = played(state="accepted")
    assert post(case.by("clerk"), case.url("/acts/correct_party"), **NAME).location == case.url()
    page = words(case.by("clerk").get(case.url()))
    assert "钟大某" in page
    assert "更正了当事人信息 劳动者 姓名或者单位名称" in page
    assert "钟" not in last(case)
    with case.transaction() as session:
        assert party(session.get_one(Case, case.id), "worker").name == "钟大某"


def test_the_other_side_is_not_told_that_a_phone_was_corrected(played: Any) -> None:
    case = played(state="accepted")
    post(
        case.by("clerk"),
        case.url("/acts/correct_party"),
        **NAME | {"detail": "phone", "value": "13811112222"},
    )
    assert "更正了当事人信息" in words(case.by("worker").get(case.url()))
    assert "更正了当事人信息" not in words(case.by("employer").get(case.url()))


def test_another_phone_ends_the_visits_of_whoever_had_the_old_one(played: Any) -> None:
    case = played(state="accepted")
    before = case.by("worker")
    assert before.get(case.url()).status_code == 200
    post(
        case.by("clerk"),
        case.url("/acts/correct_party"),
        **NAME | {"detail": "phone", "value": "13811112222"},
    )
    assert before.get(case.url()).status_code == 302


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"party": ""}, "这一项还没填"),
        ({"party": "worker:9"}, "从列出的里面选一个"),
        ({"party": "mediator:0"}, "从列出的里面选一个"),
        ({"detail": "key"}, "从列出的里面选一个"),
        ({"value": ""}, "这一项还没填"),
        ({"value": "钟\x00某"}, "这一项的内容读不出来"),
        ({"value": "钟某"}, "和原来的一样"),
        ({"detail": "phone", "value": "12"}, "手机号是 11 位数字"),
        ({"reason": ""}, "这一项还没填"),
        ({"reason": "other", "reason_other": "本人叫钟大某"}, "原因里不要写姓名和号码"),
    ],
)
def test_a_detail_that_cannot_be_read_is_a_sentence(played: Any, typed: dict[str, str], problem: str) -> None:
    case = played(state="accepted")
    before = case.now()
    answer = post(case.by("clerk"), case.url("/acts/correct_party"), **NAME | typed)
    assert answer.status_code == 422
    assert problem in words(answer)
    assert case.now() == before
    if "value" not in typed:
        assert filled(answer)["value"] == "钟大某"


def test_a_detail_of_employers_is_refused_for_a_worker(played: Any) -> None:
    case = played(state="accepted")
    answer = post(case.by("clerk"), case.url("/acts/correct_party"), **NAME | {"detail": "uscc"})
    assert answer.status_code == 409
    assert "单位才有" in words(answer)


def test_the_same_form_sent_twice_corrects_once(played: Any) -> None:
    case = played(state="accepted")
    clerk = case.by("clerk")
    form = filled(clerk.get(case.url("/acts/correct_party"))) | NAME
    first, again = (clerk.post(case.url("/acts/correct_party"), data=form) for _ in range(2))
    assert (first.status_code, again.status_code) == (302, 302)
    assert case.now()[1] == form_revision(form) + 1


def form_revision(form: dict[str, Any]) -> int:
    return int(form["seen"])
