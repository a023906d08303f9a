"""Named claims about whoever acts for a party, for the `when` of acts; as in `guards`, and beside them."""

from datetime import date

from mediation.domain import authorities
from mediation.domain.authorities import Authority
from mediation.domain.facts import Facts, day
from mediation.engine.asking import Ask


def agents_left(facts: Facts, ask: Ask) -> bool:
    """One or two at a time (民事诉讼法 art. 61); whose days are over is none any more."""
    mine = [one for one in facts.authorities if one.owner == _owner(ask) and one.ended is None]
    return sum(one.end >= day(ask.at) for one in mine) < authorities.MOST


def authority_days_fit(_facts: Facts, ask: Ask) -> bool:
    """Not over yet, begun before it ends, and not for ever."""
    said = ask.data.get("authority")
    if said is None:
        return True
    start, end = date.fromisoformat(said["start"]), date.fromisoformat(said["end"])
    return authorities.days_fit(start, end, day(ask.at))


def authority_paper_is_own(facts: Facts, ask: Ask) -> bool:
    """The paper is one of those that he has handed in himself."""
    paper = ask.data.get("authority", {}).get("document")
    return paper is None or any(one.digest == paper and one.owner == _owner(ask) for one in facts.evidence)


def authority_is_new(facts: Facts, ask: Ask) -> bool:
    said = ask.data.get("authority")
    return said is None or all(one.ref != said["ref"] for one in facts.authorities)


def agent_waits(facts: Facts, ask: Ask) -> bool:
    return any(one.waits and _meant(one, ask) for one in facts.authorities)


def authority_was_seen(facts: Facts, ask: Ask) -> bool:
    """Without the paper in the case the note says where it was seen."""
    if "agent" not in ask.data or ask.data.get("note"):
        return True
    return any(one.document for one in facts.authorities if _meant(one, ask))


def principal_may_join(facts: Facts, ask: Ask) -> bool:
    """Who was filed for takes part once the paper is checked, so not when terms were written without him."""
    mine = (one for one in facts.authorities if one.waits and one.side == "worker" and _meant(one, ask))
    return facts.terms is None or all(one.seat not in facts.unconfirmed for one in mine)


def agent_to_end(facts: Facts, ask: Ask) -> bool:
    """A party ends what it has given itself, staff whatever does not hold."""
    parties = ("worker", "employer")
    mine = [one for one in facts.authorities if ask.actor.role not in parties or one.owner == _owner(ask)]
    return any(one.ended is None and _meant(one, ask) for one in mine)


def _meant(one: Authority, ask: Ask) -> bool:
    return ask.data.get("agent") in (None, one.ref)


def _owner(ask: Ask) -> tuple[str, int]:
    return ask.actor.role, ask.actor.seat
