"""The backup of an office: an archive of its database, its papers, its evidence.  Its keys are kept apart."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from mediation.services.offices import Office
from mediation.store import archive, durable, restoring
from mediation.store.archive import Damaged, Generation
from mediation.store.archiving import Archivist
from mediation.store.restoring import Goal, Newest

DATABASE = "mediation.sqlite"
_FILE = re.compile(r"[0-9a-f]{64}(\.pdf|\.view|\.small)?")
FRESH = timedelta(hours=1)
"""A backup that is older than this is worth a warning."""


def keep(
    archivist: Archivist, office: Office, folder: Path, clock: Callable[[], datetime], days: int
) -> Generation:
    """One round: the database, then papers and evidence, so that none of what it names is missing."""
    done = archivist.keep(clock)
    _copy(office.papers, folder)
    _copy(office.evidence, folder)
    archive.prune(folder, done.seen, timedelta(days=days))
    return done


def restore(folder: Path, goal: Goal, into: Path) -> Newest:
    """Make a new instance folder with the database, the papers and the evidence of a backup.

    Raises FileExistsError unless `into` is missing or empty, Damaged and Unreachable as the archive is.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise FileExistsError(f"{into}: not an empty folder: a backup is never restored over something")
    durable.make(into)
    part = into / f"{DATABASE}.part"
    try:
        found = restoring.restore(folder, goal, part)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _copy(folder / "papers", into)
    _copy(folder / "evidence", into)
    part.rename(into / DATABASE)
    durable.sync(into)
    return found


def remark(folder: Path | None, now: datetime) -> str:
    """What to know about the backup in `folder`; "" if it is fresh."""
    if folder is None:
        return "none is configured: set BACKUP_DIR, on another disk"
    try:
        newest = archive.newest(folder)
    except Damaged as damaged:
        return str(damaged)
    if newest is None:
        return f"there is none in {folder} yet: `mediation work` makes it"
    return f"the newest is of {newest.isoformat()}: is `mediation work` running?" * (newest < now - FRESH)


def _copy(source: Path, target: Path) -> None:
    """Copy the files that are not there yet.  They are named by their digests and never change."""
    for file in _files(source):
        place = target / source.name / file.parent.name / file.name
        if not place.is_file():
            durable.write(place, file.read_bytes())


def _files(folder: Path) -> Iterator[Path]:
    """Papers, and evidence with its copies, which is sealed and stays so; no drafts of a writer that died."""
    return (file for file in folder.glob("[0-9a-f][0-9a-f]/*") if _FILE.fullmatch(file.name))
