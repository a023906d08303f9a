"""Where the counters of other bodies are: as configured, on pages and on the paper of a refusal."""

from pathlib import Path
from typing import Any

import pytest
from flask import Config, Flask
from flask.testing import FlaskClient
from reading import words
from sqlalchemy import select
from visiting import Played

from mediation.app import create_app
from mediation.config import DEFAULTS, AddressSettings, addresses, read
from mediation.documents.office_paper import OfficePaper
from mediation.documents.press import fill
from mediation.domain.place_rules import places
from mediation.services.offices import Office
from mediation.services.papers import plan
from mediation.store.models import Job

OURS = "/where?danger=no&who=employee&matter=pay&place=here"
FUND = "/where?danger=no&who=employee&matter=insurance&insurance=fund"
COURT = "北京市某区某街1号，工作日9:00–12:00"
ASK = "地址和时间打这个电话问"
REFUSED = {"reason": "out_of_scope", "route": "court"}


@pytest.fixture
def settings() -> dict[str, object]:
    """An installation that knows where two counters are."""
    return {"ADDRESSES": DEFAULTS["ADDRESSES"] | {"court": COURT}}


def test_what_the_file_calls_a_counter_is_what_can_be_given_an_address() -> None:
    counters = {code for code, contact in places().contacts.items() if contact.visit}
    assert {"commission", "inspection", "insurance", "fund", "legal", "court"} <= counters
    assert not {"police", "ambulance", "office"} & counters


@pytest.mark.parametrize("said", [{"police": "x"}, {"nobody": "x"}, {"court": 7}, "court", None])
def test_an_address_of_what_has_no_counter_is_told_at_the_start(said: Any, tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text(f"ADDRESSES = {said!r}\n", "utf-8")
    with pytest.raises(AddressSettings, match="commission"):
        create_app(tmp_path)


def test_an_address_comes_from_the_environment_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIATION_ADDRESSES", '{"court": "某街2号"}')
    found = Config(tmp_path)
    read(found, tmp_path)
    assert addresses(found["ADDRESSES"]) == {"court": "某街2号"}


def test_who_can_help_is_told_with_its_address_or_that_it_is_asked_by_telephone(client: FlaskClient) -> None:
    ours = words(client.get(OURS))
    assert "北京市东城区交道口南大街27号" in ours
    assert ASK not in ours
    assert ASK in words(client.get(FUND))
    assert "Ask at this number where and when." in words(client.get(FUND + "&lang=en"))


def test_a_refusal_says_on_the_page_and_on_its_paper_where_to_go(
    app: Flask, transaction: Any, office: Office
) -> None:
    case = Played(app, transaction, state="submitted")
    case.act("reject", data=REFUSED)
    case.act("approve_rejection", role="admin")
    assert COURT in words(case.by("worker").get(case.url()))
    with transaction() as session:
        job = session.scalars(select(Job).where(Job.case_id == case.id)).one()
        paper = plan(session, office, job.id).paper
    assert isinstance(paper, OfficePaper)
    assert COURT in fill("refusal.html", {"paper": paper, "names": ()})
