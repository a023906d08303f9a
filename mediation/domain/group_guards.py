"""Named claims about many workers in one case, for the `when` of acts; as in `guards`, and beside them."""

from mediation.domain.facts import Facts
from mediation.engine.asking import Ask

FEWEST, MOST = 3, 5
"""Representatives of a collective case (劳动人事争议仲裁办案规则 art. 63)."""


def asked_to_confirm(facts: Facts, ask: Ask) -> bool:
    """Somebody else named him, and he has not said yet whether he applies too."""
    return ask.actor.seat in facts.unconfirmed


def somebody_applies(facts: Facts, _ask: Ask) -> bool:
    """No employer hears of an application before a worker, or his agent after a check, stands by it."""
    return bool(facts.staying)


def nobody_applies(facts: Facts, _ask: Ask) -> bool:
    """Everybody who was named has said no."""
    return not facts.staying and not facts.unconfirmed


def claim_is_confirmed(facts: Facts, ask: Ask) -> bool:
    """What somebody else asked for in a worker's name is nothing to correct before he says that it is his."""
    index = ask.data.get("claim")
    if index is None or index >= len(facts.claims):
        return True
    return facts.claims[index].worker not in (*facts.unconfirmed, *facts.declined)


def is_collective(facts: Facts, _ask: Ask) -> bool:
    return facts.collective


def representatives_fit(facts: Facts, ask: Ask) -> bool:
    """Three to five of the workers who take part."""
    if "representatives" not in ask.data:
        return True
    named = set(ask.data["representatives"])
    return FEWEST <= len(named) <= MOST and named <= {f"worker:{seat}" for seat in facts.staying}
