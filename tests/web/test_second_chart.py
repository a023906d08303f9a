"""The pages of a case on the court's chart: the same pages, every act and state with its words."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from reading import links
from visiting import EVERYBODY, _visitor, browser

from mediation.domain.words import vocabulary
from mediation.services.playing import play
from mediation.store.models import Case

DOSSIER = json.loads((Path(__file__).parents[1] / "dossiers" / "court_wage_note.json").read_text("utf-8"))


@pytest.fixture
def database_kind() -> str:
    """Pages are the same on both."""
    return "sqlite"


@pytest.mark.parametrize("acts", [0, 1, 3, 5, 7, 12, 13, len(DOSSIER["acts"])])
def test_everybody_can_open_the_page_of_a_courts_case_and_of_his_acts(
    app: Flask, transaction: Any, office: Any, acts: int
) -> None:
    case_id = play(transaction, office, {**DOSSIER, "acts": DOSSIER["acts"][:acts]})
    for role in EVERYBODY:
        with transaction() as session:
            case = session.get_one(Case, case_id)
            assert case.workflow == "labour_dispute_court"
            if role == "mediator" and case.mediator_id is None:
                continue
            url, client = f"/cases/{case.ref}", browser(app, _visitor(session, case, role, 0))
        answer = client.get(url)
        assert answer.status_code == 200
        for place in [one for one in links(answer) if "/acts/" in one]:
            assert client.get(place).status_code == 200, place


def test_every_act_and_state_of_every_chart_has_its_words(office: Any) -> None:
    said = vocabulary()
    for engine in office.catalogue:
        acts = engine.workflow.actions
        people = {name for name, action in acts.items() if action.by != {"system"}}
        assert set(acts) <= set(said["happened"]) | {"discard"}
        assert people <= set(said["done"])
        assert people - {"mark_clauses"} <= set(said["consequences"])
        for state in engine.workflow.states:
            for reader in ("worker", "employer", "staff"):
                assert {state, f"{state}.{reader}"} & set(said["state_sentences"]), (state, reader)
