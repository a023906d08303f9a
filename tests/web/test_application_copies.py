"""The copy of an application: what was filed, for whoever filed it and for staff, for nobody else."""

import re
import subprocess
from typing import Any

import pytest
from answering import ANSWERS, go, send
from flask import Flask
from flask.testing import FlaskClient
from makers import NAMES, facts_of, make_filing
from msgspec import structs
from reading import links
from visiting import EVERYBODY, Played
from werkzeug.test import TestResponse

from mediation.documents.application import ApplicationPaper
from mediation.services.applications import application_paper
from mediation.store.models import Case

STAFF = ("mediator", "clerk", "admin")


@pytest.fixture
def database_kind() -> str:
    """Pages are the same on both."""
    return "sqlite"


@pytest.fixture
def played(app: Flask, transaction: Any) -> Any:
    """Make a case and hand out browsers for its people."""
    return lambda **wanted: Played(app, transaction, **wanted)


def text(found: TestResponse) -> str:
    """What the paper says, without spaces."""
    assert (found.status_code, found.mimetype) == (200, "application/pdf")
    done = subprocess.run(["pdftotext", "-", "-"], input=found.data, capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())


def test_the_confirmation_leads_to_what_was_typed(client: FlaskClient) -> None:
    go(client)
    page = client.get(send(client).location)
    (copy,) = [link for link in links(page) if "/application.pdf" in link]
    said = text(client.get(copy))
    assert ANSWERS["employer"]["name"] in said
    assert ANSWERS["contact"]["name"] in said
    assert ANSWERS["story"]["story"] in said
    assert "¥18,000.00元（大写：人民币壹万捌仟元整）" in said
    assert "通过网上向" in said


def test_it_says_what_was_filed_and_not_what_was_put_right_later(played: Any) -> None:
    case = played(state="accepted")
    with case.transaction() as session:
        row = session.get_one(Case, case.id)
        facts = facts_of(row)
        right = structs.replace(facts, claims=(structs.replace(facts.claims[0], amount=1),))
        papers = [application_paper(case.office, row, known, 0) for known in (facts, right)]
    assert papers[0] == papers[1]
    assert [claim.amount for claim in papers[0].claims] == [claim.amount for claim in facts.claims]


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("seat", [None, 0, 1, 7])
def test_the_worker_and_staff_may_have_it(
    played: Any, role: str, seat: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[ApplicationPaper] = []
    monkeypatch.setattr("mediation.web.applications.render", lambda one: printed.append(one) or b"%PDF")
    case = played(state="accepted", workers=2)
    asked = "" if seat is None else f"?worker={seat}"
    found = case.by(role).get(case.url(f"/application.pdf{asked}"))
    allowed = seat != 7 and (role in STAFF or (role == "worker" and seat in (None, 0)))
    assert found.status_code == (200 if allowed else 404)
    assert [(one.name, one.others) for one in printed] == ([(NAMES[seat or 0], 1)] if allowed else [])
    assert all(claim.worker == (seat or 0) for one in printed for claim in one.claims)


def test_who_was_only_named_has_applied_for_nothing(played: Any) -> None:
    filing = make_filing(workers=2)
    first, other = filing.workers
    case = played(
        state="submitted",
        filing=structs.replace(filing, workers=(first, structs.replace(other, confirmed=False))),
    )
    assert case.by("worker", 1).get(case.url("/application.pdf")).status_code == 404
    assert case.by("worker", 0).get(case.url("/application.pdf")).status_code == 200
