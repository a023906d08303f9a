"""How often anybody may have a code texted, and file: for each purpose, phone and network, and for all.

Each limit is counted under a lock of its own, so that two who ask at once cannot both have the last.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mediation.store.models import Case, Code, Party, SentMessage

PAUSE = timedelta(seconds=30)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
MOST_IN_AN_HOUR = 5
"""Codes for one purpose, such as one party's entering."""
MOST_OF_A_NETWORK = 30
"""Codes that one network asks for in an hour."""
MOST_IN_A_DAY = 10
"""Codes to one phone, whatever they are for: nobody shall make us ring it all day."""
MOST_OF_ALL = 5000
"""Codes in a day, whoever asks: what texts may cost."""
NEARLY = MOST_OF_ALL * 4 // 5
"""From so many on somebody is told."""
MOST_FILINGS = 5
"""Applications from one phone in a day; our staff may file more for somebody who calls."""
NETWORK = "network"
"""Under which name a session's `info` keeps the hash of the network that asks; nothing for this machine."""


class TooOften(Exception):
    """No new code yet; `soon` tells a pause of seconds from one of up to an hour."""

    def __init__(self, *, soon: bool) -> None:
        super().__init__(soon)
        self.soon = soon


class TooMany(Exception):
    """This phone has filed as often as it may in a day."""


def network(session: Session) -> str:
    """The hash of the network that asks, or nothing."""
    return str(session.info.get(NETWORK, ""))


def may_text(session: Session, subject: str, at: datetime, phone: str | None = None) -> None:
    """Raises TooOften where a code for `subject` was made just now, or too many were, here or altogether.

    With `phone` also where that had its codes of a day: only for who may know whose it is.
    """
    _alone(session, f"code {subject}")
    query = select(Code.made_at).where(Code.subject == subject, Code.made_at > at - AN_HOUR)
    made = list(session.scalars(query))
    if any(moment > at - PAUSE for moment in made):
        raise TooOften(soon=True)
    if len(made) >= MOST_IN_AN_HOUR or _network_had_enough(session, at):
        raise TooOften(soon=False)
    if made_lately(session, MOST_OF_ALL, at) or (phone is not None and had_enough(session, phone, at)):
        raise TooOften(soon=False)


def had_enough(session: Session, phone: str, at: datetime) -> bool:
    """Whether this phone got its codes of a day.  Nobody's phone is counted too, so that it takes as long."""
    _alone(session, f"phone {phone}")
    ours = (SentMessage.phone == phone, SentMessage.notice_id.is_(None))
    query = select(SentMessage.at).where(*ours).order_by(SentMessage.id.desc()).limit(MOST_IN_A_DAY)
    newest = session.scalars(query).all()
    return len(newest) == MOST_IN_A_DAY and newest[-1] > at - A_DAY


def may_file(session: Session, phone: str, at: datetime) -> None:
    """Raises TooMany where a worker with this phone has filed more within a day than one may.

    The filing in hand is counted, so it is asked after that was written down, before it is committed.
    """
    _alone(session, f"filing {phone}")
    theirs = (Party.phone == phone, Party.side == "worker", Case.received_at > at - A_DAY)
    filed = session.scalar(select(func.count()).select_from(Party).join(Case).where(*theirs))
    if (filed or 0) > MOST_FILINGS:
        raise TooMany


def made_lately(session: Session, count: int, at: datetime) -> bool:
    """Whether so many codes were made within a day, whoever asked."""
    query = select(Code.made_at).order_by(Code.id.desc()).offset(count - 1).limit(1)
    oldest = session.scalars(query).one_or_none()
    return oldest is not None and oldest > at - A_DAY


def alarms(session: Session, at: datetime) -> list[str]:
    """A sentence when the codes of a day are nearly used up."""
    if not made_lately(session, NEARLY, at):
        return []
    return [f"more than {NEARLY} codes were texted within a day; none are from {MOST_OF_ALL} on"]


def _network_had_enough(session: Session, at: datetime) -> bool:
    asks = network(session)
    if not asks:
        return False
    _alone(session, f"network {asks}")
    query = select(func.count()).where(Code.network == asks, Code.made_at > at - AN_HOUR)
    return (session.scalar(query) or 0) >= MOST_OF_A_NETWORK


def _alone(session: Session, name: str) -> None:
    """Wait for whoever counts under this name to commit; SQLite's write lock does the same by itself."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
