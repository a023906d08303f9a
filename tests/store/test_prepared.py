"""What a step sends to PostgreSQL without the driver's cursor arrives and comes back as with it."""

from datetime import UTC, date, datetime

import psycopg
import pytest

from mediation.store import lanes
from mediation.store.db import db

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"])

ECHO = "SELECT CAST($1 AS bigint), CAST($2 AS varchar), CAST($3 AS timestamptz), CAST($4 AS date)"


@pytest.fixture
def lane(app):
    with app.app_context():
        ours = lanes.of(db.engine)
        found = ours.take()
        yield found
        ours.drop(found)


@pytest.mark.parametrize("number", [0, -1, 32_767, 32_768, 2**31, 17_000_000_000, 2**63 - 1, None])
@pytest.mark.parametrize("text", ["", "工资 𠮷", "a'b\"c\\d\n$1 %s ?", None])
@pytest.mark.parametrize(
    "moment", [datetime(2026, 3, 2, 1, 0, 0, 123456, UTC), datetime(1999, 1, 1, tzinfo=UTC), None]
)
def test_values_come_back_as_they_went(lane, number, text, moment):
    cursor = lane.cursor()
    for _ in range(2):
        cursor.execute(ECHO, (number, text, moment, date(2026, 3, 2)))
        assert cursor.fetchone() == (number, text, moment, "2026-03-02")
        assert cursor.fetchone() == (number, text, moment, "2026-03-02"), "nothing is used up"


def test_a_statement_is_prepared_once_whatever_the_size_of_its_numbers(lane):
    cursor = lane.cursor()
    for number in (1, 40_000, 5_000_000_000, None):
        cursor.execute("SELECT CAST($1 AS bigint)", (number,))
        assert cursor.fetchone() == (number,)
    cursor.execute("SELECT name FROM pg_prepared_statements", ())
    assert cursor.fetchone() == ("step_0",)
    cursor.execute("SELECT count(*) FROM pg_prepared_statements", ())
    assert cursor.fetchone() == (3,)


def test_no_row_is_none(lane):
    cursor = lane.cursor()
    cursor.execute("SELECT 1 WHERE $1 = 2", (1,))
    assert cursor.fetchone() is None


def test_a_text_that_the_server_would_cut_off_is_not_sent(lane):
    with pytest.raises(ValueError, match="NUL"):
        lane.cursor().execute("SELECT $1", ("a\0b",))


@pytest.mark.parametrize(
    ("statement", "values", "error"),
    [
        ("SELECT nonsense", (), psycopg.errors.UndefinedColumn),
        ("SELECT 1 / $1", (0,), psycopg.errors.DivisionByZero),
        ("SELECT CAST($1 AS bigint)", ("x",), psycopg.errors.InvalidTextRepresentation),
        ("INSERT INTO sequences (name, last) VALUES ($1, $2)", (None, 1), psycopg.errors.NotNullViolation),
    ],
)
def test_what_the_server_refuses_is_the_drivers_own_error_and_the_connection_lives_on(
    lane, statement, values, error
):
    cursor = lane.cursor()
    with pytest.raises(error) as refused:
        cursor.execute(statement, values)
    assert refused.value.sqlstate == error.sqlstate
    cursor.execute("SELECT 7", ())
    assert cursor.fetchone() == (7,)


def test_a_connection_that_the_server_has_ended_says_so(lane):
    cursor = lane.cursor()
    cursor.execute("SELECT pg_backend_pid()", ())
    (number,) = cursor.fetchone()
    with db.engine.connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({number})")
    with pytest.raises(psycopg.OperationalError):
        cursor.execute("SELECT 1", ())
