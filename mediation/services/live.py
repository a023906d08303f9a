"""News of the rooms to everybody who watches one: read once in each process, handed on in memory.

One thread listens for commits.  At each it looks how far every talk has come, reads what is new and
gives it to all who watch that case, with the pulse that the case had then: each of them judges for
himself whether he may still see it, and opens what he has the key for.
"""

import logging
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mediation.services import pulses
from mediation.services.pulses import Heads, Pulse
from mediation.store import wakeups
from mediation.store.models import Message
from mediation.store.wakeups import Wakeups

GLANCE = 0.25
"""Seconds at most until those who watch hear that anything but a message is new."""
TOGETHER = 0.01
"""Seconds for which what comes at about the same time is waited for, and looked at together."""
AGAIN = 1.0
"""Seconds until it is tried again where the database could not be asked."""
_log = logging.getLogger(__name__)


class Closing(Exception):
    """This process serves nobody any more: whoever watches comes back to another."""


class Full(Exception):
    """As many watch as this process can serve."""


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a case: what was said, and the pulse at that moment.

    `pulse` is None where the case is not there to be seen.
    """

    pulse: Pulse | None
    said: tuple[Message, ...] = ()


class Watcher:
    """Somebody who watches the rooms of one case."""

    def __init__(self, case_id: int) -> None:
        self.case_id = case_id
        self._news: SimpleQueue[News | None] = SimpleQueue()

    def next(self, seconds: float) -> News | None:
        """The next news, None if there is none for so long.  Raises Closing."""
        try:
            found = self._news.get(timeout=max(0.0, seconds))
        except Empty:
            return None
        if found is None:
            raise Closing
        return found

    def tell(self, news: News | None) -> None:
        """Hand him news; None for the end."""
        self._news.put(news)


@dataclass(slots=True)
class _Watched:
    """A case that somebody watches, and what those who do have been told."""

    heads: Heads
    pulse: Pulse | None = None
    watchers: list[Watcher] = field(default_factory=list)


class Live:
    """All who watch in this process."""

    def __init__(self, engine: Engine, most: int) -> None:
        self._engine = engine
        self._most = most
        self._cases: dict[int, _Watched] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = False

    def watch(self, case_id: int) -> Watcher:
        """Begin to watch a case: whatever is committed from now on is told.  Raises Full, Closing."""
        with Session(self._engine) as session:
            heads = pulses.heads(session, [case_id])[case_id]
        watcher = Watcher(case_id)
        with self._lock:
            if self._closing:
                raise Closing
            if sum(len(one.watchers) for one in self._cases.values()) >= self._most:
                raise Full
            self._cases.setdefault(case_id, _Watched(heads)).watchers.append(watcher)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()
        return watcher

    def leave(self, watcher: Watcher) -> None:
        """Watch no more."""
        with self._lock, suppress(KeyError, ValueError):
            watched = self._cases[watcher.case_id]
            watched.watchers.remove(watcher)
            if not watched.watchers:
                del self._cases[watcher.case_id]

    def close(self) -> None:
        """This process ends: nobody watches here any more."""
        with self._lock:
            self._closing = True
            for watched in self._cases.values():
                for watcher in watched.watchers:
                    watcher.tell(None)
            self._cases.clear()

    def _run(self) -> None:
        while self._needed():
            try:
                self._listen()
            except Exception:
                # A database that is away for a moment comes back; nobody who watches need notice.
                _log.exception("the rooms could not be watched; it is tried again")
                time.sleep(AGAIN)

    def _listen(self) -> None:
        heard = wakeups.listen(self._engine)
        try:
            # What was committed before anybody listened here is found by the first look.
            self._look(self._cases_now())
            self._follow(heard)
        finally:
            with suppress(Exception):
                heard.close()

    def _follow(self, heard: Wakeups) -> None:
        glanced = time.monotonic()
        while cases := self._cases_now():
            said = heard.wait(max(0.0, glanced + GLANCE - time.monotonic()))
            if said:
                time.sleep(TOGETHER)
                self._look_for_words(cases)
            if time.monotonic() >= glanced + GLANCE:
                self._look(cases)
                glanced = time.monotonic()

    def _needed(self) -> bool:
        with self._lock:
            if not self._cases:
                # Under the lock: whoever comes next starts another thread.
                self._thread = None
            return bool(self._cases)

    def _cases_now(self) -> Collection[int]:
        with self._lock:
            return list(self._cases)

    def _look_for_words(self, cases: Collection[int]) -> None:
        with Session(self._engine) as session:
            new = {
                case: found
                for case, heads in pulses.heads(session, cases).items()
                if (found := self._said(session, case, heads))
            }
            # Read after the words: whoever lost his place before they were said is not told them.
            current = pulses.pulses(session, list(new)) if new else {}
            session.expunge_all()
        for case, said in new.items():
            self._tell(case, current.get(case), said)

    def _said(self, session: Session, case: int, heads: Heads) -> tuple[Message, ...]:
        with self._lock:
            watched = self._cases.get(case)
        if watched is None:
            return ()
        found: list[Message] = []
        for audience, last in heads.items():
            known = watched.heads.get(audience, 0)
            if last > known and (new := pulses.messages(session, case, audience, known)):
                watched.heads[audience] = new[-1].number
                found.extend(new)
        return tuple(sorted(found, key=lambda message: message.id))

    def _look(self, cases: Collection[int]) -> None:
        self._look_for_words(cases)
        with Session(self._engine) as session:
            current = pulses.pulses(session, cases)
        for case in cases:
            self._tell(case, current.get(case), ())

    def _tell(self, case: int, pulse: Pulse | None, said: tuple[Message, ...]) -> None:
        with self._lock:
            watched = self._cases.get(case)
            if watched is None or (not said and watched.pulse == pulse):
                return
            watched.pulse = pulse
            watchers = list(watched.watchers)
        news = News(pulse, said)
        for watcher in watchers:
            watcher.tell(news)
