"""Named deeds about whoever acts for a party, for the `then` of acts; as in `effects`, and beside them."""

from collections.abc import Iterator
from typing import Any

from msgspec import convert, structs

from mediation.domain.authorities import Authority
from mediation.domain.facts import Facts
from mediation.domain.outcomes import Learn, Notice
from mediation.engine.asking import Ask


def remember_agent(facts: Facts, ask: Ask) -> Iterator[Learn]:
    """Whoever names him is whom he acts for: nobody can be made to have an agent."""
    said = convert(ask.data["authority"], Authority)
    mine = structs.replace(said, side=ask.actor.role, seat=ask.actor.seat)
    yield Learn({"authorities": (*facts.authorities, mine)})


def remember_verified_agent(facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _changed(facts, ask, verified=ask.actor.id)


def remember_ended_agent(facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _changed(facts, ask, ended=ask.at)


def notify_agent(facts: Facts, ask: Ask) -> Iterator[Notice]:
    """He is told by his place among all who were named."""
    for place, one in enumerate(facts.authorities):
        if one.ref == ask.data["agent"]:
            yield Notice("agent", place)


def notify_principal(facts: Facts, ask: Ask) -> Iterator[Notice]:
    """Whoever named him."""
    for one in facts.authorities:
        if one.ref == ask.data["agent"]:
            yield Notice("workers", one.seat) if one.side == "worker" else Notice("employer")


def _changed(facts: Facts, ask: Ask, **changes: Any) -> Iterator[Learn]:
    found = (
        structs.replace(one, **changes) if one.ref == ask.data["agent"] else one for one in facts.authorities
    )
    yield Learn({"authorities": tuple(found)})
