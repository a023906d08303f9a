"""Characters that people type: which a name can hold, which nobody sees, and which turn a line around."""

import unicodedata

TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidirectional controls: with one of them a line says one thing and shows another."""
FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF
"""The code points by which a text is taken for Chinese."""

_LINES = frozenset("\n\r\t")
# Fillers, joiners and variation selectors that Unicode counts as letters, marks or symbols.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
# Han that Unicode 15 and 15.1 added to Extension C, as Extension I and as Extension H: the tables of
# Python 3.11 know nothing of them, while identity cards bear them.
_NEWER_HAN = frozenset(map(chr, (0x2B739, *range(0x2EBF0, 0x2EE5E), *range(0x31350, 0x323B0))))
# From the arrows on nearly every symbol is a picture; full-width signs and the circle of 张○○ are not.
_PICTURES = "\u2190"
_SIGNS = frozenset(map(chr, (0x25CB, *range(0xFF00, 0xFFF0))))
# A radical looks like the character it is the radical of; texts copied out of a PDF are full of them.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2E80, 0x2FD6)}


def composed(text: str) -> str:
    """The one spelling of what looks the same: NFC, and a character instead of its radical."""
    return unicodedata.normalize("NFC", text.translate(_RADICALS))


def spoken_in(body: str) -> str:
    """In which of the two languages something was written, as pages and papers mark it."""
    return "zh-CN" if any(FIRST_HAN <= ord(letter) <= LAST_HAN for letter in body) else "en"


def hidden(character: str) -> bool:
    """Whether nobody sees it: control, zero-width, bidirectional, a filler; ends of lines are none."""
    unseen = unicodedata.category(character) in ("Cc", "Cf") or character in _BLANK
    return unseen and character not in _LINES


def fits_a_name(character: str) -> bool:
    """Whether somebody's name can hold it: letters, digits, points and signs of any script, any Han."""
    category = unicodedata.category(character)
    if category[0] == "S":
        return (character < _PICTURES or character in _SIGNS) and character not in _BLANK
    seen = category[0] in "LMNPZ" and category not in ("Me", "Zl", "Zp") and character not in _BLANK
    return seen or character in _NEWER_HAN


def code(character: str) -> str:
    """Its number as people look it up: U+1F600."""
    return f"U+{ord(character):04X}"


def told(character: str) -> str:
    """The character where a page can show it, else its number."""
    unseen = character not in _NEWER_HAN and unicodedata.category(character)[0] in "CZ"
    return code(character) if unseen or character in _BLANK else character
