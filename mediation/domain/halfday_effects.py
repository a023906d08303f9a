"""Deeds about half-days for a meeting: what somebody answers replaces what he answered before."""

from collections.abc import Iterator

from mediation.domain.facts import Facts, day
from mediation.domain.halfdays import spelled, unanswered
from mediation.domain.outcomes import Learn, Notice
from mediation.engine.asking import Ask


def remember_halfdays(facts: Facts, ask: Ask) -> Iterator[Learn]:
    mine = spelled(ask.actor.role, ask.actor.seat)
    yield Learn({"halfdays": {**facts.halfdays, mine: tuple(ask.data["halfdays"])}})


def notify_mediator_of_last_answer(facts: Facts, ask: Ask) -> Iterator[Notice]:
    """He is told when nobody is left who has not answered, and not again when somebody answers anew."""
    last = unanswered(facts, day(ask.at)) == ((ask.actor.role, ask.actor.seat),)
    if last and facts.mediator is not None:
        yield Notice("mediator")
