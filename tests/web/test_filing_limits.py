"""How often one phone may file and name others in a day, and that nobody uses up another's turn."""

from datetime import timedelta
from typing import Any

import pytest
from answering import ANSWERS, PHONE, go, ready
from answering import send as send_own
from flask import Flask
from flask.testing import FlaskClient
from makers import NOW
from reading import fields, words
from test_applying_for_another import HIS, answer, proof, told
from test_applying_for_others import SECOND, add

from mediation.services import limits, notices
from mediation.store.models import Case

BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def files_for(app: Flask, worker: str) -> Any:
    """An agent, always from the same phone, files for the worker with this one."""
    client = app.test_client()
    go(client, "contact")
    assert told(client).status_code == 302
    assert answer(client, "contact", ANSWERS["contact"] | {"phone": worker}).status_code == 302
    typed = ready(client)
    return client.post("/apply/check", data=typed | {"code": proof(client, HIS)})


@BOTH
def test_whoever_files_for_others_does_it_five_times_a_day(app: Flask, stored: Any) -> None:
    for n in range(limits.MOST_FILINGS):
        assert files_for(app, f"1380000000{n}").status_code == 302
        app.extensions["clock"] = lambda n=n: NOW + (n + 1) * timedelta(minutes=13)
    page = files_for(app, "13800000009")
    assert page.status_code == 429
    assert f"现在没能把验证码发到 {HIS}" in words(page)
    assert stored(Case) == limits.MOST_FILINGS


def test_whom_others_named_all_day_may_still_file_himself(app: Flask, client: FlaskClient) -> None:
    for n in range(limits.MOST_FILINGS):
        assert files_for(app, PHONE).status_code == 302
        app.extensions["clock"] = lambda n=n: NOW + (n + 1) * timedelta(minutes=13)
    go(client)
    assert send_own(client).status_code == 302


def test_a_phone_names_so_many_a_day_and_no_more(
    app: Flask, client: FlaskClient, stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_WORKERS", 3)
    go(client)
    add(client, "某二", SECOND)
    assert send_own(client).status_code == 302, "two, he among them"
    app.extensions["clock"] = lambda: NOW + timedelta(minutes=2)
    again = app.test_client()
    go(again)
    add(again, "某二", SECOND)
    page = send_own(again)
    assert page.status_code == 429
    assert words(page).count("今天替人申请的已经超过 3 个人") == 2
    assert stored(Case) == 1
    app.extensions["clock"] = lambda: NOW + timedelta(days=1, minutes=2)
    another = app.test_client()
    go(another)
    add(another, "某二", SECOND)
    assert send_own(another).status_code == 302


def files_with(app: Flask, phone: str, other: str) -> None:
    """Whoever has this phone files for himself and another."""
    client = app.test_client()
    go(client, answers=ANSWERS | {"contact": ANSWERS["contact"] | {"phone": phone}})
    assert add(client, "某二", other).status_code == 302
    sent = client.post(
        "/apply/check", data=fields(client.get("/apply/check")) | {"code": proof(client, phone)}
    )
    assert sent.status_code == 302


@BOTH
def test_a_phone_on_many_lists_is_asked_three_times_a_day_and_the_rest_the_next_day(
    app: Flask, transaction: Any, texted: Any
) -> None:
    def asked() -> int:
        return sum("有人替您申请" in body for body in texted(SECOND))

    def later(hours: int) -> None:
        with transaction() as session:
            notices.send(session, app.extensions["office"], NOW + timedelta(hours=hours))

    for n in range(limits.MOST_NAMINGS + 2):
        files_with(app, f"1380000000{n}", SECOND)
    assert asked() == limits.MOST_NAMINGS
    later(23)
    assert asked() == limits.MOST_NAMINGS
    later(25)
    assert asked() == limits.MOST_NAMINGS + 2
    later(50)
    assert asked() == limits.MOST_NAMINGS + 2, "each list asks once"
