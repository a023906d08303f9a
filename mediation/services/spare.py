"""Spare room on the disk for files of applications that nobody has filed yet: anybody can send some."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mediation.domain.evidence import MEGABYTE
from mediation.domain.fields import Invalid
from mediation.services import limits
from mediation.store.models import UnsentFile, Upload

OF_A_NETWORK = 2048 * MEGABYTE
"""Bytes that one network may send in a day: a hundred people of one dormitory with five photos each."""
OF_ALL = 20 * 1024 * MEGABYTE
"""Bytes of all that lies unfiled at one time."""
NEARLY = OF_ALL * 4 // 5
A_DAY = timedelta(days=1)


def for_more(session: Session, size: int, at: datetime) -> None:
    """See that `size` bytes more may come from whoever asks.

    Raises Invalid with field `file`.  Two at once may both have the last of it, which is a file too many.
    """
    if (network := limits.network(session)) and _sent(session, network, at) + size > OF_A_NETWORK:
        raise Invalid({"file": "network_sent_enough"})
    if lying(session) + size > OF_ALL:
        raise Invalid({"file": "no_room"})


def lying(session: Session) -> int:
    """Bytes of all that is not filed yet, parts of files that are on their way among them."""
    sums = (select(func.sum(one.size)) for one in (UnsentFile, Upload))
    return sum(int(session.scalar(query) or 0) for query in sums)


def alarms(session: Session) -> list[str]:
    """A sentence when it is nearly full."""
    if (full := lying(session)) < NEARLY:
        return []
    return [f"{full // MEGABYTE} MB of unfiled evidence: beyond {OF_ALL // MEGABYTE} no more is taken in"]


def _sent(session: Session, network: str, at: datetime) -> int:
    sums = (
        select(func.sum(one.size)).where(one.network == network, one.at > at - A_DAY)
        for one in (UnsentFile, Upload)
    )
    return sum(int(session.scalar(query) or 0) for query in sums)
