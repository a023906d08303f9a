"""What gateways say later of a text or letter: that it was delivered, or that it was not."""

from datetime import datetime
from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from mediation.store.models import Handover

Outcome = Literal["delivered", "failed"]


def report(session: Session, number: int, outcome: Outcome, at: datetime) -> bool:
    """Keep the first report of a text that was tried at least once; whether this was it.

    An unknown number, a second report or one of what was never handed over changes nothing.
    The caller commits.
    """
    ours = (Handover.message_id == number, Handover.report.is_(None), Handover.tries > 0)
    done = session.execute(update(Handover).where(*ours).values(report=outcome, reported_at=at))
    return bool(done.rowcount)  # type: ignore[attr-defined]  # an update has one
