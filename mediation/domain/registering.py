"""The register's entry in the log: which bytes became the paper of an entry."""

from typing import Any

from msgspec import Struct

REGISTER = "register_paper"
"""The act of such an entry: it is in no chart, for it only says what the seal has led to."""


class Registered(Struct, frozen=True):
    """That the paper of `kind` which the entry numbered `entry` ordered is the file with this SHA-256."""

    entry: int
    kind: str
    sha256: str

    def said(self) -> dict[str, Any]:
        """What the entry says."""
        return {"entry": self.entry, "kind": self.kind, "sha256": self.sha256}
