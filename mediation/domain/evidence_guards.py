"""Claims about evidence: what may be handed in, and what may be opened to everybody."""

from mediation.domain.evidence import owner
from mediation.domain.facts import Facts
from mediation.engine.asking import Ask


def evidence_is_new(facts: Facts, ask: Ask) -> bool:
    """Nobody hands in the same bytes twice; two people may have the same document."""
    if "evidence" not in ask.data:
        return True
    said = (ask.data["evidence"]["digest"], owner(ask))
    return said not in {(item.digest, item.owner) for item in facts.evidence}


def evidence_to_open(facts: Facts, ask: Ask) -> bool:
    """Only whoever handed it in opens it, and what is open stays open."""
    closed = {item.digest for item in facts.evidence if item.owner == owner(ask) and not item.opened}
    return ask.data["piece"] in closed if "piece" in ask.data else bool(closed)
