"""Tables come and go by migrations, from any number of processes, and are those of the models."""

import subprocess
import sys
from pathlib import Path

import makers
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from mediation.store import db as store
from mediation.store import migrating
from mediation.store.models import Base

KEPT = {
    "entries",
    "ledger",
    "papers",
    "messages",
    "talks",
    "stops",
    "leaves",
    "anchors",
    "deliveries",
    "security_events",
    "mail_addresses",
    "contacts",
    "contact_events",
    "interests",
}


@pytest.fixture
def database(empty_database_url):
    """An engine on a database without any table."""
    engine = create_engine(
        store.url_in(Path(), empty_database_url), **store.engine_options(empty_database_url)
    )
    store.prepare(engine)
    yield engine
    engine.dispose()


def tables(engine):
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def guarded(engine):
    """The tables that a trigger guards against changes."""
    if engine.dialect.name == "sqlite":
        query = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_%'"
    else:
        query = "SELECT event_object_table FROM information_schema.triggers WHERE trigger_name LIKE '%_no_%'"
    with engine.connect() as connection:
        return set(connection.scalars(text(query)))


def test_an_empty_database_gets_the_tables_of_the_models(database):
    migrating.upgrade(database)
    assert tables(database) == {table.name for table in Base.metadata.sorted_tables}
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_tables_of_record_are_guarded_after_every_way_up(database):
    migrating.upgrade(database)
    assert guarded(database) == KEPT
    migrating.upgrade(database)
    assert guarded(database) == KEPT
    migrating.downgrade(database, "0001")
    assert guarded(database) == set()
    migrating.upgrade(database)
    assert guarded(database) == KEPT


def test_every_guarded_table_refuses_changing_and_deleting(database):
    migrating.upgrade(database)
    if database.dialect.name == "sqlite":
        query = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'"
        expected = 2 * len(KEPT)
    else:
        query = (
            "SELECT count(*) FROM information_schema.triggers"
            " WHERE event_manipulation IN ('UPDATE', 'DELETE') AND trigger_name LIKE '%_no_%'"
        )
        expected = 2 * len(KEPT)
    with database.connect() as connection:
        assert connection.scalar(text(query)) == expected


def test_the_way_down_leaves_nothing_and_the_way_up_is_open_again(database):
    for _ in range(2):
        migrating.upgrade(database)
        migrating.downgrade(database, "base")
        assert tables(database) == set()
        assert guarded(database) == set()
    if database.dialect.name == "postgresql":
        with database.connect() as connection:
            functions = "SELECT count(*) FROM pg_proc WHERE proname = 'append_only'"
            assert connection.scalar(text(functions)) == 0
    migrating.upgrade(database)
    assert tables(database) == {table.name for table in Base.metadata.sorted_tables}


def test_every_migration_can_be_undone_alone(database):
    from alembic.script import ScriptDirectory

    with database.connect() as connection:
        script = ScriptDirectory.from_config(migrating.config(connection))
    revisions = [step.revision for step in reversed(list(script.walk_revisions()))]
    assert revisions[:2] == ["0001", "0002"]
    for revision in revisions:
        migrating.upgrade(database, revision)
        migrating.downgrade(database, "-1")
        migrating.upgrade(database, revision)
    assert guarded(database) == KEPT


def test_a_database_is_opened_again_with_all_that_was_in_it(database, empty_database_url, instance):
    from mediation.app import create_app

    for _ in range(2):
        app = create_app(instance, DATABASE_URL=empty_database_url)
        with app.app_context():
            with store.transaction() as session:
                makers.make_case(session, app.extensions["office"], state="submitted")
            store.db.engine.dispose()
    with database.connect() as connection:
        assert connection.scalars(text("SELECT number FROM cases ORDER BY id")).all() == [
            "东工调〔2026〕000001号",
            "东工调〔2026〕000002号",
        ]


def test_three_processes_migrate_one_database_at_once(empty_database_url, database):
    program = (
        "import sys; from pathlib import Path; from sqlalchemy import create_engine;"
        "from mediation.store import db, migrating;"
        "url = db.url_in(Path(), sys.argv[1]);"
        "engine = create_engine(url, **db.engine_options(url));"
        "db.prepare(engine); migrating.upgrade(engine); engine.dispose()"
    )
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = [
        subprocess.Popen([sys.executable, "-c", program, empty_database_url], **pipes) for _ in range(3)
    ]
    ended = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], ended
    assert guarded(database) == KEPT
    with database.connect() as connection:
        assert len(connection.scalars(text("SELECT version_num FROM alembic_version")).all()) == 1


def test_a_migration_that_fails_leaves_the_database_as_it_was(database):
    migrating.upgrade(database, "0001")
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE in_the_way (id INTEGER)"))
        if database.dialect.name == "sqlite":
            trigger = "CREATE TRIGGER messages_no_delete BEFORE DELETE ON messages BEGIN SELECT 1; END"
            connection.execute(text(trigger))
        else:
            empty = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
            connection.execute(text(empty))
            trigger = "CREATE TRIGGER messages_no_change BEFORE DELETE ON messages EXECUTE FUNCTION f()"
            connection.execute(text(trigger))
    with pytest.raises(Exception, match=r"already exists"):
        migrating.upgrade(database)
    assert guarded(database) == {"messages"}
    with database.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0001"
