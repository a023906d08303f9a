"""The catalogue of security events: what is written down though no case moves by it."""

from enum import StrEnum
from typing import NamedTuple


class What(StrEnum):
    """What happened; docs/security-events.md says when each is written and about whom."""

    LOGGED_IN = "logged_in"
    LOGIN_FAILED = "login_failed"
    LOGIN_HELD_OFF = "login_held_off"
    CODE_SENT = "code_sent"
    CODE_RIGHT = "code_right"
    CODE_WRONG = "code_wrong"
    CODES_VOIDED = "codes_voided"
    RETURN_TRIED = "return_tried"
    REFUSED = "refused"
    CASE_READ = "case_read"
    PERSON_ADDED = "person_added"
    PAPER_SEALED = "paper_sealed"
    ANCHOR_SIGNED = "anchor_signed"


class Event(NamedTuple):
    """What happened, who did it, about whom or what (kind and row number), in which case."""

    what: What
    who: str
    about: str = ""
    case_id: int | None = None
