"""Deeds about half-days for a meeting: what somebody has answered replaces what he answered before."""

from collections.abc import Iterator

from mediation.domain.facts import Facts
from mediation.domain.halfdays import spelled
from mediation.domain.outcomes import Learn
from mediation.engine.asking import Ask


def remember_halfdays(facts: Facts, ask: Ask) -> Iterator[Learn]:
    mine = spelled(ask.actor.role, ask.actor.seat)
    yield Learn({"halfdays": {**facts.halfdays, mine: tuple(ask.data["halfdays"])}})
