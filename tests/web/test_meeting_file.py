"""The time of a meeting for a phone's calendar: who gets it, what stands in it, how it moves."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from documents.calendar_reading import read
from flask import Flask
from makers import make_application
from reading import links
from visiting import EVERYBODY, Played

from mediation.domain.filing import read as read_filing
from mediation.services.notices import short
from mediation.store.models import Case

FILE = "/meeting.ics"


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def event(case: Played, role: str = "worker") -> dict[str, str]:
    answer = case.by(role).get(case.url(FILE))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return read(answer.data)


def test_whoever_is_in_the_case_takes_it_along_and_nobody_else(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="scheduled")
    found = [event(case, role) for role in EVERYBODY]
    assert found == found[:1] * len(EVERYBODY)
    for role in ("worker", "employer", "mediator"):
        assert case.url(FILE) in links(case.by(role).get(case.url()))
    another = Played(app, transaction, state="scheduled")
    assert another.by("worker").get(case.url(FILE)).status_code == 404
    assert app.test_client().get(case.url(FILE)).status_code == 302


def test_it_says_when_which_case_and_where_and_nothing_of_the_dispute(app: Flask, transaction: Any) -> None:
    filing = read_filing(make_application(story="故事独此一份"))
    case = Played(app, transaction, state="scheduled", filing=filing)
    url = case.office.organisation.public_url
    said = event(case)
    number = said["SUMMARY"].removeprefix("调解会 ")
    with transaction() as session:
        assert short(session.get_one(Case, case.id).number) == number
    assert number.isascii()
    link = f"{url}/cases/{case.ref}/meeting"
    assert said == {
        "UID": f"meeting-{number}@{urlsplit(url).hostname}",
        "SEQUENCE": "0",
        "DTSTAMP": said["DTSTAMP"],
        "DTSTART": "20260309T010600Z",
        "DURATION": "PT2H",
        "SUMMARY": f"调解会 {number}",
        "DESCRIPTION": link,
        "URL": link,
    }


def test_a_meeting_that_is_moved_keeps_its_name_and_counts_on(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="scheduled")
    first = event(case)
    case.act("convene", data={"for": "2026-03-11T18:30:00+08:00"})
    second = event(case)
    case.act("open_meeting")
    case.act("adjourn", data={"for": "2026-03-13T09:30:00+08:00"})
    third = event(case)
    assert [one["SEQUENCE"] for one in (first, second, third)] == ["0", "1", "2"]
    assert [one["DTSTART"] for one in (second, third)] == ["20260311T103000Z", "20260313T013000Z"]
    assert first["UID"] == second["UID"] == third["UID"]
    assert first["DTSTAMP"] < second["DTSTAMP"] < third["DTSTAMP"]


@pytest.mark.parametrize("state", ["submitted", "accepted", "in_meeting"])
def test_where_no_meeting_is_fixed_there_is_no_file(app: Flask, transaction: Any, state: str) -> None:
    case = Played(app, transaction, state=state)
    for role in ("worker", "clerk"):
        assert case.by(role).get(case.url(FILE)).status_code == 404
    assert case.url(FILE) not in links(case.by("worker").get(case.url()))


def test_whoever_has_left_does_not_get_it(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="scheduled", workers=2)
    case.act("step_out", role="worker", seat=1)
    assert case.by("worker", 1).get(case.url(FILE)).status_code == 404
    assert event(case)["SEQUENCE"] == "0"


def test_who_reads_english_gets_it_in_english(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="scheduled")
    worker = case.by("worker")
    worker.get(case.url("/acts/tell_times?lang=en"))
    assert read(worker.get(case.url(FILE)).data)["SUMMARY"].startswith("Mediation meeting ")
