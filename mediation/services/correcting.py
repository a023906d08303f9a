"""Correcting what is on record of a party: the log says which detail and why, never the name or number."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mediation.domain.fields import Invalid, Problem
from mediation.domain.filing import party_detail
from mediation.engine.asking import Ask
from mediation.services import fingerprints, texting
from mediation.services.access import void_codes
from mediation.services.casework import NoSuchCase, Step, fire, hold
from mediation.services.filing import new_key
from mediation.services.notices import former_phone_text
from mediation.services.offices import Office
from mediation.store.cases import party
from mediation.store.models import Case, Job, Party, SentMessage

PRINTED = ("name", "contact", "uscc")
"""Details that a paper shows."""


def correct_party(session: Session, office: Office, case_id: int, ask: Ask, value: str) -> Step:
    """Write `value` to the record of the party and detail that `ask` names.  The caller commits.

    The entry keeps fingerprints of before and after, and of all that is then on record of the party.  Who
    gets another phone gets another link too, and the phone that was on record is told.
    Raises NoSuchCase, Invalid, Stale, Refused.
    """
    hold(session, office.catalogue, case_id, ask.seen)
    one, detail = _party(session, case_id, ask), ask.data["detail"]
    before = str(getattr(one, detail) or "")
    after = _read(session, one, detail, value)
    _sound(ask, before, after)
    prints = {"before": fingerprint(office, one, detail, before)}
    prints["after"] = fingerprint(office, one, detail, after)
    prints["print"] = _as_corrected(office, one, detail, after)
    step = fire(session, office.catalogue, case_id, replace(ask, data={**ask.data, **prints}))
    setattr(one, detail, after)
    if detail == "name" and one.side == "employer":
        session.execute(update(Case).where(Case.id == case_id).values(employer_name=after))
    if detail == "phone":
        _give_other_link(session, office, one, before, ask.at)
    session.flush()
    return step


def fingerprint(office: Office, one: Party, detail: str, value: str) -> str:
    """What the log keeps of a value: it shows whether a value was this one to whoever has key and value."""
    key = fingerprints.key_of(office)
    return fingerprints.fingerprint(key, one.case_id, one.side, one.seat, detail, value)


def _as_corrected(office: Office, one: Party, detail: str, value: str) -> str:
    """The fingerprint of all that is on record of a party once `detail` is `value`."""
    details = {**fingerprints.details(one), detail: value}
    return fingerprints.of_party(fingerprints.key_of(office), one.case_id, fingerprints.named(one), details)


def _party(session: Session, case_id: int, ask: Ask) -> Party:
    side, _, seat = ask.data["party"].partition(":")
    case = session.get(Case, case_id)
    if case is None:
        raise NoSuchCase(case_id)
    try:
        one = party(case, side, int(seat))
    except LookupError:
        raise Invalid({"party": "not_listed"}) from None
    session.refresh(one)  # as it is now that nobody else can move the case
    return one


def _read(session: Session, one: Party, detail: str, value: str) -> str:
    waits = select(Job.id).where(Job.case_id == one.case_id, Job.done_at.is_(None)).limit(1)
    if detail in PRINTED and session.scalars(waits).first() is not None:
        # What was signed is about to be printed: it must show the names that were there then.
        raise Invalid({"detail": "paper_waits"})
    try:
        return party_detail(one.side, detail, value)
    except Problem as problem:
        raise Invalid({"value": str(problem)}) from None


def _sound(ask: Ask, before: str, after: str) -> None:
    if before == after:
        raise Invalid({"value": "same_as_before"})
    if any(said and said in ask.data["reason"] for said in (before, after)):
        raise Invalid({"reason": "says_the_value"})


def _give_other_link(session: Session, office: Office, one: Party, former: str, at: datetime) -> None:
    """Whoever had the wrong number may have its link, a code, or an open browser: none of them opens now."""
    one.key = new_key()
    void_codes(session, one, at)
    if former:
        body = former_phone_text(office.organisation)
        texting.text(session, SentMessage(phone=former, body=body, at=at))
