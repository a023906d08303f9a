"""Hand texts to the gateway: each at least once, to whoever is right at that moment, in no quiet hour.

Two transactions around each: one takes it for a while, one says what came of it.  Who dies between the
two leaves it to be taken again; the gateway knows it by its number.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mediation.domain.quiet_hours import allowed_from
from mediation.services import notices
from mediation.services.gateways import Gateway, Outgoing, Refused, Unsure
from mediation.services.offices import Transaction
from mediation.services.texting import A_DAY, EMAIL, SMS
from mediation.store.models import Case, Handover, OutgoingNotice, SentMessage

LEASE = timedelta(minutes=1)
"""So long nobody else takes a text: longer than the slowest gateway holds up all that are taken with it."""
FIRST, LONGEST = timedelta(seconds=5), timedelta(hours=1)
"""How long it waits after a first failure, twice as long after each other one, and at most."""
AT_ONCE = 5
"""Texts taken in one transaction."""
LETTERS_AT_ONCE = 1
"""Letters: a mail server may be slow ten times over, at each of its answers."""
LATE = timedelta(minutes=10)
"""A text that has been due for so long tells that nobody hands them over."""
_LOG = logging.getLogger(__name__)


class Fault(StrEnum):
    """Why a text was given up."""

    REFUSED = "refused"
    TOO_OLD = "too_old"
    NO_LONGER_THEIRS = "no_longer_theirs"


def relay(transaction: Transaction, gateway: Gateway, at: datetime, way: str = SMS) -> int:
    """Hand over what is due on one way; how many texts the gateway has taken."""
    with transaction() as session:
        taken = _take(session, at, way)
    return sum(_hand(transaction, gateway, one, at) for one in taken)


def _take(session: Session, at: datetime, way: str) -> list[Outgoing]:
    query = select(Handover).where(Handover.way == way, Handover.due_at <= at)
    query = query.order_by(Handover.due_at, Handover.message_id)
    most = LETTERS_AT_ONCE if way == EMAIL else AT_ONCE
    found = []
    for row in session.scalars(query.limit(most).with_for_update(skip_locked=True)):
        message = session.get_one(SentMessage, row.message_id)
        if fault := _fault(session, row, message, at):
            _give_up(row, fault)
        elif way == SMS and (then := _not_before(message, at)) > at:
            row.due_at, row.until = then, then + A_DAY
        else:
            row.due_at = at + LEASE
            row.tries += 1
            found.append(Outgoing(message.id, message.phone, message.body, message.at))
    return found


def _fault(session: Session, row: Handover, message: SentMessage, at: datetime) -> Fault | None:
    if at >= row.until:
        return Fault.TOO_OLD
    if not message.phone:
        return Fault.NO_LONGER_THEIRS  # a code for nobody: who asked for it must not notice
    if message.notice_id is None:
        return None
    notice = session.get_one(OutgoingNotice, message.notice_id)
    case = session.get_one(Case, notice.case_id)
    told = notices.mailboxes if row.way == EMAIL else notices.recipients
    theirs = {place for place, _ in told(session, case, notice, at)}
    return None if message.phone in theirs else Fault.NO_LONGER_THEIRS


def _not_before(message: SentMessage, at: datetime) -> datetime:
    """A code was asked for just now, by somebody who is awake."""
    return at if message.notice_id is None else allowed_from(at)


def _hand(transaction: Transaction, gateway: Gateway, one: Outgoing, at: datetime) -> bool:
    fault: Fault | None = None
    try:
        gateway(one)
        handed = True
    except Refused as refused:
        handed, fault = False, Fault.REFUSED
        _LOG.error("text %s: the gateway refuses it: %s", one.number, refused)
    except Unsure as unsure:
        handed = False
        _LOG.warning("text %s waits: %s", one.number, unsure)
    with transaction() as session:
        row = session.get_one(Handover, one.number, with_for_update=True)
        if handed:
            row.due_at, row.handed_at, row.fault = None, at, None
        elif fault:
            _give_up(row, fault)
        elif row.handed_at is None and row.due_at is not None:
            row.due_at = at + min(FIRST * 2 ** min(row.tries - 1, 20), LONGEST)
    return handed


def _give_up(row: Handover, fault: Fault) -> None:
    row.due_at, row.fault = None, fault.value


def alarms(session: Session, at: datetime, ways: Sequence[str] = (SMS,)) -> list[str]:
    """Sentences about texts that nobody hands over, and about those that were given up lately."""
    found = []
    if late := _count(session, Handover.way.in_(ways), Handover.due_at < at - LATE):
        found.append(f"texts that nobody hands over: {late}: is `mediation relay` running?")
    lost = Handover.fault.in_((Fault.REFUSED.value, Fault.TOO_OLD.value))
    if given_up := _count(session, lost, Handover.until > at - timedelta(days=1)):
        found.append(f"texts that were given up lately: {given_up}")
    return found


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Handover).where(*conditions)) or 0
