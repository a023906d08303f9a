"""A sum while it is worked out: what was given, and which steps, rates and assumptions it took."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from mediation.domain.calculating.rates import NoRate, Rate, Rates
from mediation.domain.fields import Invalid
from mediation.domain.money import plain
from mediation.domain.working_days import WorkingDays

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Yuan:
    """An amount inside a sentence, in fen and perhaps in parts of a fen."""

    fen: Fraction


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of `kinds.yaml` by its code, and what stands in its gaps."""

    code: str
    values: Mapping[str, Yuan | Fraction | int | date | str] = field(default_factory=dict)


@dataclass(slots=True)
class Working:
    """What a formula is handed, and where it writes down how it got there.

    `given` holds values already read: amounts in fen, numbers and days; what was left out is missing.
    """

    given: Mapping[str, Any]
    region: str
    today: date
    book: Rates
    calendar: WorkingDays
    steps: list[Said] = field(default_factory=list)
    assumed: list[Said] = field(default_factory=list)
    used: dict[Rate, None] = field(default_factory=dict)

    def fen(self, name: str) -> Fraction:
        """An amount in fen; nothing where it was left out."""
        return Fraction(self.given.get(name, 0))

    def number(self, name: str) -> Fraction:
        """A count of hours, days or years; nothing where it was left out."""
        return Fraction(self.given.get(name, 0))

    def day(self, name: str, otherwise: date | None = None) -> date:
        """A day, or another one where it was left out."""
        found: date | None = self.given.get(name, otherwise)
        return found or self.today

    def has(self, name: str) -> bool:
        """Whether it was given."""
        return name in self.given

    def chose(self, name: str) -> str:
        """The code that was chosen, empty where nothing was."""
        return str(self.given.get(name, ""))

    def rate(self, name: str, day: date, asked: str) -> Rate:
        """The rate of a day; `asked` is the field that led to it.  Raises Invalid where there is none."""
        try:
            found = self.book.at(name, self.region, day)
        except NoRate:
            raise Invalid({asked: f"no_rate:{day}"}) from None
        self.used[found] = None
        return found

    def step(self, code: str, **values: Yuan | Fraction | int | date | str) -> None:
        """Write down a step that the reader can follow."""
        self.steps.append(Said(code, values))

    def assume(self, code: str, **values: Yuan | Fraction | int | date | str) -> None:
        """Write down something that was not given and is taken to be so; said once however often."""
        said = Said(code, values)
        if said not in self.assumed:
            self.assumed.append(said)

    def span(self, first: str, last: str) -> tuple[date, date]:
        """Two days in their order.  Raises Invalid."""
        found = self.day(first), self.day(last)
        if found[1] < found[0]:
            raise Invalid({last: "ends_too_early"})
        return found


def rounded(fen: Fraction) -> int:
    """Whole fen, half a fen up: the one place where a sum is rounded.  `fen` is not negative."""
    return (2 * fen.numerator + fen.denominator) // (2 * fen.denominator)


def number(value: Fraction) -> str:
    """A number without needless zeros and commas, of at most two decimals, as all that is typed has."""
    return plain(rounded(value * 100)).rstrip("0").rstrip(".")
