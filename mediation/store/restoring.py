"""A database file as it was after a certain commit, from an archive; nothing that is in use is touched."""

import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from mediation.store import archive
from mediation.store.archive import Damaged, Generation, Point
from mediation.store.archiving import FRAME
from mediation.store.sqlite import dbapi


class Unreachable(Exception):
    """The archive holds no such state; says which it holds."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest entry in a database: its number among all, and when it was made."""

    entry: int
    at: datetime


NONE = Newest(0, datetime.min.replace(tzinfo=UTC))
"""What a database without an entry has."""


@dataclass(frozen=True, slots=True)
class Goal:
    """How far to go: up to an entry, up to a moment, or as far as the archive goes."""

    entry: int | None = None
    moment: datetime | None = None

    def holds(self, newest: Newest) -> bool:
        """Whether a database with this newest entry is not beyond the goal."""
        if self.entry is not None:
            return newest.entry <= self.entry
        return self.moment is None or newest.at <= self.moment

    def covers(self, before: Point, after: Point) -> bool:
        """Whether all that led from one state to the next surely belongs to what is wanted."""
        if self.entry is None:
            return self.moment is None or after.at <= self.moment
        if before.entry is None or after.entry is None:
            return False  # somebody dropped the table, or brought it back
        return before.entry <= after.entry < self.entry


def restore(folder: Path, goal: Goal, to: Path) -> Newest:
    """Write the state that `goal` asks for to the new file `to`; its newest entry.

    With a goal that is the earliest commit which has the last of the wanted entries: what came after it
    and before the next one, a dropped table say, is not in it.  Raises Damaged, Unreachable.
    """
    for where, generation in _candidates(folder, goal):
        archive.verify(where, generation)
        found = _restored(where, generation, goal, to)
        if goal.entry in (None, found.entry):
            return found
        to.unlink()
    raise Unreachable(f"{folder}: no commit that ends with what is asked for")


def _restored(where: Path, generation: Generation, goal: Goal, to: Path) -> Newest:
    with (where / generation.base.file).open("rb") as base, to.open("xb+", buffering=0) as file:
        shutil.copyfileobj(base, file)
        try:
            _replay(where, generation, goal, _Pages(file, generation.page_size), lambda: newest_in(to))
            found = newest_in(to)
        except dbapi().DatabaseError as error:
            raise Unreachable(f"no log can be read there ({error}): choose an earlier moment") from None
        os.fsync(file.fileno())
    with closing(_opened(to)) as connection:
        told = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if told != "ok":
        raise Damaged(f"the restored database: {told}")
    return found


def newest_in(file: Path) -> Newest:
    """The newest entry in a file that nobody writes to; raises the driver's error if it has no such table."""
    with closing(_opened(file)) as connection:
        row = connection.execute("SELECT id, at FROM entries ORDER BY id DESC LIMIT 1").fetchone()
    return Newest(row[0], datetime.fromisoformat(row[1]).replace(tzinfo=UTC)) if row else NONE


def _opened(file: Path) -> Any:
    return dbapi().connect(f"{file.absolute().as_uri()}?immutable=1", uri=True)


def _candidates(folder: Path, goal: Goal) -> Iterator[tuple[Path, Generation]]:
    """The generations in which the goal may lie, newest first; more than one only if entries were deleted."""
    for number in reversed(archive.numbers(folder)):
        where = archive.place(folder, number)
        generation = archive.read(where)
        base = generation.base.point
        if goal.moment is not None:
            if generation.seen < goal.moment:
                raise Unreachable(f"the archive, or this part of it, ends at {generation.seen.isoformat()}")
            if base.at > goal.moment:
                continue
        elif goal.entry is not None and (base.entry is None or base.entry > goal.entry):
            continue
        yield where, generation
        if goal.entry is None:
            return
    if goal.entry is None:
        raise Unreachable(f"{folder}: no backup, or only later ones")


@dataclass(slots=True)
class _Pages:
    """A database file that is written page by page, back to the last state that was worth keeping."""

    file: BinaryIO
    size: int
    _before: dict[int, bytes] = field(default_factory=dict)
    _end: int = 0

    def keep(self) -> None:
        """Make what is there now the state to go back to."""
        self._before.clear()
        self._end = self.file.seek(0, 2)

    def write(self, number: int, content: bytes) -> None:
        """Write a page; pages are counted from 1."""
        if number not in self._before:
            self._before[number] = self._at(number).read(self.size)
        self._at(number).write(content)

    def end(self, pages: int) -> None:
        """The database has so many pages."""
        for number in range(pages + 1, self.file.seek(0, 2) // self.size + 1):
            self._before.setdefault(number, self._at(number).read(self.size))
        self.file.truncate(pages * self.size)

    def undo(self) -> None:
        """Go back to the state that was kept."""
        for number, content in self._before.items():
            self._at(number).write(content)
        self.file.truncate(self._end)
        self._before.clear()

    def _at(self, number: int) -> BinaryIO:
        self.file.seek((number - 1) * self.size)
        return self.file


def _replay(
    where: Path, generation: Generation, goal: Goal, pages: _Pages, look: Callable[[], Newest]
) -> None:
    """Do every commit again up to the goal, looking after each from where the goal may be passed.

    Beyond the goal we go back to the commit that brought the last wanted entry.
    """
    before, sure, best = generation.base.point, True, 0
    pages.keep()
    for piece in generation.pieces:
        if sure and not goal.covers(before, piece.point):
            sure, best = False, look().entry
        for commit in _commits(where / piece.file, pages.size):
            _apply(commit, pages)
            if sure:
                pages.keep()
                continue
            newest = _told(look)
            if newest is None or newest.entry < best or not goal.holds(newest):
                pages.undo()
                return
            if newest.entry > best:
                best = newest.entry
                pages.keep()
        before = piece.point
        if goal.moment is not None and before.at > goal.moment:
            break
    pages.undo()


def _told(look: Callable[[], Newest]) -> Newest | None:
    """What `look` says; None if the table is gone or no longer what it was."""
    try:
        return look()
    except dbapi().DatabaseError:
        return None


def _apply(commit: list[bytes], pages: _Pages) -> None:
    for frame in commit:
        pages.write(_integer(frame, 0), frame[FRAME:])
    pages.end(_integer(commit[-1], 4))


def _commits(file: Path, page_size: int) -> Iterator[list[bytes]]:
    """The commits in a file of the archive, each as its frames; the last frame of each says so."""
    content = zlib.decompress(file.read_bytes())
    frame = FRAME + page_size
    commit: list[bytes] = []
    for start in range(0, len(content), frame):
        commit.append(content[start : start + frame])
        if _integer(commit[-1], 4):
            yield commit
            commit = []


def _integer(frame: bytes, start: int) -> int:
    return int.from_bytes(frame[start : start + 4], "big")
