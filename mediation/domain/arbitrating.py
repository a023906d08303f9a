"""When a worker may want the paper for arbitration, and what he would ask for there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from mediation.domain import owing
from mediation.domain.clocks import due
from mediation.domain.facts import Facts

Ground = Literal["left", "breach", "ended", "fifteen_days"]
"""Why the way is open: he left the others, the agreement was not kept, the mediation ended without one,
or its fifteen days are over."""

LEAVING = ("step_out", "leave_terms")
"""Acts by which one of several workers leaves the others."""


@dataclass(frozen=True, slots=True)
class Want:
    """One thing to ask for: `amount` in fen, 0 where it is not known.

    What was promised and not kept has its `due` day instead of a time; a `duty`, in words, is no money.
    """

    head: str
    amount: int = 0
    start: date | None = None
    end: date | None = None
    due: date | None = None
    duty: str | None = None


def ground(facts: Facts, seat: int, today: date) -> Ground | None:
    """Why the worker in this seat may go to arbitration on `today`, None where he may not or need not.

    A dispute that a court has assigned goes back to the court: its chart has no clock `exit`.
    """
    if "exit" not in facts.clocks:
        return None
    if seat in (*facts.unconfirmed, *facts.declined):
        return None  # he applied for nothing
    if seat in facts.left:
        return "left"
    if facts.sealed is not None:
        broken = facts.state == "breached" or facts.ended is not None
        return "breach" if broken and any(_unkept(facts, seat)) else None
    if facts.ended is not None:
        return "ended"
    return "fifteen_days" if facts.exit_open is not None or days_over(facts, today) else None


def seats(facts: Facts, today: date) -> tuple[int, ...]:
    """The workers for whom the way is open."""
    return tuple(seat for seat in range(facts.workers) if ground(facts, seat, today))


def days_over(facts: Facts, today: date) -> bool:
    """Whether the law's fifteen days went by without an agreement or an end (调解仲裁法 art. 14)."""
    run = facts.clocks.get("exit")
    return run is not None and run.stopped is None and due(run) < today


def wants(facts: Facts, seat: int, why: Ground) -> tuple[Want, ...]:
    """What one worker would ask for: his claims, or what the agreement promised him and was not kept.

    A payment that was reported and that he has not confirmed counts as not made.
    """
    if why == "breach":
        return tuple(_unkept(facts, seat))
    return tuple(Want(c.head, c.amount, c.start, c.end) for c in facts.claims if c.worker == seat)


def limitation(facts: Facts, seat: int) -> date | None:
    """The last day of the year that runs anew (调解仲裁法 art. 27), where the case knows it.

    It counts from the end of the mediation, so one that an earlier end had started does not hold, nor
    does it for a worker who left before.  That the office has closed its file changes nothing.
    """
    run, way = facts.clocks.get("limitation"), facts.clocks.get("exit")
    if run is None or way is None or run.started != way.stopped or seat in facts.left:
        return None
    return due(run)


def _unkept(facts: Facts, seat: int) -> Iterator[Want]:
    for _, payment, owed in owing.payments_of(facts, seat):
        if owed.paid < payment.amount:
            yield Want(payment.head, payment.amount - owed.paid, due=payment.due)
    for index in owing.open_duties(facts):
        if facts.terms is not None:
            duty = facts.terms.duties[index]
            yield Want(duty.what, due=duty.due, duty=duty.text)
