"""A child of this process that kills itself at a chosen point of a piece of work.

The points are what the work does to the database and to the disk: before every statement, BEGIN and
COMMIT among them, before every call that makes, syncs, renames or links a file, and at the end, when
everything is committed and nobody has been told.  The hooks sit in the driver and in `os`.
"""

import os
import signal
import time
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from mediation.store.prepared import Prepared
from mediation.store.prepared import _spelled as spelled

PATIENCE = 60
"""Seconds that a child may take; one that hangs is a failure and no crash."""


class Points:
    """Counts the points passed and ends this process at the fatal one."""

    def __init__(self, fatal: int) -> None:
        self._left = fatal

    def __call__(self) -> bool:
        """Pass a point; True if it is the last but for what the caller does before he calls `die`."""
        self._left -= 1
        return self._left == 0

    def pass_or_die(self, *_args: Any) -> None:
        if self():
            die()


def die() -> None:
    """No handler, no buffer and no `finally` runs after this."""
    os.kill(os.getpid(), signal.SIGKILL)


def survives(fatal: int, engine: Engine, work: Callable[[], Any]) -> bool:
    """Do the work in a child that dies at its point number `fatal`; whether it came to its end alive.

    No connection of `engine` may be open: neither SQLite nor libpq can be carried over a fork.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pytest-xdist has a thread; the child needs none
        child = os.fork()
    if child == 0:
        status = 1
        try:
            points = Points(fatal)
            watch(engine, points)
            work()
            points.pass_or_die()
            status = 0
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(status)  # never back into pytest
    return _ended(child)


def _ended(child: int) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
                return False
            assert os.waitstatus_to_exitcode(status) == 0, "the work failed for another reason than its death"
            return True
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise AssertionError("the child hangs")


def watch(engine: Engine, points: Points) -> None:
    """Make every statement on new connections of `engine`, and every change of files, a point."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _: driver.set_trace_callback(points.pass_or_die))
    else:
        _watch_postgresql(engine, points)
    for name in ("fsync", "replace", "rename", "mkdir", "link", "unlink"):
        setattr(os, name, _counted(getattr(os, name), points))


def _watch_postgresql(engine: Engine, points: Points) -> None:
    class Counting(psycopg.Cursor[Any]):
        def execute(self, *args: Any, **kwargs: Any) -> Any:
            points.pass_or_die()
            return super().execute(*args, **kwargs)

    class CountingRaw(psycopg.RawCursor[Any]):  # on which a step in a session is written
        def execute(self, *args: Any, **kwargs: Any) -> Any:
            points.pass_or_die()
            return super().execute(*args, **kwargs)

    psycopg.RawCursor = CountingRaw  # type: ignore[misc] - for as long as this process lives
    run = Prepared.execute

    def of_its_own(prepared: Any, statement: str, values: Any) -> None:
        """A statement that is a transaction: not sent, or sent and nobody there for the answer."""
        points.pass_or_die()
        if points():
            name = prepared._names.get(statement) or prepared._prepare(statement, values)
            prepared._connection.send_query_prepared(name, [spelled(one) for one in values])
            prepared._connection.flush()
            die()
        run(prepared, statement, values)

    Prepared.execute = of_its_own  # type: ignore[method-assign] - the same

    def connected(driver: Any, _record: Any) -> None:
        driver.cursor_factory = Counting

    def committing(connection: Any) -> None:
        points.pass_or_die()
        if points():  # sent, and nobody there for the answer
            pipe = connection.connection.dbapi_connection.pgconn
            pipe.send_query(b"COMMIT")
            pipe.flush()
            die()

    event.listen(engine, "connect", connected)
    event.listen(engine, "commit", committing)


def _counted(function: Callable[..., Any], points: Points) -> Callable[..., Any]:
    def counted(*args: Any, **kwargs: Any) -> Any:
        points.pass_or_die()
        return function(*args, **kwargs)

    return counted
