"""Which SQLite library runs here, and how it may be used without losing or corrupting anything.

Releases before 3.51.3 can corrupt a database in WAL mode when several processes write and check
point (https://sqlite.org/wal.html, "the WAL-reset bug").  The package pysqlite3 brings a fixed one.
"""

from types import ModuleType

FIXED = (3, 51, 3)


def dbapi() -> ModuleType:
    """The driver module: pysqlite3 where it is installed, else Python's own."""
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - a choice made at run time
    except ImportError:
        from sqlite3 import dbapi2  # noqa: PLC0415
    module: ModuleType = dbapi2
    return module


def safe_in_wal() -> bool:
    """Whether the library at hand may be used in WAL mode."""
    version: tuple[int, ...] = dbapi().sqlite_version_info
    return version >= FIXED


def pragmas() -> tuple[str, ...]:
    """The settings of every connection.  FULL: what was acknowledged survives a power cut."""
    journal = "WAL" if safe_in_wal() else "DELETE"
    return (
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "trusted_schema=OFF",
        "recursive_triggers=ON",  # else INSERT OR REPLACE deletes a row without asking the triggers
    )
