"""A migration that is killed before any of its statements leaves all or nothing, and is run again."""

import sys
import threading
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from mediation.store import db as store
from mediation.store import migrating

sys.path.insert(0, str(Path(__file__).parents[1] / "crash"))

from dying import survives

REVISIONS = [s.revision for s in ScriptDirectory(str(migrating.FOLDER)).walk_revisions()][::-1]

CASE = (
    "INSERT INTO cases (id, ref, number, workflow, workflow_version, state, revision, facts, head,"
    " subdistrict, employer_name, story, moved_at)"
    " VALUES (1, 'r', 'n', 'labour_dispute', 1, 'submitted', 1, '{}', 'h',"
    " '110101001', 'f', 's', '2026-03-02 01:00:00')"
)
INTO_PARTIES = "INSERT INTO parties (id, case_id, side, seat, name, phone, key) VALUES "
PARTY = INTO_PARTIES + "(1, 1, 'employer', 0, 'Firm AB', '13000001234', 'k')"
ENTRY = (
    "INSERT INTO entries (id, case_id, number, action, source, target, role, actor_id, seat, at, data,"
    " before, hash)"
    " VALUES (1, 1, 1, 'start', '', 'draft', 'worker', 'x', 0, '2026-03-02 01:00:00', '{}', '', 'h')"
)
LINE = (
    "INSERT INTO ledger (id, case_id, entry, debit, credit, unit, amount, on_day)"
    " VALUES (1, 1, 1, 'claims', 'claimed', 'fen', 100, '2026-03-02')"
)
ROWS = {"cases": CASE, "parties": PARTY, "entries": ENTRY, "ledger": LINE}
COLUMNS = {
    "cases": "id, ref, facts, head",
    "parties": "id, name, phone, key",
    "entries": "id, case_id, number, at, data, before, hash",
    "ledger": "id, case_id, debit, credit, amount, on_day",
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


COLUMNS_THERE = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name"
    " FROM information_schema.columns WHERE table_schema = 'public'"
)
CONSTRAINTS = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace"
)
TRIGGERS = (
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
)
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
FUNCTIONS = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
SCHEMA = {
    "sqlite": ("SELECT type, name, tbl_name, sql FROM sqlite_master",),
    "postgresql": (COLUMNS_THERE, CONSTRAINTS, TRIGGERS, INDEXES, FUNCTIONS),
}


def schema(engine):
    """Everything that the tables are: columns, keys, indexes, triggers and functions."""
    with engine.connect() as connection:
        return [sorted(map(str, connection.execute(text(query)))) for query in SCHEMA[engine.dialect.name]]


def rows(engine):
    """What stood in the first tables before, in the columns that they had."""
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table}"))]
            for table, columns in COLUMNS.items()
            if table in there
        }


def version(engine):
    with engine.connect() as connection:
        return migrating.found_revision(connection)


def filled(engine):
    with engine.begin() as connection:
        for statement in ROWS.values():
            connection.execute(text(statement))


@pytest.mark.parametrize("revision", REVISIONS)
def test_killed_at_every_statement_up_and_down(database, revision):
    before = REVISIONS[REVISIONS.index(revision) - 1] if revision != REVISIONS[0] else None
    if before:
        migrating.upgrade(database, before)
        filled(database)
    old, kept = schema(database), rows(database)
    new = _fresh_up(database, before, revision)
    ups = _killed_until_it_lives(database, lambda: migrating.upgrade(database, revision), old, new)
    assert (schema(database), version(database)) == (new, revision)
    assert rows(database) == (kept if before else {table: [] for table in COLUMNS})
    downs = _killed_until_it_lives(
        database, lambda: migrating.downgrade(database, before or "base"), new, old
    )
    assert (_without_version(schema(database)), rows(database)) == (_without_version(old), kept)
    assert ups > 5
    assert downs > 3


def _fresh_up(database, before, revision):
    """The schema after the migration where nobody is killed; the database is brought back."""
    migrating.upgrade(database, revision)
    found = schema(database)
    migrating.downgrade(database, before or "base")
    return found


def _killed_until_it_lives(database, work, old, new):
    """Kill the work before each of its statements in turn; each time all or nothing of it is there."""
    for fatal in range(1, 400):
        database.dispose()
        alive = survives(fatal, database, work)
        found = _without_version(schema(database))
        if alive:
            assert found == _without_version(new)
            return fatal
        assert found in (_without_version(old), _without_version(new)), f"half of it, killed at {fatal}"
    raise AssertionError("it never came to its end")


def _without_version(found):
    """Alembic's own table stays behind when everything else is gone."""
    return [[row for row in part if "alembic_version" not in row] for part in found]


def test_rows_that_were_there_before_are_found_after_the_way_up(database):
    migrating.upgrade(database, REVISIONS[REVISIONS.index("0007") - 1])
    filled(database)
    migrating.upgrade(database)
    with database.connect() as connection:
        found = set(connection.scalars(text("SELECT text FROM finds WHERE case_id = 1")))
    assert found == {"firm ab", "irm ab", "rm ab", "m ab", " ab", "ab", "b", "13000001234", "1234"}


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize(
    "meanwhile",
    [
        INTO_PARTIES + "(2, 1, 'worker', 0, 'Late One', '13900005678', 'l')",
        "UPDATE parties SET name = 'Late One', phone = '13900005678'",
        "UPDATE parties SET phone = '13900005678'",
    ],
    ids=["new", "renamed", "called elsewhere"],
)
def test_who_comes_while_an_old_server_works_on_is_found_as_well(database, meanwhile):
    """A party that is committed after the migration has read them all, and before it watches them."""
    migrating.upgrade(database, "0006")
    filled(database)
    with database.connect() as old_server:
        old_server.execute(text(meanwhile))
        threading.Timer(1, old_server.commit).start()
        migrating.upgrade(database)
        found = set(old_server.scalars(text("SELECT text FROM finds WHERE case_id = 1")))
    assert {"13900005678", "5678"} <= found
    assert ("late one" in found) == ("Late One" in meanwhile)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_an_index_that_was_made_before_is_not_made_again(database):
    """As docs/operations.md tells whoever cannot spare the time: beforehand, while everybody works on."""
    migrating.upgrade(database, "0006")
    beforehand = "CREATE INDEX CONCURRENTLY {} ON {}"
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(beforehand.format("ix_jobs_not_done", "jobs (id) WHERE done_at IS NULL")))
        number = connection.scalar(text("SELECT 'ix_jobs_not_done'::regclass::oid"))
    migrating.upgrade(database)
    with database.connect() as connection:
        assert connection.scalar(text("SELECT 'ix_jobs_not_done'::regclass::oid")) == number
