"""What is said back while somebody types: by the reader of the form, to everybody, and kept nowhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import makers
import pytest
from flask import Flask
from flask.testing import FlaskClient
from reading import MOST_BYTES
from visiting import Played

from mediation.app import create_app
from mediation.domain.words import vocabulary
from mediation.store.db import db
from mediation.store.models import Case

PROBLEMS = vocabulary()["problems"]
ODD = {
    "letters": ("said=很多钱", "not_an_amount.letters"),
    "negative": ("said=-5", "not_an_amount.negative"),
    "nothing": ("said=0", "not_an_amount.zero"),
    "infinite": ("said=1e309", "not_an_amount.letters"),
    "a million characters": ("said=" + "9" * 10**6, "too_long"),
    "forty-one": ("said=" + "1" * 41, "too_long"),
    "forty": ("said=" + "1" * 40, "not_an_amount.too_large"),
    "NUL": ("said=18%00", "wrong_shape"),
    "bad UTF-8": ("said=%ff%fe", "not_an_amount.letters"),
    "half a pair": ("said=%ed%a0%80", "not_an_amount.letters"),
    "a script": ("said=%3Cscript%3E", "not_an_amount.letters"),
}


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.mark.parametrize(
    ("typed", "fen", "said"),
    [
        ("18000", 1_800_000, "18,000.00 元（人民币壹万捌仟元整）"),
        ("一万八", 1_800_000, "18,000.00 元（人民币壹万捌仟元整）"),
        (" 1.8万 ", 1_800_000, "18,000.00 元（人民币壹万捌仟元整）"),
        ("３千五", 350_000, "3,500.00 元（人民币叁仟伍佰元整）"),
        ("18640.5", 1_864_050, "18,640.50 元（人民币壹万捌仟陆佰肆拾元伍角）"),
        ("", None, ""),
        (" ", None, ""),
    ],
)
def test_an_amount_is_said_back_in_figures_and_capitals(
    client: FlaskClient, typed: str, fen: int | None, said: str
) -> None:
    answer = client.get("/apply/read-amount", query_string={"said": typed})
    assert (answer.status_code, answer.json) == (200, {"fen": fen, "said": said})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_it_is_said_in_english_figures_to_who_reads_english(client: FlaskClient) -> None:
    answer = client.get("/apply/read-amount", query_string={"said": "1.8万", "lang": "en"})
    assert answer.json["said"] == "18,000.00 yuan"
    answer = client.get("/apply/read-amount", query_string={"said": "-5", "lang": "en"})
    assert answer.json["said"] == {"said": PROBLEMS["not_an_amount.negative"]["en"]}


@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_amount_is_refused_with_a_sentence(client: FlaskClient, kind: str) -> None:
    query, code = ODD[kind]
    answer = client.get(f"/apply/read-amount?{query}")
    assert answer.status_code == 422
    assert answer.json == {
        "code": "invalid",
        "problems": {"said": code},
        "said": {"said": PROBLEMS[code]["zh"]},
    }


def test_it_takes_its_own_field_once_and_only_reads(client: FlaskClient, transaction: Any) -> None:
    with transaction() as session:
        before = makers.everything(session)
    for query, code in (("said=1&said=2", "said_twice"), ("said=1&case=2026-1", "unknown_field")):
        answer = client.get(f"/apply/read-amount?{query}")
        assert answer.status_code == 422
        assert code in answer.json["problems"].values()
    assert client.post("/apply/read-amount", data={"said": "1"}).status_code in {400, 405}
    with transaction() as session:
        assert makers.everything(session) == before


def test_only_fields_of_amounts_ask_and_the_page_stays_small(client: FlaskClient) -> None:
    page = client.get("/calculate?kind=overtime")
    assert 'id="wage-echo" aria-live="polite"' in page.text
    assert page.text.count("data-echo=") == page.text.count("，多少元") == 2
    files = [client.get(f"/static/{name}") for name in ("style.css", "crest.svg", "echo.js")]
    assert len(page.data) + sum(len(one.data) for one in files) < MOST_BYTES
    for one in files:
        one.close()


ODD_NAMES = {
    "a million characters": ("said=" + "9" * 10**6, "too_long"),
    "NUL": ("said=某%00某", "wrong_shape"),
    "twice": ("said=1&said=2", "said_twice"),
}


@pytest.fixture
def listed(instance: Path) -> Iterator[FlaskClient]:
    """A browser of an office that has a list; its path counts from the folder of the settings."""
    (instance / "list.txt").write_text("某某餐饮管理有限公司\n某某商贸有限公司\n", "utf-8")
    app = create_app(instance, TESTING=True, EMPLOYER_LIST="list.txt")
    with app.app_context():
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


def test_employers_are_suggested_from_the_list_of_the_office(listed: FlaskClient) -> None:
    answer = listed.get("/apply/employers", query_string={"said": "某商"})
    assert (answer.status_code, answer.json) == (200, {"names": ["某某商贸有限公司"]})
    assert answer.headers["Cache-Control"] == "no-store"
    for nothing in ("", "某", "没有", "%", "_", "\\"):
        answer = listed.get("/apply/employers", query_string={"said": nothing})
        assert (answer.status_code, answer.json) == (200, {"names": []})
    answer = listed.get("/apply/employers?said=%ff%fe")
    assert (answer.status_code, answer.json) == (200, {"names": []})
    page = listed.get("/apply/employer", follow_redirects=True)
    assert page.status_code == 200


@pytest.mark.parametrize("kind", ODD_NAMES)
def test_what_is_no_name_to_look_for_is_refused_with_a_sentence(listed: FlaskClient, kind: str) -> None:
    query, code = ODD_NAMES[kind]
    answer = listed.get(f"/apply/employers?{query}")
    assert answer.status_code == 422
    assert answer.json["said"] == {"said": PROBLEMS[code]["zh"]}


def test_never_from_our_cases_and_without_a_list_nothing_is_suggested(
    app: Flask, agent: Any, transaction: Any
) -> None:
    case = Played(app, transaction, state="accepted")
    with transaction() as session:
        employer = session.get_one(Case, case.id).employer_name
    for client in (app.test_client(), agent(), case.by("worker")):
        answer = client.get("/apply/employers", query_string={"said": employer[:4]})
        assert (answer.status_code, answer.json) == (200, {"names": []})
    oral = agent().get("/desk/oral").text
    assert "datalist" not in oral
    assert "suggest.js" not in oral


def test_a_list_that_cannot_be_read_stops_nothing_and_is_told(
    instance: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (instance / "list.txt").write_bytes(b"\xff\xfe\0")
    app = create_app(instance, TESTING=True, EMPLOYER_LIST="list.txt")
    assert "EMPLOYER_LIST list.txt cannot be read" in caplog.text
    assert app.test_client().get("/apply/employers?said=aa").json == {"names": []}
    with app.app_context():
        db.engine.dispose()
