"""A text that leaves the house: kept as it is sent, with a row for its way to the gateway."""

from datetime import timedelta

from sqlalchemy.orm import Session

from mediation.store.models import Handover, SentMessage

A_DAY = timedelta(days=1)
"""A notice that has not got through by then is given up, and somebody is told."""


SMS, EMAIL = "sms", "email"
"""The ways on which something leaves the house."""


def text(session: Session, message: SentMessage, lasting: timedelta = A_DAY, way: str = SMS) -> None:
    """Write a text down, to be handed over until it is older than `lasting`.  The caller commits."""
    session.add(message)
    session.flush()  # its number is what the gateway knows it by
    session.add(Handover(message_id=message.id, due_at=message.at, until=message.at + lasting, way=way))
