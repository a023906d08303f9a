"""Which SQLite library runs here, and how it may be used without losing or corrupting anything.

Releases before 3.51.3 can corrupt a database in WAL mode when several processes write and check
point (https://sqlite.org/wal.html, "the WAL-reset bug").  The package pysqlite3 brings a fixed one.
"""

import logging
from types import ModuleType

FIXED = (3, 51, 3)
BACKPORTED = ((3, 50, 7), (3, 44, 6))
"""The releases of older lines that have the same repair; each line is safe from there on."""

FULL, EXTRA = 2, 3

_log = logging.getLogger(__name__)


def dbapi() -> ModuleType:
    """The driver module: pysqlite3 where it is installed, else Python's own."""
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - a choice made at run time
    except ImportError:
        from sqlite3 import dbapi2  # noqa: PLC0415
    module: ModuleType = dbapi2
    return module


def repaired(version: tuple[int, ...]) -> bool:
    """Whether this release of SQLite is without the WAL-reset bug."""
    return version >= FIXED or any(version[:2] == line[:2] and version >= line for line in BACKPORTED)


def safe_in_wal() -> bool:
    """Whether the library at hand may be used in WAL mode."""
    return repaired(dbapi().sqlite_version_info)


def warn_if_slow() -> None:
    """Say loudly, once at the start, that this library is used in the slower of the two modes."""
    if not safe_in_wal():
        _log.warning(
            "SQLite %s can corrupt a database in WAL mode: running in journal_mode=DELETE, several times"
            " slower. Install pysqlite3, which brings a repaired one.",
            dbapi().sqlite_version,
        )


def pragmas() -> tuple[str, ...]:
    """The settings of every connection: what was acknowledged survives a power cut.

    FULL is enough for a WAL.  A rollback journal commits by being deleted, and only EXTRA brings
    that deletion to the disk: else the journal is there again after the cut and undoes the commit.
    """
    journal, synchronous = ("WAL", "FULL") if safe_in_wal() else ("DELETE", "EXTRA")
    return (
        f"journal_mode={journal}",
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "trusted_schema=OFF",
        "recursive_triggers=ON",  # else INSERT OR REPLACE deletes a row without asking the triggers
    )


def faults(version: tuple[int, ...], journal: str, synchronous: int) -> list[str]:
    """What speaks against using a database so, in sentences; none if nothing does."""
    found = []
    if journal == "wal":
        if not repaired(version):
            found.append("this SQLite can corrupt a database in WAL mode: install pysqlite3")
        if synchronous < FULL:
            found.append("synchronous is not FULL: the last commits can be lost in a power cut")
    elif journal != "delete":
        found.append(f"journal_mode is {journal}: a crash can corrupt the database")
    elif synchronous < EXTRA:
        found.append("synchronous is not EXTRA: the last commit can be undone by a power cut")
    return found
