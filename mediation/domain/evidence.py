"""What people hand in to show how it was: photos, documents, recordings, each known by its SHA-256.

The log keeps what was handed in, never the file itself.  Whoever hands something in shows it to the
mediator and the staff; he may open it to everybody in the case, and nobody can close it again.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, ValidationError, convert, to_builtins

from mediation.engine.asking import Ask

KINDS = ("photo", "document", "recording")
MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_OF_ONE = 200 * MEGABYTE
"""Bytes of one party in one case, or of one application."""
MOST_ITEMS = 60
"""So many of one party in one case, whatever he sends."""

Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Taken(Struct, frozen=True, forbid_unknown_fields=True):
    """A file that was judged by its content and taken in, as its entry says it; `size` in bytes.

    `digest` is the SHA-256 of the original; `audience` who sees it at first: its owner and the staff.
    """

    digest: Digest
    kind: Literal["photo", "document", "recording"]
    media: Annotated[str, Meta(pattern="^[a-z]+/[a-z0-9.+-]{1,40}$")]
    size: Annotated[int, Meta(ge=1, le=MOST_BYTES)]
    audience: Literal["own"]


def too_large(size: int) -> str:
    """The problem of a file of so many bytes, with its size in whole megabytes, none less than it is."""
    return f"file_too_large:{-(-size // MEGABYTE)}"


def taken(value: Any, otherwise: Exception) -> dict[str, Any]:
    """What an entry keeps of a file that was taken in; what has not that shape raises `otherwise`."""
    try:
        return dict(to_builtins(convert(value, Taken)))
    except ValidationError:
        raise otherwise from None


class Item(Struct, frozen=True, omit_defaults=True):
    """One piece of evidence of a case: whose (`worker` or `employer`, and seat), since when, for whom."""

    digest: str
    kind: str
    media: str
    size: int
    side: str
    seat: int
    at: datetime
    opened: bool = False

    @property
    def owner(self) -> tuple[str, int]:
        """The side and the seat of whoever handed it in."""
        return self.side, self.seat


def numbered(items: tuple[Item, ...]) -> Iterator[tuple[int, Item]]:
    """Each item with its number among those of its owner and kind: photo 1, photo 2, recording 1."""
    counts: dict[tuple[object, ...], int] = {}
    for item in items:
        key = (item.owner, item.kind)
        counts[key] = counts.get(key, 0) + 1
        yield counts[key], item


def owner(ask: Ask) -> tuple[str, int]:
    """The side and the seat of whoever asks: what he hands in is his."""
    return ask.actor.role, ask.actor.seat if ask.actor.role == "worker" else 0
