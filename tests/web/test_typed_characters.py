"""Characters that cannot be printed, as people meet them on the pages: one sentence, nothing lost."""

from typing import Any

import pytest
from flask import Flask
from makers import FILED, SPOKEN
from reading import filled, words
from sqlalchemy import func, select
from visiting import Played, post

from mediation.store.cases import party
from mediation.store.models import Case

FACE, RARE, UNDRAWN = "\U0001f600", "\U00020bb7\U0002c029\u4dae", "\U00031350"


@pytest.fixture
def database_kind() -> str:
    """The pages are the same on both; the services beneath are tested on both."""
    return "sqlite"


@pytest.mark.parametrize("field", ["contact.name", "employer.name"])
@pytest.mark.parametrize(
    ("odd", "sentence"),
    [(FACE, f"姓名、名称里不能有“{FACE}”，删掉它就行"), ("\u202e", "看不见或者印不出来的符号（U+202E）")],
)
def test_a_name_that_nobody_has_is_asked_for_again_and_nothing_typed_is_lost(
    agent: Any, transaction: Any, field: str, odd: str, sentence: str
) -> None:
    typed = SPOKEN | {field: f"周{odd}某"}
    answer = agent().post("/desk/oral", data=typed)
    assert answer.status_code == 422
    assert words(answer).count(sentence) == 2, "above the form, and beside the field"
    assert {name: filled(answer)[name] for name in typed} == typed
    with transaction() as session:
        assert session.scalars(select(func.count()).select_from(Case)).one() == 0


def test_a_rare_name_and_a_face_in_the_story_are_taken(agent: Any, transaction: Any) -> None:
    typed = FILED | {"contact.name": f"王{RARE}{UNDRAWN}", "story": f"三个月没发{FACE}"}
    assert agent().post("/desk/oral", data=typed).status_code == 302
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        assert party(case, "worker").name == f"王{RARE}{UNDRAWN}"
        assert case.story.endswith(f"三个月没发{FACE}")


def test_a_case_is_found_by_a_name_however_it_is_spelled(agent: Any) -> None:
    clerk = agent()
    clerk.post("/desk/oral", data=FILED | {"contact.name": "Nguye\u0302\u0303n \u2f45"})
    for spelled in ("Nguy\u1ec5n", "Nguye\u0302\u0303n", "\u65b9", "\u2f45"):
        assert "Nguy\u1ec5n" in words(clerk.get("/desk/find", query_string={"q": spelled})), spelled


@pytest.mark.parametrize("detail", ["name", "contact"])
def test_a_correction_is_read_as_a_filing_is(app: Flask, transaction: Any, detail: str) -> None:
    case = Played(app, transaction, state="accepted")
    typed = {"party": "employer:0", "detail": detail, "reason": "typed_wrongly", "value": f"某{FACE}"}
    answer = post(case.by("clerk"), case.url("/acts/correct_party"), **typed)
    assert answer.status_code == 422
    assert f"不能有“{FACE}”" in words(answer)
    assert filled(answer)["value"] == f"某{FACE}"


ON = "2026-04-20"
TERMS = {"payments-0-due": ON, "payments-1-due": ON, "duties-0-what": "other", "duties-0-due": ON}


@pytest.mark.parametrize("field", ["duties-0-text", "overdue"])
@pytest.mark.parametrize("act", ["draft_terms", "amend_terms"])
@pytest.mark.parametrize(
    ("odd", "sentence"),
    [
        (FACE, f"“{FACE}”印不到协议书上"),
        (UNDRAWN, f"“{UNDRAWN}”印不到协议书上"),
        ("\u200b", "看不见或者印不出来的符号（U+200B）"),
    ],
    ids=["face", "han", "unseen"],
)
def test_the_terms_take_nothing_that_the_paper_could_not_show(
    app: Flask, transaction: Any, act: str, field: str, odd: str, sentence: str
) -> None:
    case = Played(app, transaction, state="in_meeting" if act == "draft_terms" else "terms_drafted")
    before, mediator = case.now(), case.by("mediator")
    url = case.url(f"/acts/{act}")
    answer = post(mediator, url, **TERMS | {field: f"写明{odd}一句"})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert filled(answer)[field] == f"写明{odd}一句"
    assert case.now() == before
    answer = mediator.post(url, data=filled(answer) | {field: f"写明{RARE}一句"})
    assert answer.status_code == 302, words(answer)
