"""What the random days have done: how often each rule ran, each act was done, and each was refused."""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from acts import ACTS
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

RULES: list[str] = []
"""The names of all rules."""


class Tally:
    """What all examples together have done: which rules ran, which acts were done, which were refused how."""

    def __init__(self) -> None:
        self.rules: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()

    def table(self) -> str:
        """The counts, as lines to print."""
        kinds = sorted({kind for _, kind in self.refused})
        rows = [
            f"{name:20} {self.done[name]:6} " + " ".join(f"{self.refused[name, kind]:9}" for kind in kinds)
            for name in sorted({*self.done, *(name for name, _ in self.refused)})
        ]
        head = f"{'act':20} {'done':>6} " + " ".join(f"{kind:>9}" for kind in kinds)
        rules = ", ".join(f"{name} {count}" for name, count in sorted(self.rules.items()))
        return "\n".join([head, *rows, f"{len(self.rules)} rules: {rules}"])


def step(when: Callable[[Any], Any] = lambda _: True, **drawn: Any) -> Callable[[Any], Any]:
    """A rule that is counted; `when` says whether it can run.

    What is no act comes only after one, or most days would be about nothing.
    """

    def ruled(perform: Any) -> Any:
        RULES.append(perform.__name__)

        @wraps(perform)
        def counted(self: Any, chance: Any, **given: Any) -> None:
            self.tally.rules[perform.__name__] += 1
            if perform.__name__ not in ACTS and not self.acted:
                self.somebody_acts(chance)
            self.acted = perform.__name__ in ACTS
            perform(self, **given)

        return precondition(lambda self: bool(when(self)))(rule(chance=st.data(), **drawn)(counted))

    return ruled
