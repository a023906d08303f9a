"""Named deeds of acts of many workers in one case, for their `then`; as in `effects`, and beside them."""

from collections.abc import Iterator
from typing import Any

from msgspec import structs

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
    return _learn(unconfirmed=without(facts, ask.actor.seat))


def remember_declined_place(facts: Facts, ask: Ask) -> Iterator[Learn]:
    """Whoever was said to act for him does not."""
    mine = ("worker", ask.actor.seat)
    ended = tuple(
        structs.replace(one, ended=ask.at) if one.owner == mine and one.ended is None else one
        for one in facts.authorities
    )
    changes = {"authorities": ended} if ended != facts.authorities else {}
    return _learn(
        unconfirmed=without(facts, ask.actor.seat), declined=(*facts.declined, ask.actor.seat), **changes
    )


def post_confirmed_claims(facts: Facts, ask: Ask) -> Iterator[Posting]:
    """What he asks for counts from the day that he says that it is his."""
    return claims_of(facts, ask.actor.seat)


def claims_of(facts: Facts, seat: int) -> Iterator[Posting]:
    """What one worker asks for."""
    for claim in facts.claims:
        if claim.amount and claim.worker == seat:
            yield Posting("claimed", claim.amount, claim.worker, claim.head)


def remember_representatives(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    """Known by their seats, in the order of the case."""
    seats = sorted(int(one.removeprefix("worker:")) for one in ask.data["representatives"])
    return _learn(representatives=tuple(seats))


def without(facts: Facts, seat: int) -> tuple[int, ...]:
    """Those who have not said yet whether they apply, but for this seat."""
    return tuple(one for one in facts.unconfirmed if one != seat)
