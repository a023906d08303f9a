"""What an audit may find, how grave it is, and the status with which the command ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """What is wrong, by the status of `mediation audit`."""

    OTHER = 1
    """Facts, ledger or totals are not what the log says."""
    BROKEN = 3
    """An entry was changed, or put in another place."""
    MISSING = 4
    """A number is missing: in a case, at its end, or in the tree."""
    REWRITTEN = 5
    """The tree is not the one that was anchored: rewritten, or an older database was put back."""
    UNANCHORED = 6
    """An anchor is missing on one side, the next one is overdue, or entries are passed over."""


GRAVITY = (Kind.REWRITTEN, Kind.MISSING, Kind.BROKEN, Kind.UNANCHORED, Kind.OTHER)
"""The gravest first: where several things are wrong, this one decides the status."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not add up, in a sentence."""

    kind: Kind
    sentence: str


def status(found: Iterable[Finding]) -> int:
    """The status that says the gravest of what was found; 0 for nothing."""
    kinds = {finding.kind for finding in found}
    return next((int(kind) for kind in GRAVITY if kind in kinds), 0)
