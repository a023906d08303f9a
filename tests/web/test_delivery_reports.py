"""A gateway says later what became of a text; whoever does not know the word is not heard."""

import json

import pytest
from makers import NOW
from sqlalchemy import select, update
from visiting import Played

from mediation.services import notices, register
from mediation.services.gateways import GatewayAddress
from mediation.services.offices import Office
from mediation.store.models import Handover

WORD = {"Authorization": "Bearer a word"}


@pytest.fixture
def settings():
    return {"REPORT_TOKEN": "a word", "SMS_GATEWAY_URL": "http://127.0.0.1:9/", "WTF_CSRF_ENABLED": True}


@pytest.fixture
def case(app, transaction):
    """A case whose texts have all been handed over."""
    case = Played(app, transaction, state="contacting")
    with transaction() as session:
        assert notices.send(session, case.office, NOW)
        session.execute(update(Handover).values(tries=1, handed_at=NOW, due_at=None))
    return case


def told(case, number, state, headers=WORD):
    body = json.dumps({"id": number, "state": state})
    return case.app.test_client().post("/reports/delivery", data=body, headers=headers).status_code


def numbers(transaction):
    with transaction() as session:
        rows = session.scalars(select(Handover).order_by(Handover.message_id))
        return {str(row.message_id): row.report for row in rows}


@pytest.mark.parametrize(("state", "said"), [("delivered", "已经送到"), ("failed", "没有送到")])
def test_a_report_stands_beside_its_text(case, transaction, state, said):
    for number in numbers(transaction):
        assert told(case, number, state) == 204
    assert said in case.by("employer").get(case.url()).text
    assert said in case.by("clerk").get(case.url("/contacts")).text


def test_what_was_not_delivered_is_in_the_history_of_the_contact(case, transaction):
    with transaction() as session:
        firm, uscc = "某制衣公司", None
        contact = register.add(
            session, employer=firm, uscc=uscc, kind="phone", value="13900000001", role="", by="p", at=NOW
        )
        register.note(session, contact, "verified", "website", "person:1", NOW)
    for number in numbers(transaction):
        told(case, number, "failed")
    with transaction() as session:
        [line] = register.look_up(session, firm)
        assert (line.state, line.last.how) == ("bounced", "sms_not_taken")


def test_a_replay_an_unknown_number_and_one_that_never_left_change_nothing(case, transaction):
    first, second = numbers(transaction)
    with transaction() as session:
        session.execute(update(Handover).where(Handover.message_id == int(second)).values(tries=0))
    assert told(case, first, "delivered") == 204
    before = numbers(transaction)
    assert [told(case, one, "failed") for one in (first, second, "999999", "9" * 18)] == [204] * 4
    assert numbers(transaction) == before == {first: "delivered", second: None}


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer another"}, {"Authorization": "Bearer "}, {"Authorization": "Bearer 字"}],
)
def test_who_does_not_know_the_word_is_not_heard(case, transaction, headers):
    encoded = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert told(case, next(iter(numbers(transaction))), "failed", encoded) == 401
    assert set(numbers(transaction).values()) == {None}


def test_without_a_word_there_is_no_such_page(case):
    case.app.config["REPORT_TOKEN"] = ""
    assert told(case, "1", "failed", {"Authorization": "Bearer "}) == 404


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "1", '{"id": 1, "state": "failed"}', '{"id": "1"}', '{"id": "1", "state": "maybe"}',
     '{"id": "-1", "state": "failed"}', '{"id": "１", "state": "failed"}', '{"id": "1", "state": ["failed"]}',
     "[" * 4000, b"\xff\x00"],
)  # fmt: skip
def test_what_is_no_report_is_refused(case, transaction, body):
    answer = case.app.test_client().post("/reports/delivery", data=body, headers=WORD)
    assert answer.status_code == 400
    assert set(numbers(transaction).values()) == {None}


def test_a_report_of_a_million_letters_is_not_read(case):
    answer = case.app.test_client().post("/reports/delivery", data="x" * 10**6, headers=WORD)
    assert answer.status_code == 413


def test_the_gateway_is_there_in_this_test(office: Office):
    assert office.gateway == GatewayAddress("http://127.0.0.1:9/")
