"""Applications that are being filled in: kept after every page, and brought back where they were left.

Whoever holds the browser's secret, the return code or the phone gets the answers; the database holds
keyed hashes of these three and the answers encrypted, with a key that lies outside it.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

import msgspec
from cryptography.fernet import Fernet
from sqlalchemy import delete, func, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from mediation.domain.applying import Answers
from mediation.domain.events import Event, What
from mediation.domain.facts import day
from mediation.services import events, limits
from mediation.services.access import BadCode, Standing, send_code, standing, use_code
from mediation.services.fingerprints import key_of, of_filer
from mediation.services.notices import code_text
from mediation.services.offices import Office
from mediation.store.keys import kept_secret
from mediation.store.models import SecurityEvent, Unsent

KEPT = timedelta(days=30)
KEY = "unsent"
"""The file of the key: lost, no unsent application can be read any more."""
LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
"""What a return code is made of: nothing that looks or sounds like another of them."""
CODE_LENGTH = 10
MOST_TRIES = 20
A_WHILE = timedelta(minutes=15)
"""So many return codes may be tried from one address in so long."""


class Gone(Exception):
    """The application is not there any more: it was filed meanwhile."""


class _Content(msgspec.Struct, frozen=True):
    """What is encrypted: the return code, to be shown on every page, the answers, a phone that was proven."""

    code: str
    answers: Answers
    proven: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """An unsent application in hand: its row number, its return code, the answers so far.

    `proven` is the phone on which a code for it was read, or nothing.
    """

    id: int
    code: str
    answers: Answers
    proven: str = ""
    until: date | None = None
    """The last day on which it is there, in Beijing."""

    @property
    def is_proven(self) -> bool:
        """Whether somebody read a code on the phone that it names now."""
        return self.answers.phone is not None and self.answers.phone == self.proven


def begin(session: Session, office: Office, at: datetime) -> tuple[Held, str]:
    """A new application, and the secret for its browser.  The caller commits."""
    key, secret = _key(office), secrets.token_urlsafe(32)
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    content = _sealed(key, _Content(code, Answers()))
    row = Unsent(
        browser=_hash(key, "browser", secret),
        code=_hash(key, "code", code),
        content=content,
        saved_at=at,
    )
    session.add(row)
    session.flush()  # its number is needed
    return Held(row.id, code, Answers(), until=_last_day(row)), secret


def held(session: Session, office: Office, secret: str, at: datetime) -> Held | None:
    """The application of the browser that holds `secret`; locked until the transaction ends."""
    key = _key(office)
    row = _row(session, Unsent.browser == _hash(key, "browser", secret), at)
    return _held(key, row) if row else None


def opened(office: Office, row: Unsent) -> Held:
    """What a row of the database says, for the office itself."""
    return _held(_key(office), row)


def keep(session: Session, office: Office, mine: Held, answers: Answers, at: datetime) -> None:
    """Write down the answers so far.  The caller commits."""
    key, row = _key(office), session.get_one(Unsent, mine.id)
    row.content = _sealed(key, _Content(mine.code, answers, mine.proven))
    row.phone = _hash(key, "phone", answers.phone) if answers.phone else None
    row.saved_at = at
    session.flush()


def forget(session: Session, mine: Held) -> bool:
    """Take an application away, with all that it says; whether it was still there.  The caller commits."""
    done = session.execute(delete(Unsent).where(Unsent.id == mine.id))
    return bool(cast("CursorResult[Any]", done).rowcount)


def use_up(session: Session, mine: Held) -> None:
    """Take away an application that is being filed.  Raises Gone if that has been done: it is filed once."""
    if not forget(session, mine):
        raise Gone


def clean(session: Session, at: datetime) -> int:
    """Take away the applications that nobody went on with for thirty days; how many.  The caller commits."""
    done = session.execute(delete(Unsent).where(Unsent.saved_at < at - KEPT))
    return int(cast("CursorResult[Any]", done).rowcount)


def bring_back(session: Session, office: Office, code: str, at: datetime) -> tuple[Held, str] | None:
    """What this return code opens and its new secret, for the browser it was typed in; None for nothing.

    Every try is written down, right or wrong.  Raises TooOften; the caller commits in every case, or
    the tries would come back.
    """
    if _tries(session, at) >= MOST_TRIES:
        raise limits.TooOften(soon=False)
    # Written before it is counted again: whoever tries at the same time waits here for the other.
    events.record(session, Event(What.RETURN_TRIED, events.NOBODY, events.NOBODY), at)
    if _tries(session, at) > MOST_TRIES:
        return None
    key = _key(office)
    row = _row(session, Unsent.code == _hash(key, "code", code), at)
    return _moved(session, key, row) if row else None


def text_code(session: Session, office: Office, phone: str, at: datetime, language: str = "zh") -> None:
    """Text a code to a phone with which an application was begun; for any other do the same, to nowhere.

    Raises TooOften, alike for both.  The caller commits.
    """
    key = _key(office)
    subject = _subject(key, phone)
    limits.may_text(session, subject, at, budget=limits.OF_UNSENT)
    known = _row(session, Unsent.phone == _hash(key, "phone", phone), at) is not None
    reached = phone if known and not limits.had_enough(session, phone, at) else limits.NOWHERE
    send_code(session, subject, reached, code_text(office.organisation, language), at)


def bring_back_by_phone(
    session: Session, office: Office, phone: str, code: str, at: datetime
) -> tuple[Held, str] | BadCode:
    """As `bring_back` by the code of a text to this phone, or what is left of the tries.

    A wrong code is an answer and no exception: the caller commits in both cases.
    """
    key = _key(office)
    try:
        use_code(session, _subject(key, phone), code, at)
    except BadCode as wrong:
        return wrong
    row = _row(session, Unsent.phone == _hash(key, "phone", phone), at)
    if row is None:
        return BadCode(0)
    return _moved(session, key, row, proven=phone)


def text_proof(session: Session, office: Office, mine: Held, at: datetime, language: str = "zh") -> None:
    """Text a code to the phone of this application, so that nobody files with another's.

    Raises TooOften.  The caller commits.
    """
    subject, phone = _proof(office, mine)
    limits.may_text(session, subject, at, phone, limits.OF_FILING)
    if limits.filed_enough(session, of_filer(key_of(office), phone), at):
        raise limits.TooOften(soon=False)  # nobody learns of a phone that is not his how often it filed
    send_code(session, subject, phone, code_text(office.organisation, language), at)


def proof(session: Session, office: Office, mine: Held, at: datetime) -> Standing:
    """How the newest code to the phone of this application stands."""
    return standing(session, _proof(office, mine)[0], at)


def prove(session: Session, office: Office, mine: Held, code: str, at: datetime) -> Held | BadCode:
    """The application with its phone proven by this code, or what is left of the tries.

    The caller commits in both cases.
    """
    subject, phone = _proof(office, mine)
    try:
        use_code(session, subject, code, at)
    except BadCode as wrong:
        return wrong
    proven = replace(mine, proven=phone)
    keep(session, office, proven, mine.answers, at)
    return proven


def _proof(office: Office, mine: Held) -> tuple[str, str]:
    """What a code for the phone of this application is for, and that phone."""
    phone = mine.answers.phone
    assert phone is not None  # noqa: S101 - asked for only where a phone was given
    key = _key(office)
    # Of the phone too: a code that went to one proves no other.  Row numbers are given out again.
    return f"{_subject(key, phone, limits.FILING)}:{_hash(key, 'code', mine.code)[:16]}", phone


def _moved(session: Session, key: bytes, row: Unsent, proven: str = "") -> tuple[Held, str]:
    """Give an application to another browser: the one that had it has it no more."""
    secret = secrets.token_urlsafe(32)
    row.browser = _hash(key, "browser", secret)
    session.flush()
    mine = _held(key, row)
    if proven:
        mine = replace(mine, proven=proven)
        row.content = _sealed(key, _Content(mine.code, mine.answers, proven))
    return mine, secret


def _row(session: Session, which: Any, at: datetime) -> Unsent | None:
    """The newest application of these that is not too old, locked."""
    query = select(Unsent).where(which, Unsent.saved_at >= at - KEPT)
    newest = query.order_by(Unsent.saved_at.desc(), Unsent.id.desc()).limit(1)
    return session.scalars(newest.with_for_update()).one_or_none()


def _tries(session: Session, at: datetime) -> int:
    row = SecurityEvent
    same = (row.who == events.NOBODY, row.what == What.RETURN_TRIED.value, row.at > at - A_WHILE)
    mine = row.address == session.info.get(events.ADDRESS, "")
    return session.scalar(select(func.count()).where(*same, mine)) or 0


def _held(key: bytes, row: Unsent) -> Held:
    content = msgspec.json.decode(_fernet(key).decrypt(row.content), type=_Content)
    return Held(row.id, content.code, content.answers, content.proven, _last_day(row))


def _last_day(row: Unsent) -> date:
    return day(row.saved_at + KEPT)


def _sealed(key: bytes, content: _Content) -> str:
    return _fernet(key).encrypt(msgspec.json.encode(content)).decode()


def _fernet(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.digest(key, b"content", hashlib.sha256)))


def _hash(key: bytes, kind: str, said: str) -> str:
    # Surrogates as something that can be hashed: whatever was typed has an answer.
    return hmac.digest(key, f"{kind}\n{said}".encode("utf-8", "backslashreplace"), hashlib.sha256).hex()


def _subject(key: bytes, phone: str, aim: str = "return") -> str:
    return f"{aim} {events.NOBODY}:{_hash(key, 'phone', phone)[:16]}"


def _key(office: Office) -> bytes:
    return bytes.fromhex(kept_secret(office.keys / KEY))
