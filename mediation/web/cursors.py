"""How far a page of a room has been told: what a browser gives back when it comes again."""

from dataclasses import dataclass, replace

from mediation.domain.rooms import Room, readable

_DIGITS = 10
"""Figures that no number of a message has."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The newest number of each audience that a role may read, and the mark of the page's frame.

    It names no audience, so that it is the same for who knows of others and who does not.
    """

    numbers: dict[Room, int]
    frame: str = ""

    @classmethod
    def read(cls, written: str, role: str) -> "Cursor":
        """What `write` wrote; whatever is not readable is taken as nothing told."""
        figures, _, frame = written.partition("~")
        parts = figures.split(".")
        rooms = readable(role)
        if len(parts) != len(rooms) or not all(_is_number(one) for one in parts):
            return cls(dict.fromkeys(rooms, 0))
        return cls(dict(zip(rooms, map(int, parts), strict=True)), frame if _is_mark(frame) else "")

    def write(self) -> str:
        """As one word, for the identity of an event."""
        return ".".join(str(number) for number in self.numbers.values()) + "~" + self.frame

    def at(self, audience: Room, number: int) -> "Cursor":
        """The same once this message was told."""
        return replace(self, numbers={**self.numbers, audience: number})

    def framed(self, frame: str) -> "Cursor":
        """The same once the page has this frame."""
        return replace(self, frame=frame)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < _DIGITS


def _is_mark(text: str) -> bool:
    return text.isascii() and text.isalnum()
