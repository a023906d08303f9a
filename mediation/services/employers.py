"""Registered names of employers, suggested to whoever types one.

The office puts an extract of the public business register beside its settings.  Never from our own cases:
what is suggested is shown to anybody, and would tell who has a dispute.
"""

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from mediation.domain.fields import Problem
from mediation.domain.naming import name as read_name

MOST_BYTES = 64 * 1024 * 1024
LONGEST, SHORTEST = 100, 2
"""Characters of a name, and of what is looked for."""
MOST = 8


class NoList(Exception):
    """The file is not there, or is no list of names in UTF-8."""


@dataclass(frozen=True, slots=True)
class Employers:
    """Names, and all of them in one text as they are compared, each between two line ends."""

    names: tuple[str, ...] = ()
    text: str = ""
    starts: tuple[int, ...] = ()

    def like(self, said: str) -> list[str]:
        """At most MOST names with `said` in them, those that begin with it first; none for one character."""
        wanted = compared(said).strip()
        if not SHORTEST <= len(wanted) <= LONGEST:
            return []
        found = self._with(f"\n{wanted}", {})
        return list(self._with(wanted, found))

    def _with(self, wanted: str, found: dict[str, None]) -> dict[str, None]:
        """`found` and further names with this in them; each place is looked at once."""
        at = self.text.find(wanted)
        while at >= 0 and len(found) < MOST:
            line = bisect_right(self.starts, at + wanted.startswith("\n")) - 1
            found[self.names[line]] = None
            at = self.text.find(wanted, self.text.index("\n", at + 1))
        return found


def loaded(path: Path) -> Employers:
    """The names of a file, one a line; what can be no name is left out.  Raises NoList."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise NoList(path)
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as wrong:
        raise NoList(path) from wrong
    names = tuple(dict.fromkeys(filter(None, map(_named, lines))))
    alike = [compared(one) for one in names]
    # Each begins behind the end of the one before; the first behind an end of its own.
    starts = tuple(accumulate((len(one) + 1 for one in alike[:-1]), initial=1))
    return Employers(names, "\n" + "".join(f"{one}\n" for one in alike), starts)


def compared(text: str) -> str:
    """How names are compared: wide and narrow, large and small letters are the same."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\n", " ")


def _named(line: str) -> str:
    try:
        return read_name(line.strip(), LONGEST)
    except Problem:
        return ""
