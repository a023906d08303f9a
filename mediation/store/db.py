"""The database: how it is opened, and the one place where work is committed."""

import random
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from mediation.store import lanes, turns
from mediation.store.disks import warn_if_remote
from mediation.store.lanes import Lane, Lanes
from mediation.store.models import Base
from mediation.store.sqlite import dbapi, pragmas, warn_if_slow
from mediation.store.steps import Sheet

db = SQLAlchemy(model_class=Base, session_options={"autoflush": False})

T = TypeVar("T")

TRIES = 3
GIVEN_UP = ("40001", "40P01")
"""What PostgreSQL says to a transaction that it undid for another's sake: serialization, deadlock."""

WRITE = {"begin": "immediate"}
"""Execution option of a transaction that will write: SQLite must take its lock at once, because a
reader that turns writer is refused when somebody else has written in between."""


def url_in(instance: Path, given: str | None) -> str:
    """The database URL: the one given, with PostgreSQL spelled for psycopg 3, or SQLite in `instance`."""
    if not given:
        return f"sqlite:///{instance / 'mediation.sqlite'}"
    url = make_url(given)
    if url.get_backend_name() in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return given


def engine_options(url: str) -> dict[str, Any]:
    """Options for the engine of `url`."""
    if url.startswith("sqlite"):
        return {"module": dbapi(), "connect_args": {"timeout": 30, "check_same_thread": False}}
    # Whatever the server keeps its texts in: a step sends and reads them in UTF-8.
    return {"pool_size": 10, "max_overflow": 10, "connect_args": {"client_encoding": "UTF8"}}


def prepare(engine: Engine) -> None:
    """Attach what each database needs on every connection."""
    lanes.make(engine)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        event.listen(engine, "checkout", _refuse_closed)


def _refuse_closed(connection: Any, _record: Any, _borrowed: Any) -> None:
    """Make the pool open another connection if the server has closed this one, at a restart say.

    A server has nothing to say between two transactions but that it goes: a look at the socket tells
    that, where asking the server (`pool_pre_ping`) would cost every transaction a trip.
    """
    look = select.poll()
    look.register(connection.fileno(), select.POLLIN)
    if look.poll(0):
        raise DisconnectionError


def _prepare_sqlite(engine: Engine) -> None:
    warn_if_slow()
    warn_if_remote(engine.url.database)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: it would do so after the first read.
        connection.isolation_level = None
        for pragma in pragmas():
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        if connection.get_execution_options().get("begin") == "immediate":
            _begin(connection.connection, engine)
        else:
            cast(Any, connection.connection.dbapi_connection).execute("BEGIN DEFERRED")

    @event.listens_for(engine, "checkin")
    def _given_back(_connection: Any, record: ConnectionPoolEntry) -> None:
        turns.give_back(record.info)

    @event.listens_for(engine, "close")
    def _closed(_connection: Any, record: ConnectionPoolEntry) -> None:
        turns.leave(record.info)


def _begin(borrowed: PoolProxiedConnection, engine: Engine) -> None:
    """Begin to write to SQLite when it is our turn, which ends when the pool has the connection back."""
    turns.take(borrowed.info, engine.url.database)
    cast(Any, borrowed.dbapi_connection).execute("BEGIN IMMEDIATE")


@contextmanager
def transaction() -> Iterator[Session]:
    """One piece of work: committed at the end of the block, undone by any exception."""
    session = db.session()
    # What the request has read so far was another snapshot; a writer begins with its own.
    session.rollback()
    session.connection(execution_options=WRITE)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


class Taken(Exception):
    """A row was refused because another has its key; nothing is written."""


@contextmanager
def alone() -> Iterator[Sheet]:
    """One step as a transaction of its own, committed at the end of the block, on a connection of the driver.

    A session and its connection would cost a step more than deciding and writing it.  On PostgreSQL
    the one statement that writes is the transaction, which saves two more trips.  Raises Taken.
    """
    ours = lanes.of(db.engine)
    lane = ours.take()
    try:
        if ours.sqlite:
            turns.take(lane.info, ours.database)
            lane.driver.execute("BEGIN IMMEDIATE")
        yield Sheet(lane.cursor(), sqlite=ours.sqlite, alone=True)
        if ours.sqlite:
            lane.driver.commit()
    except BaseException as error:
        _undone(ours, lane)
        if isinstance(error, ours.refused):
            raise Taken from error
        raise
    turns.give_back(lane.info)
    ours.give_back(lane)


def _undone(ours: Lanes, lane: Lane) -> None:
    """Undo what a step that came to no good end had begun to write."""
    try:
        lane.driver.rollback()
    except Exception:
        ours.drop(lane)
        turns.give_back(lane.info)
    else:
        turns.give_back(lane.info)
        ours.give_back(lane)


@contextmanager
def reading() -> Iterator[Session]:
    """A look at the database as it is at one moment, while others go on writing; nothing is kept of it."""
    session = db.session()
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        # Else each statement would see what was committed a moment later than the one before.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield session
    finally:
        session.rollback()


def patiently(work: Callable[[Session], T]) -> T:
    """Do `work` in a transaction; from the beginning if the database gave it up for another."""

    def once() -> T:
        with transaction() as session:
            return work(session)

    return insisting(once)


def insisting(work: Callable[[], T]) -> T:
    """Do `work`, which is a transaction; a few times, if the database gave it up for another.

    Our locks are taken in one order, so this should never happen: nobody's click is lost if it does.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            return work()
        except Exception as error:
            if not tries_left or _state(error) not in GIVEN_UP:
                raise
        time.sleep(random.uniform(0.01, 0.1))  # noqa: S311 - to step aside, no secret
    raise AssertionError("the last try has returned or raised")


def _state(error: Exception) -> str | None:
    """The SQLSTATE of a database error, wrapped by SQLAlchemy or as the driver raised it."""
    return getattr(getattr(error, "orig", error), "sqlstate", None)
