"""What is said back while somebody types: by the reader of the form, to everybody, and kept nowhere."""

from typing import Any

import makers
import pytest
from flask.testing import FlaskClient
from reading import MOST_BYTES

from mediation.domain.words import vocabulary

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
