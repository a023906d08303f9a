"""Named claims about a case, the only ones that a chart may put under `when`.

A claim about what is in hand (an amount, a date) is true while nothing is in hand yet, so that a
button is open until somebody gives the wrong thing.
"""

from mediation.domain import owing
from mediation.domain.clocks import longest_end, working_end
from mediation.domain.facts import Facts, day
from mediation.domain.fields import moment, terms_from
from mediation.engine.asking import Ask


def has_claims(facts: Facts, _ask: Ask) -> bool:
    return bool(facts.claims)


def employer_joined(facts: Facts, _ask: Ask) -> bool:
    """Both sides are willing (企业劳动争议协商调解规定 art. 22): the worker applied, the employer joined."""
    return facts.joined


def not_joined_yet(facts: Facts, _ask: Ask) -> bool:
    return not facts.joined


def own_case(facts: Facts, ask: Ask) -> bool:
    return ask.actor.role != "mediator" or ask.actor.id == facts.mediator


def own_case_if_assigned(facts: Facts, ask: Ask) -> bool:
    """Before somebody is assigned any mediator may say that a case ends or goes elsewhere."""
    return facts.mediator is None or own_case(facts, ask)


def still_in(facts: Facts, ask: Ask) -> bool:
    return ask.actor.role != "worker" or ask.actor.seat in facts.staying


def speaks_for_workers(facts: Facts, ask: Ask) -> bool:
    """Ending the case for all is for the first worker still in it; the others leave for themselves."""
    return ask.actor.role != "worker" or facts.staying[:1] == (ask.actor.seat,)


def others_stay(facts: Facts, _ask: Ask) -> bool:
    return len(facts.staying) > 1


def later_than_now(_facts: Facts, ask: Ask) -> bool:
    return "for" not in ask.data or moment(ask.data["for"]) > ask.at


def both_sides_present(facts: Facts, ask: Ask) -> bool:
    if "present" not in ask.data:
        return True
    sides = {seat.split(":")[0] for seat in ask.data["present"]}
    known = {f"{side}:{seat}" for side, seat in facts.seats}
    return sides == {"worker", "employer"} and set(ask.data["present"]) <= known


def later_than_working_end(facts: Facts, ask: Ask) -> bool:
    end = working_end(facts)
    return end is not None and ("until" not in ask.data or ask.data["until"] > end.isoformat())


def within_longest_end(facts: Facts, ask: Ask) -> bool:
    """New forms of employment: once, by both, at most 15 days more (人社厅发〔2024〕4号)."""
    last = longest_end(facts)
    return last is None or "until" not in ask.data or ask.data["until"] <= last.isoformat()


def may_be_paused(facts: Facts, _ask: Ask) -> bool:
    """Where the law says how far a period may be drawn out, a pause must not draw it out further."""
    return not facts.platform


def not_paused(facts: Facts, ask: Ask) -> bool:
    return not is_paused(facts, ask)


def is_paused(facts: Facts, _ask: Ask) -> bool:
    run = facts.clocks.get("working")
    return run is not None and run.stopped is None and run.paused is not None


def both_ask_to_pause(facts: Facts, _ask: Ask) -> bool:
    """Like an extension: only when both sides have named the same reason."""
    named = facts.pause_reasons
    return set(named) == {"worker", "employer"} and len(set(named.values())) == 1


def offer_to_answer(facts: Facts, ask: Ask) -> bool:
    return facts.offer is not None and facts.offer.by != ask.actor.role


def no_offer_to_answer(facts: Facts, ask: Ask) -> bool:
    return not offer_to_answer(facts, ask)


def terms_promise_something(_facts: Facts, ask: Ask) -> bool:
    return "terms" not in ask.data or bool(terms_from(ask.data["terms"]).clauses)


def terms_name_our_workers(facts: Facts, ask: Ask) -> bool:
    if "terms" not in ask.data:
        return True
    return all(p.worker in facts.staying for p in terms_from(ask.data["terms"]).payments)


def marks_fit_terms(facts: Facts, ask: Ask) -> bool:
    if "marks" not in ask.data:
        return True
    assert facts.terms is not None, "clauses are marked only where there are terms"
    clauses = range(len(facts.terms.clauses))
    return ask.data["marks"]["digest"] == facts.terms.digest and all(
        said["clause"] in clauses for said in ask.data["marks"]["said"]
    )


def answer_fits_claims(facts: Facts, ask: Ask) -> bool:
    """Each claim there is is answered once at most."""
    said = [one["claim"] for one in ask.data.get("answer", {}).get("said", [])]
    return len(set(said)) == len(said) and set(said) <= set(range(len(facts.claims)))


def every_clause_agreed(facts: Facts, _ask: Ask) -> bool:
    if facts.terms is None:
        return False
    agreed = {(m.side, m.seat, m.clause) for m in facts.marks if m.mark == "agree"}
    return agreed >= {
        (side, seat, clause) for side, seat in facts.seats for clause in range(len(facts.terms.clauses))
    }


def not_signed_yet(facts: Facts, ask: Ask) -> bool:
    me = (ask.actor.role, ask.actor.seat if ask.actor.role == "worker" else 0)
    return me not in {(s.side, s.seat) for s in facts.signatures}


def digest_is_current(facts: Facts, ask: Ask) -> bool:
    """What is shown is what is signed."""
    return "digest" not in ask.data or (facts.terms is not None and ask.data["digest"] == facts.terms.digest)


def all_signed(facts: Facts, _ask: Ask) -> bool:
    """Both sides and the mediator over the same digest (劳动争议调解仲裁法 art. 14)."""
    if facts.terms is None:
        return False
    digest = facts.terms.digest
    signed = {(s.side, s.seat) for s in facts.signatures if s.digest == digest}
    return signed == {*facts.seats, ("mediator", 0)}


def something_owed(facts: Facts, _ask: Ask) -> bool:
    return bool(owing.unpaid(facts) or owing.open_duties(facts))


def nothing_owed(facts: Facts, ask: Ask) -> bool:
    return not something_owed(facts, ask)


def no_money_owed(facts: Facts, _ask: Ask) -> bool:
    return facts.sealed is None or not owing.unpaid(facts) or facts.ended is not None


def something_overdue(facts: Facts, ask: Ask) -> bool:
    return owing.overdue(facts, day(ask.at))


def nothing_overdue(facts: Facts, ask: Ask) -> bool:
    return not something_overdue(facts, ask)


def payment_exists(facts: Facts, ask: Ask) -> bool:
    return bool(owing.chosen(facts, ask.data.get("worker"), ask.data.get("instalment")))


def not_more_than_owed(facts: Facts, ask: Ask) -> bool:
    rows = owing.chosen(facts, ask.data.get("worker"), ask.data.get("instalment"))
    room = sum(payment.amount - owed.paid - owed.reported for _, payment, owed in rows)
    return room > 0 and ask.data.get("amount", 0) <= room


def reference_is_new(facts: Facts, ask: Ask) -> bool:
    """The same transfer is not reported twice, whatever page or day it comes from."""
    return ask.data.get("reference") not in facts.references


def payment_reported(facts: Facts, ask: Ask) -> bool:
    rows = owing.chosen(facts, ask.actor.seat, ask.data.get("instalment"))
    return any(owed.reported for _, _, owed in rows)


def duty_open(facts: Facts, ask: Ask) -> bool:
    duties = owing.open_duties(facts)
    return ask.data["duty"] in duties if "duty" in ask.data else bool(duties)
