"""How numbers, dates and free text are written on Chinese papers; the sentences are in templates."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from itertools import count
from typing import Final

from markupsafe import Markup, escape

BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

_DIGITS = "零一二三四五六七八九"
_SHORT_NAME = 4
_UNBREAKABLE = re.compile(r"\d{1,2}月\d{1,2}日|[¥￥]?\d[\d,]*(?:\.\d+)?(?:[元年月日天号%％‰])?|\d*\*{2,}\d*")
# A line's end, a tab, and a space after a Chinese character: the faces that draw those have no space.
_BREAKS = re.compile(r"\s*[\r\n\t\x85\u2028\u2029]\s*|(?:^|(?<=[^\x00-\xff]))\s+")


def chinese(number: int) -> str:
    """Write 0 to 999 in small numerals: 三, 十二, 一百零七."""
    if not 0 <= number < 1000:
        raise ValueError(f"no clause or copy has the number {number}")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    written = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        # 十二 stands alone, but 一百一十二 spells its ten out.
        written += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        written += "零"
    return written + (_DIGITS[ones] if ones or not number else "")


def numbering(pattern: str) -> Callable[[], str]:
    """Give the next number of a run at each call: numbering("（{}）") → （一）, （二）…"""
    numbers = count(1)
    return lambda: pattern.format(chinese(next(numbers)))


def day(value: date) -> str:
    """A calendar day without leading zeros: 2026年4月30日."""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """An instant to the second on Beijing's clock. Raises ValueError for one without a zone."""
    if value.tzinfo is None:
        raise ValueError("an instant on a paper needs its time zone")
    return f"{value.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def name(text: str) -> Markup:
    """A name in the names' face; a person's is short enough never to be split over lines."""
    kind = "n m" if len(text) <= _SHORT_NAME else "n"
    return Markup('<span class="{}">{}</span>').format(kind, text)


def prose(text: str, names: Iterable[str] = ()) -> Markup:
    """Set one paragraph of free text: names in Kai, figures never parted from their unit."""
    known = sorted({each for each in names if each}, key=lambda each: (-len(each), each))
    parts = re.split(f"({'|'.join(map(re.escape, known))})", text) if known else [text]
    return Markup("").join(
        name(part) if place % 2 else _unbroken(part)
        for place, part in enumerate(_BREAKS.sub("　", part) for part in parts)
    )


def clause(text: str, names: Iterable[str] = ()) -> Markup:
    """Like ``prose``, ended with exactly one full stop whatever the writer typed."""
    return prose(text.strip().rstrip("。；;.") + "。", names)


def _unbroken(text: str) -> Markup:
    done = Markup("")
    last = 0
    for found in _UNBREAKABLE.finditer(text):
        done += escape(text[last : found.start()])
        done += Markup('<span class="m">{}</span>').format(found[0])
        last = found.end()
    return done + escape(text[last:])
