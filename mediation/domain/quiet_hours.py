"""The hours in which no telephone rings for our sake, but for what its owner has just asked for."""

from datetime import datetime, time, timedelta

from mediation.domain.facts import BEIJING

FROM, UNTIL = time(21, 30), time(8)
"""Beijing time; nobody there has summer time."""


def allowed_from(at: datetime) -> datetime:
    """The moment itself, or the morning after it if it lies in the quiet hours."""
    local = at.astimezone(BEIJING)
    if UNTIL <= local.time() < FROM:
        return at
    morning = local.replace(hour=UNTIL.hour, minute=UNTIL.minute, second=0, microsecond=0)
    return morning if local.time() < UNTIL else morning + timedelta(days=1)
