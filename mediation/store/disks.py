"""What the files lie on: some file systems do not keep what they have promised."""

import logging
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "afs", "lustre"})
_LOG = logging.getLogger(__name__)
PASSING = frozenset({"tmpfs", "ramfs"})


def file_system(place: Path) -> str:
    """The kind of file system that `place` lies on; "unknown" where the system does not tell."""
    try:
        lines = MOUNTS.read_text("utf-8", "replace").splitlines()
    except OSError:
        return "unknown"
    mounted = [(_plain(fields[1]), fields[2]) for fields in (line.split() for line in lines)]
    inside = [(point, kind) for point, kind in mounted if place.resolve().is_relative_to(point)]
    # The deepest one counts, and of two at one place the later.
    return max(enumerate(inside), key=lambda one: (len(one[1][0]), one[0]))[1][1] if inside else "unknown"


def hint(kind: str) -> str:
    """What to know of this kind of file system; "" if it is fit for everything."""
    if over_network(kind):
        return "a network file system: its locks and its promise to have written cannot be relied on"
    if kind in PASSING:
        return "kept in memory: everything is gone when the machine stops"
    if kind == "overlay":
        return "the layer of a container: everything is gone when the container is removed"
    return ""


def warn_if_remote(database: str | None) -> None:
    """Say loudly, once at the start, that the file of this SQLite database is kept by another machine."""
    if database and over_network(kind := file_system(Path(database).absolute().parent)):
        _LOG.error(
            "SQLite on %s, a network file system: what was acknowledged may be lost. Use a local disk, or"
            " PostgreSQL; `mediation doctor` says whether this installation is fit for use.",
            kind,
        )


def over_network(kind: str) -> bool:
    """Whether another machine keeps the files."""
    return kind in NETWORK or kind.startswith("fuse.")


def _plain(point: str) -> str:
    """A mount point as it is called; the system writes a space as \\040."""
    return point.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
