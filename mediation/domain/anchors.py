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
    """The root of the tree when it had `size` leaves; `signature` and `token` are on it, in base 64.

    The signature is the organisation's, the token another authority's time stamp.
    """

    number: int
    at: str
    size: int
    root: str
    token: str | None = None
    signature: str | None = None

    @property
    def said(self) -> bytes:
        """What is signed and stamped: everything but signature and stamp."""
        return json.dumps([self.number, self.at, self.size, self.root]).encode()

    @property
    def digest(self) -> bytes:
        """What a time stamp is on."""
        return hashlib.sha256(self.said).digest()

    @property
    def plain(self) -> "AnchorLine":
        """The line without signature and stamp."""
        return AnchorLine(self.number, self.at, self.size, self.root)

    def line(self) -> str:
        """The anchor as one line of JSON."""
        said = {"anchor": self.number, "at": self.at, "size": self.size, "root": self.root}
        also = {"signature": self.signature, "token": self.token}
        return json.dumps(said | {name: value for name, value in also.items() if value})


class _Said(msgspec.Struct):
    anchor: int
    at: str
    size: int
    root: str
    token: str | None = None
    signature: str | None = None


def anchor_line(number: int, at: datetime, size: int, root: str, signature: str | None = None) -> AnchorLine:
    """An anchor that was made at a moment."""
    moment = at.astimezone(UTC).isoformat(timespec="seconds")
    return AnchorLine(number, moment, size, root, signature=signature)


def read(line: str) -> AnchorLine:
    """The anchor that a line says.  Raises ValueError."""
    try:
        said = msgspec.json.decode(line, type=_Said)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
    return AnchorLine(said.anchor, said.at, said.size, said.root, said.token, said.signature)
