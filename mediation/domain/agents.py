"""What whoever acts for a party may do: nothing without authority, and not everything with one.

By the rules that courts use (民事诉讼法 art. 61, 62): whoever admits, waives, changes what is asked for or
settles needs a special authority.  An agent acts only once a member of staff has held the paper against
what was said of it, and between its days.
"""

import re
from datetime import datetime

from mediation.domain.authorities import Authority
from mediation.domain.facts import Facts, day
from mediation.domain.words import word
from mediation.engine.asking import Actor, Ask
from mediation.engine.refusals import Unmet

ONESELF = frozenset({"name_agent", "end_agent", "confirm_place", "decline_place"})
"""Nobody does this for another: an agent names no agent and says of nobody that he applies."""
SPECIAL = frozenset(
    {
        *("offer", "counter", "accept_offer", "mark_clauses", "sign"),
        *("correct_claim", "confirm_payment", "confirm_duty"),
        *("decline", "certify_no_answer", "end", "withdraw", "step_out", "leave_terms", "arbitrate"),
    }
)
"""To admit, waive, change what is asked for, settle, end it, take money (民事诉讼法 art. 62)."""
ADMITTED = frozenset({"accept", "partly"})
_WHO = re.compile(r"agent:([0-9a-f]{16})")


def acts_for(actor: Actor) -> str | None:
    """The reference of the authority by which somebody acts; None for whoever acts for himself."""
    found = _WHO.fullmatch(actor.id)
    return found.group(1) if found else None


def standing(facts: Facts, actor: Actor, at: datetime) -> Authority | None:
    """The authority by which an agent acts now, for that party and no other; None where there is none."""
    ref = acts_for(actor)
    for one in facts.authorities:
        if one.ref == ref and one.owner == (actor.role, actor.seat) and one.stands(day(at)):
            return one
    return None


def against(facts: Facts, ask: Ask) -> str | None:
    """Why an agent may not do this, as a code of the vocabulary; None where he may, or is none."""
    if acts_for(ask.actor) is None:
        return None
    authority = standing(facts, ask.actor, ask.at)
    if authority is None:
        return "over"
    if ask.action in ONESELF:
        return "oneself"
    if authority.scope != "special" and (ask.action in SPECIAL or _admits(ask)):
        return "special"
    return None


def sentence(facts: Facts, ask: Ask, language: str = "zh") -> str | None:
    """The same as a sentence."""
    code = against(facts, ask)
    return word("authority_lacks", code, language) if code else None


def check(facts: Facts, ask: Ask) -> None:
    """Refuse what an agent has no authority for.  Raises Unmet."""
    if said := sentence(facts, ask):
        raise Unmet((said,))


def _admits(ask: Ask) -> bool:
    """Whether an answer grants a claim: to admit takes a special authority."""
    answer = ask.data.get("answer", {})
    paying = answer.get("way") == "pay_at_once"
    return paying or any(one["stand"] in ADMITTED for one in answer.get("said", ()))
