"""A text to whoever began an application and left it: once, a day later, with a link that brings it back.

The link knows the phone and opens nothing: the application comes back by a code to that phone.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mediation.domain.facts import day
from mediation.domain.timing import decent
from mediation.services import limits, texting, unsent
from mediation.services.filing import KEY_LENGTH, new_key
from mediation.services.notices import left_text
from mediation.services.offices import Office
from mediation.store.models import SentMessage, Unsent

AFTER = timedelta(days=1)
AGAIN = timedelta(days=7)
"""A phone is reminded no more often, whatever is begun with it and by whom."""
MOST = 100


def remind(session: Session, office: Office, at: datetime) -> int:
    """Text those who left an application a day ago; how many.  The caller commits.

    Not at night, and not once the codes of the day are for those who have a case.
    """
    if decent(at) is not None or limits.texted_lately(session, limits.OF_UNSENT.day, at):
        return 0
    left = (Unsent.phone.is_not(None), Unsent.reminded_at.is_(None), Unsent.saved_at <= at - AFTER)
    query = select(Unsent).where(*left, Unsent.saved_at > at - unsent.KEPT + AFTER).order_by(Unsent.saved_at)
    rows = session.scalars(query.limit(MOST).with_for_update(skip_locked=True)).all()
    return sum(_told(session, office, row, at) for row in rows)


def phone_of(session: Session, office: Office, key: str, at: datetime) -> str | None:
    """The phone that this link was texted to; None for a link that leads nowhere any more."""
    if len(key) != KEY_LENGTH:
        return None
    query = select(Unsent).where(Unsent.link == _hash(key), Unsent.saved_at >= at - unsent.KEPT)
    row = session.scalars(query).one_or_none()
    return unsent.opened(office, row).answers.phone if row else None


def _told(session: Session, office: Office, row: Unsent, at: datetime) -> bool:
    recent = (Unsent.phone == row.phone, Unsent.link.is_not(None), Unsent.reminded_at > at - AGAIN)
    told = session.scalar(select(Unsent.id).where(*recent).limit(1)) is None
    row.reminded_at = at
    phone = unsent.opened(office, row).answers.phone
    if not told or phone is None:
        session.flush()
        return False
    key = new_key()
    row.link = _hash(key)
    last = day(row.saved_at + unsent.KEPT)
    link = f"{office.organisation.link_base}/apply/b/{key}"
    body = left_text(office.organisation, link, last, row.language)
    texting.text(session, SentMessage(phone=phone, body=body, at=at))
    return True


def speaks(session: Session, mine: unsent.Held, language: str) -> None:
    """Write down in which language whoever fills this in reads.  The caller commits."""
    session.execute(update(Unsent).where(Unsent.id == mine.id).values(language=language))


def _hash(key: str) -> str:
    return hashlib.sha256(f"left behind\n{key}".encode("utf-8", "backslashreplace")).hexdigest()
