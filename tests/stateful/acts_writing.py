"""Terms and signatures: what each act demands and does."""

from knowing import Hand, Who
from model import TALKING, WRITING, Dispute, act


def write(case: Dispute, who: Who, terms: Hand) -> None:
    """New terms: nobody has signed them; who agreed to a clause that still stands still agrees to it."""
    case.demand(
        case.own(who),
        terms["payments"] or terms["duties"],
        {payment["worker"] for payment in terms["payments"]} <= set(case.staying),
    )
    case.terms = terms
    case.agreed = frozenset(one for one in case.agreed if one[1] in case.clauses)
    case.signed = frozenset()
    case.tell("workers", "employer")


@act("mediator", TALKING, to="terms_drafted")
def draft_terms(case: Dispute, who: Who, hand: Hand) -> None:
    write(case, who, hand["terms"])


@act("mediator", WRITING, to="terms_drafted")
def amend_terms(case: Dispute, who: Who, hand: Hand) -> None:
    write(case, who, hand["terms"])


@act("worker employer", "terms_drafted")
def mark_clauses(case: Dispute, who: Who, hand: Hand) -> None:
    marks, clauses = hand["marks"], case.clauses
    numbers = [said["clause"] for said in marks["said"]]
    case.demand(case.is_in(who), marks["digest"] == case.digest, all(n < len(clauses) for n in numbers))
    for said in marks["said"]:
        mine = {(who, clauses[said["clause"]])}
        case.agreed = case.agreed | mine if said["mark"] == "agree" else case.agreed - mine


@act("mediator", "terms_drafted", to="awaiting_signatures")
def send_for_signing(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.own(who), case.everybody_agrees)
    case.tell("workers", "employer")


@act("worker employer mediator", "awaiting_signatures")
def sign(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), case.own(who), who not in case.signed, hand["digest"] == case.digest)
    case.signed |= {who}


@act("admin", "awaiting_signatures", to="agreed")
def seal(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.mediator, case.signed == {*case.sides, case.mediator})
    case.sealed, case.sealed_on = True, case.now.date()
    case.waits = True
    shown = {"employer:0", *(f"worker:{seat}" for seat in case.staying)}
    case.signed_by = frozenset(
        value for (party, detail), value in case.details.items() if party in shown and detail != "phone"
    )
    case.reported = case.paid = tuple(0 for _ in case.payments)
    for payment in case.payments:
        case.post("agreed", payment.fen, payment.worker, payment.head)
    case.post("settled_cases", 1)
    case.post("settled_workers", len(case.staying))
    case.tell("workers", "employer")
