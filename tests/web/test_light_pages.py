"""What citizens open on a cheap phone is light: the page and all that it loads, not even compressed."""

from typing import Any

import pytest
from answering import begin, go
from flask import Flask
from flask.testing import FlaskClient
from reading import MOST_BYTES, weight
from test_applying_for_another import told
from test_applying_for_others import SECOND, add
from visiting import Played

from mediation.domain.calculating.kinds import FORMULAS
from mediation.services.filing import new_key
from mediation.store.cases import party
from mediation.store.models import Case

PUBLIC = ["/", "/totals", "/follow", "/answer", "/where", "/v", "/calculate", "/nowhere", "/staff"]
OF_PARTY = {
    "worker": ["", "/acts/withdraw", "/acts/tell_elements", "/acts/name_agent", "/acts/add_evidence",
               "/mail/worker:0", "/reach/worker:0", "/acts/tell_times"],
    "employer": ["", "/hear", "/acts/join", "/acts/decline", "/acts/name_agent", "/mail/employer:0"],
}  # fmt: skip


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.mark.parametrize("place", [*PUBLIC, *(f"/calculate?kind={kind}" for kind in FORMULAS)])
def test_public_pages(client: FlaskClient, place: str) -> None:
    assert weight(client, client.get(place)) <= MOST_BYTES


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", OF_PARTY)
@pytest.mark.parametrize(
    "state", ["contacting", "accepted", "in_meeting", "awaiting_signatures", "performing"]
)
def test_pages_of_a_case(app: Flask, transaction: Any, state: str, role: str, language: str) -> None:
    case = Played(app, transaction, state=state, workers=2)
    client = case.by(role)
    seen = 0
    for rest in OF_PARTY[role]:
        page = client.get(case.url(rest), query_string={"lang": language})
        assert weight(client, page) <= MOST_BYTES, rest
        seen += page.status_code == 200
    assert seen >= 3


def test_the_doors_behind_a_text_and_a_letter(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="contacting")
    with transaction() as session:
        row = session.get_one(Case, case.id)
        keys = [party(row, side).key for side in ("worker", "employer")]
    client = app.test_client()
    for key in (*keys, new_key()):
        assert weight(client, client.get(f"/k/{key}")) <= MOST_BYTES


def test_the_pages_beside_the_questions(client: FlaskClient) -> None:
    begin(client)
    assert weight(client, client.get("/apply/evidence")) <= MOST_BYTES
    go(client)
    for number in range(20):
        add(client, f"某{'一二三四五六七八九十'[number % 10]}", str(int(SECOND) + number))
    for place in ("/apply/others", "/apply/reach", "/apply/agent", "/apply/check", "/apply/evidence"):
        page = client.get(place)
        assert page.status_code == 200
        assert weight(client, page) <= MOST_BYTES, place
    assert told(client).status_code == 302
    assert weight(client, client.get("/apply/check")) <= MOST_BYTES
