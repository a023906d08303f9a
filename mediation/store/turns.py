"""Writers of one SQLite file queue for it instead of asking again and again.

SQLite lets one transaction write.  Another asks, sleeps up to a tenth of a second and asks again, so
that with eight processes some ask for half a second while others come and go.  Here each writer first
takes a lock on a file beside the database, which the kernel hands on at once, to whoever has waited.
SQLite's own lock still decides: who writes without queueing, a tool say, is waited for as ever.
"""

import fcntl
import os
from threading import get_ident
from typing import Any

_FILE, _MINE = "turn", "writes"
_writing: set[tuple[int, str]] = set()
"""Threads, and the database that each writes to."""


class _Stile:
    """The file on which the turns of one connection are taken; closed with it, or with the last use of it."""

    def __init__(self, database: str) -> None:
        self._file = os.open(f"{database}-turn", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def fileno(self) -> int:
        return self._file

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    __del__ = close


class Nested(RuntimeError):
    """A thread that writes would wait for itself."""


def take(info: dict[Any, Any], database: str | None) -> None:
    """Wait for our turn to write to the file at `database`, with the connection that `info` is of.

    Raises Nested if this thread has a transaction that writes.
    """
    if not database or database == ":memory:":
        return
    mine = get_ident(), database
    if mine in _writing:
        raise Nested("a transaction within a transaction of the same thread")
    if _FILE not in info:
        info[_FILE] = _Stile(database)
    fcntl.flock(info[_FILE], fcntl.LOCK_EX)
    info[_MINE] = mine
    _writing.add(mine)


def give_back(info: dict[Any, Any]) -> None:
    """Let the next one write, if it was our turn.  The kernel does it for a process that dies."""
    mine = info.pop(_MINE, None)
    if mine:
        _writing.discard(mine)
        fcntl.flock(info[_FILE], fcntl.LOCK_UN)


def leave(info: dict[Any, Any]) -> None:
    """Close the file, with the connection."""
    give_back(info)
    if _FILE in info:
        info.pop(_FILE).close()
