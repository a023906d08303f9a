"""Many rows at once: one statement for all of them on SQLite, COPY on PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from mediation.store.models import Base
from mediation.store.steps import spelled_moment

_CACHE = 262_144
"""KiB of pages that SQLite keeps: rows in the order of random keys would else be read again and again."""


class Bulk:
    """Writes rows inside a session's transaction, as the driver takes them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        connection = session.connection()
        self._sqlite = connection.dialect.name == "sqlite"
        self._driver = cast(Any, connection.connection.dbapi_connection)
        if self._sqlite:
            self._driver.execute(f"PRAGMA cache_size = -{_CACHE}")

    def moment(self, value: datetime | None) -> Any:
        """A moment as a row of this database holds it."""
        return spelled_moment(value) if self._sqlite and value else value

    def day(self, value: date | None) -> Any:
        """A day as a row of this database holds it."""
        return value.isoformat() if self._sqlite and value else value

    def next_id(self, table: type[Base]) -> int:
        """The first row number that is free."""
        numbered = cast(Any, table)
        return int(self._session.scalar(select(func.max(numbered.id))) or 0) + 1

    def write(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Add rows whose values stand in the order of `columns`."""
        names = ", ".join(f'"{name}"' for name in columns)
        if self._sqlite:
            places = ", ".join("?" * len(columns))
            self._driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 - names of ours
            return
        with self._driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def numbered(self, *tables: str) -> None:
        """Rows were written with numbers of ours: the next ones come after them."""
        if self._sqlite:
            return  # it counts on from the highest
        for table in tables:
            highest = f"(SELECT coalesce(max(id), 0) + 1 FROM {table})"  # noqa: S608 - a name of ours
            self._session.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {highest}, false)")
            )
