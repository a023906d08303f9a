"""What is known of a case after it was moved to another version of its chart."""

from msgspec import structs

from mediation.domain.facts import Facts
from mediation.engine.migrating import Migration

MOVE = "move_to_version"
"""The act of such an entry: it is in no chart, for it leads from one to another."""

CHART = "chart"
"""Under which name the entry that begins or moves a case keeps the SHA-256 of the chart it runs on."""


def moved(migration: Migration, facts: Facts) -> Facts:
    """The facts under the new version's names.  A clock that runs keeps its start and its length."""
    named = ((migration.clock(name), run) for name, run in facts.clocks.items())
    clocks = {name: run for name, run in named if name is not None}
    return structs.replace(facts, state=migration.state(facts.state), clocks=clocks)
