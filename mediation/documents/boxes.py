"""What stands on a paper for a character that cannot be printed, and who is told of it beforehand."""

import unicodedata
from typing import Any, Final

from mediation.documents import fonts
from mediation.domain.characters import TURNING, code, hidden, told
from mediation.domain.fields import Problem, promise

EMPTY_BOX: Final = "□"
"""Everybody on paper knows it for a character that is missing."""


def boxed(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as it can be printed, and the numbers of what became a box, in the order of the text.

    What nobody sees on a screen either is left out; what turns a line around is boxed though a font
    has it.  Raises fonts.FontsMissing.
    """
    instead = {character: _instead(character) for character in _unprintable(text)}
    instead |= {character: " " for character in set(text) if _space(character)}
    boxes = tuple(code(character) for character, shown in instead.items() if shown == EMPTY_BOX)
    return text.translate({ord(character): shown for character, shown in instead.items()}), boxes


def clause(value: Any) -> str:
    """Read a text of the agreement, which can be printed as it is shown and signed.  Raises Problem."""
    found = promise(value)
    try:
        absent = _unprintable(found)
    except fonts.FontsMissing:
        # Nothing can be printed here until that is mended, and then with a box.
        return found
    if absent:
        raise Problem(f"unprintable:{told(absent[0])}")
    return found


def _unprintable(text: str) -> list[str]:
    absent = set(fonts.missing(text))
    return [each for each in dict.fromkeys(text) if each in absent or hidden(each) or _private(each)]


def _private(character: str) -> bool:
    """Whoever typed it saw his own font's picture, which is not the one of ours."""
    return unicodedata.category(character) == "Co"


def _instead(character: str) -> str:
    return "" if hidden(character) and character not in TURNING else EMPTY_BOX


def _space(character: str) -> bool:
    """Whether it is a space of some other width than the two that every face has."""
    return unicodedata.category(character) == "Zs" and character not in " \u3000"
