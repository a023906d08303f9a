"""The register of employers' contacts: how each can be reached, who verified that, and what came back.

An employer is known by its registration number, or by exactly its name.  Nothing is changed: a contact
that is verified, does not work or is out of use gets an event more.  Texts and letters that came back
are read from what was sent, so that nobody has to write them down a second time.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, contains_eager

from mediation.services.relaying import Fault
from mediation.store.models import Case, Contact, ContactEvent, Handover, Party, SentMessage

KINDS = ("phone", "email", "post")
VERIFIED, BOUNCED, RETIRED = "verified", "bounced", "retired"
HOWS = {
    VERIFIED: ("website", "public_register", "called_back", "in_person"),
    BOUNCED: ("wrong_number", "mail_returned", "letter_returned"),
    RETIRED: ("firm_asked", "out_of_date"),
}
"""How a contact may have been verified, may have failed, and why it is out of use."""
MOST = 50
TOLD = (
    "contacting", "accepted", "scheduled", "in_meeting", "adjourned", "terms_drafted",
    "awaiting_signatures", "performing", "breached",
)  # fmt: skip
"""States of an open case that its employer knows of."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a contact; `by` is an actor's id, or empty where the relay saw it."""

    what: str
    how: str
    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One contact with all that happened to it, the newest first."""

    id: int
    kind: str
    value: str
    role: str
    given_at: datetime
    history: tuple[Happened, ...]

    @property
    def state(self) -> str:
        """`verified`, `bounced` since then, `retired`, or `new` where nobody has verified it yet."""
        return self.history[0].what if self.history else "new"

    @property
    def last(self) -> Happened | None:
        """What happened to it last."""
        return self.history[0] if self.history else None


def contacts_of(session: Session, employer: str, uscc: str | None) -> list[Line]:
    """Every contact of an employer, those that can be used first."""
    named = Contact.employer == employer
    return _lines(session, or_(named, Contact.uscc == uscc) if uscc else named)


def look_up(session: Session, asked: str) -> list[Line]:
    """The contacts of the employer with exactly this name or registration number."""
    return _lines(session, or_(Contact.employer == asked, Contact.uscc == asked))


def _lines(session: Session, which: ColumnElement[bool]) -> list[Line]:
    rows = session.scalars(select(Contact).where(which).order_by(Contact.id.desc()).limit(MOST))
    order = (VERIFIED, "new", BOUNCED, RETIRED)
    return sorted((_line(session, row) for row in rows), key=lambda one: order.index(one.state))


def _line(session: Session, row: Contact) -> Line:
    events = select(ContactEvent).where(ContactEvent.contact_id == row.id)
    found = [Happened(one.what, one.how, one.at, one.by) for one in session.scalars(events)]
    found += came_back(session, row.value)
    # What is out of use stays so, whatever still comes back from it.
    found.sort(key=lambda one: (one.what == RETIRED, one.at), reverse=True)
    return Line(row.id, row.kind, row.value, row.role, row.at, tuple(found))


def came_back(session: Session, place: str) -> list[Happened]:
    """What the gateway refused for this phone or address, or said it could not deliver."""
    failed = or_(Handover.fault == Fault.REFUSED.value, Handover.report == "failed")
    query = select(Handover, SentMessage.at).join(SentMessage, SentMessage.id == Handover.message_id)
    rows = session.execute(query.where(SentMessage.phone == place, failed).limit(MOST))
    return [Happened(BOUNCED, f"{row.way}_not_taken", row.reported_at or at) for row, at in rows]


def add(  # noqa: PLR0913 - the columns of a contact
    session: Session,
    *,
    employer: str,
    uscc: str | None,
    kind: str,
    value: str,
    role: str,
    by: str,
    at: datetime,
) -> int:
    """Write a contact down, or find it there; its number.  The caller commits."""
    same = (Contact.employer == employer, Contact.kind == kind, Contact.value == value)
    if (there := session.scalars(select(Contact.id).where(*same).limit(1)).first()) is not None:
        return there
    row = Contact(employer=employer, uscc=uscc, kind=kind, value=value, role=role, given_by=by, at=at)
    session.add(row)
    session.flush()
    return row.id


def note(  # noqa: PLR0913, PLR0917 - what happened, how, by whom and when
    session: Session, contact: int, what: str, how: str, by: str, at: datetime
) -> None:
    """Something happened to a contact.  The caller commits.

    Raises LookupError for a contact that is not there, ValueError for a way that this cannot happen in.
    """
    if session.get(Contact, contact) is None:
        raise LookupError(contact)
    if how not in HOWS.get(what, ()):
        raise ValueError(f"{what}: {how}")
    session.add(ContactEvent(contact_id=contact, what=what, how=how, by=by, at=at))
    session.flush()


def is_verified(session: Session, employer: str, uscc: str | None, value: str) -> bool:
    """Whether staff have verified that an employer is reached there, and nothing has come back since."""
    return any(one.value == value and one.state == VERIFIED for one in contacts_of(session, employer, uscc))


def unchecked(session: Session, one: Party) -> bool:
    """Whether this is an employer with a phone of which nobody has verified that it is the employer's."""
    there = one.side == "employer" and bool(one.phone)
    return there and not is_verified(session, one.name, one.uscc, one.phone)


def other_cases(session: Session, employer: Party) -> list[Party]:
    """The same firm in its other open cases, as far as it was told of them, the newest first.

    Only with the same phone, and only where staff have verified that it is the firm's: whoever has the
    code to that phone gets the codes of those cases too.
    """
    if not employer.phone or not is_verified(session, employer.name, employer.uscc, employer.phone):
        return []
    same = (Party.side == "employer", Party.phone == employer.phone, Party.name == employer.name)
    query = select(Party).join(Case).options(contains_eager(Party.case))
    query = query.where(*same, Party.id != employer.id, Case.state.in_(TOLD))
    return list(session.scalars(query.order_by(Case.id.desc()).limit(MOST)))
