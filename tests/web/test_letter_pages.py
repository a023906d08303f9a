"""Who prints the letter to an employer, when, and what it keeps to itself."""

import re
import subprocess
from typing import Any

import pytest
from flask import Flask
from makers import NAMES, PATHS
from reading import links
from visiting import EVERYBODY, Played

from mediation.services.inviting import STATES
from mediation.services.notices import notice_code
from mediation.store.cases import party
from mediation.store.models import Case

STAFF = ("clerk", "mediator", "admin")


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.mark.parametrize("state", [state for state in PATHS if state != "draft"])
def test_staff_print_it_while_the_employer_is_asked(app: Flask, transaction: Any, state: str) -> None:
    case = Played(app, transaction, state=state)
    for role in EVERYBODY:
        visitor = case.by(role)
        page, letter = visitor.get(case.url()), visitor.get(case.url("/letter.pdf"))
        may = role in STAFF and state in STATES and page.status_code == 200
        assert letter.status_code == (200 if may else 404), role
        assert (case.url("/letter.pdf") in links(page)) is may


def test_it_says_no_more_than_the_link_does(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="contacting", workers=2)
    answer = case.by("clerk").get(case.url("/letter.pdf"))
    assert answer.headers["Cache-Control"] == "no-store"
    done = subprocess.run(["pdftotext", "-", "-"], input=answer.data, capture_output=True, check=True)
    said = re.sub(r"\s+", "", done.stdout.decode())
    with transaction() as session:
        kept = session.get_one(Case, case.id)
        worker, employer = party(kept, "worker"), party(kept, "employer")
        hidden = [kept.story, worker.name, worker.phone, employer.phone, worker.key, *NAMES]
        assert notice_code(employer.key) in said
        assert employer.name in said
    assert "有两位员工" in said
    assert not [words for words in hidden if words and words in said]
    assert "元" not in said
