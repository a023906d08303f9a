"""What the log keeps in place of a name, a phone or a story: it tells nothing without the office's key.

Whoever has key and value sees whether a value was this one.  Each is bound to its case, so that the
same person in two cases cannot be recognised either.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mediation.services.offices import Office
from mediation.store.keys import kept_secret
from mediation.store.models import Agent, Case, Party

KEY = "corrections"
"""The file of the key: lost, no record can be held against the log any more."""
DETAILS = ("name", "phone", "group", "uscc", "contact")
"""Of a party, all that a fingerprint of it covers."""
STORY = "story"


def place(office: Office) -> Path:
    """Where the key lies."""
    return office.keys / KEY


def key_of(office: Office) -> bytes:
    """The key, made when it is first asked for."""
    return bytes.fromhex(kept_secret(place(office)))


def fingerprint(key: bytes, *said: Any) -> str:
    """The keyed digest of what is said, in hexadecimal."""
    return hmac.digest(key, json.dumps(said).encode(), hashlib.sha256).hex()


def of_agent(key: bytes, one: Agent) -> tuple[str, str]:
    """Whoever was named to act in a case as entries name him, and his fingerprint."""
    name, known = f"agent:{one.ref}", {"name": one.name, "phone": one.phone}
    return name, of_party(key, one.case_id, name, {detail: known.get(detail) for detail in DETAILS})


def of_story(key: bytes, case_id: int, story: str) -> str:
    """The fingerprint of what happened, as it was filed."""
    return fingerprint(key, case_id, STORY, story)


def of_party(key: bytes, case_id: int, name: str, details: Mapping[str, str | None]) -> str:
    """The fingerprint of a party of a case, such as worker:0, with all its `DETAILS`."""
    return fingerprint(key, case_id, name, [details[one] or "" for one in DETAILS])


def named(one: Party) -> str:
    """A party as entries name it: side and seat."""
    return f"{one.side}:{one.seat}"


def details(one: Party) -> dict[str, str | None]:
    """What is on record of a party."""
    return {detail: getattr(one, detail) for detail in DETAILS}


def of_case(key: bytes, case: Case) -> dict[str, str]:
    """What the entry keeps with which a case is submitted: its story, each party, and who filed for one."""
    found = {named(one): of_party(key, case.id, named(one), details(one)) for one in case.parties}
    agents = dict(of_agent(key, one) for one in case.agents)
    return {STORY: of_story(key, case.id, case.story), **found, **agents}


def of_filer(key: bytes, phone: str) -> str:
    """The fingerprint of the phone from which an application came: the same in all of its cases."""
    return fingerprint(key, "filer", phone)
