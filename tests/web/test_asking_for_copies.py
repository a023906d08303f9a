"""Who gets an English reading copy: exactly who may have the paper, and only who asks for it."""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from makers import FILED, MONDAY
from reading import links, words
from visiting import EVERYBODY, Played
from werkzeug.test import TestResponse

OVER = MONDAY + timedelta(days=10)
COPY = "English reading copy of"


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def refused(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="rejected", workers=2)


def silent(app: Flask, transaction: Any) -> Played:
    case = Played(app, transaction, state="contacting", workers=2)
    case.act("log_attempt", data={"way": "call", "outcome": "no_reply"})
    case.act("log_attempt", data={"way": "letter", "outcome": "sent"})
    case.act("certify_no_answer", at=OVER)
    return case


def ended(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="not_agreed", workers=2)


def asked(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="contacting", workers=2)


PAPERS: dict[str, Callable[..., Played]] = {
    "/application.pdf": ended,
    "/arbitration.pdf": ended,
    "/letter.pdf": asked,
    "/papers/refusal.pdf": refused,
    "/papers/no_answer.pdf": silent,
}
ALL = pytest.mark.parametrize("place", PAPERS)
OF_WORKERS = pytest.mark.parametrize("place", [place for place in PAPERS if place != "/letter.pdf"])


def said(answer: TestResponse) -> str:
    """What a paper says, its spaces as one."""
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    done = subprocess.run(["pdftotext", "-", "-"], input=answer.data, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@ALL
@pytest.mark.parametrize("role", EVERYBODY)
def test_whoever_may_have_the_paper_may_have_its_copy_and_nobody_else(
    app: Flask, transaction: Any, place: str, role: str
) -> None:
    case = PAPERS[place](app, transaction)
    client = case.by(role)
    with client.get(case.url(place)) as paper:
        there = paper.status_code == 200
    copy = client.get(case.url(f"{place}?lang=en"))
    assert copy.status_code == (200 if there else 404)
    if there:
        assert COPY in said(copy)
        assert copy.headers["Cache-Control"] == "no-store"
        assert "English%20reading%20copy" in copy.headers["Content-Disposition"]


@ALL
def test_strangers_and_whoever_has_not_come_in_get_what_they_get_for_the_paper(
    app: Flask, transaction: Any, client: FlaskClient, place: str
) -> None:
    case, other = PAPERS[place](app, transaction), ended(app, transaction)
    for asker in (client, other.by("worker"), other.by("employer")):
        paper, copy = (asker.get(case.url(place + query)) for query in ("", "?lang=en"))
        assert (paper.status_code, paper.location) == (copy.status_code, copy.location)
        assert copy.mimetype != "application/pdf"


@pytest.mark.parametrize("place", ["/application.pdf", "/arbitration.pdf"])
def test_a_worker_has_no_copy_of_anothers_paper(app: Flask, transaction: Any, place: str) -> None:
    case = ended(app, transaction)
    assert case.by("worker").get(case.url(f"{place}?lang=en&worker=0")).status_code == 200
    assert case.by("worker").get(case.url(f"{place}?lang=en&worker=1")).status_code == 404


def test_the_record_has_its_copy_for_whoever_may_have_the_record(app: Flask, agent: Any) -> None:
    clerk = agent()
    place = clerk.post("/desk/oral", data=FILED).location
    copy = f"{place}/record.pdf?lang=en"
    assert copy in links(clerk.get(place))
    told = said(clerk.get(copy))
    assert COPY in told
    assert "Asked for: Wages 18,000.00 yuan" in told
    assert agent("mediator").get(copy).status_code == 404
    assert app.test_client().get(copy).status_code == 302


@OF_WORKERS
def test_the_plain_address_is_the_paper_in_whatever_language_pages_are_read(
    app: Flask, transaction: Any, place: str
) -> None:
    """Only the Chinese paper is handed in: a phone that keeps English brings it all the same."""
    case = PAPERS[place](app, transaction)
    worker = case.by("worker")
    assert '<html lang="en"' in worker.get(case.url("?lang=en")).text
    with worker.get(case.url(place)) as paper:
        assert COPY not in said(paper)


def test_staff_who_print_a_copy_for_somebody_go_on_in_their_own_language(
    app: Flask, transaction: Any
) -> None:
    case = asked(app, transaction)
    clerk = case.by("clerk")
    copy = clerk.get(case.url("/letter.pdf?lang=en"))
    assert not [cookie for cookie in copy.headers.getlist("Set-Cookie") if cookie.startswith("lang=")]
    assert '<html lang="zh-CN"' in clerk.get("/desk/oral").text


@OF_WORKERS
def test_english_pages_offer_it_beside_the_paper_and_chinese_ones_do_not(
    app: Flask, transaction: Any, place: str
) -> None:
    case = PAPERS[place](app, transaction)
    copy = case.url(f"{place}?lang=en")
    worker = case.by("worker")
    assert copy not in links(worker.get(case.url()))
    page = worker.get(case.url("?lang=en"))
    assert {copy, case.url(place)} <= set(links(page))
    assert "English reading copy (PDF)" in words(page)
    assert copy not in links(case.by("employer").get(case.url("?lang=en")))


@pytest.mark.parametrize("page", ["", "/contacts"])
def test_staff_who_print_the_letter_are_offered_its_copy(app: Flask, transaction: Any, page: str) -> None:
    case = asked(app, transaction)
    found = case.by("clerk").get(case.url(page))
    assert case.url("/letter.pdf?lang=en") in links(found)
    assert "英文阅读本（PDF）" in words(found)


@ALL
def test_what_the_system_says_itself_is_english(app: Flask, transaction: Any, place: str) -> None:
    """Each is a word that the Chinese paper has from the vocabulary or from its template."""
    case = PAPERS[place](app, transaction)
    paper = said(case.by("clerk").get(case.url(f"{place}?lang=en")))
    for ours in (
        "工资",
        "报销",
        "网上",
        "差距",
        "范围",
        "打电话",
        "没人接",
        "街道",
        "元",
        "年",
        "月",
    ):
        rest = paper.replace("干了三个月，工资没发。", "").replace("和平里街道", "")
        assert ours not in rest, ours


def test_the_copy_of_a_refusal_names_whom_to_call(app: Flask, transaction: Any) -> None:
    case = refused(app, transaction)
    told = said(case.by("worker").get(case.url("/papers/refusal.pdf?lang=en")))
    assert "Who can help:" in told
    assert "Two members of staff have read the application" in told


def test_a_certificate_is_read_the_same_after_the_case_is_closed(app: Flask, transaction: Any) -> None:
    case = silent(app, transaction)
    copy = case.url("/papers/no_answer.pdf?lang=en")
    before = said(case.by("worker").get(copy))
    assert "the applicant can apply for arbitration" in before
    case.act("close", at=OVER + timedelta(days=1))
    assert said(case.by("worker").get(copy)) == before
