"""Hearing that somebody else has committed: what the rooms of a meeting wait for.

PostgreSQL says so itself, at the commit of whoever said `stir` (NOTIFY).  SQLite has a number that is
another for a connection once anybody else has written to the file, and reading it takes microseconds.
Either way the news may be for nobody here: whoever is woken looks for himself what is new.
"""

import time
from typing import Any, Protocol

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

CHANNEL = "rooms"
EVERY = 0.01
"""Seconds between two looks at an SQLite file."""


class Wakeups(Protocol):
    """A connection of its own on which somebody listens."""

    def wait(self, seconds: float) -> bool:
        """Whether somebody has committed since the last call: at once if so, else after so long."""

    def close(self) -> None:
        """Give the connection back to the system."""


def stir(session: Session) -> None:
    """Wake whoever waits in a room, once this transaction is committed."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(CHANNEL, "")))


def listen(engine: Engine) -> Wakeups:
    """Begin to listen: what is committed from now on is heard."""
    borrowed = engine.raw_connection()
    driver = borrowed.driver_connection
    # It is no connection of the pool any more: it stays open as long as somebody listens.
    borrowed.detach()
    return _Notified(driver) if engine.dialect.name == "postgresql" else _Watched(driver)


class _Notified:
    """PostgreSQL tells."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        driver.autocommit = True
        driver.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> bool:
        return bool(list(self._driver.notifies(timeout=seconds, stop_after=1)))

    def close(self) -> None:
        self._driver.close()


class _Watched:
    """SQLite is looked at."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._seen = self._version()

    def wait(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while (version := self._version()) == self._seen:
            left = until - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(EVERY, left))
        self._seen = version
        return True

    def _version(self) -> int:
        return int(self._driver.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        self._driver.close()
