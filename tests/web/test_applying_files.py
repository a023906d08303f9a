"""Photos and recordings beside an application: optional, kept, brought back, thrown away, filed with it."""

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zoo
from answering import ANSWERS, answer, ready
from flask import Flask
from flask.testing import FlaskClient
from makers import NOW
from reading import filled, words
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from mediation.domain.applying import STEPS
from mediation.domain.words import problem
from mediation.services import audit_evidence, unsent
from mediation.services.offices import Office
from mediation.store.cases import facts_of
from mediation.store.models import Case, UnsentFile


def begun(client: FlaskClient) -> FlaskClient:
    client.post("/apply", data=filled(client.get("/apply")))
    return client


def add(client: FlaskClient, content: bytes) -> TestResponse:
    page = client.get("/apply/evidence")
    assert page.status_code == 200
    return client.post("/apply/evidence", data={"file": (io.BytesIO(content), "x.jpg")})


def rows(transaction: Any) -> int:
    with transaction() as session:
        return int(session.scalar(select(func.count()).select_from(UnsentFile)))


def filed(client: FlaskClient) -> TestResponse:
    for step in STEPS:
        assert answer(client, step, ANSWERS[step]).status_code == 302
    return client.post("/apply/check", data=ready(client))


def test_files_go_with_the_application_and_become_evidence_of_its_case(
    client: FlaskClient, transaction: Any, office: Office
) -> None:
    begun(client)
    for content in (zoo.NOTED, zoo.m4a(), zoo.photo(size=(30, 20))):
        assert add(client, content).status_code == 302
    page = client.get("/apply/evidence")
    for said in ("照片 1", "照片 2", "录音 1"):
        assert said in words(page)
    assert filed(client).status_code == 302
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        kinds = [(one.kind, one.side, one.seat, one.opened) for one in facts_of(case).evidence]
        assert kinds == [
            ("photo", "worker", 0, False),
            ("recording", "worker", 0, False),
            ("photo", "worker", 0, False),
        ]
        ref = case.ref
        assert [*audit_evidence.findings(session, office)] == []
    assert rows(transaction) == 0
    shown = client.get(f"/cases/{ref}/evidence")
    digest = re.search(r"/evidence/([0-9a-f]{64})/original", shown.text)
    assert digest
    assert client.get(f"/cases/{ref}/evidence/{digest[1]}/original").data == zoo.NOTED


def test_nothing_of_it_is_readable_in_the_database_or_the_folder(
    client: FlaskClient, transaction: Any, instance: Path
) -> None:
    add(begun(client), zoo.NOTED)
    with transaction() as session:
        one = session.scalars(select(UnsentFile)).one()
        assert zoo.CANARY not in one.original + one.view + one.small
        assert b"JFIF" not in one.original + one.view + one.small
    assert not (instance / "evidence").exists()


def test_what_is_refused_is_refused_with_a_sentence_and_the_rest_stays(
    client: FlaskClient, transaction: Any
) -> None:
    add(begun(client), zoo.NOTED)
    for content, code in (
        (zoo.BAD["svg"][1](), "file_web_page"), (b"", "file_empty"), (zoo.NOTED, "file_twice"),
    ):  # fmt: skip
        refused = add(client, content)
        assert refused.status_code == 422
        assert problem(code) in refused.text
    for number in range(3):
        assert add(client, zoo.mp3(20 + number)).status_code == 302
    assert problem("too_many_recordings") in add(client, zoo.mp3(30)).text
    assert client.post("/apply/evidence", data={"drop": "1; DROP"}).status_code == 422
    assert client.post("/apply/evidence", data={"other": "1"}).status_code == 422
    assert rows(transaction) == 4


def test_only_whoever_fills_it_in_sees_and_drops_it(
    app: Flask, client: FlaskClient, transaction: Any
) -> None:
    add(begun(client), zoo.NOTED)
    number = re.search(r"/apply/evidence/([0-9]+)", client.get("/apply/evidence").text)
    assert number
    assert client.get(f"/apply/evidence/{number[1]}").mimetype == "image/jpeg"
    other = begun(app.test_client())
    assert other.get(f"/apply/evidence/{number[1]}").status_code == 404
    assert app.test_client().get(f"/apply/evidence/{number[1]}").status_code == 404
    other.post("/apply/evidence", data={"drop": number[1]})
    assert rows(transaction) == 1
    client.post("/apply/evidence", data={"drop": number[1]})
    assert rows(transaction) == 0


def test_it_is_thrown_away_with_the_application(app: Flask, client: FlaskClient, transaction: Any) -> None:
    add(begun(client), zoo.NOTED)
    client.post("/apply", data=filled(client.get("/apply")) | {"anew": "1"})
    assert rows(transaction) == 0
    add(client, zoo.NOTED)
    with transaction() as session:
        assert unsent.clean(session, NOW + timedelta(days=32)) == 1
    assert rows(transaction) == 0


def test_it_comes_back_on_another_phone(app: Flask, client: FlaskClient) -> None:
    add(begun(client), zoo.NOTED)
    code = re.search(r'class="nowrap">([0-9A-Z]{5}-[0-9A-Z]{5})', client.get("/apply/evidence").text)
    assert code
    other = app.test_client()
    assert other.post("/apply/back", data={"code": code[1]}).status_code == 302
    assert "照片 1" in words(other.get("/apply/evidence"))
    assert client.get("/apply/evidence").status_code == 302


def test_without_any_it_is_skipped_without_a_tap(client: FlaskClient, transaction: Any) -> None:
    begun(client)
    assert filed(client).status_code == 302
    with transaction() as session:
        assert facts_of(session.scalars(select(Case)).one()).evidence == ()


def test_a_filing_that_cannot_take_its_files_is_not_half_done(
    client: FlaskClient, transaction: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(begun(client), zoo.NOTED)
    for step in STEPS:
        answer(client, step, ANSWERS[step])
    monkeypatch.setattr("mediation.services.evidence.MOST_ITEMS", 0)
    assert client.post("/apply/check", data=ready(client)).status_code == 422
    assert rows(transaction) == 1
    with transaction() as session:
        assert session.scalars(select(Case)).all() == []


def test_a_file_may_come_in_parts_where_the_cookie_of_an_application_goes(
    client: FlaskClient, transaction: Any
) -> None:
    page = begun(client).get("/apply/evidence")
    assert 'data-parts="/apply/uploads"' in page.text
    content = zoo.webm()
    secret = client.post("/apply/uploads", data={"for": "apply", "size": len(content)}).json["upload"]
    place = f"/apply/uploads/{secret}?for=apply"
    assert client.get(place).json == {"came": 0, "size": len(content)}
    assert client.patch(place, data=content, headers={"Upload-Offset": "0"}).json == {"came": len(content)}
    assert client.post("/apply/evidence", data={"upload": secret}).status_code == 302
    assert "录音 1" in words(client.get("/apply/evidence"))
    assert rows(transaction) == 1


def test_only_the_page_that_records_may_use_the_microphone(client: FlaskClient) -> None:
    page = begun(client).get("/apply/evidence")
    assert page.headers["Permissions-Policy"].endswith("microphone=(self)")
    assert page.headers["Content-Security-Policy"].endswith("; media-src 'self' blob:")
    assert "<template" in page.text
    refused = client.post("/apply/evidence", data={})
    assert refused.headers["Permissions-Policy"].endswith("microphone=(self)")
    for other in ("/", "/apply", "/apply/what", "/static/record.js", "/no-such-page"):
        with client.get(other) as answer:
            assert answer.headers["Permissions-Policy"].endswith("microphone=()")
            assert "blob:" not in answer.headers["Content-Security-Policy"]
