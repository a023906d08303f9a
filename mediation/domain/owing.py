"""What is still owed under an agreement, and against which payment a sum is set."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from mediation.domain.facts import Facts
from mediation.domain.terms import Owed, Payment


def payments_of(facts: Facts, seat: int | None) -> list[tuple[int, Payment, Owed]]:
    """A worker's payments (everyone's for None) with their index in the terms, by due date.

    None before the seal: nothing is owed yet.
    """
    if facts.terms is None or facts.sealed is None:
        return []
    rows = [
        (index, payment, owed)
        for index, (payment, owed) in enumerate(zip(facts.terms.payments, facts.owed, strict=True))
        if seat is None or payment.worker == seat
    ]
    return sorted(rows, key=lambda row: (row[1].due, row[0]))


def chosen(facts: Facts, seat: int | None, instalment: int | None) -> list[tuple[int, Payment, Owed]]:
    """The payments an act is about: one instalment of a worker (index in his own), or all of them."""
    rows = payments_of(facts, seat)
    if instalment is None:
        return rows
    own = sorted(rows)
    return own[instalment : instalment + 1] if instalment >= 0 else []


def unpaid(facts: Facts, seat: int | None = None) -> int:
    """Fen promised and not confirmed."""
    return sum(payment.amount - owed.paid for _, payment, owed in payments_of(facts, seat))


def spread(rows: list[tuple[int, Payment, Owed]], amount: int) -> Iterator[tuple[int, int]]:
    """Set `amount` against `rows` in their order: the index and the fen set against it."""
    for index, payment, owed in rows:
        part = min(amount, payment.amount - owed.paid - owed.reported)
        if part > 0:
            yield index, part
            amount -= part


def replaced(facts: Facts, changes: dict[int, Owed]) -> dict[str, Any]:
    """The change of facts that puts `changes` at their indexes."""
    return {"owed": tuple(changes.get(i, owed) for i, owed in enumerate(facts.owed))}


def open_duties(facts: Facts) -> list[int]:
    """Indexes of duties not yet confirmed."""
    if facts.terms is None:
        return []
    return [i for i in range(len(facts.terms.duties)) if i not in facts.duties_done]


def overdue(facts: Facts, today: date) -> bool:
    """Whether money or a duty was due before `today` and is not confirmed."""
    if facts.terms is None:
        return False
    late_money = any(p.due < today and owed.paid < p.amount for _, p, owed in payments_of(facts, None))
    return late_money or any(facts.terms.duties[i].due < today for i in open_duties(facts))
