"""What can be said of a file that claims to be one of our papers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Finding(StrEnum):
    """What a file is."""

    GENUINE = "genuine"
    CHANGED = "changed"
    UNSIGNED = "unsigned"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The finding on a file, one English sentence why, and who sealed it when that is known.

    ``signer`` and ``at`` are no more than claims of the file unless the finding is GENUINE.
    """

    finding: Finding
    reason: str
    signer: str | None = None
    at: datetime | None = None

    @property
    def genuine(self) -> bool:
        """True for a whole, unchanged file sealed under one of the given roots."""
        return self.finding is Finding.GENUINE


def judged(*, registered: bool, verdict: Verdict | None) -> str:
    """What to say of a file: registered (exactly these bytes were, and our seal holds), changed, or unknown.

    A file that is not in the register but bears our seal, or traces of one, was changed; so was one in the
    register whose seal does not hold: somebody has written it there.
    """
    found = verdict.finding if verdict is not None else None
    if registered:
        return "registered" if found is Finding.GENUINE else "changed"
    return "changed" if found in (Finding.CHANGED, Finding.GENUINE) else "unknown"
