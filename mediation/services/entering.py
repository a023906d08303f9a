"""Entering a case with a code to the phone on file, without telling strangers which cases there are."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.events import Event, What
from mediation.domain.organisation import Organisation
from mediation.services import agents, events, limits
from mediation.services.access import BadCode, send_code, use_code
from mediation.services.notices import code_text
from mediation.store.cases import party_by_key, party_by_phone
from mediation.store.models import Agent, Case, Party, Person


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who somebody says he is: the holder of a link, a worker with number and phone, or an employer.

    Whether there is such a party is never kept on his side, so he cannot read it there.
    """

    key: str = ""
    number: str = ""
    phone: str = ""

    @property
    def party_side(self) -> str:
        return "worker" if self.phone else "employer"


def holder(session: Session, key: str, at: datetime) -> Party | Agent | None:
    """Whose link this is: a party's, or that of whoever acts for one now."""
    return party_by_key(session, key) or agents.by_key(session, key, at)


def party_of(session: Session, claimed: Claimed, at: datetime) -> Party | Agent | None:
    """The party that somebody says he is, or who acts for one now, if there is one."""
    if claimed.key:
        return holder(session, claimed.key, at)
    if claimed.phone:
        return party_by_phone(session, claimed.number, claimed.party_side, claimed.phone)
    query = select(Party).join(Case).where(Case.number == claimed.number, Party.side == "employer")
    return session.scalars(query).one_or_none()


def text_code(
    session: Session, organisation: Organisation, claimed: Claimed, at: datetime, language: str = "zh"
) -> None:
    """Text a code to the phone on file; for nobody, do the same and text it nowhere.

    Raises TooOften, alike for somebody and nobody.  The caller commits.
    """
    party = party_of(session, claimed, at)
    subject = _subject(claimed, party)
    limits.may_text(session, subject, at)
    phone = party.phone if party else limits.NOWHERE
    # Who hears that a phone has had enough would learn that two cases have the same phone.
    reached = limits.NOWHERE if limits.had_enough(session, phone, at) else phone
    send_code(session, subject, reached, code_text(organisation, language), at)


def enter(session: Session, claimed: Claimed, code: str, at: datetime) -> Party | Agent | BadCode:
    """The party whose code this is, or what is left of the tries.

    A wrong code is an answer and no exception: the caller commits in both cases.
    """
    party = party_of(session, claimed, at)
    try:
        use_code(session, _subject(claimed, party), code, at)
    except BadCode as wrong:
        return wrong
    return party or BadCode(0)


def note_login(session: Session, what: What, login: str, at: datetime) -> None:
    """Write down what came of a login that nobody got in by.  The caller commits.

    About whose login it is, if anybody's; what was typed is kept nowhere: it may be a password.
    """
    person = session.scalars(select(Person.id).where(Person.login == login)).one_or_none()
    about = f"person:{person}" if person else events.NOBODY
    event = Event(what, events.NOBODY, about)
    if what is What.LOGIN_HELD_OFF and events.told(session, event, at - events.AGAIN):
        return
    events.record(session, event, at)


def _subject(claimed: Claimed, party: Party | Agent | None) -> str:
    if isinstance(party, Agent):
        return f"enter agent:{party.ref}"
    if party is not None:
        return f"enter party:{party.id}"
    said = f"{claimed.key}\n{claimed.number}\n{claimed.phone}"
    return f"enter nobody:{hashlib.sha256(said.encode()).hexdigest()[:16]}"
