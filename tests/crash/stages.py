"""An office whose whole state can be kept under a name and put back, on either database."""

import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import makers
import psycopg
from flask import Flask
from sqlalchemy import Engine, Select, Table, select, text
from sqlalchemy.orm import Session

from mediation.app import create_app
from mediation.services import audit_files
from mediation.services.audit import findings
from mediation.services.offices import Office
from mediation.services.opening import make_ready
from mediation.store import db as store
from mediation.store.models import Base

COUNTED = frozenset({"entries", "ledger", "outbox", "jobs"})
"""Tables whose rows get a number of their own from a sequence: an undone step leaves a gap in it."""


class Stage(ABC):
    """An application whose database file can be kept and put back while nobody has it open."""

    def __init__(self, url: str, instance: Path) -> None:
        self.url = url
        settings = {"TESTING": True, "WTF_CSRF_ENABLED": False, "MIGRATE": False, "DATABASE_URL": url}
        self.app: Flask = create_app(instance, **settings)
        self.office: Office = self.app.extensions["office"]
        with self.app.app_context():
            self.engine: Engine = store.db.engine

    @contextmanager
    def work(self) -> Iterator[Session]:
        """One transaction, as the services are given it."""
        with self.app.app_context(), store.transaction() as session:
            yield session

    def open(self) -> None:
        """Make the books ready and keep that as "empty"."""
        make_ready(self.work, makers.MONDAY)
        self.keep("empty")

    def leave(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, without the numbers that a server does not give twice."""
        with self.work() as session:
            return {
                table.name: sorted((tuple(row) for row in session.execute(self._said(table))), key=repr)
                for table in Base.metadata.sorted_tables
            }

    def _said(self, table: Table) -> Select[Any]:
        counted = table.name in COUNTED and self.engine.dialect.name != "sqlite"
        return select(*(column for column in table.columns if not (counted and column.name == "id")))

    def faults(self) -> list[str]:
        """Whatever does not add up: log, ledger, totals, papers, and the file itself."""
        with self.work() as session:
            found = [*findings(session, self.office.catalogue), *audit_files.findings(session, self.office)]
            return found + self._damage(session)

    @abstractmethod
    def keep(self, name: str) -> None:
        """Remember the whole state under a name."""

    @abstractmethod
    def restore(self, name: str) -> None:
        """Put a remembered state back."""

    def _damage(self, _session: Session) -> list[str]:
        return []

    def _forget_papers(self) -> None:
        shutil.rmtree(self.office.papers, ignore_errors=True)


class SqliteStage(Stage):
    """Copies of the file."""

    def __init__(self, place: Path, instance: Path) -> None:
        super().__init__(f"sqlite:///{place}", instance)
        self._place = place

    def keep(self, name: str) -> None:
        self.leave()
        beside = self._place.with_name(f"{self._place.name}-wal")
        assert not beside.exists() or not beside.stat().st_size, "somebody has it open"
        shutil.copyfile(self._place, self._place.with_suffix(f".{name}"))

    def restore(self, name: str) -> None:
        self.leave()
        for end in ("-wal", "-shm", "-journal"):
            self._place.with_name(self._place.name + end).unlink(missing_ok=True)
        shutil.copyfile(self._place.with_suffix(f".{name}"), self._place)
        self._forget_papers()

    def _damage(self, _session: Session) -> list[str]:
        said = [*_session.scalars(text("PRAGMA integrity_check"))]
        strays = _session.execute(text("PRAGMA foreign_key_check")).all()
        return [one for one in said if one != "ok"] + [f"stray row: {row}" for row in strays]


class PostgresqlStage(Stage):
    """Databases made from one another."""

    def __init__(self, server: str, url: str, name: str, instance: Path) -> None:
        super().__init__(url, instance)
        self._server, self._name = server, name
        self._kept: set[str] = set()

    def keep(self, name: str) -> None:
        self.leave()
        self._gone()
        self._run(f"DROP DATABASE IF EXISTS {self._name}_{name}")
        self._run(f"CREATE DATABASE {self._name}_{name} TEMPLATE {self._name}")
        self._kept.add(name)

    def restore(self, name: str) -> None:
        self.leave()
        self._run(f"DROP DATABASE {self._name} WITH (FORCE)")
        self._run(f"CREATE DATABASE {self._name} TEMPLATE {self._name}_{name}")
        self._forget_papers()

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        self.leave()
        self._gone()  # a commit that was sent may still be on its way
        return super().rows()

    def close(self) -> None:
        """Drop what was kept."""
        self.leave()
        for name in self._kept:
            self._run(f"DROP DATABASE {self._name}_{name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)

    def _gone(self) -> None:
        """Wait until the server has noticed that whoever was connected is dead."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(self._server, autocommit=True) as connection:
            for _ in range(1_000):
                if connection.execute(query, (self._name,)).fetchone() == (0,):
                    return
                time.sleep(0.01)
        raise AssertionError("a connection of a dead process is still open")
