"""A chart that is edited while cases run on it does not go unnoticed, though it was never published."""

import logging
from dataclasses import replace

import makers
import pytest
from makers import make_case

from mediation.app import create_app
from mediation.domain.rules import registry
from mediation.engine.asking import SYSTEM
from mediation.engine.catalogue import gather
from mediation.resources import folder
from mediation.services import pinned
from mediation.services.audit import findings
from mediation.services.opening import make_ready
from mediation.services.upgrading import Order, Unmovable, move


@pytest.fixture
def edited(office, tmp_path):
    """The office after somebody has changed a label of the chart."""
    text = (folder("workflows") / "labour_dispute.yaml").read_text("utf-8")
    assert text.count("label: 改日再谈,") == 1
    (tmp_path / "one.yaml").write_text(text.replace("label: 改日再谈,", "label: 择日再谈,"), "utf-8")
    return replace(office, catalogue=gather(tmp_path, registry()))


@pytest.fixture
def case_id(transaction, office):
    make_ready(transaction, makers.MONDAY)
    with transaction() as session:
        return make_case(session, office, state="accepted").id


def noticed(transaction, office):
    with transaction() as session:
        return list(pinned.edited(session, office.catalogue))


def test_an_empty_district_hears_nothing_of_it(transaction, edited):
    assert noticed(transaction, edited) == []


def test_an_edited_chart_is_named_with_its_file(transaction, office, edited, case_id):
    assert noticed(transaction, office) == []
    [said] = noticed(transaction, edited)
    assert said.startswith("one.yaml: labour_dispute version 1 was edited while cases run on it")


def test_an_edit_between_two_cases_is_noticed_by_the_older_one(transaction, edited, case_id):
    with transaction() as session:
        make_case(session, edited, state="accepted")
    assert len(noticed(transaction, edited)) == 1


def test_the_audit_finds_it_in_every_case(transaction, office, edited, case_id):
    with transaction() as session:
        assert list(findings(session, office.catalogue)) == []
        found = list(findings(session, edited.catalogue))
    assert any("one.yaml was edited since entry 1" in str(one) for one in found)


def test_a_case_whose_chart_was_edited_is_not_moved(transaction, edited, case_id):
    with transaction() as session, pytest.raises(Unmovable, match="version 1 was edited since it began"):
        move(session, edited.catalogue, case_id, Order(2, SYSTEM, makers.NOW, "law"))


def test_a_start_says_so_and_goes_on(transaction, edited, case_id, app, monkeypatch, caplog):
    monkeypatch.setattr("mediation.app.gather", lambda *_: edited.catalogue)
    with caplog.at_level(logging.WARNING):
        create_app(app.extensions["office"].instance, DATABASE_URL=app.config.get("DATABASE_URL"))
    assert "was edited while cases run on it" in caplog.text
