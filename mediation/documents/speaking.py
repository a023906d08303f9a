"""What a template of a paper is given beside its values: sentences of the paper, or of its reading copy."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Final

from markupsafe import Markup

from mediation.documents import wording
from mediation.domain.characters import spoken_in

PAPER: Final = "zh"
READING_COPY: Final = "en"
"""In what a paper is printed: Chinese alone counts, English is for whoever reads no Chinese."""

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Speech:
    """Filters and globals of the templates for one of the two."""

    filters: Mapping[str, Callable[..., object]]
    globals: Mapping[str, object]


def speech(printed_in: str) -> Speech:
    """How a template speaks: `english` says in which language, `t` takes a sentence in both."""
    if printed_in == READING_COPY:
        return Speech(
            {"clause": clause, "day": day, "name": name, "prose": prose, "spoken_in": spoken_in},
            {"english": True, "numbering": numbering, "t": lambda _zh, en: en},
        )
    return Speech(
        {
            "clause": wording.clause,
            "day": wording.day,
            "name": wording.name,
            "prose": wording.prose,
            "spoken_in": spoken_in,
        },
        {"english": False, "numbering": wording.numbering, "t": lambda zh, _en: zh},
    )


def day(value: date) -> str:
    """A calendar day in English: 30 April 2026."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def numbering(pattern: str) -> Callable[[], str]:
    """Give the next number of a run at each call: numbering("{}. ") → 1., 2., …"""
    numbers = count(1)
    return lambda: pattern.format(next(numbers))


def name(text: str) -> Markup:
    """What somebody or something is called, as it stands on the Chinese paper and marked as Chinese."""
    return Markup('<span class="n" lang="{}">{}</span>').format(spoken_in(text), text)


def prose(text: str, names: Iterable[str] = ()) -> Markup:
    """What somebody wrote, in his own words and marked in their language."""
    return Markup('<span lang="{}">{}</span>').format(spoken_in(text), wording.prose(text, names))


def clause(text: str, names: Iterable[str] = ()) -> Markup:
    """Like ``prose``, ended with exactly one full stop of its language whatever the writer typed."""
    if spoken_in(text) == READING_COPY:
        return prose(text.strip().rstrip("。；;.") + ".", names)
    return Markup('<span lang="{}">{}</span>').format(spoken_in(text), wording.clause(text, names))
