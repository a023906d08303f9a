"""While a release rolls out, old and new programs share a database.

The rule is in docs/decisions/0017-expand-and-contract.md.
"""

import re
import threading
import time
from configparser import ConfigParser
from datetime import UTC, datetime
from pathlib import Path

import makers
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, inspect, text

from mediation.app import create_app
from mediation.services.audit import findings
from mediation.services.opening import make_ready
from mediation.store import db as store
from mediation.store import migrating
from mediation.store.models import Base

NEXT = "9999"
SCRIPTS = list(ScriptDirectory(str(migrating.FOLDER)).walk_revisions())[::-1]
REVISIONS = [script.revision for script in SCRIPTS]
SETUP = Path(__file__).parents[2] / "setup.cfg"

EXPANDING = (
    r"CREATE TABLE ",
    r"CREATE INDEX ",
    r"CREATE (CONSTRAINT )?TRIGGER ",
    r"CREATE FUNCTION ",
    r"ALTER TABLE \w+ ADD COLUMN ",
    r"INSERT (OR IGNORE )?INTO (?P<table>\w+)",
    r"UPDATE alembic_version ",
    r"SELECT |PRAGMA ",
)
"""What a program that knows nothing of it can live with."""


@pytest.fixture
def database(empty_database_url):
    engine = create_engine(
        store.url_in(Path(), empty_database_url), **store.engine_options(empty_database_url)
    )
    store.prepare(engine)
    yield engine
    engine.dispose()


def expand(engine):
    """The most that the next release may do to every table, and its number, which this program has not."""
    with engine.begin() as connection:
        for table in sorted(inspect(connection).get_table_names()):
            if table == "alembic_version":
                continue
            connection.execute(text(f"ALTER TABLE {table} ADD COLUMN new_nullable VARCHAR"))
            connection.execute(
                text(f"ALTER TABLE {table} ADD COLUMN new_with_default VARCHAR DEFAULT 'x' NOT NULL")
            )
            connection.execute(text(f"CREATE INDEX new_index_{table} ON {table} (new_nullable)"))
        connection.execute(text("CREATE TABLE new_table (id INTEGER PRIMARY KEY, case_id INTEGER)"))
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{NEXT}'"))


def contracted(engine, number):
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO sequences (name, last) VALUES ('{migrating.FLOOR}', {number})"))


def start(instance, url, **settings):
    """Start the program; what its start has opened is closed again."""
    app = create_app(instance, DATABASE_URL=url, WTF_CSRF_ENABLED=False, TESTING=True, **settings)
    with app.app_context():
        store.db.engine.dispose()
    return app


@pytest.mark.parametrize("migrate", [True, False])
def test_this_program_works_on_what_the_next_release_has_expanded(
    database, empty_database_url, instance, migrate
):
    """Cases from filing to the end, pages, papers, texts and the audit, on a database ahead of us."""
    migrating.upgrade(database)
    expand(database)
    app = start(instance, empty_database_url, MIGRATE=migrate)
    office = app.extensions["office"]
    with app.app_context():
        make_ready(store.transaction, makers.MONDAY)
        with store.transaction() as session:
            for state in ("submitted", "performing", "performed", "withdrawn"):
                makers.make_case(session, office, state=state, workers=2)
        from mediation.services import afterwards, totals

        afterwards.settle(store.transaction, office, datetime.now(UTC))
        totals.fold_hot(store.transaction)
        with store.transaction() as session:
            assert list(findings(session, office.catalogue)) == []
            assert totals.now(session, makers.MONDAY.date()).settled_cases == 2
        for page in ("/", "/totals", "/apply"):
            assert app.test_client().get(page).status_code in (200, 302, 404), page
        store.db.session.remove()
        store.db.engine.dispose()
    with database.connect() as connection:
        assert migrating.found_revision(connection) == NEXT, "an older program changes nothing of it"


@pytest.mark.parametrize("migrate", [True, False])
def test_a_program_that_knows_less_than_was_taken_away_does_not_start(
    database, empty_database_url, instance, migrate
):
    migrating.upgrade(database)
    expand(database)
    contracted(database, 9998)
    with pytest.raises(
        migrating.WrongSchema, match=r"contracted by migration 9998 .* start the newer program"
    ):
        start(instance, empty_database_url, MIGRATE=migrate)


def test_what_was_taken_away_long_ago_hinders_nobody(database, empty_database_url, instance):
    migrating.upgrade(database)
    expand(database)
    contracted(database, int(migrating.head()))
    start(instance, empty_database_url, MIGRATE=False)


@pytest.mark.parametrize("revision", [None, *REVISIONS[:-1]])
def test_a_program_that_may_not_migrate_does_not_start_on_an_older_database(
    database, empty_database_url, instance, revision
):
    if revision:
        migrating.upgrade(database, revision)
    sentence = (
        rf"at {revision or 'no version'} and this program needs {REVISIONS[-1]}: run `mediation migrate`"
    )
    with pytest.raises(migrating.WrongSchema, match=sentence):
        start(instance, empty_database_url, MIGRATE=False)
    with database.connect() as connection:
        assert migrating.found_revision(connection) == revision
    for migrate in (True, False):
        start(instance, empty_database_url, MIGRATE=migrate)


def test_what_was_contracted_is_written_down_and_forgotten_on_the_way_down(database, monkeypatch):
    monkeypatch.setattr(migrating, "contracting", lambda script: script.revision == "0003")
    floor = text(f"SELECT last FROM sequences WHERE name = '{migrating.FLOOR}'")
    migrating.upgrade(database, "0002")
    with database.connect() as connection:
        assert connection.scalar(floor) is None
    migrating.upgrade(database)
    with database.connect() as connection:
        assert connection.scalar(floor) == 3
    migrating.downgrade(database, "0002")
    with database.connect() as connection:
        assert connection.scalar(floor) is None


# --- the rule for whoever writes a migration -----------------------------------------------------------


def statements(engine, revision):
    """What a migration sends to the database that has come as far as the one before it."""
    sent = []
    script = next(script for script in SCRIPTS if script.revision == revision)
    if script.down_revision:
        migrating.upgrade(engine, str(script.down_revision))

    def hear(_connection, _cursor, statement, *_rest):
        sent.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", hear)
    migrating.upgrade(engine, revision)
    event.remove(engine, "before_cursor_execute", hear)
    return sent


def beyond_expanding(sent):
    """The statements that an older program might not survive."""
    made = {found[1] for one in sent if (found := re.match(r"CREATE TABLE (\w+)", one))}
    bookkeeping = {"alembic_version", "sequences"}
    wrong = []
    for one in sent:
        if one.startswith("DELETE FROM sequences WHERE name"):
            continue  # the floor, see migrating.py
        fits = next((found for rule in EXPANDING if (found := re.match(rule, one, re.IGNORECASE))), None)
        written = fits.groupdict().get("table") if fits else None
        demanding = re.match(r"ALTER TABLE .* NOT NULL", one) and " DEFAULT " not in one
        if fits is None or demanding or (written and written not in made | bookkeeping):
            wrong.append(one)
    return wrong


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.revision)
def test_a_migration_only_expands_unless_it_says_what_release_no_longer_needs_it(database, script):
    wrong = beyond_expanding(statements(database, script.revision))
    if migrating.contracting(script):
        setup = ConfigParser()
        setup.read(SETUP, "utf-8")
        done = script.module.unused_since
        assert numbers(done) < numbers(setup["metadata"]["version"]), (
            "what is taken away must be unused since a release before this one"
        )
    else:
        assert wrong == []


def numbers(version):
    return tuple(int(part) for part in version.split("."))


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE cases",
        "ALTER TABLE cases DROP COLUMN story",
        "ALTER TABLE cases RENAME COLUMN story TO matter",
        "ALTER TABLE cases ALTER COLUMN story TYPE text",
        "ALTER TABLE cases ADD COLUMN x VARCHAR NOT NULL",
        "ALTER TABLE cases ADD CONSTRAINT c CHECK (revision > 0)",
        "CREATE UNIQUE INDEX i ON cases (story)",
        "UPDATE cases SET story = ''",
        "DELETE FROM cases",
        "INSERT INTO cases (id) VALUES (1)",
    ],
)
def test_the_rule_sees_what_an_older_program_would_not_survive(statement):
    assert beyond_expanding(["CREATE TABLE t (id INTEGER)", statement]) == [statement]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE cases ADD COLUMN x VARCHAR",
        "ALTER TABLE cases ADD COLUMN x VARCHAR DEFAULT '' NOT NULL",
        "CREATE INDEX i ON cases (story)",
        "INSERT INTO t (id) VALUES (1)",
    ],
)
def test_the_rule_lets_through_what_it_survives(statement):
    assert beyond_expanding(["CREATE TABLE t (id INTEGER)", statement]) == []


# --- a busy database -----------------------------------------------------------------------------------


@pytest.fixture
def busy(database, database_kind):
    if database_kind == "sqlite":
        pytest.skip("one writer at a time: its lock is waited for")
    migrating.upgrade(database, "0003")
    return database


def test_a_migration_gives_up_a_table_in_use_rather_than_stop_everybody(busy, monkeypatch):
    monkeypatch.setattr(migrating, "TRIES", 2)
    monkeypatch.setattr(migrating, "BETWEEN", 0)
    with busy.connect() as reader:
        reader.execute(text("SELECT * FROM entries"))  # and does not end its transaction
        begun = time.monotonic()
        with pytest.raises(Exception, match="lock timeout"):
            migrating.upgrade(busy)
        assert 5 < time.monotonic() - begun < 15
    with busy.connect() as connection:
        assert migrating.found_revision(connection) == "0003"
    migrating.upgrade(busy)


def test_a_migration_tries_again_until_the_table_is_free(busy):
    reader = busy.connect()
    reader.execute(text("SELECT * FROM entries"))
    threading.Timer(4, reader.close).start()
    migrating.upgrade(busy)
    assert set(Base.metadata.tables) <= set(inspect(busy).get_table_names())
