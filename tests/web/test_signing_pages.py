"""Signing on the web: what is shown is what is signed, by whoever holds the phone on file."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from makers import act, make_case, make_staff
from reading import filled, links, words
from visiting import Played, browser
from werkzeug.test import TestResponse

from mediation.store.cases import facts_of
from mediation.store.models import Case, Person
from mediation.web.context import visitor_of_staff

STATED = ["read", "willing", "binding"]


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="awaiting_signatures")


def ask_code(case: Played, client: FlaskClient, **typed: Any) -> TestResponse:
    page = client.get(case.url("/acts/sign"))
    return client.post(case.url("/sign/code"), data=filled(page) | typed)


def code_in(texts: list[str]) -> str:
    return re.findall(r"验证码([0-9]{6})", texts[0])[0]


def signed(case: Played) -> set[str]:
    with case.transaction() as session:
        return {one.side for one in facts_of(session.get_one(Case, case.id)).signatures}


def test_the_page_shows_the_whole_terms_their_digest_and_no_tick(case: Played) -> None:
    answer = case.by("worker").get(case.url("/acts/sign"))
    with case.transaction() as session:
        terms = facts_of(session.get_one(Case, case.id)).terms
    assert terms is not None
    assert terms.digest in words(answer)
    assert "5,000.00 元" in words(answer)
    assert "人民币伍仟元整" in words(answer)
    assert answer.text.count('type="checkbox"') == 3
    assert not re.search(r'type="checkbox"[^>]*checked', answer.text)
    assert case.url() in links(answer)
    assert "明天再签" in words(answer)


def test_the_code_goes_to_the_phone_on_file_and_signs(case: Played, texted: Any) -> None:
    client = case.by("worker")
    page = ask_code(case, client, stated=STATED)
    assert page.status_code == 200
    assert "138****0000" in words(page)
    assert page.text.count(" checked") == 3
    typed = filled(page) | {"stated": STATED, "code": code_in(texted("13800000000"))}
    answer = client.post(case.url("/acts/sign"), data=typed)
    assert (answer.status_code, answer.location) == (302, case.url())
    assert signed(case) == {"worker"}
    again = client.get(case.url("/acts/sign"))
    assert again.status_code == 409
    assert "您已经签过字了。" in words(again)


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ([], "三句话都勾上，才能签字"),
        (["read"], "三句话都勾上，才能签字"),
        (["read", "willing"], "三句话都勾上，才能签字"),
        (["read", "read", "binding"], "填了两次"),
        (["read", "willing", "on"], "从列出的里面选一个"),
    ],
)
def test_without_all_three_statements_nothing_is_signed_and_no_code_is_spent(
    case: Played, texted: Any, stated: list[str], sentence: str
) -> None:
    client = case.by("worker")
    page = filled(ask_code(case, client))
    code = code_in(texted("13800000000"))
    answer = client.post(case.url("/acts/sign"), data=page | {"stated": stated, "code": code})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert signed(case) == set()
    good = client.post(case.url("/acts/sign"), data=page | {"stated": STATED, "code": code})
    assert good.status_code == 302


def test_a_wrong_code_costs_a_try_that_stays_lost(case: Played, texted: Any) -> None:
    client = case.by("worker")
    page = filled(ask_code(case, client)) | {"stated": STATED}
    right = code_in(texted("13800000000"))
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for left in (4, 3, 2, 1):
        answer = client.post(case.url("/acts/sign"), data=page | {"code": wrong})
        assert answer.status_code == 422
        assert f"验证码不对，还能试 {left} 次" in words(answer)
    for code in (wrong, right):
        answer = client.post(case.url("/acts/sign"), data=page | {"code": code})
        assert answer.status_code == 422
        assert "这个验证码用不了了，重新发一个" in words(answer)
    assert signed(case) == set()


def test_no_code_is_asked_for_by_name(case: Played) -> None:
    client = case.by("worker")
    page = filled(client.get(case.url("/acts/sign")))
    answer = client.post(case.url("/acts/sign"), data=page | {"stated": STATED})
    assert answer.status_code == 422
    assert "写上短信里的 6 位验证码" in words(answer)
    assert 'name="code"' in answer.text


def test_a_code_signs_only_the_terms_it_was_sent_for(case: Played, texted: Any) -> None:
    client = case.by("worker")
    page = filled(ask_code(case, client)) | {"stated": STATED}
    code = code_in(texted("13800000000"))
    for action in ("amend_terms", "mark_clauses"):
        case.act(action, role=None if action == "amend_terms" else "worker")
    case.act("mark_clauses", role="employer")
    case.act("send_for_signing")
    old = client.post(case.url("/acts/sign"), data=page | {"code": code, "seen": case.now()[1]})
    assert old.status_code == 409
    assert "协议刚改过，看一眼再签。" in words(old)
    assert not re.search(r'type="checkbox"[^>]*checked', old.text)
    fresh = filled(client.get(case.url("/acts/sign"))) | {"stated": STATED, "code": code}
    assert client.post(case.url("/acts/sign"), data=fresh).status_code == 422
    assert signed(case) == set()


def test_a_code_is_not_sent_for_terms_that_are_no_longer_these(case: Played, texted: Any) -> None:
    client = case.by("worker")
    page = filled(client.get(case.url("/acts/sign")))
    answer = client.post(case.url("/sign/code"), data=page | {"digest": "0" * 64})
    assert answer.status_code == 409
    assert not [text for text in texted("13800000000") if "验证码" in text]


def test_somebody_elses_code_signs_nothing(case: Played, texted: Any) -> None:
    ask_code(case, case.by("employer"))
    client = case.by("worker")
    page = filled(ask_code(case, client)) | {"stated": STATED, "code": code_in(texted("13900000001"))}
    assert client.post(case.url("/acts/sign"), data=page).status_code == 422
    assert signed(case) == set()


def test_two_clicks_sign_once(case: Played, texted: Any) -> None:
    client = case.by("worker")
    page = filled(ask_code(case, client)) | {"stated": STATED, "code": code_in(texted("13800000000"))}
    assert client.post(case.url("/acts/sign"), data=page).status_code == 302
    before = case.now()
    assert client.post(case.url("/acts/sign"), data=page).status_code == 302
    again = client.post(case.url("/acts/sign"), data=page | {"once": "another page"})
    assert again.status_code == 409
    assert case.now() == before


@pytest.mark.parametrize("role", ["clerk", "admin"])
def test_only_those_who_must_sign_can_ask_for_a_code(case: Played, role: str) -> None:
    assert case.by(role).post(case.url("/sign/code"), data={"seen": 1}).status_code == 403


def test_a_mediator_without_a_phone_signs_with_his_password(
    app: Flask, transaction: Any, office: Any
) -> None:
    with transaction() as session:
        person = make_staff(session, login="zhao", password="correct horse battery", phone="")
        made = make_case(session, office, state="awaiting_signatures")
        case = Played.__new__(Played)
        case.app, case.transaction, case.office, case.id, case.ref = (
            app,
            transaction,
            office,
            made.id,
            made.ref,
        )
        assert made.mediator_id == f"person:{person.id}"
        client = browser(app, visitor_of_staff(person).id)
    page = client.get(case.url("/acts/sign"))
    assert 'type="password"' in page.text
    typed = filled(page) | {"stated": STATED}
    wrong = client.post(case.url("/acts/sign"), data=typed | {"password": "wrong"})
    assert wrong.status_code == 422
    assert "密码不对，再试一次" in words(wrong)
    assert 'value="wrong"' not in wrong.text
    assert (
        client.post(case.url("/acts/sign"), data=typed | {"password": "correct horse battery"}).status_code
        == 302
    )
    assert signed(case) == {"mediator"}


def test_who_has_signed_is_said_to_everybody(case: Played) -> None:
    case.act("sign", role="worker")
    page = words(case.by("employer").get(case.url("/terms")))
    assert "已签" in page
    assert "还没盖章" in page


def test_another_mediators_password_does_not_sign(app: Flask, transaction: Any, office: Any) -> None:
    with transaction() as session:
        person = make_staff(session, login="zhao", password="correct horse battery", phone="")
        make_staff(session, login="sun", password="another horse battery", phone="")
        made = make_case(session, office, state="awaiting_signatures")
        act(session, office, made, "sign", role="worker")
        ref = made.ref
        client = browser(app, visitor_of_staff(session.get_one(Person, person.id)).id)
    page = filled(client.get(f"/cases/{ref}/acts/sign")) | {"stated": STATED}
    answer = client.post(f"/cases/{ref}/acts/sign", data=page | {"password": "another horse battery"})
    assert answer.status_code == 422
