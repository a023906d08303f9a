"""Named deeds of acts of many workers in one case, for their `then`; as in `effects`, and beside them."""

from collections.abc import Iterator
from typing import Any

from mediation.domain.facts import Facts
from mediation.domain.outcomes import Learn, Notice, Posting
from mediation.engine.asking import Ask


def _learn(**changes: Any) -> Iterator[Learn]:
    yield Learn(changes)


def notify_named(facts: Facts, _ask: Ask) -> Iterator[Notice]:
    """Those whom somebody else named: each is asked whether he applies too."""
    if facts.unconfirmed:
        yield Notice("named")


def remember_confirmed_place(facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _learn(unconfirmed=_without(facts, ask))


def remember_declined_place(facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _learn(unconfirmed=_without(facts, ask), declined=(*facts.declined, ask.actor.seat))


def post_confirmed_claims(facts: Facts, ask: Ask) -> Iterator[Posting]:
    """What he asks for counts from the day that he says that it is his."""
    for claim in facts.claims:
        if claim.amount and claim.worker == ask.actor.seat:
            yield Posting("claimed", claim.amount, claim.worker, claim.head)


def remember_representatives(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    """Known by their seats, in the order of the case."""
    seats = sorted(int(one.removeprefix("worker:")) for one in ask.data["representatives"])
    return _learn(representatives=tuple(seats))


def _without(facts: Facts, ask: Ask) -> tuple[int, ...]:
    return tuple(seat for seat in facts.unconfirmed if seat != ask.actor.seat)
