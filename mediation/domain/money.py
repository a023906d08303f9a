"""Amounts of money: an integer count of fen, read from what people type and written for documents.

Figures keep two decimals; capitals (大写) follow the rules of the People's Bank of China for
filling in bills (《正确填写票据和结算凭证的基本规定》), section 1, with the optional 零 left out.
"""

import re
from typing import Final, Literal

LIMIT: Final = 10**14
"""First refused amount in fen: one trillion yuan."""

Reason = Literal["empty", "full_width", "letters", "negative", "too_precise", "too_large", "zero"]


class NotAnAmount(ValueError):
    """What was given is no amount this office can write; ``code`` says why, ``text`` repeats it.

    ``letters`` also stands for everything that does not have the shape of a number.
    """

    def __init__(self, code: Reason, text: str) -> None:
        super().__init__(code, text)
        self.code: Final = code
        self.text: Final = text


_SPACES = " \t\r\n\u00a0\u3000"
FULL_WIDTH: Final = re.compile("[０-９]")
"""Figures as a Chinese keyboard may type them: no amount and no date is read from them (decision 0019)."""
_NARROW = str.maketrans("．，￥－\u2212", ".,¥--")
_TYPED = re.compile(
    r"(?P<minus>-?)(?:人民币)?\s*¥?\s*(?P<inner>-?)"
    r"(?P<whole>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]+))?"
    r"\s*(?P<wan>万?)\s*元?"
)

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿")


def parse_yuan(text: str, *, allow_zero: bool = False) -> int:
    """Read an amount in yuan as a person types it and return fen.

    Well-placed thousands commas, ``人民币``, ``¥``, ``元``, the suffix ``万`` and the full-width forms
    of signs are understood, full-width digits are not. Nothing is ever rounded. Raises NotAnAmount.
    """
    if FULL_WIDTH.search(text):
        raise NotAnAmount("full_width", text)
    typed = _TYPED.fullmatch(text.strip(_SPACES).translate(_NARROW))
    if typed is None:
        raise NotAnAmount("letters" if text.strip(_SPACES) else "empty", text)
    if typed["minus"] or typed["inner"]:
        raise NotAnAmount("negative", text)
    decimals = 6 if typed["wan"] else 2
    part = typed["part"] or ""
    if len(part) > decimals:
        raise NotAnAmount("too_precise", text)
    digits = (typed["whole"].replace(",", "") + part.ljust(decimals, "0")).lstrip("0")
    if len(digits) >= len(str(LIMIT)):
        raise NotAnAmount("too_large", text)
    if not digits and not allow_zero:
        raise NotAnAmount("zero", text)
    return int(digits or "0")


def figures(fen: int) -> str:
    """Yuan for readers, with thousands commas: ``18,640.50``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def plain(fen: int) -> str:
    """Yuan for form fields and files, without commas: ``18640.50``."""
    return figures(fen).replace(",", "")


def capitals(fen: int) -> str:
    """Write fen in capital numerals: ``人民币壹万捌仟陆佰肆拾元伍角``.

    Zero is ``人民币零元整``. Raises NotAnAmount for a negative amount or LIMIT and above.
    """
    if fen < 0:
        raise NotAnAmount("negative", plain(fen))
    if fen >= LIMIT:
        raise NotAnAmount("too_large", plain(fen))
    yuan, rest = divmod(fen, 100)
    if not rest:
        return f"人民币{_whole(yuan) or '零'}元整"
    return f"人民币{_whole(yuan)}{'元' if yuan else ''}{_small(rest, after_yuan=yuan > 0)}"


def _whole(yuan: int) -> str:
    """Capitals of whole yuan in sections of four digits, empty for none."""
    written = ""
    skipped = False
    for power in (2, 1, 0):
        section = yuan // 10_000**power % 10_000
        if section:
            gap = skipped or section // 1_000 == 0
            written += "零" if written and gap else ""
            written += _section(section) + _SECTIONS[power]
        skipped = section == 0
    return written


def _section(number: int) -> str:
    """Capitals of 1 to 9999, a run of inner zeros written as one."""
    written = ""
    pending = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            written += ("零" if written and pending else "") + _DIGITS[digit] + _PLACES[place]
        pending = digit == 0
    return written


def _small(rest: int, *, after_yuan: bool) -> str:
    """Capitals of 1 to 99 fen; 零 stands for missing jiao only when yuan come before."""
    jiao, fen = divmod(rest, 10)
    first = f"{_DIGITS[jiao]}角" if jiao else "零" * after_yuan
    return first + (f"{_DIGITS[fen]}分" if fen else "")
