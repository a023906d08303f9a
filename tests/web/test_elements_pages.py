"""The elements of a dispute: asked by what is claimed, none needed, for the worker and staff alone."""

from typing import Any

import pytest
from answering import go, send
from flask import Flask
from flask.testing import FlaskClient
from makers import make_application
from reading import fields, links, title, words
from visiting import Played, post

from mediation.domain.elements import elements
from mediation.domain.elements import read as read_elements
from mediation.domain.filing import read as read_filing

ACT = "/acts/tell_elements"


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    """Two workers: one claims wages, the other overtime."""
    application = make_application(workers=2)
    for worker, head in zip(application["workers"], ("wages", "overtime"), strict=True):
        worker["claims"] = [{"head": head, "amount": "100"}]
    return Played(app, transaction, state="submitted", filing=read_filing(application))


def test_who_has_filed_may_say_more_and_need_not(client: FlaskClient) -> None:
    go(client)
    received = client.get(send(client).location)
    page = next(link for link in links(received) if link.endswith(ACT))
    assert set(fields(client.get(page))) >= {"hired_on", "wage", "last_paid_on"}


def test_each_is_asked_by_what_he_claims(case: Played) -> None:
    first, second = (words(case.by("worker", seat).get(case.url(ACT))) for seat in (0, 1))
    for page in (first, second):
        assert "哪天开始上班的" in page
    assert "最后一次发工资是哪天" in first
    assert "最后一次发工资是哪天" not in second
    assert "加班多在什么时候" in second


def test_what_is_told_is_for_the_worker_and_staff(case: Played) -> None:
    worker = case.by("worker")
    done = post(worker, case.url(ACT), hired_on="2025-03-01", wage="6,120.50", contract="no")
    assert done.status_code == 302
    for visitor in (worker, case.by("clerk")):
        page = words(visitor.get(case.url()))
        for said in ("哪天开始上班的 2025-03-01", "6,120.50", "有没有签书面合同 没有"):
            assert said in page, said
    for visitor in (case.by("employer"), case.by("worker", 1)):
        assert "6,120.50" not in words(visitor.get(case.url()))


def test_what_was_told_stands_in_the_form_and_a_later_answer_counts(case: Played) -> None:
    worker = case.by("worker")
    post(worker, case.url(ACT), hired_on="2025-03-01", wage="6000")
    typed = fields(worker.get(case.url(ACT)))
    assert (typed["hired_on"], typed["wage"]) == ("2025-03-01", "6000.00")
    post(worker, case.url(ACT), wage="6500")
    page = words(worker.get(case.url()))
    assert "6,500.00" in page
    assert "6,000.00" not in page
    assert "2025-03-01" in page


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({}, "hired_on", "答一个再点"),
        ({"hired_on": "昨天"}, "hired_on", "日期"),
        ({"wage": "很多"}, "wage", ""),
        ({"contract": "maybe"}, "contract", ""),
        ({"wage": "1" * 100_000}, "wage", ""),
        ({"hired_on": "２０２５-03-01"}, "hired_on", ""),
        ({"wage": "😀"}, "wage", ""),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(
    case: Played, typed: dict[str, str], field: str, sentence: str
) -> None:
    more = {"paid_by": "cash"} if typed else {}
    answer = post(case.by("worker"), case.url(ACT), **typed, **more)
    assert answer.status_code == 422
    assert title(answer).startswith("错误：")
    assert f"#{field}" in links(answer)
    assert sentence in words(answer)
    if typed:
        assert 'value="cash" checked' in answer.text


def test_a_field_of_another_kind_of_dispute_is_not_known(case: Played) -> None:
    assert post(case.by("worker"), case.url(ACT), hurt_on="2025-03-01").status_code == 422


def test_it_is_there_in_english(case: Played) -> None:
    page = words(case.by("worker").get(case.url(ACT) + "?lang=en"))
    assert "First day at work" in page
    assert "哪天开始上班的" not in page


def test_every_head_asks_something_and_every_question_is_asked() -> None:
    assert {one.code for one in elements().of(elements().asked)} == set(elements().questions)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("choices: {}\nquestions: {a: {kind: day, zh: 甲, en: A}}\nasked: {always: []}", "a"),
        ("choices: {}\nquestions: {}\nasked: {always: [b]}", "b"),
        ("choices: {}\nquestions: {a: {kind: word, zh: 甲, en: A}}\nasked: {always: [a]}", "a"),
        (
            "choices: {}\nquestions: {a: {kind: choice, choices: [x], zh: 甲, en: A}}\nasked: {always: [a]}",
            "x",
        ),
        ("choices: {}\nquestions: {a: {kind: day, zh: 甲}}\nasked: {always: [a]}", "en"),
        ("[]", ""),
    ],
)
def test_a_file_with_a_fault_is_refused_by_name(wrong: str, named: str) -> None:
    with pytest.raises(ValueError, match=f"elements.*{named}"):
        read_elements(wrong)
