"""Keeping an archive of a SQLite database from which each of its commits can be restored.

Every commit in WAL mode appends whole pages, as frames, to the write-ahead log, which begins anew
when all of it has gone into the database file and nobody reads it.  So we always read it: then nothing
is overwritten before we have copied it.  Between rounds others write as ever; in a round we keep
writers out for as long as it takes to copy what is new.  https://sqlite.org/walformat.html
"""

import fcntl
import shutil
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from mediation.store import archive, durable
from mediation.store.archive import Generation, Point
from mediation.store.db import transaction
from mediation.store.sqlite import dbapi

HEADER, FRAME = 32, 24
"""Bytes before the first frame, and before the page of each."""
LONG = 1000
"""Frames after which we let the log begin anew; as many as SQLite itself waits for."""
NEW_BASE = timedelta(days=1)
SNAPSHOTS = timedelta(minutes=15)
"""How far the copies of a database without a write-ahead log are apart."""


class Taken(Exception):
    """Another process keeps this archive."""


class Archivist:
    """Keeps the archive in `folder` of the database file at `database`, round by round, until closed.

    Raises Taken if another does.
    """

    def __init__(self, folder: Path, database: Path) -> None:
        self._folder, self._log = folder, Path(f"{database}-wal")
        durable.make(folder)
        self._lock = (folder / "lock").open("ab")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise Taken(f"{folder}: another process keeps this archive") from None
        self._reader = dbapi().connect(str(database), timeout=30, isolation_level=None)
        self._looker = dbapi().connect(str(database), timeout=30, isolation_level=None)
        self._page_size = int(self._ask("PRAGMA page_size"))
        self._wal = self._ask("PRAGMA journal_mode") == "wal"

    def close(self) -> None:
        """End.  What is written until another archivist begins may need a new base."""
        self._reader.close()
        self._looker.close()
        self._lock.close()

    def keep(self, clock: Callable[[], datetime]) -> Generation:
        """One round: bring the archive to what is committed by now.

        Whatever fails, the log is let go: a disk full of backups must not fill the office's own.
        """
        try:
            return self._keep(clock)
        except BaseException:
            self._release()
            raise

    def _keep(self, clock: Callable[[], datetime]) -> Generation:
        found = archive.numbers(self._folder)
        number = found[-1] if found else 0
        where = archive.place(self._folder, number)
        last = archive.read(where) if found else None
        with transaction() as session:
            # The moment, too, is that of this state: no entry in it is later.
            point = self._point(session, clock())
            news = self._news(last, point) if last else None
            old = last is None or point.at >= last.base.point.at + (NEW_BASE if self._wal else SNAPSHOTS)
            if self._wal or old:
                self._hold_on(point)
            session.rollback()  # we wrote nothing, and without a log a commit would wait for our own reader
        # Others write again; what we hold stays as it was, however slow the archive's disk is.
        if last and news is not None:
            last = self._append(where, last, point, news)
        if last and not old and (news is not None or not self._wal):
            return last
        return self._begin(number + 1, point)

    def _ask(self, question: str) -> Any:
        return self._looker.execute(question).fetchone()[0]

    # --- the write-ahead log -------------------------------------------------------------------------

    def _point(self, session: Session, now: datetime) -> Point:
        """Where the database stands, while nobody writes to it."""
        try:
            read = session.connection().exec_driver_sql("SELECT max(id) FROM entries")
            entry: int | None = read.scalar_one() or 0
        except DBAPIError:
            entry = None  # somebody has dropped the table: what we are here for
        # Does nothing but say how many there are.  To releases that do not know it, it is PASSIVE: no harm.
        frames = int(self._looker.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()[1])
        log = ""
        if self._log.is_file():
            with self._log.open("rb") as file:
                log = file.read(HEADER).hex()
        return Point(log, max(frames, 0), now, entry)

    def _news(self, last: Generation, point: Point) -> bytes | None:
        """The frames written since the archive's last state; None if there may have been others."""
        before = last.last
        same = point.log == before.log != "" and point.frames >= before.frames
        # Another log, and we have read without a pause: it began anew after a round, with nothing lost.
        if not self._wal or not (same or self._reader.in_transaction):
            return None
        done, frame = before.frames if point.log == before.log else 0, FRAME + self._page_size
        if point.frames == done:
            return b""
        with self._log.open("rb") as file:
            file.seek(HEADER + done * frame)
            return file.read((point.frames - done) * frame)

    def _hold_on(self, point: Point) -> None:
        """Read the state at hand from now on, while nobody writes.

        A long log is first brought into the database file, so that the next writer begins it anew.  If
        somebody else reads an older state not all can be brought, and it goes on: another round will do.
        """
        self._release()
        if point.frames >= LONG:
            self._looker.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        self._reader.execute("BEGIN")
        self._reader.execute("SELECT count(*) FROM sqlite_master").fetchone()

    def _release(self) -> None:
        if self._reader.in_transaction:
            self._reader.execute("ROLLBACK")

    # --- the files -----------------------------------------------------------------------------------

    def _append(self, where: Path, last: Generation, point: Point, news: bytes) -> Generation:
        """Add what was written since the last round, if anything was."""
        pieces = last.pieces
        if news:
            to = where / f"{len(pieces) + 1:06}.pages"
            durable.write(to, zlib.compress(news, 1))
            pieces += (archive.described(to, point),)
        after = Generation(last.page_size, last.base, pieces, point.at)
        archive.keep(where, after)
        return after

    def _begin(self, number: int, point: Point) -> Generation:
        """A new generation, from the state that is held; it has its name when all of it is there."""
        where = archive.place(self._folder, number)
        part = where.with_name(f"{where.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        durable.make(part)
        copy: Any = dbapi().connect(str(part / "base"), isolation_level=None)
        self._reader.backup(copy)
        copy.close()
        durable.sync(part / "base")
        made = Generation(self._page_size, archive.described(part / "base", point), (), point.at)
        archive.keep(part, made)
        part.rename(where)
        durable.sync(self._folder)
        if not self._wal:
            self._release()  # without a log a reader would keep all writers out
        return made
