"""A disk under SQLite that forgets, at a power cut, some of what nobody had asked it to keep.

What SQLite writes goes to the real files at once.  Beside them the disk keeps, of each file, the
image as it was at the last sync and every write since.  A cut makes files out of that image and of a
random part of those writes, the last of them perhaps torn; a deleted file is there again unless the
deletion was synced.  The process goes on, so that one run can be cut at many moments.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512
Write = Callable[[bytearray], None]


@dataclass
class Kept:
    """One file as the platters have it, and what is still on its way to them."""

    image: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        for place, content in self.pending:
            _apply(self.image, place, content)
        self.pending.clear()

    def after_cut(self, chance: random.Random) -> bytes:
        """What is read after the cut: sometimes the first so many writes, sometimes any of them."""
        image = bytearray(self.image)
        survivors = self.pending[: chance.randint(0, len(self.pending))]
        if chance.random() < 0.5:
            survivors = [one for one in self.pending if chance.random() < 0.5]
        for number, (place, content) in enumerate(survivors, 1):
            if content is not None and number == len(survivors) and chance.random() < 0.3:
                content = content[: chance.randrange(0, len(content) + 1, SECTOR)]
            _apply(image, place, content)
        return bytes(image)


def _apply(image: bytearray, place: int, content: bytes | None) -> None:
    """Write `content` at `place`; None cuts the file off there."""
    if content is None:
        del image[place:]
        return
    if len(image) < place:
        image.extend(bytes(place - len(image)))
    image[place : place + len(content)] = content


class Disk(apsw.VFS):
    """The file system of connections opened with its name; `before_write` is called before each change."""

    def __init__(self, name: str, before_write: Callable[[], None]) -> None:
        super().__init__(name, "")
        self.title = name
        self.files: dict[str, Kept] = {}
        self.deleted: dict[str, Kept] = {}
        self.before_write = before_write

    def begin(self, place: Path) -> None:
        """Forget everything but this file, which was there before."""
        self.files.clear()
        self.deleted.clear()
        self.files[str(place)] = Kept(bytearray(place.read_bytes()))

    def xOpen(self, name: Any, flags: list[int]) -> "_File":  # noqa: N802 - SQLite's name
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        file = _File(name, flags, self, path)
        if path and path not in self.files:
            # Its first sync brings the name down with it; until then the old one of that name may return.
            self.files[path] = Kept()
        return file

    def xDelete(self, name: str, synced: bool) -> None:  # noqa: N802 - SQLite's name
        self.before_write()
        super().xDelete(name, synced)
        gone = self.files.pop(name, None)
        if gone is not None and not synced:
            self.deleted[name] = gone

    def cut(self, folder: Path, chance: random.Random) -> None:
        """Write into `folder` what is found after a power cut at this moment."""
        for path, kept in self.deleted.items():
            if path not in self.files and chance.random() < 0.5:
                (folder / Path(path).name).write_bytes(kept.after_cut(chance))
        for path, kept in self.files.items():
            (folder / Path(path).name).write_bytes(kept.after_cut(chance))


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], disk: Disk, path: str | None) -> None:
        super().__init__("", name, flags)
        self._disk, self._path = disk, path

    def xWrite(self, content: bytes, place: int) -> None:  # noqa: N802 - SQLite's name
        self._changed(place, bytes(content))
        super().xWrite(content, place)

    def xTruncate(self, size: int) -> None:  # noqa: N802 - SQLite's name
        self._changed(size, None)
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.before_write()
        super().xSync(flags)
        if self._path:
            self._disk.files[self._path].sync()
            self._disk.deleted.pop(self._path, None)

    def _changed(self, place: int, content: bytes | None) -> None:
        self._disk.before_write()
        if self._path:
            self._disk.files[self._path].pending.append((place, content))
