"""Bring a database to the newest tables; several processes may start at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from mediation.store.db import WRITE

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 5674_1700
"""The advisory lock under which PostgreSQL is migrated; SQLite's own write lock does the same there."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations that `engine`'s database lacks, all in one transaction."""
    with engine.execution_options(**WRITE).begin() as connection:
        _alone(connection)
        command.upgrade(config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Undo migrations down to `revision`."""
    with engine.execution_options(**WRITE).begin() as connection:
        _alone(connection)
        command.downgrade(config(connection), revision)


def config(connection: Connection) -> Config:
    """Alembic's settings for work on this connection."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["connection"] = connection
    return settings


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
