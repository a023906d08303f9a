"""A meeting in a calendar's own words, read back by a reader that forgives nothing (RFC 5545)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from calendar_reading import read, unescaped
from hypothesis import given
from hypothesis import strategies as st
from makers import MONDAY

from mediation.documents.calendar_file import Meeting, render

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=300)
FIXED = Meeting(
    "meeting-2026-000001@mediation.example", 0, MONDAY, MONDAY - timedelta(days=3), "调解会", "2026-000001",
    "https://mediation.example/cases/abc/meeting",
)  # fmt: skip


def test_a_meeting_is_read_back_as_it_was() -> None:
    event = read(render(FIXED))
    assert event == {
        "UID": "meeting-2026-000001@mediation.example",
        "SEQUENCE": "0",
        "DTSTAMP": "20260227T010000Z",
        "DTSTART": "20260302T010000Z",
        "DURATION": "PT2H",
        "SUMMARY": "调解会 2026-000001",
        "DESCRIPTION": FIXED.link,
        "URL": FIXED.link,
    }


@given(title=TEXT, number=st.from_regex(r"[0-9]{4}-[0-9]{6}", fullmatch=True), sequence=st.integers(0, 10**9))
def test_whatever_stands_in_it_is_read_back(title: str, number: str, sequence: int) -> None:
    said = Meeting("u", sequence, MONDAY, MONDAY, title, number, "https://x.example/" + "a" * 200)
    event = read(render(said))
    assert unescaped(event["SUMMARY"]) == f"{title} {number}"
    assert event["SEQUENCE"] == str(sequence)
    assert event["URL"] == said.link


@given(start=st.integers(0, 10**7))
def test_the_start_is_the_same_moment(start: int) -> None:
    moment = MONDAY + timedelta(minutes=start)
    said = Meeting("u", 0, moment, MONDAY, "t", "n", "l")
    found = datetime.strptime(read(render(said))["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert found == moment


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\r\n", b"\n"),
        (b"SEQUENCE:0\r\n", b""),
        (b"SEQUENCE:0\r\n", b"SEQUENCE:0\r\nSEQUENCE:1\r\n"),
        (b"END:VEVENT\r\n", b""),
        (b"URL:", b"URL"),
        (b"UID:", b"UID:" + b"a" * 80),
    ],
)
def test_the_reader_of_these_tests_forgives_nothing(old: bytes, new: bytes) -> None:
    sound = render(FIXED)
    assert re.search(re.escape(old), sound)
    with pytest.raises(AssertionError):
        read(sound.replace(old, new))
