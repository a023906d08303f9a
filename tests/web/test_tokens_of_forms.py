"""Forms without the token of their page are refused with a page that says what to do, and nothing is done."""

from typing import Any

import pytest
from answering import ANSWERS, go, send
from flask.testing import FlaskClient
from makers import FILED
from reading import fields, words

from mediation.domain.applying import STEPS
from mediation.store.models import Case, Unsent


@pytest.fixture
def settings() -> dict[str, object]:
    return {"WTF_CSRF_ENABLED": True}


@pytest.fixture
def database_kind() -> str:
    """Tokens are looked at before any database is."""
    return "sqlite"


def refused(answer: Any) -> None:
    assert answer.status_code == 400
    assert "这一页放得太久了" in words(answer)


@pytest.mark.parametrize("path", ["/apply", "/apply/back", "/follow", "/answer", "/code", "/staff", "/v"])
def test_a_post_without_its_token_is_refused(client: FlaskClient, stored: Any, path: str) -> None:
    refused(client.post(path, data=FILED))
    assert (stored(Case), stored(Unsent)) == (0, 0)


@pytest.mark.parametrize("step", STEPS)
def test_no_question_is_answered_without_its_token(client: FlaskClient, step: str) -> None:
    go(client, step)
    refused(client.post(f"/apply/{step}", data=ANSWERS[step]))
    page = client.get(f"/apply/{step}")
    assert page.status_code == 200, "the question is still there"
    assert fields(page)["csrf_token"]


def test_an_application_is_not_filed_without_its_token(client: FlaskClient, stored: Any) -> None:
    go(client)
    refused(send(client, csrf_token=""))
    assert stored(Case) == 0
    assert send(client).status_code == 302
    assert stored(Case) == 1


def test_what_a_caller_told_is_not_filed_without_its_token(agent: Any, stored: Any) -> None:
    client = agent()
    typed = fields(client.get("/desk/oral"))
    assert typed["csrf_token"]
    refused(client.post("/desk/oral", data=FILED))
    refused(client.post("/desk/oral", data=FILED | {"csrf_token": f"{typed['csrf_token']}x"}))
    assert stored(Case) == 0
    assert client.post("/desk/oral", data=typed | FILED).status_code == 302
    assert stored(Case) == 1
