"""A strict reader of a calendar file with one event (RFC 5545 §3.1, §3.4, §3.6.1)."""

import re

CALENDAR = {"VERSION", "PRODID", "METHOD"}
EVENT = {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DURATION", "SUMMARY", "DESCRIPTION", "URL"}
UTC = r"[0-9]{8}T[0-9]{6}Z"
SHAPES = {"DTSTAMP": UTC, "DTSTART": UTC, "SEQUENCE": "[0-9]+", "DURATION": "PT[0-9]+H", "VERSION": r"2\.0"}


def read(octets: bytes) -> dict[str, str]:
    """What its event says, each property once; AssertionError for whatever the standard does not allow."""
    assert octets.endswith(b"\r\n")
    physical = octets.removesuffix(b"\r\n").split(b"\r\n")
    for line in physical:
        assert len(line) <= 75
        assert b"\r" not in line
        assert b"\n" not in line
        assert line.strip(b" ")
        line.decode()  # no character is torn apart
    logical = octets.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    assert logical[0] == "BEGIN:VCALENDAR"
    assert logical[-1] == "END:VCALENDAR"
    assert {"BEGIN:VEVENT", "END:VEVENT"} <= set(logical)
    begin, end = logical.index("BEGIN:VEVENT"), logical.index("END:VEVENT")
    assert end == len(logical) - 2
    assert set(_properties(logical[1:begin])) == CALENDAR
    event = _properties(logical[begin + 1 : end])
    assert set(event) == EVENT
    return event


def _properties(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        assert colon
        assert name.isupper()
        assert name not in found
        assert value
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value)
        if name in SHAPES:
            assert re.fullmatch(SHAPES[name], value)
        found[name] = value
    return found


def unescaped(text: str) -> str:
    """A TEXT value as it was meant; AssertionError for a sign that stands there without its backslash."""
    assert re.fullmatch(r"(?:[^\\;,]|\\[\\;,nN])*", text)
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)
