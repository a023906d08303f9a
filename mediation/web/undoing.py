"""What a page shows of corrections: what can be undone, and what waits for a second look."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mediation.domain import corrections
from mediation.engine.deciding import Choice
from mediation.web import history
from mediation.web.lines import claim_lines, payment_lines
from mediation.web.opened import Opened

SECOND_LOOK = ("approve_correction", "refuse_correction")


@dataclass(frozen=True, slots=True)
class PendingLine:
    """A correction that waits for a second person: what it is about, from where to where, and who asked."""

    kind: str
    about: str
    was: int
    amount: int
    by: str
    yours: bool


def open_to(choices: Iterable[Choice]) -> list[Choice]:
    """What a visitor may undo; a look at a correction that waits comes first."""
    found = [choice for choice in choices if choice.open and choice.action.undo]
    return sorted(found, key=lambda choice: choice.action.name not in SECOND_LOOK)


def pending_line(opened: Opened) -> PendingLine | None:
    """What waits for a second person; only staff know of it."""
    one = opened.facts.pending
    if one is None or not opened.staff:
        return None
    about = history.head_of(opened, one.kind, one.index)
    mine = one.by == opened.actor.id
    return PendingLine(one.kind, about, one.was, one.amount, history.name_of(one.by), mine)


def claims(opened: Opened) -> Iterator[tuple[str, int, str]]:
    """Each claim that can be corrected: its place, its amount, and its words."""
    for index, line in enumerate(claim_lines(opened)):
        if line.counts:
            yield str(index), line.amount, history.head_of(opened, corrections.CLAIM, index)


def paid(opened: Opened) -> Iterator[tuple[str, int, str]]:
    """Each payment of which something was confirmed: its place in the terms, what came, and its words."""
    for line in payment_lines(opened):
        if line.paid:
            yield str(line.index), line.paid, history.head_of(opened, corrections.PAYMENT, line.index)
