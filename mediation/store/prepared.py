"""Statements that a connection to PostgreSQL has prepared, run with nothing between us and its library.

The driver's cursor looks at the type of every value anew, and at the size of every number: an amount that
is larger than the last is another statement to it.  A step has few texts and sends them all day.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

_INT8 = 20
_INTEGERS = {_INT8, 21, 23}
_MOMENT = 1184
"""Numbers by which PostgreSQL knows its types."""
_DONE = {1, 2}
"""How libpq says that a statement ended well: COMMAND_OK, TUPLES_OK."""


class Prepared:
    """A cursor, as far as a step needs one, over a connection in which each statement is a transaction."""

    def __init__(self, driver: Any) -> None:
        self._connection = driver.pgconn
        self._names: dict[str, bytes] = {}
        self._result: Any = None

    def execute(self, statement: str, values: Sequence[Any]) -> None:
        """Run a text with its places written $1, $2 …; raises the driver's own errors."""
        name = self._names.get(statement) or self._prepare(statement, values)
        self._result = self._checked(self._connection.exec_prepared(name, [_spelled(one) for one in values]))

    def fetchone(self) -> tuple[Any, ...] | None:
        """The row that the statement gave, if it gave any."""
        result = self._result
        if not result.ntuples:
            return None
        return tuple(_read(result.get_value(0, n), result.ftype(n)) for n in range(result.nfields))

    def _prepare(self, statement: str, values: Sequence[Any]) -> bytes:
        name = f"step_{len(self._names)}".encode()
        # A number says that it is one; of everything else the server finds out what it is to become.
        types = [_INT8 if type(one) is int else 0 for one in values]
        self._checked(self._connection.prepare(name, statement.encode(), types))
        self._names[statement] = name
        return name

    def _checked(self, result: Any) -> Any:
        if result.status in _DONE:
            return result
        from psycopg import OperationalError, errors  # noqa: PLC0415 - only where the database is PostgreSQL

        error = errors.error_from_result(result)
        # Where no server has said anything, the connection is gone.
        raise error if error.sqlstate else OperationalError(str(error))


def _spelled(value: Any) -> bytes | None:
    """A value as PostgreSQL reads it.  Raises ValueError for a text that it would cut off."""
    if value is None:
        return None
    if type(value) is not str:
        return (str(value) if type(value) is int else value.isoformat()).encode()
    if "\0" in value:
        raise ValueError("PostgreSQL keeps no text with a NUL in it")
    return value.encode()


def _read(value: bytes | None, kind: int) -> Any:
    if value is None:
        return None
    if kind in _INTEGERS:
        return int(value)
    return datetime.fromisoformat(value.decode()) if kind == _MOMENT else value.decode()


@lru_cache(maxsize=256)
def numbered(statement: str) -> str:
    """The statement with its places as PostgreSQL itself writes them."""
    first, *rest = statement.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


def plain(driver: Any) -> Any:
    """A cursor of psycopg that sends a text as it is.

    The usual one looks for places in it; in one with more than fifty it does so each time anew, which
    would be a third of what a large step costs.
    """
    from psycopg import RawCursor  # noqa: PLC0415 - only where the database is PostgreSQL

    return RawCursor(driver)
