"""The office works as a role that owns no table: what is on record it can read and add, and nothing else.

The statements are those that docs/operations.md tells the operator to run.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import makers
import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from mediation.app import create_app
from mediation.domain.rooms import Room
from mediation.services import afterwards, anchoring, totals
from mediation.services.audit import findings
from mediation.services.meetings import say
from mediation.services.opening import make_ready
from mediation.store import db as store

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
ROLE = "mediation_app"
GUARDED = (
    "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_name LIKE '%no_change'"
)


@pytest.fixture
def database_kind():
    """SQLite has no roles: who can write the file can write all of it."""
    return "postgresql"


@pytest.fixture
def owner(database_url):
    """The role that the tables belong to."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def restricted_url(owner, database_url):
    """The database as the second role opens it, once the operator has done as he is told."""
    blocks = re.findall(r"```sql\n(.*?)```", OPERATIONS.read_text("utf-8"), re.DOTALL)
    [told] = [block for block in blocks if "CREATE ROLE" in block]
    exists = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone()
    if exists:  # roles belong to the server, and another test has been here
        told = re.sub(r"CREATE ROLE[^;]*;", "", told)
    owner.execute(told.replace("'…'", "'a password'"))
    yield database_url.replace("//postgres:", f"//{ROLE}:").replace("user=postgres", f"user={ROLE}")
    owner.execute(f"DROP OWNED BY {ROLE}")


def test_the_office_works_as_a_role_that_owns_nothing(restricted_url, instance):
    app = create_app(instance, TESTING=True, MIGRATE=False, DATABASE_URL=restricted_url)
    office, now = app.extensions["office"], datetime.now(UTC)
    with app.app_context():
        make_ready(store.transaction, makers.MONDAY)
        with store.transaction() as session:
            for state in ("submitted", "withdrawn", "performed", "breached"):
                makers.make_case(session, office, state=state, workers=2)
            case = makers.make_case(session, office, state="in_meeting")
            who = makers.actor_of(session, case, "worker")
            say(session, office, case.id, who, Room.JOINT, "您好", case.moved_at)
            closed = makers.make_case(session, office, state="performed")
            makers.act(session, office, closed, "restate_payment", right_amount=499_000)
        afterwards.settle(store.transaction, office, now)
        anchoring.keep(store.transaction, office, now, thorough=True)
        totals.fold_hot(store.transaction)
        with store.transaction() as session:
            assert list(findings(session, office.catalogue)) == []
            assert totals.now(session, now.date()).settled_cases == 3
        store.db.engine.dispose()


def test_that_role_can_neither_change_nor_delete_nor_empty_what_is_on_record(owner, restricted_url):
    tables = [row[0] for row in owner.execute(GUARDED)]
    assert {"entries", "ledger", "papers", "messages", "leaves", "anchors", "deliveries"} <= set(tables)
    # With the triggers gone, so that nothing but the missing right is left to refuse it.
    owner.execute("DROP FUNCTION append_only() CASCADE")
    with psycopg.connect(restricted_url, autocommit=True) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (ROLE,)
        for table in tables:
            column = owner.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s LIMIT 1", [table]
            ).fetchone()[0]
            for statement in (
                f'UPDATE {table} SET "{column}" = "{column}"',
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
            ):
                with pytest.raises(InsufficientPrivilege):
                    connection.execute(statement)
            connection.execute(f"SELECT * FROM {table}")


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE ledger DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_no_change ON ledger",
        "DROP FUNCTION append_only() CASCADE",
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "SET session_replication_role = replica",
        "ALTER TABLE ledger RENAME TO other",
        "CREATE TABLE mine (id integer)",
    ],
)
def test_that_role_takes_no_guard_away(restricted_url, statement):
    with psycopg.connect(restricted_url, autocommit=True) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement)
