"""The folder of a backup: generations, each a copy of the database and the pages written since.

    0007/manifest      what belongs to it, each file with its SHA-256; its own stands in the first line
    0007/base          the database as it was at one moment
    0007/000001.pages  frames of the write-ahead log after that, packed: whole commits, oldest first
    papers/ab/abcd….pdf

A manifest is written last.  Whatever it does not name is the rest of a round that was cut off.
"""

import hashlib
import shutil
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec

from mediation.store import durable

_MANIFEST = "manifest"


class Damaged(Exception):
    """The archive is not what was written; says which file."""


class Point(msgspec.Struct, frozen=True):
    """A state of the database: how far its log was written, when we looked, its newest entry.

    `log` is the header of the write-ahead log, which changes whenever it begins anew.  `entry` is 0
    if there was none, None if there was no table to look in.
    """

    log: str
    frames: int
    at: datetime
    entry: int | None


class Piece(msgspec.Struct, frozen=True):
    """A file of a generation, and the state that it leads to."""

    file: str
    sha256: str
    size: int
    point: Point


class Generation(msgspec.Struct, frozen=True):
    """A base and all that was written since, without a gap; `seen` is when that was last known."""

    page_size: int
    base: Piece
    pieces: tuple[Piece, ...]
    seen: datetime

    @property
    def last(self) -> Point:
        """The newest state that it can restore."""
        return (self.pieces or (self.base,))[-1].point


def numbers(folder: Path) -> list[int]:
    """The generations in an archive, oldest first; raises Damaged if one in between is gone."""
    found = sorted(int(place.name) for place in folder.glob("[0-9]*") if place.name.isdigit())
    if found != list(range(found[0], found[-1] + 1)) if found else False:
        raise Damaged(f"{folder}: a generation is missing")
    return found


def place(folder: Path, number: int) -> Path:
    """Where a generation lies."""
    return folder / f"{number:04}"


def read(where: Path) -> Generation:
    """The manifest of the generation in `where`; raises Damaged."""
    try:
        digest, _, content = (where / _MANIFEST).read_bytes().partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != digest:
            raise Damaged(f"{where.name}/{_MANIFEST}: not what was written")
        return msgspec.json.decode(content, type=Generation)
    except (OSError, msgspec.MsgspecError) as error:
        raise Damaged(f"{where.name}/{_MANIFEST}: {error}") from None


def keep(where: Path, generation: Generation) -> None:
    """Write the manifest of a generation, after its files."""
    content = msgspec.json.encode(generation)
    durable.write(where / _MANIFEST, hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


def described(file: Path, point: Point) -> Piece:
    """A file that was written, as a manifest names it."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Piece(file.name, digest, file.stat().st_size, point)


def verify(where: Path, generation: Generation) -> None:
    """Raise Damaged unless every file of a generation is exactly what was written."""
    for piece in (generation.base, *generation.pieces):
        try:
            found = described(where / piece.file, piece.point)
        except OSError as error:
            raise Damaged(f"{where.name}/{piece.file}: {error.strerror}") from None
        if found != piece:
            raise Damaged(f"{where.name}/{piece.file}: not what was written")


def prune(folder: Path, now: datetime, keep_for: timedelta) -> None:
    """Drop the oldest generations while the one after them, too, ended longer ago than `keep_for`."""
    found = numbers(folder)
    for older, newer in pairwise(found):
        if read(place(folder, newer)).base.point.at >= now - keep_for:
            return
        gone = place(folder, older).rename(folder / f"{older:04}.gone")  # at once, or not at all
        shutil.rmtree(gone)


def newest(folder: Path) -> datetime | None:
    """Up to when an archive can restore; None if there is none."""
    found = numbers(folder)
    return read(place(folder, found[-1])).seen if found else None
