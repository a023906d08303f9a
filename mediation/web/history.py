"""The timeline of a case: what happened, by whom, with only what the reader may know of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select

from mediation.domain import corrections
from mediation.domain.arbitrating import LEAVING
from mediation.domain.fields import moment
from mediation.domain.registering import REGISTER
from mediation.services.agents import agents_of
from mediation.store.db import db
from mediation.store.models import Entry, Person
from mediation.web.lines import worker_name
from mediation.web.opened import Opened
from mediation.web.wording import label, worded, wording

HIDDEN = ("start",)
"""The draft's own entry: the submission that follows says all that a reader wants to know."""

OF_STAFF = (
    "remind_acceptance", "call_employer", "visit_employer", "reject", "return_rejection", REGISTER,
)  # fmt: skip
"""What the system tells the desk alone; that there is a paper the page of the case shows everybody."""

EVERYBODY = frozenset({"worker", "employer", "staff"})
READERS: Mapping[str, frozenset[str]] = {
    "ask_info": frozenset({"worker", "staff"}),
    "give_info": frozenset({"worker", "staff"}),
    "contact_employer": frozenset({"employer", "staff"}),
    "join": frozenset({"employer", "staff"}),
    "decline": EVERYBODY,
    "adjourn": EVERYBODY,
    "offer": EVERYBODY,
    "counter": EVERYBODY,
    "reject_offer": EVERYBODY,
    "deny_payment": EVERYBODY,
    "record_breach": EVERYBODY,
    "refer": EVERYBODY,
    "arbitrate": EVERYBODY,
    "reopen": EVERYBODY,
    "resume_performance": EVERYBODY,
    "reject": frozenset({"worker", "staff"}),
}
"""Who may read the note of an act; what is not listed only staff and whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline."""

    action: str
    label: str
    role: str
    name: str
    at: datetime
    amount: int | None = None
    meeting: datetime | None = None
    until: date | None = None
    reason: str = ""
    to: str = ""
    person: str = ""
    note: str = ""
    about: str = ""
    was: int | None = None
    right: int | None = None
    items: tuple[str, ...] = ()


def note_readers(action: str, role: str) -> frozenset[str]:
    """Who will read the note of an act by somebody of `role`: sides and staff."""
    side = role if role in ("worker", "employer") else "staff"
    return READERS.get(action, frozenset({"staff"})) | {side}


def timeline(opened: Opened) -> list[Happening]:
    """What happened to the case, newest first."""
    entries = [e for e in _until_leaving(opened) if e.action not in HIDDEN and _concerns(opened, e)]
    names = _names(opened, entries)
    return [_happening(opened, entry, names) for entry in reversed(entries)]


def _until_leaving(opened: Opened) -> list[Entry]:
    """The log; for a worker who has left it ends with his leaving."""
    found: list[Entry] = []
    for entry in opened.case.log:
        found.append(entry)
        if opened.outside and entry.action in LEAVING and entry.actor_id == opened.actor.id:
            break
    return found


def states_reached(opened: Opened) -> list[str]:
    """Every state the case has been in, in their order."""
    return [entry.target for entry in opened.case.log]


def name_of(actor_id: str | None) -> str:
    """The name of a member of staff by his number among the actors; nothing for nobody."""
    if actor_id is None or not actor_id.startswith("person:"):
        return ""
    person = db.session.get(Person, int(actor_id.removeprefix("person:")))
    return person.name if person else ""


def _happening(opened: Opened, entry: Entry, names: Mapping[str, str]) -> Happening:
    action = opened.engine.workflow.actions.get(entry.action)
    data: dict[str, Any] = msgspec.json.decode(entry.data)
    return Happening(
        entry.action,
        wording("happened", f"{entry.action}.{data.get('kind')}", entry.action)
        or (label(action) if action else entry.action),
        entry.role,
        names.get(entry.actor_id, ""),
        entry.at,
        amount=data.get("amount"),
        meeting=moment(data["for"]) if "for" in data else None,
        until=date.fromisoformat(data["until"]) if "until" in data else None,
        reason=worded("reasons", data.get("reason")) or worded("pauses", data.get("pause_for")),
        to=data.get("to", ""),
        person=names.get(data.get("mediator", ""), ""),
        note=data.get("note", "") if _may_read(opened, entry) else "",
        about=_about(opened, data),
        was=data.get("was"),
        right=data.get("right_amount"),
        items=_items(data) if entry.action != "ask_info" or _may_read(opened, entry) else (),
    )


def _about(opened: Opened, data: Mapping[str, Any]) -> str:
    """What was corrected: a party's detail, a claim, or a payment."""
    if "detail" in data:
        return f"{worded('roles', data['party'].partition(':')[0])} {worded('details', data['detail'])}"
    if "way" in data and "outcome" in data:
        return f"{worded('contact_ways', data['way'])} · {worded('contact_outcomes', data['outcome'])}"
    if "receipt" in data:
        return str(data["receipt"])
    about = corrections.aim(data)
    if about is None or corrections.stands(opened.facts, *about) is None:
        return ""
    return head_of(opened, *about)


def _items(data: Mapping[str, Any]) -> tuple[str, ...]:
    """What the worker was asked for, as one list."""
    return tuple(worded("missing_items", code) for code in data.get("missing", ()))


def head_of(opened: Opened, kind: str, index: int) -> str:
    """A claim or payment in words, with its worker where there are several."""
    worker, head = corrections.owner(opened.facts, kind, index)
    return (
        f"{worker_name(opened, worker)} {worded('heads', head)}"
        if opened.facts.workers > 1
        else worded("heads", head)
    )


def _concerns(opened: Opened, entry: Entry) -> bool:
    """What is corrected on record of one party is no business of the others, nor what staff is to do next."""
    if entry.action == "log_attempt" and opened.actor.role == "employer":
        return False
    if opened.staff or entry.action not in (*OF_STAFF, "correct_party"):
        return True
    if entry.action in OF_STAFF:
        return False
    return bool(msgspec.json.decode(entry.data)["party"] == f"{opened.actor.role}:{opened.actor.seat}")


def _may_read(opened: Opened, entry: Entry) -> bool:
    reader = "staff" if opened.staff else opened.actor.role
    readers = note_readers(entry.action, entry.role)
    if entry.role == reader == "worker" and "employer" not in readers:
        # What one worker tells the office in confidence, the others of his case do not read.
        return entry.seat == opened.actor.seat
    return reader in readers


def _names(opened: Opened, entries: list[Entry]) -> dict[str, str]:
    found = {f"party:{party.id}": party.name for party in opened.case.parties}
    found |= {f"agent:{one.ref}": one.name for one in agents_of(db.session(), opened.case)}
    wanted = {entry.actor_id for entry in entries}
    wanted |= {msgspec.json.decode(e.data)["mediator"] for e in entries if e.action == "assign"}
    numbers = {int(one.removeprefix("person:")) for one in wanted if one.startswith("person:")}
    if numbers:
        people = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(numbers)))
        found |= {f"person:{number}": name for number, name in people}
    return found
