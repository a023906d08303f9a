"""Amounts as people say them: 一万八, 1万8, 两千五百块, １８０００; what is read is said back in words."""

import re
from typing import Final

from mediation.domain.money import LIMIT, NotAnAmount, parse_yuan

LONGEST: Final = 40
_NARROW: Final = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_ONES: Final = dict(
    zip(
        "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖",
        (0, 0, 1, 2, 2, *range(3, 10), *range(1, 10)),
        strict=True,
    )
)
_PLACES: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SECTIONS: Final = {"万": 10**4, "亿": 10**8}
_MONEY: Final = re.compile(r"人民币|块钱|块|圆整|元整|圆|元|整$")
_ABOUT: Final = re.compile(r"^(?:大概|大约|差不多)")
_SPOKEN: Final = re.compile(f"[0-9{''.join(_ONES)}{''.join(_PLACES)}{''.join(_SECTIONS)}]+")
_FIGURES: Final = re.compile(r"[0-9]+")


def spoken_yuan(text: str) -> int:
    """Read an amount in yuan as a person types or dictates it and return fen.

    Beside all that `parse_yuan` reads: full-width figures, Chinese numerals and both mixed, a last digit
    that stands for the next lower place (一万八 is 18,000), a leading 大概.  Nothing is rounded.
    Raises NotAnAmount.
    """
    if len(text) > LONGEST:
        raise NotAnAmount("letters", text[:LONGEST])
    plain = _ABOUT.sub("", "".join(text.translate(_NARROW).split()))
    try:
        return parse_yuan(plain)
    except NotAnAmount as wrong:
        if wrong.code != "letters":
            raise
    said = _MONEY.sub("", plain)
    if not _SPOKEN.fullmatch(said):
        raise NotAnAmount("letters", text)
    fen = _whole(said, text) * 100
    if fen >= LIMIT:
        raise NotAnAmount("too_large", text)
    if not fen:
        raise NotAnAmount("zero", text)
    return fen


def _whole(said: str, text: str) -> int:
    """The number that numerals say, largest places first."""
    total = section = 0
    digit: int | None = None
    last, limit = 1, LIMIT  # the place just said, and the section: the next ones must be smaller
    gap = False  # after 零 a last digit stands for itself: 一千零八 is 1008
    for part in re.findall(r"[0-9]+|.", said):
        if part in _SECTIONS:
            place = _SECTIONS[part]
            unclear = digit and section and last > 10 and not gap  # 五千六万 is nothing that anybody says
            section += digit or 0
            if unclear or not section or place >= limit:
                raise NotAnAmount("letters", text)
            total, section, digit, last, limit, gap = total + section * place, 0, None, place, place, False
        elif part in _PLACES:
            place = _PLACES[part]
            if digit == 0 or (section and place >= last):
                raise NotAnAmount("letters", text)
            section, digit, last = section + (1 if digit is None else digit) * place, None, place
        elif digit:
            raise NotAnAmount("letters", text)
        elif part in ("零", "〇"):
            digit, gap = None, True
        else:
            digit = int(part) if _FIGURES.fullmatch(part) else _ONES[part]
    # 一万八, 三千五: the last digit is of the next lower place; 十八 and 一百零八 are what they say.
    lower = last // 10 if digit and digit < 10 and last > 10 and not gap else 1
    return total + section + (digit or 0) * lower
