"""Named deeds about whoever acts for a party, for the `then` of acts; as in `effects`, and beside them."""

from collections.abc import Iterator
from typing import Any

from msgspec import convert, structs

from mediation.domain import group_effects
from mediation.domain.authorities import Authority
from mediation.domain.facts import Facts
from mediation.domain.outcomes import Learn, Notice, Posting
from mediation.engine.asking import Ask


def remember_agent(facts: Facts, ask: Ask) -> Iterator[Learn]:
    """Whoever names him is whom he acts for: nobody can be made to have an agent."""
    said = convert(ask.data["authority"], Authority)
    mine = structs.replace(said, side=ask.actor.role, seat=ask.actor.seat)
    yield Learn({"authorities": (*facts.authorities, mine)})


def remember_verified_agent(facts: Facts, ask: Ask) -> Iterator[Learn]:
    """Whoever was filed for applies from now on: his agent has said so with authority."""
    for filed_for in _filed_for(facts, ask):
        yield Learn({"unconfirmed": group_effects.without(facts, filed_for)})
    yield from _changed(facts, ask, verified=ask.actor.id)


def post_claims_of_principal(facts: Facts, ask: Ask) -> Iterator[Posting]:
    """What was asked for in his name counts from the day on which the authority is checked."""
    for filed_for in _filed_for(facts, ask):
        yield from group_effects.claims_of(facts, filed_for)


def remember_ended_agent(facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _changed(facts, ask, ended=ask.at)


def notify_agent(facts: Facts, ask: Ask) -> Iterator[Notice]:
    """He is told by his place among all who were named."""
    for place, one in enumerate(facts.authorities):
        if one.ref == ask.data["agent"]:
            yield Notice("agent", place)


def notify_filing_agent(facts: Facts, _ask: Ask) -> Iterator[Notice]:
    """Whoever filed for a worker, and waits for his paper to be checked, hears what becomes of it."""
    for place, one in enumerate(facts.authorities):
        if one.waits and one.side == "worker" and one.seat in facts.unconfirmed:
            yield Notice("agent", place)


def notify_agent_in_vain(facts: Facts, ask: Ask) -> Iterator[Notice]:
    """Whoever waited for his paper to be checked is told that it does not hold: he waits no longer."""
    for place, one in enumerate(facts.authorities):
        if one.ref == ask.data["agent"] and one.waits:
            yield Notice("agent", place)


def notify_principal(facts: Facts, ask: Ask) -> Iterator[Notice]:
    """Whoever named him."""
    for one in facts.authorities:
        if one.ref == ask.data["agent"]:
            yield Notice("workers", one.seat) if one.side == "worker" else Notice("employer")


def _filed_for(facts: Facts, ask: Ask) -> Iterator[int]:
    """The seat of the worker in whose name this agent filed, until that one says himself that he applies."""
    for one in facts.authorities:
        if one.ref == ask.data["agent"] and one.side == "worker" and one.seat in facts.unconfirmed:
            yield one.seat


def _changed(facts: Facts, ask: Ask, **changes: Any) -> Iterator[Learn]:
    found = (
        structs.replace(one, **changes) if one.ref == ask.data["agent"] else one for one in facts.authorities
    )
    yield Learn({"authorities": tuple(found)})
