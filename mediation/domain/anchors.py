"""An anchor as it is told to the outside: one line that says what the tree was at a moment."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec


@dataclass(frozen=True, slots=True)
class AnchorTargets:
    """Where anchors go: the file always, mailbox and time-stamping authority where they are configured."""

    file: Path
    mail_to: str = ""
    mail_from: str = ""
    smtp: str = ""
    tsa_url: str = ""


@dataclass(frozen=True, slots=True)
class AnchorLine:
    """The root of the tree when it had `size` leaves; `token` is a time stamp on it, in base 64."""

    number: int
    at: str
    size: int
    root: str
    token: str | None = None

    @property
    def digest(self) -> bytes:
        """What a time stamp is on: everything but the stamp itself."""
        said = [self.number, self.at, self.size, self.root]
        return hashlib.sha256(json.dumps(said).encode()).digest()

    def line(self) -> str:
        """The anchor as one line of JSON."""
        said = {"anchor": self.number, "at": self.at, "size": self.size, "root": self.root}
        return json.dumps(said | ({"token": self.token} if self.token else {}))


class _Said(msgspec.Struct):
    anchor: int
    at: str
    size: int
    root: str
    token: str | None = None


def anchor_line(number: int, at: datetime, size: int, root: str) -> AnchorLine:
    """An anchor that was made at a moment."""
    return AnchorLine(number, at.astimezone(UTC).isoformat(timespec="seconds"), size, root)


def read(line: str) -> AnchorLine:
    """The anchor that a line says.  Raises ValueError."""
    try:
        said = msgspec.json.decode(line, type=_Said)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
    return AnchorLine(said.anchor, said.at, said.size, said.root, said.token)
