"""Whoever only looks changes nothing, and nobody looks with a session whose key has gone."""

import re
from typing import Any

import makers
import pytest
from flask import Flask
from visiting import EVERYBODY, Played, browser

from mediation.store.models import Case, Party

WRITING = {"agreement.pdf"}
"""Prints the paper if it still waits to be printed."""


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def addresses(app: Flask, case: Played) -> list[str]:
    """Every page that can be asked for, those of the case among them."""
    acts = case.office.catalogue.newest("labour_dispute").workflow.actions
    filled = {"ref": [case.ref], "name": list(acts), "key": ["nobody"], "code": ["AAAA-BBBB"]}
    filled |= {"digest": [f"{1:064x}"], "which": ["view"], "number": ["1"], "secret": ["nobody"]}
    filled["kind"] = ["no_answer", "refusal"]
    filled["whose"] = ["worker:0", "employer:0"]
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static" or rule.rule.rpartition("/")[2] in WRITING:
            continue
        paths = [rule.rule]
        for argument in rule.arguments:
            paths = [
                re.sub(f"<([^<>]*:)?{argument}>", value, path) for path in paths for value in filled[argument]
            ]
        found += paths
    return sorted(found)


@pytest.mark.parametrize("state", ["in_meeting", "awaiting_signatures", "performing"])
def test_a_page_that_is_only_read_changes_nothing(app: Flask, transaction: Any, state: str) -> None:
    case = Played(app, transaction, state=state)
    visitors = [app.test_client(), *(case.by(role) for role in EVERYBODY)]
    paths = addresses(app, case)
    assert len(paths) > 40
    with transaction() as session:
        before = makers.everything(session)
    seen = {visitor.get(path).status_code for visitor in visitors for path in paths}
    assert {200, 302, 404, 409} <= seen <= {200, 302, 403, 404, 409}
    with transaction() as session:
        assert makers.everything(session) == before


def test_a_session_ends_with_the_key_it_was_opened_by(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="in_meeting")
    client = case.by("worker")
    assert client.get(case.url()).status_code == 200
    with transaction() as session:
        party = next(one for one in session.get_one(Case, case.id).parties if one.side == "worker")
        party.key, number = "another1", party.id
    assert client.get(case.url()).status_code == 302
    assert browser(app, f"party:{number}:{'0' * 16}:code").get(case.url()).status_code == 302
    with transaction() as session:
        assert session.get_one(Party, number).key == "another1"
