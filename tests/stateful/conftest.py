"""Starts that cost little: these days begin and restart thousands of times."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from house import Begin, House
from sqlalchemy import Engine

import mediation.app
from mediation.domain.rules import registry
from mediation.engine.catalogue import gather
from mediation.resources import folder
from mediation.services import papers
from mediation.store import db as store


@pytest.fixture(autouse=True)
def _a_start_is_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are read once, and what nothing here asks is left out: the pages, the version of the tables.

    The engine stays for what it knows by heart, how statements are spelled; its connections do not.
    Nothing waits for the disk: there are no power cuts here (`tests/crash` has them).
    """
    charts = gather(folder("workflows"), registry())
    monkeypatch.setattr(mediation.app, "gather", lambda *_: charts)
    monkeypatch.setattr(mediation.app.pages, "register", _pages)
    monkeypatch.setattr(mediation.app.migrating, "check", lambda _engine: None)
    monkeypatch.setattr(mediation.app, "prepare", lambda _engine: None)
    usual = store.pragmas()
    monkeypatch.setattr(store, "pragmas", lambda: (*usual, "synchronous=OFF"))
    engines: dict[Any, Engine] = {}
    make = store.db._make_engine

    def kept(key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        url = options["url"]
        if url not in engines:
            engines[url] = make(key, options, app)
            store.prepare(engines[url])
        return engines[url]

    monkeypatch.setattr(store.db, "_make_engine", kept)


def _pages(app: Flask) -> None:
    app.extensions["clock"] = lambda: datetime.now(UTC)


@pytest.fixture(autouse=True)
def _papers_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper takes a second: here it is what it would say, as text."""
    monkeypatch.setattr(papers, "printed", lambda plan, _office: repr(plan.paper).encode())


@pytest.fixture
def begin(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Begin]:
    """An office on an empty database of its own, as often as it is called; the one before is gone then."""
    if database_kind == "postgresql":
        names = [request.getfixturevalue(name) for name in ("postgresql", "postgresql_template")]
        database = _on_postgresql(*names)
    else:
        database = _on_sqlite(request.getfixturevalue("sqlite_template"), tmp_path / "databases")
    with ExitStack() as stack:

        def made() -> House:
            stack.close()  # the office of the example before
            house = House(stack.enter_context(database()), tmp_path / "instance")
            stack.callback(shutil.rmtree, tmp_path / "instance")
            stack.callback(house.end)
            return house

        yield made


def _on_sqlite(template: Path, place: Path) -> Callable[[], Any]:
    @contextmanager
    def database() -> Iterator[str]:
        place.mkdir()
        shutil.copyfile(template, place / "mediation.sqlite")
        yield f"sqlite:///{place / 'mediation.sqlite'}"
        shutil.rmtree(place)

    return database


def _on_postgresql(server: str, template: str) -> Callable[[], Any]:
    """Always of the same name: the engine that is kept has to find it."""
    name = f"{template}_days"

    @contextmanager
    def database() -> Iterator[str]:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
            yield server.replace("/postgres?", f"/{name}?")
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    return database
