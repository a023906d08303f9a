"""Connections of the driver on which steps are written, kept ready beside the pool.

The pool prepares a connection anew each time it lends one and cleans it up when it comes back, which
costs a step more than deciding it.  A step knows what it leaves behind: nothing but its commit.  So it
takes a connection from here, opened once with the settings of every other one, and gives it back as it is.
"""

import os
import select
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event

from mediation.store.prepared import Prepared

MOST = 16
"""Connections that are kept; as many threads write at the same time in a process that serves."""


@dataclass(slots=True, eq=False)
class Lane:
    """A connection that is nobody else's while it is taken; `info` is what its turns to write are kept in."""

    driver: Any
    prepared: Prepared | None = None
    info: dict[Any, Any] = field(default_factory=dict)
    _look: Any = None

    def cursor(self) -> Any:
        """What a step's statements are run on."""
        return self.prepared or self.driver.cursor()

    def closed_by_the_server(self) -> bool:
        """Whether PostgreSQL has ended it, at a restart say: else an idle server has nothing to say."""
        if self._look is None:
            self._look = select.poll()
            self._look.register(self.driver.fileno(), select.POLLIN)
        return bool(self._look.poll(0))


class Lanes:
    """The connections of one engine that nobody uses just now."""

    def __init__(self, engine: Engine) -> None:
        self.sqlite = engine.dialect.name == "sqlite"
        self.database = engine.url.database
        self.refused: type[Exception] = engine.dialect.loaded_dbapi.IntegrityError
        self._engine = engine
        self._free: deque[Lane] = deque()
        self._process = os.getpid()
        self._inherited: deque[Lane] | None = None
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def take(self) -> Lane:
        """One that was given back, or a new one."""
        self._after_a_fork()
        while self._free:
            with suppress(IndexError):  # another thread was faster
                lane = self._free.pop()
                if self.sqlite or not lane.closed_by_the_server():
                    return lane
                self.drop(lane)
        return self._opened()

    def give_back(self, lane: Lane) -> None:
        """Keep it for the next step; its transaction has ended."""
        if len(self._free) < MOST:
            self._free.append(lane)
        else:
            self.drop(lane)

    def drop(self, lane: Lane) -> None:
        """Close one that is not fit to be used again; the database undoes what it had not committed."""
        with suppress(Exception):  # broken already: that is why it is dropped
            lane.driver.close()

    def close(self) -> None:
        """Close all that nobody uses."""
        self._after_a_fork()
        while self._free:
            with suppress(IndexError):
                self.drop(self._free.pop())

    def _opened(self) -> Lane:
        borrowed = self._engine.raw_connection()
        driver: Any = borrowed.driver_connection
        borrowed.detach()
        if self.sqlite:
            return Lane(driver)
        driver.autocommit = True
        return Lane(driver, Prepared(driver))

    def _after_a_fork(self) -> None:
        """The child opens its own: two processes that talk on one connection would destroy both talks."""
        if self._process != os.getpid():
            # Not closed, not even forgotten: closing would end the parent's.
            self._inherited, self._free, self._process = self._free, deque(), os.getpid()


_OF: WeakKeyDictionary[Engine, Lanes] = WeakKeyDictionary()


def make(engine: Engine) -> None:
    """Make the lanes of a new engine."""
    _OF[engine] = Lanes(engine)


def of(engine: Engine) -> Lanes:
    """The lanes of an engine."""
    return _OF[engine]
