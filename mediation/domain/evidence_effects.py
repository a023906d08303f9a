"""Deeds about evidence: what becomes known when something is handed in, or opened to everybody."""

from collections.abc import Iterator

from msgspec import structs

from mediation.domain.evidence import Item, owner
from mediation.domain.facts import Facts
from mediation.domain.outcomes import Learn
from mediation.engine.asking import Ask


def remember_evidence(facts: Facts, ask: Ask) -> Iterator[Learn]:
    said = ask.data["evidence"]
    item = Item(said["digest"], said["kind"], said["media"], said["size"], *owner(ask), ask.at)
    yield Learn({"evidence": (*facts.evidence, item)})


def remember_opening(facts: Facts, ask: Ask) -> Iterator[Learn]:
    mine = (ask.data["piece"], owner(ask))
    changed = (
        structs.replace(item, opened=True) if (item.digest, item.owner) == mine else item
        for item in facts.evidence
    )
    yield Learn({"evidence": tuple(changed)})
