"""How values are written on pages."""

from datetime import date, datetime

from flask import Flask

from mediation.documents import speaking
from mediation.domain.characters import spoken_in
from mediation.domain.facts import BEIJING
from mediation.domain.facts import day as as_day
from mediation.domain.mail import veiled
from mediation.domain.money import capitals, figures
from mediation.domain.words import problem, word
from mediation.services.notices import short
from mediation.web import languages, repeats, unsent, while_typing
from mediation.web.context import now
from mediation.web.wording import sentence

_DAYS = "一二三四五六日"
# In words of our own: the program's locale is the server's and not the reader's.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def register(app: Flask) -> None:
    """Give templates their filters, and forms their keys."""
    app.jinja_env.globals |= {
        "once": repeats.key,
        "t": languages.t,
        "translated": languages.translated,
        "again": languages.again,
        "suggests": while_typing.suggests,
    }
    app.jinja_env.filters |= {
        "yuan": figures,
        "capitals": capitals,
        "word": lambda code, kind: word(kind, code, languages.language()),
        "problem": lambda said: problem(said, languages.language()),
        "day": lambda value: english_day(value) if languages.language() == "en" else day(value),
        "english_day": english_day,
        "clock": clock,
        "moment": lambda value: english_moment(value) if languages.language() == "en" else moment(value),
        "lately": lately,
        "sentence": sentence,
        "spoken_in": spoken_in,
        "short": short,
        "masked": masked,
        "veiled": veiled,
        "in_parts": unsent.in_parts,
    }


def day(value: date) -> str:
    """A day with its weekday: 4月9日（周四）, with the year where it is not plain."""
    return f"{value.year}年{value.month}月{value.day}日（周{_DAYS[value.weekday()]}）"


def english_day(value: date) -> str:
    """A day with its weekday in English: Thursday 9 April 2026."""
    return f"{_WEEKDAYS[value.weekday()]} {speaking.day(value)}"


def moment(value: datetime) -> str:
    """A moment in Beijing: 4月9日（周四）14:00."""
    local = value.astimezone(BEIJING)
    return f"{local.month}月{local.day}日（周{_DAYS[local.weekday()]}）{local:%H:%M}"


def clock(value: datetime) -> str:
    """The time of day in Beijing: 14:35."""
    return f"{value.astimezone(BEIJING):%H:%M}"


def lately(value: datetime) -> str:
    """A moment in Beijing, of today by the time alone: 14:00."""
    if as_day(value) == as_day(now()):
        return clock(value)
    return english_moment(value) if languages.language() == "en" else moment(value)


def english_moment(value: datetime) -> str:
    """A moment in Beijing in English: Thursday 9 April, 14:00."""
    local = value.astimezone(BEIJING)
    return f"{_WEEKDAYS[local.weekday()]} {local.day} {speaking.MONTHS[local.month - 1]}, {local:%H:%M}"


def masked(phone: str) -> str:
    """A phone number that only its owner recognises: 138****0001."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"
