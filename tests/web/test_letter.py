"""Staff print the letter to an employer that has not answered; it opens the same door as the text."""

import io

import pytest
from pypdf import PdfReader
from visiting import Played

from mediation.services.filing import KEY_LENGTH, KEY_LETTERS, new_key
from mediation.store.cases import party
from mediation.store.models import Case


@pytest.fixture
def settings():
    return {"SMS_LINK_BASE": "t.example"}


def said(answer):
    return "".join(PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())


@pytest.mark.parametrize("role", ["clerk", "admin"])
def test_the_letter_has_the_link_and_the_code_and_neither_name_phone_nor_amount_of_the_worker(
    app, transaction, role
):
    case = Played(app, transaction, state="contacting")
    assert "打印给单位的信" in case.by(role).get(case.url("/contacts")).text
    answer = case.by(role).get(case.url("/letter.pdf"))
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    with transaction() as session:
        one = session.get_one(Case, case.id)
        worker, employer, story = party(one, "worker"), party(one, "employer"), one.story
        key, name = employer.key, employer.name
        hidden = (worker.name, worker.phone, worker.key, employer.phone, story, "6,120", "6000", "5.01")
    text = said(answer)
    assert f"t.example/k/{key}" in text
    assert name in text
    assert not [one for one in hidden if one in text]


@pytest.mark.parametrize("role", ["worker", "employer"])
def test_no_party_gets_it(app, transaction, role):
    case = Played(app, transaction, state="contacting")
    assert case.by(role).get(case.url("/letter.pdf")).status_code == 404


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_there_is_none_before_the_firm_is_asked_or_after_it_joined(app, transaction, state):
    case = Played(app, transaction, state=state)
    assert case.by("clerk").get(case.url("/letter.pdf")).status_code == 404
    assert "打印给单位的信" not in case.by("clerk").get(case.url("/contacts")).text


def test_the_key_of_a_link_can_be_typed_off_paper(app, transaction):
    case = Played(app, transaction, state="contacting")
    with transaction() as session:
        key = party(session.get_one(Case, case.id), "employer").key
    assert len(key) == KEY_LENGTH <= 12
    assert set(key) <= set(KEY_LETTERS)
    assert not set(KEY_LETTERS) & set("0o1ilI-_")
    assert KEY_LETTERS.lower() == KEY_LETTERS
    client = app.test_client()
    for typed in (key, key.upper()):
        assert "核实这个通知" in client.get(f"/k/{typed}").text
    assert client.get(f"/k/{new_key()}").status_code == 404
