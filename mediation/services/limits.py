"""How often anybody may have a code texted, and file: for each purpose, phone and network, and for all.

Each limit is counted under a lock of its own, so that two who ask at once cannot both have the last.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from mediation.domain.filing import MOST_WORKERS
from mediation.store.models import Case, Code, OutgoingNotice, Party, SentMessage

PAUSE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
MOST_IN_AN_HOUR = 5
"""Codes for one purpose, such as one party's entering."""
MOST_OF_A_NETWORK = 30
"""Codes that one network asks for in an hour, but for those to file with."""
MOST_FILING_OF_A_NETWORK = 120
"""Codes to file with that one network asks for in an hour.

A dormitory has one address, and so have thousands of phones of one carrier; when a firm stops paying, forty
people of one kitchen file in one evening.  Each of these codes goes to the phone of one application, which
gets few as ever.  In a whole day one network does not use up what there is for all applications.
"""
FILING = "file"
"""The first word of what a code to file with is for."""
MOST_IN_A_DAY = 10
"""Codes to one phone, whatever they are for: nobody shall make us ring it all day."""
MOST_OF_ALL = 6000
"""Codes to real phones in a day, whoever asks: what texts may cost."""
RESERVE = 1000
"""The last of these are for who has a case already: applications cannot keep him out."""
NEARLY = (MOST_OF_ALL - RESERVE) * 4 // 5
"""From so many on somebody is told."""
NOWHERE = ""
"""The phone of a code that nobody gets."""
NAMED = "named"
"""The audience of a notice: whom another named as one who applies."""
MOST_NAMINGS = 3
"""Texts a day that ask one phone whether it is among those who apply, whoever named it."""
MOST_FILINGS = 5
"""Applications from one phone in a day; our staff may file more for somebody who calls."""
NETWORK = "network"
"""Under which name a session's `info` keeps the hash of the network that asks; nothing for this machine."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Codes of a kind: how many an hour for a network, up to how many of all kinds a day."""

    network: int
    day: int
    filing: bool = False


OF_CASES = Budget(MOST_OF_A_NETWORK, MOST_OF_ALL)
"""To come in and to sign."""
OF_UNSENT = Budget(MOST_OF_A_NETWORK, MOST_OF_ALL - RESERVE)
"""To have an unsent application back."""
OF_FILING = Budget(MOST_FILING_OF_A_NETWORK, MOST_OF_ALL - RESERVE, filing=True)
"""To file."""


class TooOften(Exception):
    """No new code yet; `soon` tells a pause of seconds from one of up to an hour."""

    def __init__(self, *, soon: bool) -> None:
        super().__init__(soon)
        self.soon = soon


class TooMany(Exception):
    """This phone has filed, or named others, enough for a day; `problem` is the code of its sentence."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def network(session: Session) -> str:
    """The hash of the network that asks, or nothing."""
    return str(session.info.get(NETWORK, ""))


def may_text(
    session: Session, subject: str, at: datetime, phone: str | None = None, budget: Budget = OF_CASES
) -> None:
    """Raises TooOften where a code for `subject` was made just now, or too many were, here or altogether.

    With `phone` also where that had its codes of a day: only for who may know whose it is.
    """
    _alone(session, f"code {subject}")
    query = select(Code.made_at).where(Code.subject == subject, Code.made_at > at - AN_HOUR)
    made = list(session.scalars(query))
    if any(moment > at - PAUSE for moment in made):
        raise TooOften(soon=True)
    if len(made) >= MOST_IN_AN_HOUR or _network_had_enough(session, budget, at):
        raise TooOften(soon=False)
    if texted_lately(session, budget.day, at) or (phone is not None and had_enough(session, phone, at)):
        raise TooOften(soon=False)


def had_enough(session: Session, phone: str, at: datetime) -> bool:
    """Whether this phone got its codes of a day.  Nobody's phone is counted too, so that it takes as long."""
    _alone(session, f"phone {phone}")
    ours = (SentMessage.phone == phone, SentMessage.notice_id.is_(None))
    query = select(SentMessage.at).where(*ours).order_by(SentMessage.id.desc()).limit(MOST_IN_A_DAY)
    newest = session.scalars(query).all()
    return len(newest) == MOST_IN_A_DAY and newest[-1] > at - A_DAY


def filed_enough(session: Session, filer: str, at: datetime) -> bool:
    """Whether one phone has filed as often as it may within a day: then no code to file with goes there."""
    return _filed(session, filer, at) >= MOST_FILINGS


def may_file(session: Session, filer: str, at: datetime) -> None:
    """Raises TooMany where one phone has filed more within a day, or named more people, than one may.

    It is the phone of who typed, for himself or as an agent, and not of those whom he named: nobody uses up
    another's turn.  The filing in hand is counted, so it is asked after that was written down, before it is
    committed.
    """
    _alone(session, f"filing {filer}")
    if _filed(session, filer, at) > MOST_FILINGS:
        raise TooMany(f"too_many_filings:{MOST_FILINGS}")
    named = (Party.side == "worker", *_his(filer, at))
    workers = select(func.count()).select_from(Party).join(Case).where(*named)
    if (session.scalar(workers) or 0) > MOST_WORKERS:
        raise TooMany(f"too_many_named:{MOST_WORKERS}")


def _filed(session: Session, filer: str, at: datetime) -> int:
    return session.scalar(select(func.count()).select_from(Case).where(*_his(filer, at))) or 0


def _his(filer: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Case.filer == filer, Case.received_at > at - A_DAY)


def named_enough(session: Session, phone: str, at: datetime) -> bool:
    """Whether this phone was asked often enough within a day if it is among those who apply."""
    asked = (SentMessage.phone == phone, SentMessage.at > at - A_DAY, OutgoingNotice.audience == NAMED)
    query = select(func.count()).select_from(SentMessage).join(OutgoingNotice).where(*asked)
    return (session.scalar(query) or 0) >= MOST_NAMINGS


def texted_lately(session: Session, count: int, at: datetime) -> bool:
    """Whether so many codes went to real phones within a day, whoever asked.

    Codes for numbers that nobody has cost nothing and are not counted: inventing numbers keeps nobody out.
    They are looked at first because that is one step in an index, and on most days the end of it.
    """
    made = select(Code.made_at).order_by(Code.id.desc())
    theirs = (SentMessage.notice_id.is_(None), SentMessage.phone != NOWHERE)
    went = select(SentMessage.at).where(*theirs).order_by(SentMessage.id.desc())
    nth = (session.scalars(query.offset(count - 1).limit(1)).one_or_none() for query in (made, went))
    return all(moment is not None and moment > at - A_DAY for moment in nth)


def alarms(session: Session, at: datetime) -> list[str]:
    """A sentence when the codes of a day are nearly used up."""
    if not texted_lately(session, NEARLY, at):
        return []
    ends = f"from {OF_FILING.day} on there are none to file with, from {OF_CASES.day} on none at all"
    return [f"more than {NEARLY} codes were texted within a day; {ends}"]


def _network_had_enough(session: Session, budget: Budget, at: datetime) -> bool:
    asks = network(session)
    if not asks:
        return False
    _alone(session, f"network {asks}")
    filing = Code.subject.startswith(f"{FILING} ")
    kind = filing if budget.filing else not_(filing)
    query = select(func.count()).where(Code.network == asks, Code.made_at > at - AN_HOUR, kind)
    return (session.scalar(query) or 0) >= budget.network


def _alone(session: Session, name: str) -> None:
    """Wait for whoever counts under this name to commit; SQLite's write lock does the same by itself."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
