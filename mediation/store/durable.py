"""Files that are there, whole and by their names, after the power was cut."""

import os
import tempfile
from pathlib import Path


def write(place: Path, content: bytes) -> None:
    """Write a file whole or not at all, and down to the disk, its name included."""
    make(place.parent)
    handle, draft = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(place)
    sync(place.parent)


def make(folder: Path) -> None:
    """Make a folder and those above it; the name of each is on the disk before anything lies in it."""
    if not folder.is_dir():
        make(folder.parent)
        folder.mkdir(exist_ok=True)
        # Also if another maker was faster: he may not have come to this line yet.
        sync(folder.parent)


def sync(place: Path) -> None:
    """Bring a file, or the names in a folder, to the disk: a file's own fsync does not promise its name."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
