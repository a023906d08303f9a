"""Putting right what is known of a case: what a correction is about, and what stands there now."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import structs

from mediation.domain.facts import Facts, Pending, Run
from mediation.domain.terms import Owed

CLAIM, PAYMENT = "claim", "payment"
_FIELDS = {"claim": CLAIM, "promised": PAYMENT}
"""Which field of an act says what it is about."""


def aim(data: Mapping[str, Any]) -> tuple[str, int] | None:
    """What an act in hand is about: a claim or a payment, and its place; None where nothing says so."""
    return next(((kind, data[field]) for field, kind in _FIELDS.items() if field in data), None)


def stands(facts: Facts, kind: str, index: int) -> int | None:
    """Fen claimed, or paid of what was promised; None where there is no such claim or payment."""
    amounts = [one.amount for one in facts.claims] if kind == CLAIM else [one.paid for one in facts.owed]
    return amounts[index] if 0 <= index < len(amounts) else None


def owner(facts: Facts, kind: str, index: int) -> tuple[int, str]:
    """The worker and the head that a claim or payment belongs to."""
    payments = facts.terms.payments if facts.terms else ()
    one = facts.claims[index] if kind == CLAIM else payments[index]
    return one.worker, one.head


def standing_of_head(facts: Facts, kind: str, worker: int, head: str) -> int:
    """Fen that the ledger has for one head of one worker: several claims or payments may share it."""
    if kind == CLAIM:
        return sum(one.amount for one in facts.claims if (one.worker, one.head) == (worker, head))
    payments = facts.terms.payments if facts.terms else ()
    rows = zip(payments, facts.owed, strict=True)
    return sum(owed.paid for one, owed in rows if (one.worker, one.head) == (worker, head))


def corrected(facts: Facts, pending: Pending) -> dict[str, Any]:
    """The changes of facts that a correction makes when it is booked."""
    changes: dict[str, Any] = {"pending": None}
    if pending.approved is None:
        changes["corrected_alone"] = facts.corrected_alone + pending.size
    if pending.kind == CLAIM:
        claims = list(facts.claims)
        claims[pending.index] = structs.replace(claims[pending.index], amount=pending.amount)
        return changes | {"claims": tuple(claims)}
    owed = list(facts.owed)
    owed[pending.index] = Owed(owed[pending.index].reported, pending.amount)
    return changes | {"owed": tuple(owed)}


def running_again(facts: Facts, names: Iterable[str]) -> Mapping[str, Run]:
    """The clocks of a case with `names` not stopped: the law fixes their first day, no act of ours does."""
    runs = facts.clocks
    return {**runs, **{name: structs.replace(runs[name], stopped=None) for name in names if name in runs}}
