"""A meeting as a file for a calendar (RFC 5545): when it is, the number of its case and the way in.

Phones copy calendars to places that nobody here knows: nothing of the dispute stands in it, and no link
that opens anything by itself.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 75
"""Octets of a line, its end left out; what is longer goes on in the next one after a space."""
_HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//labour-mediation//meeting//EN", "METHOD:PUBLISH")
_LENGTH = "DURATION:PT2H"
"""What a day is kept free for; nobody knows when a meeting ends."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting, fixed at `told`: `uid` is the same however often it is moved, `sequence` then grows."""

    uid: str
    sequence: int
    start: datetime
    told: datetime
    title: str
    number: str
    link: str


def render(meeting: Meeting) -> bytes:
    """The file; a calendar that has an older one of this `uid` moves the meeting."""
    lines = (
        *_HEAD,
        "BEGIN:VEVENT",
        f"UID:{_text(meeting.uid)}",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTAMP:{_utc(meeting.told)}",
        f"DTSTART:{_utc(meeting.start)}",
        _LENGTH,
        f"SUMMARY:{_text(f'{meeting.title} {meeting.number}')}",
        f"DESCRIPTION:{_text(meeting.link)}",
        f"URL:{meeting.link}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return b"".join(_folded(line) for line in lines)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    """Text as a value: what has a meaning there is written with a backslash."""
    for sign in ("\\", ";", ","):
        said = said.replace(sign, f"\\{sign}")
    return said.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line with its end, in pieces none of which is too long, no character torn apart."""
    pieces, piece = [], b""
    for octets in (character.encode() for character in line):
        if len(piece) + len(octets) > LONGEST:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
