"""The database: how it is opened, and the one place where work is committed."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.orm import Session

from mediation.store.models import Base
from mediation.store.sqlite import dbapi, pragmas, warn_if_slow

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
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}


def prepare(engine: Engine) -> None:
    """Attach what SQLite needs on every connection; PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite":
        return
    warn_if_slow()

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: it would do so after the first read.
        connection.isolation_level = None
        for pragma in pragmas():
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        mode = connection.get_execution_options().get("begin", "deferred")
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"BEGIN {mode}")


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
    """Do `work` in a transaction; from the beginning, a few times, if the database gave it up for another.

    Our locks are taken in one order, so this should never happen: nobody's click is lost if it does.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction() as session:
                return work(session)
        except Exception as error:
            if not tries_left or _state(error) not in GIVEN_UP:
                raise
        time.sleep(random.uniform(0.01, 0.1))  # noqa: S311 - to step aside, no secret
    raise AssertionError("the last try has returned or raised")


def _state(error: Exception) -> str | None:
    """The SQLSTATE of a database error, wrapped by SQLAlchemy or as the driver raised it."""
    return getattr(getattr(error, "orig", error), "sqlstate", None)
