"""People and stories, which the log never holds, beside its fingerprints; staff beside what they did."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.services import fingerprints
from mediation.services.audit_replay import SUBMIT
from mediation.services.findings import Finding, Kind
from mediation.services.fingerprints import STORY
from mediation.services.offices import Office
from mediation.store import logbook
from mediation.store.logbook import Shelf
from mediation.store.models import Person

CORRECT = "correct_party"
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def examine(session: Session, office: Office) -> Iterator[Finding]:
    """Every record of a party, story or member of staff that is not the one of the log."""
    yield from _staff(session)
    if not fingerprints.place(office).exists():
        if any(_prints(rows) for _, rows in _told(session).rest()):
            yield Finding(Kind.OTHER, f"keys/{fingerprints.KEY} is missing: no record of a party was checked")
        return
    key = fingerprints.key_of(office)
    with logbook.legible(session):
        told, parties = _told(session), Shelf(logbook.parties(session))
        for case_id, number, employer, story in logbook.rows(session, logbook.STORIES):
            prints, there = _prints(told.take(case_id)), parties.take(case_id)
            found = {one.name: fingerprints.of_party(key, case_id, one.name, one.details) for one in there}
            found[STORY] = fingerprints.of_story(key, case_id, story)
            firms = [str(one.details["name"]) for one in there if one.name == "employer:0"]
            for fault in (*_unlike(prints, found), *_called(employer, firms)):
                yield Finding(fault.kind, f"{number or f'draft {case_id}'}: {fault.sentence}")


def _told(session: Session) -> Shelf[tuple[Any, ...]]:
    return Shelf(logbook.rows(session, logbook.FINGERPRINTS))


def _prints(rows: list[tuple[Any, ...]]) -> dict[str, str]:
    """The newest fingerprint of each part of a case; none of a case that is older than fingerprints."""
    found: dict[str, str] = {}
    for _, action, data in rows:
        try:
            said = _decode(data)
        except (msgspec.DecodeError, UnicodeEncodeError):
            continue  # it was changed: the chain has said so
        if action == SUBMIT:
            found.update(said.get("prints", {}))
        elif found and "print" in said:
            found[said["party"]] = said["print"]
    return found


def _unlike(prints: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Finding]:
    if not prints:
        return
    for name in prints.keys() | found.keys():
        if name not in found:
            yield Finding(Kind.MISSING, f"{name} is missing: the log has it")
        elif name not in prints:
            yield Finding(Kind.BROKEN, f"{name} is one too many: the log knows nothing of it")
        elif prints[name] != found[name]:
            yield Finding(Kind.BROKEN, f"{name} was changed past the log: its fingerprint is another")


def _called(employer: str, firms: list[str]) -> Iterator[Finding]:
    if firms and [employer] != firms:
        yield Finding(Kind.OTHER, "the employer's name is not that of the party")


def _staff(session: Session) -> Iterator[Finding]:
    """An account has one role for ever; whoever acted in another one, or is gone, was changed past us."""
    people = {f"person:{number}": role for number, role in session.execute(select(Person.id, Person.role))}
    for actor, role in logbook.rows(session, logbook.ACTED):
        if actor not in people:
            yield Finding(Kind.OTHER, f"{actor} has acted as {role}: there is no such account")
        elif people[actor] != role:
            yield Finding(Kind.OTHER, f"{actor} has acted as {role} and is on record as {people[actor]}")
