"""Named claims about corrections, for the `when` of acts that undo; as in `guards`, and beside them.

A claim about what is in hand is true while nothing is in hand yet.
"""

from collections.abc import Callable, Mapping

from msgspec import structs

from mediation.domain import corrections
from mediation.domain.facts import Facts, day
from mediation.domain.fields import Problem, amount
from mediation.domain.owing import overdue
from mediation.engine.asking import Ask, Guard


def was_submitted(facts: Facts, _ask: Ask) -> bool:
    return facts.received is not None


def no_agreement_in_force(facts: Facts, _ask: Ask) -> bool:
    return facts.sealed is None


def agreement_in_force(facts: Facts, _ask: Ask) -> bool:
    return facts.sealed is not None


def still_with_us(facts: Facts, _ask: Ask) -> bool:
    """Nobody has taken the case elsewhere, or ended it."""
    return facts.ended is None


def party_is_there(facts: Facts, ask: Ask) -> bool:
    seats = {"employer:0", *(f"worker:{seat}" for seat in range(facts.workers))}
    return "party" not in ask.data or ask.data["party"] in seats


def party_has_detail(_facts: Facts, ask: Ask) -> bool:
    """Workers have no contact person and no credit code."""
    of_employers = ask.data.get("detail") in ("contact", "uscc")
    return not of_employers or ask.data.get("party", "employer:0") == "employer:0"


def nothing_pending(facts: Facts, _ask: Ask) -> bool:
    return facts.pending is None


def something_paid(facts: Facts, _ask: Ask) -> bool:
    return any(owed.paid for owed in facts.owed)


def as_it_stands(facts: Facts, ask: Ask) -> bool:
    """Who corrects an amount has seen the one that is on record."""
    about = corrections.aim(ask.data)
    return about is None or corrections.stands(facts, *about) == ask.data.get("was")


def amount_differs(_facts: Facts, ask: Ask) -> bool:
    return "right_amount" not in ask.data or ask.data["right_amount"] != ask.data.get("was")


def not_more_than_paid(_facts: Facts, ask: Ask) -> bool:
    """More money counts only when the worker says it came: that is a payment, and no correction."""
    return "right_amount" not in ask.data or ask.data["right_amount"] <= ask.data.get("was", 0)


def correction_waits(facts: Facts, _ask: Ask) -> bool:
    return facts.pending is not None


def second_person(facts: Facts, ask: Ask) -> bool:
    """Nobody approves what he himself has asked for."""
    return facts.pending is None or facts.pending.by != ask.actor.id


def correction_still_fits(facts: Facts, _ask: Ask) -> bool:
    """What is to be corrected is still as it was when the correction was asked for, and still ours."""
    one = facts.pending
    if one is None:
        return True
    ours = one.kind == corrections.CLAIM or facts.ended is None
    return ours and corrections.stands(facts, one.kind, one.index) == one.was


def claim_waits(facts: Facts, _ask: Ask) -> bool:
    return facts.pending is not None and facts.pending.kind == corrections.CLAIM


def payment_waits(facts: Facts, _ask: Ask) -> bool:
    return facts.pending is not None and facts.pending.kind == corrections.PAYMENT


def late_once_corrected(facts: Facts, ask: Ask) -> bool:
    """Whether money will be overdue when the correction that waits is booked."""
    if facts.pending is None:
        return False
    after = structs.replace(facts, **corrections.corrected(facts, facts.pending))
    return overdue(after, day(ask.at))


def in_time_once_corrected(facts: Facts, ask: Ask) -> bool:
    return not late_once_corrected(facts, ask)


def nobody_asked_yet(facts: Facts, _ask: Ask) -> bool:
    run = facts.clocks.get("second_look")
    return run is None or run.stopped is not None


def _alone_up_to(measure: str) -> Guard:
    """One person alone may change this many yuan in a case, all his and others' such changes together.

    Together, or a large sum would be changed in small steps.  Raises ValueError.
    """
    try:
        limit = amount(measure)
    except Problem:
        raise ValueError("no amount in yuan stands behind it") from None

    def holds(facts: Facts, _ask: Ask) -> bool:
        one = facts.pending
        return one is None or one.approved is not None or facts.corrected_alone + one.size <= limit

    return holds


MEASURED: Mapping[str, Callable[[str], Guard]] = {"alone_up_to": _alone_up_to}
"""Claims that a chart gives a measure of its own, so that it is frozen with the version."""
