"""How often a wrong password may be tried.

Kept in the memory of one process: with two server processes somebody has twice the tries, and a
restart forgets them.  Enough against guessing, as every try also costs a slow hash.
"""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

TRIES = 5
WITHIN = timedelta(minutes=15)
MOST_LOGINS = 10_000


class Patience:
    """The failures of each login within the last quarter of an hour."""

    def __init__(self) -> None:
        self._failures: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def may_try(self, login: str, at: datetime) -> bool:
        """Whether another password may be tried for this login."""
        with self._lock:
            failures = self._failures.get(login[:100], deque())
            return sum(moment > at - WITHIN for moment in failures) < TRIES

    def failed(self, login: str, at: datetime) -> None:
        """Note a wrong password."""
        with self._lock:
            failures = self._failures.pop(login[:100], None) or deque(maxlen=TRIES)
            failures.append(at)
            self._failures[login[:100]] = failures  # again at the end: the longest quiet are forgotten first
            while len(self._failures) > MOST_LOGINS:
                del self._failures[next(iter(self._failures))]

    def forget(self, login: str) -> None:
        """A right password: the failures before it do not count."""
        with self._lock:
            self._failures.pop(login[:100], None)
