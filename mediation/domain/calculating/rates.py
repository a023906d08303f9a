"""Rates by name, region and day, read from `rates.yaml`; a day without a rate is never guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path as File
from typing import Any

from mediation.domain.places import Both
from mediation.engine.loading import Reading
from mediation.engine.marking import Fault, Marks, Path, load

SOURCE = File(__file__).with_name("rates.yaml")
FIRST = date(1949, 10, 1)
"""Stands for a day that cannot be read, until its fault is told."""
UNITS = ("days", "times", "yuan")
SEEN = ("V", "S", "D", "M")
"""How surely a rate is known: official text seen, second-hand, derived, text not seen."""


class RatesError(ValueError):
    """The rates have faults: one line for each, `file:line: where: what`."""


class NoRate(LookupError):
    """Nothing is on record for this rate, region and day."""

    def __init__(self, name: str, region: str, day: date) -> None:
        super().__init__(f"no rate {name} of {region} on {day}")
        self.name = name
        self.day = day


@dataclass(frozen=True, slots=True)
class Region:
    """Where rates hold; `within` is the wider region, empty for the widest."""

    said: Both
    within: str


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate from `first` to `last`, both included; `last` is None for the newest.

    `value` is yuan, days or times, as `unit` says.
    """

    name: str
    said: Both
    unit: str
    region: str
    first: date
    last: date | None
    value: Fraction
    seen: str
    source: str
    note: Both | None

    @property
    def fen(self) -> Fraction:
        """The value of a rate in yuan, in fen."""
        return self.value * 100


@dataclass(frozen=True, slots=True)
class Rates:
    """All regions by code, and the rates by name, oldest first within a region."""

    regions: Mapping[str, Region]
    rows: Mapping[str, tuple[Rate, ...]]

    def at(self, name: str, region: str, day: date) -> Rate:
        """The rate that holds on a day in a region, or in the one around it.  Raises NoRate."""
        where = region
        while where:
            for rate in self.rows[name]:
                if rate.region == where and rate.first <= day and (rate.last is None or day <= rate.last):
                    return rate
            where = self.regions[where].within
        raise NoRate(name, region, day)


@cache
def rates() -> Rates:
    """The rates of this installation.  Raises RatesError."""
    return read(SOURCE.read_bytes(), SOURCE.name)


def read(source: bytes, file: str) -> Rates:
    """The rates that `source` says.  Raises RatesError with every fault and its line."""
    try:
        said, marks = load(source, file)
    except ValueError as fault:
        raise RatesError(str(fault)) from None
    book = _Book()
    found = book.read(said)
    if book.faults:
        raise RatesError("\n".join(_told(marks, fault) for fault in book.faults))
    return found


def _told(marks: Marks, fault: Fault) -> str:
    return f"{marks.file}:{marks.line(fault.path)}: {'.'.join(fault.path) or 'top'}: {fault.what}"


class _Book(Reading):
    """The file being read, and its faults."""

    def read(self, said: object) -> Rates:
        top = self.table(said, ())
        regions = {name: self.region(row, name) for name, row in self.named(top, "regions").items()}
        for name, row in regions.items():
            if row.within and (row.within not in regions or regions[row.within].within):
                self.fault(("regions", name, "within"), f"no widest region: {row.within!r}")
        self.table(top, (), {"regions", "names", *regions})
        names = self.named(top, "names")
        for region in regions:
            for name in self.table(top.get(region, {}), (region,)).keys() - names.keys():
                self.fault((region, name), f"no such name: {name!r}")
        return Rates(regions, {name: self.rate(row, name, top, regions) for name, row in names.items()})

    def region(self, given: object, name: str) -> Region:
        path = ("regions", name)
        row = self.table(given, path, {"zh", "en", "within"})
        return Region(self.both(row, path), str(row.get("within", "")))

    def both(self, row: Mapping[str, Any], path: Path) -> Both:
        return Both(self.text(row, "zh", path), self.english(row, path))

    def rate(
        self, given: object, name: str, top: Mapping[str, Any], regions: Mapping[str, Region]
    ) -> tuple[Rate, ...]:
        path = ("names", name)
        row = self.table(given, path, {"zh", "en", "unit"})
        said, unit = self.both(row, path), self.text(row, "unit", path)
        if unit not in UNITS:
            self.fault((*path, "unit"), f"unit must be one of {', '.join(UNITS)}")
        found: list[Rate] = []
        for region in regions:
            here, at = top.get(region), (region, name)
            days = self.table(here.get(name, {}), at) if isinstance(here, dict) else {}
            dated = [(self.day(day, (*at, day)), day, one) for day, one in days.items()]
            ends = [following - timedelta(days=1) for following, _, _ in dated[1:]]
            for (first, day, one), last in zip(dated, [*ends, None][: len(dated)], strict=True):
                if last is not None and last < first:
                    self.fault((*at, day), "the row after it does not begin later")
                value, seen, source, note = self.row(one, (*at, day))
                found.append(Rate(name, said, unit, region, first, last, value, seen, source, note))
        if not found:
            self.fault(path, "no region has a rate of this name")
        return tuple(found)

    def row(self, given: object, path: Path) -> tuple[Fraction, str, str, Both | None]:
        row = self.table(given, path, {"value", "seen", "source", "note"})
        value, seen = self.text(row, "value", path), self.text(row, "seen", path)
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,4})?", value) or not Fraction(value):
            self.fault((*path, "value"), f"{value!r} is no number above zero, like 21.75")
            value = "1"
        if seen not in SEEN:
            self.fault((*path, "seen"), f"seen must be one of {', '.join(SEEN)}")
        note, at = row.get("note"), (*path, "note")
        told = None if note is None else self.both(self.table(note, at, {"zh", "en"}), at)
        return Fraction(value), seen, self.text(row, "source", path), told

    def day(self, written: str, path: Path) -> date:
        try:
            if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
                return date.fromisoformat(written)
        except ValueError:
            pass
        self.fault(path, f"{written!r} is no date, like 2025-09-01")
        return FIRST
