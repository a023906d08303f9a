"""The authority of whoever acts for a party: from whom, how far, and between which days."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, ValidationError, convert, to_builtins

MOST = 2
"""Agents of one party at a time (民事诉讼法 art. 61)."""
LONGEST = timedelta(days=730)
KINDS = ("lawyer", "legal_worker", "relative", "colleague", "recommended")
"""Who may be one (民事诉讼法 art. 61)."""
SCOPES = ("general", "special")

Ref = Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Authority(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Whom somebody named to act for him (`ref`), as what, how far, from and to which Beijing day.

    `document` is the digest of the paper among his evidence, if it was handed in here; `verified` who has
    held it against this, `ended` when it was taken back or found wanting.
    """

    ref: Ref
    kind: Literal["lawyer", "legal_worker", "relative", "colleague", "recommended"]
    scope: Literal["general", "special"]
    start: date
    end: date
    side: str = ""
    seat: int = 0
    document: Digest | None = None
    verified: str | None = None
    ended: datetime | None = None

    @property
    def owner(self) -> tuple[str, int]:
        """The side and the seat of whoever named him."""
        return self.side, self.seat

    @property
    def waits(self) -> bool:
        """Whether nobody has held the paper against it yet."""
        return self.verified is None and self.ended is None

    def stands(self, today: date) -> bool:
        """Whether he acts on this Beijing day."""
        return self.verified is not None and self.ended is None and self.start <= today <= self.end


def days_fit(start: date, end: date, today: date) -> bool:
    """Not over yet, begun before it ends, and not for ever."""
    return start <= end and today <= end <= start + LONGEST


def referred(value: Any, otherwise: Exception) -> str:
    """An authority by its reference; what is none raises `otherwise`."""
    try:
        return convert(value, Ref)
    except ValidationError:
        raise otherwise from None


def named(value: Any, otherwise: Exception) -> dict[str, Any]:
    """What an entry keeps of an authority that is given; what has not that shape raises `otherwise`."""
    given = {"ref", "kind", "scope", "start", "end", "document"}
    if not isinstance(value, Mapping) or not value.keys() <= given:
        raise otherwise
    try:
        found = convert(value, Authority)
    except ValidationError:
        raise otherwise from None
    return dict(to_builtins(found))
