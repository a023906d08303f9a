"""Is this application for us?  Signs in what was filed, each with its reason, for a person to judge.

The signs stand in `scope.yaml`; what they mean, with articles and numbers to call, in `places.yaml`.
Nothing here knows a day, and nothing is decided here (劳动争议调解仲裁法 art. 2; 17号令 art. 22).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path as File
from typing import Any

from mediation.domain.filing import CATEGORIES, GROUPS
from mediation.domain.place_rules import PlacesError, places
from mediation.domain.places import Outcome, Places, Rule
from mediation.domain.terms import HEADS
from mediation.engine.loading import Reading
from mediation.engine.marking import load

SOURCE = File(__file__).with_name("scope.yaml")
LISTED: Mapping[str, tuple[str, ...]] = {"category": CATEGORIES, "group": GROUPS, "heads": tuple(HEADS)}


@dataclass(frozen=True, slots=True)
class Filed:
    """What of an application is looked at; `groups` and `heads` are those of all who apply."""

    category: str
    groups: frozenset[str]
    heads: frozenset[str]
    story: str


@dataclass(frozen=True, slots=True)
class Sign:
    """What is looked for: of each tuple that is not empty one must be there; and what it means."""

    name: str
    category: tuple[str, ...]
    group: tuple[str, ...]
    heads: tuple[str, ...]
    words: tuple[str, ...]
    means: Outcome | Rule


@dataclass(frozen=True, slots=True)
class Finding:
    """A meaning, and by what it was seen: pairs of where (category, group, heads, words) and what."""

    means: Outcome | Rule
    because: tuple[tuple[str, str], ...]

    @property
    def elsewhere(self) -> bool:
        """Whether it may be for somebody else."""
        return isinstance(self.means, Outcome) and self.means.kind != "help"


def check(filed: Filed) -> list[Finding]:
    """What the signs see, each meaning once; first what may not be for us.  Raises PlacesError."""
    seen: dict[Outcome | Rule, dict[tuple[str, str], None]] = {}
    for sign in signs():
        if because := _because(sign, filed):
            seen.setdefault(sign.means, {}).update(dict.fromkeys(because))
    found = [Finding(means, tuple(because)) for means, because in seen.items()]
    return sorted(found, key=lambda one: not one.elsewhere)


def _because(sign: Sign, filed: Filed) -> list[tuple[str, str]]:
    """By what a sign is seen; nothing where part of it is missing."""
    found = []
    for part, wanted, there in (
        ("category", sign.category, [one for one in sign.category if one == filed.category]),
        ("group", sign.group, [one for one in sign.group if one in filed.groups]),
        ("heads", sign.heads, [one for one in sign.heads if one in filed.heads]),
        ("words", sign.words, [one for one in sign.words if one in filed.story]),
    ):
        if wanted and not there:
            return []
        found += [(part, one) for one in there]
    return found


@cache
def signs() -> tuple[Sign, ...]:
    """The signs of this installation.  Raises PlacesError with every fault found."""
    return read(SOURCE.read_bytes(), places())


def read(source: bytes, rules: Places) -> tuple[Sign, ...]:
    """The signs that `source` says, with meanings of `rules`.  Raises PlacesError."""
    try:
        said, marks = load(source, SOURCE.name)
    except ValueError as fault:
        raise PlacesError(str(fault)) from None
    reading = Reading()
    top = reading.table(said, (), {"signs"})
    found = tuple(_signs(reading, reading.named(top, "signs"), rules))
    if reading.faults:
        raise PlacesError("\n".join(marks.told(fault) for fault in reading.faults))
    return found


def _signs(reading: Reading, rows: Mapping[str, Any], rules: Places) -> Iterator[Sign]:
    for name, row in rows.items():
        path = ("signs", name)
        table = reading.table(row, path, {*LISTED, "words", "outcome", "note"})
        parts = {part: reading.words(table, part, path) for part in (*LISTED, "words")}
        for part, allowed in LISTED.items():
            for code in parts[part]:
                if code not in allowed:
                    reading.fault((*path, part), f"{part} has no {code!r}")
        if not any(parts.values()):
            reading.fault(path, "looks for nothing")
        means = [(kind, table[kind]) for kind in ("outcome", "note") if kind in table]
        known: Mapping[str, Mapping[str, Outcome | Rule]] = {"outcome": rules.outcomes, "note": rules.notes}
        if len(means) != 1 or means[0][1] not in known[means[0][0]]:
            reading.fault(path, "means one outcome or one note of places.yaml")
            continue
        kind, code = means[0]
        yield Sign(name, **parts, means=known[kind][code])
