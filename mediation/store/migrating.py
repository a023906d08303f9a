"""Bring a database to the newest tables, and say whether this program can work on those it finds.

Several processes may start at once, older programs beside newer ones: the rule is in
docs/decisions/0017-expand-and-contract.md.
"""

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from mediation.store.db import WRITE

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 5674_1700
"""The advisory lock under which PostgreSQL is migrated; SQLite's own write lock does the same there."""
TRIES = 5
LONGEST_LOCK = "3s"
"""A migration gives up a table that others work on after so long: all that ask later queue behind it."""
BETWEEN = 2.0
"""Seconds until it tries again."""
FLOOR = "schema floor"
"""The name, among the sequences, of the newest migration that took away what older programs need."""


class WrongSchema(Exception):
    """The database is not one that this program can work on; says what to do."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations that `engine`'s database lacks, all in one transaction.

    Raises WrongSchema for a database that only a newer program can work on, and OperationalError if
    its tables are too busy to be changed.
    """
    for left in reversed(range(TRIES)):
        try:
            _upgrade(engine, revision)
        except OperationalError as error:
            if not left or getattr(error.orig, "sqlstate", None) != "55P03":
                raise
            time.sleep(BETWEEN)
        else:
            return


def _upgrade(engine: Engine, revision: str) -> None:
    with engine.execution_options(**WRITE).begin() as connection:
        _alone(connection)
        if _unknown(connection):
            _check_floor(connection)  # a newer program was here: it has brought all that we need
            return
        command.upgrade(config(connection), revision)
        _keep_floor(connection)


def downgrade(engine: Engine, revision: str) -> None:
    """Undo migrations down to `revision`."""
    with engine.execution_options(**WRITE).begin() as connection:
        _alone(connection)
        command.downgrade(config(connection), revision)
        if found_revision(connection):
            _keep_floor(connection)


def check(engine: Engine) -> None:
    """Raise WrongSchema, with a sentence for the administrator, if this program cannot work here."""
    with engine.connect() as connection:
        if _unknown(connection):
            _check_floor(connection)
            return
        found, needed = found_revision(connection), head()
        if found != needed:
            raise WrongSchema(
                f"the database is at {found or 'no version'} and this program needs {needed}:"
                " run `mediation migrate` first"
            )


def found_revision(connection: Connection) -> str | None:
    """The migration that the database has come to; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def head() -> str:
    """The newest migration of this program."""
    return str(_scripts().get_current_head())


def config(connection: Connection) -> Config:
    """Alembic's settings for work on this connection."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["connection"] = connection
    return settings


def contracting(script: Script) -> bool:
    """Whether a migration takes away what the program before it still uses."""
    return bool(getattr(script.module, "contracts", False))


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))


def _unknown(connection: Connection) -> bool:
    """Whether a newer program has migrated this database."""
    found = found_revision(connection)
    return found is not None and found not in {script.revision for script in _scripts().walk_revisions()}


def _check_floor(connection: Connection) -> None:
    floor = connection.scalar(text("SELECT last FROM sequences WHERE name = :name"), {"name": FLOOR})
    if int(floor or 0) > int(head()):
        raise WrongSchema(
            f"the database was contracted by migration {floor:04d} and this program knows none after"
            f" {head()}: start the newer program"
        )


def _keep_floor(connection: Connection) -> None:
    """Write down the newest contracting migration that was run, for programs that do not know it."""
    scripts = _scripts().iterate_revisions(found_revision(connection), "base")
    floor = max((int(script.revision) for script in scripts if contracting(script)), default=0)
    connection.execute(text("DELETE FROM sequences WHERE name = :name"), {"name": FLOOR})
    if floor:
        connection.execute(
            text("INSERT INTO sequences (name, last) VALUES (:name, :last)"), {"name": FLOOR, "last": floor}
        )


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        # Not before: another process may migrate for longer than that, and is waited for.
        connection.execute(
            text("SELECT set_config('lock_timeout', :longest, true)"), {"longest": LONGEST_LOCK}
        )
