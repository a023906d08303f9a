"""Who somebody is: parties by a link and a code to the phone on file, staff by a password."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mediation.domain.events import Event, What
from mediation.domain.naming import name as read_name
from mediation.engine.asking import Actor
from mediation.services import events, limits, texting
from mediation.store.models import Code, Party, Person, SentMessage

VALID = timedelta(minutes=5)
TRIES = 5
LONGEST_NAME = 50
BY_CODE, BY_PASSWORD, BY_FILING, BY_DOSSIER = "code", "password", "filing", "dossier"
"""Authorities of an actor: a code to the phone on file, a password, the filing itself on the browser
that sent it, or a dossier that is played."""
_HASHER = PasswordHasher()
# What an unknown login is compared with, so that it takes as long as a known one.
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


class Standing(StrEnum):
    """Whether a code was sent that still opens something, one that does no more, or none."""

    USABLE = "usable"
    OVER = "over"
    NONE = "none"


class BadCode(Exception):
    """A code that opens nothing; `tries_left` is 0 when a new one is needed, `old` if it came too late."""

    def __init__(self, tries_left: int, *, old: bool = False) -> None:
        super().__init__(tries_left, old)
        self.tries_left = tries_left
        self.old = old

    @property
    def problem(self) -> str:
        """The code of the sentence that says it."""
        return "wrong_code.old" if self.old else f"wrong_code.{self.tries_left}"


def party_actor(party: Party) -> Actor:
    """The actor that a party of a case is."""
    return Actor(party.side, f"party:{party.id}", party.name, party.seat)


def staff_actor(person: Person) -> Actor:
    """The actor that a member of staff is."""
    return Actor(person.role, f"person:{person.id}", person.name)


def staff_by_password(session: Session, login: str, password: str) -> Person | None:
    """The active member of staff with this login and password, else None."""
    person = session.scalars(select(Person).where(Person.login == login, Person.active)).one_or_none()
    try:
        _HASHER.verify(person.password if person else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return person


def add_staff(  # noqa: PLR0913 - a person is these six things
    session: Session, at: datetime, *, login: str, name: str, role: str, phone: str, password: str
) -> Person:
    """Store a new member of staff, as whoever may run commands here can.  The caller commits.

    Raises Problem for what is no name.
    """
    person = Person(
        login=login,
        name=read_name(name, LONGEST_NAME),
        role=role,
        phone=phone,
        password=_HASHER.hash(password),
        session_key=secrets.token_urlsafe(16),
    )
    session.add(person)
    session.flush()  # the caller may need the number
    events.record(session, Event(What.PERSON_ADDED, events.CONSOLE, f"person:{person.id}"), at)
    return person


def send_code(session: Session, subject: str, phone: str, text: str, at: datetime) -> str:
    """Make a code for `subject` and text it to `phone`; older codes of the subject die.

    `text` has a place {code}.  Returns the code, which is stored nowhere but in the text sent.
    """
    for old in session.scalars(select(Code).where(Code.subject == subject, Code.used_at.is_(None))):
        old.used_at = at
    code = f"{secrets.randbelow(10**6):06d}"
    session.add(
        Code(
            subject=subject,
            digest=_digest(subject, code),
            made_at=at,
            tries_left=TRIES,
            network=limits.network(session),
        )
    )
    texting.text(session, SentMessage(phone=phone, body=text.format(code=code), at=at), VALID)
    events.record(session, Event(What.CODE_SENT, events.NOBODY, _about(subject)), at)
    return code


def use_code(session: Session, subject: str, code: str, at: datetime) -> bool:
    """Whether `code` opens `subject` now; a right one is used up, a wrong one costs a try.

    Raises BadCode.  The caller commits in both cases, or the tries would come back.
    """
    query = select(Code).where(Code.subject == subject, Code.used_at.is_(None)).order_by(Code.id.desc())
    row = session.scalars(query.limit(1).with_for_update()).one_or_none()
    about = _about(subject)
    if row is None or row.tries_left <= 0 or at > row.made_at + VALID:
        events.record(session, Event(What.CODE_WRONG, events.NOBODY, about), at)
        raise BadCode(0, old=row is not None and row.tries_left > 0)
    if not hmac.compare_digest(row.digest, _digest(subject, code.strip())):
        row.tries_left -= 1
        events.record(session, Event(What.CODE_WRONG, events.NOBODY, about), at)
        raise BadCode(row.tries_left)
    row.used_at = at
    events.record(session, Event(What.CODE_RIGHT, about, about), at)
    return True


def standing(session: Session, subject: str, at: datetime) -> Standing:
    """How the newest code for `subject` stands; for pages that say so, and for whoever may know."""
    row = session.scalars(
        select(Code).where(Code.subject == subject).order_by(Code.id.desc()).limit(1)
    ).first()
    if row is None:
        return Standing.NONE
    usable = row.used_at is None and row.tries_left > 0 and at <= row.made_at + VALID
    return Standing.USABLE if usable else Standing.OVER


def void_codes(session: Session, party: Party, at: datetime) -> None:
    """No code that was sent for this party opens anything any more.  The caller commits."""
    who = f"party:{party.id}"
    ours = (Code.subject == f"enter {who}") | Code.subject.startswith(f"sign {who} ", autoescape=True)
    session.execute(update(Code).where(ours, Code.used_at.is_(None)).values(used_at=at))
    events.record(session, Event(What.CODES_VOIDED, events.SYSTEM, who), at)


def _about(subject: str) -> str:
    """Whom a code is for: "party:7", or "nobody" for whoever is not there."""
    whom = subject.split()[1]
    return events.NOBODY if whom.startswith(events.NOBODY) else whom


def _digest(subject: str, code: str) -> str:
    return hashlib.sha256(f"{subject}\n{code}".encode()).hexdigest()


def unusable() -> str:
    """A password that nobody knows, for people who only appear in played dossiers."""
    return secrets.token_urlsafe(32)
