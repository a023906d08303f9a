"""From a text to the answer: one's own phone needs no second code, and what is asked comes first."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from reading import filled, words
from visiting import Played

from mediation.store.cases import facts_of, party
from mediation.store.models import Case

WORKER = "13800000000"


def key_of(case: Played, side: str = "worker") -> str:
    with case.transaction() as session:
        return str(party(session.get_one(Case, case.id), side).key)


def come_in(client: FlaskClient, case: Played, texted: Any, **said: str) -> Any:
    """From the link of a text to the case, with the code."""
    key = key_of(case)
    client.post(f"/k/{key}", data=filled(client.get(f"/k/{key}")))
    code = re.search(r"验证码(\d{6})", texted(WORKER)[0]).group(1)  # type: ignore[union-attr] - fails loudly
    form = {
        field: typed
        for field, typed in filled(client.get("/code")).items()
        if field not in ("again", "remember")
    }
    return client.post("/code", data=form | {"code": code} | said)


def forget_session(client: FlaskClient) -> None:
    """The browser was closed: what is left are cookies with a date."""
    client.delete_cookie("session")


def played(app: Flask, transaction: Any, state: str, **wanted: Any) -> Played:
    return Played(app, transaction, state=state, **wanted)


def test_a_phone_of_ones_own_needs_no_second_code(
    app: Flask, client: FlaskClient, transaction: Any, texted: Any
) -> None:
    case = played(app, transaction, "needs_info")
    assert come_in(client, case, texted, remember="1").location == case.url("/acts/give_info")
    forget_session(client)
    sent = len(texted(WORKER))
    assert client.get(f"/k/{key_of(case)}").location == case.url("/acts/give_info")
    assert client.get(case.url()).status_code == 200
    assert len(texted(WORKER)) == sent, "no code was needed"


def test_a_phone_that_nobody_called_his_own_asks_again(
    app: Flask, client: FlaskClient, transaction: Any, texted: Any
) -> None:
    case = played(app, transaction, "needs_info")
    come_in(client, case, texted)
    forget_session(client)
    assert client.get(f"/k/{key_of(case)}").status_code == 200
    assert client.get(case.url()).location == "/follow"
    for odd in ("0", "yes", "11"):
        come_in(client, case, texted, remember=odd)
        assert client.get_cookie("remember") is None
        forget_session(client)


def test_the_cookie_ends_after_weeks_and_cannot_be_read_by_scripts(
    app: Flask, client: FlaskClient, transaction: Any, texted: Any
) -> None:
    found = come_in(client, played(app, transaction, "needs_info"), texted, remember="1")
    [cookie] = [one for one in found.headers.getlist("Set-Cookie") if one.startswith("remember=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    kept = client.get_cookie("remember")
    assert kept is not None
    assert kept.expires is not None
    left = kept.expires - kept.expires.now(kept.expires.tzinfo)
    assert timedelta(days=29) < left <= timedelta(days=30)


def test_who_leaves_is_forgotten(app: Flask, client: FlaskClient, transaction: Any, texted: Any) -> None:
    case = played(app, transaction, "needs_info")
    come_in(client, case, texted, remember="1")
    client.post("/leave")
    assert client.get_cookie("remember") is None
    forget_session(client)
    assert client.get(case.url()).location == "/follow"


def test_a_corrected_number_shuts_out_the_phone_that_had_it(
    app: Flask, client: FlaskClient, transaction: Any, texted: Any
) -> None:
    case = played(app, transaction, "needs_info")
    come_in(client, case, texted, remember="1")
    page = case.by("clerk").get(case.url("/acts/correct_party"))
    typed = {"party": "worker:0", "detail": "phone", "value": "13912340000", "reason": "typed_wrongly"}
    assert (
        case.by("clerk").post(case.url("/acts/correct_party"), data=filled(page) | typed).status_code == 302
    )
    forget_session(client)
    assert client.get(case.url()).location == "/follow"


@pytest.mark.parametrize(
    ("state", "side", "lands"),
    [
        ("submitted", "worker", ""),
        ("needs_info", "worker", "/acts/give_info"),
        ("contacting", "employer", "/hear"),
        ("accepted", "worker", "/acts/tell_times"),
        ("in_meeting", "worker", "/meeting"),
        ("in_meeting", "employer", "/meeting"),
        ("terms_drafted", "worker", "/acts/mark_clauses"),
        ("awaiting_signatures", "employer", "/acts/sign"),
        ("performing", "worker", ""),
        ("closed", "worker", ""),
    ],
)
def test_what_is_asked_comes_first(app: Flask, transaction: Any, state: str, side: str, lands: str) -> None:
    case = played(app, transaction, state)
    found = case.by(side).get(f"/k/{key_of(case, side)}")
    assert found.location == case.url(lands)
    assert case.by(side).get(found.location).status_code == 200


def test_money_that_is_said_to_be_paid_is_answered_with_one_tap(app: Flask, transaction: Any) -> None:
    case = played(app, transaction, "performing")
    case.act("report_payment")
    worker = case.by("worker")
    landed = worker.get(f"/k/{key_of(case)}").location
    assert landed == case.url("/acts/confirm_payment")
    page = worker.get(landed)
    assert worker.post(landed, data=filled(page)).status_code == 302, "the button alone is the answer"
    with transaction() as session:
        assert facts_of(session.get_one(Case, case.id)).owed[0].paid


def test_an_offer_pushes_nobody(app: Flask, transaction: Any) -> None:
    case = played(app, transaction, "adjourned")
    case.act("offer", role="worker", amount=5_000_00)
    found = case.by("employer").get(f"/k/{key_of(case, 'employer')}")
    assert found.location == case.url()
    assert "提出一共" in words(case.by("employer").get(found.location))
