"""A real server of four processes on each database, and the same database to look into."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from arena import House
from racing import Server

from mediation.app import create_app
from mediation.services.opening import make_ready
from mediation.store import db as store


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    place = tmp_path_factory.mktemp(f"races-{request.param}")
    with _database(request, place) as url:
        app = create_app(place / "instance", DATABASE_URL=url, MIGRATE=False)
        with app.app_context():
            make_ready(store.transaction, datetime.now(UTC))
        server = Server(place / "instance", url)
        server.start()
        try:
            yield House(app, server, request.param)
        finally:
            server.stop()
            with app.app_context():
                store.db.engine.dispose()


@contextmanager
def _database(request: pytest.FixtureRequest, place: Path) -> Iterator[str]:
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), place / "mediation.sqlite")
        yield f"sqlite:///{place / 'mediation.sqlite'}"
        return
    copy: Callable[[], AbstractContextManager[str]] = request.getfixturevalue("postgresql_copy")
    with copy() as url:
        yield url
