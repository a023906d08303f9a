"""What each act demands and does, in the words of the office: the other half of the model."""

from datetime import date, datetime

from model import (
    A_WHILE,
    ACTS,
    BEFORE,
    FIFTEEN,
    MEDIATING,
    OPEN,
    OWING,
    TALKING,
    WRITING,
    Dispute,
    Hand,
    Who,
    act,
    changed,
)

__all__ = ["ACTS"]

# --- filing and acceptance -------------------------------------------------------------------------------


@act("worker clerk", "draft", to="submitted")
def submit(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.claims)
    for worker, head, fen in case.claims:
        case.post("claimed", fen, worker, head)
    case.tell("workers")


@act("worker", "draft", to="closed")
def discard(case: Dispute, who: Who, hand: Hand) -> None:
    pass


@act("clerk", "submitted contacting", to="needs_info")
def ask_info(case: Dispute, who: Who, hand: Hand) -> None:
    case.tell("workers")


@act("worker", "needs_info", to="submitted")
def give_info(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who))
    case.tell("clerks")


@act("clerk", "submitted contacting", to="contacting")
def contact_employer(case: Dispute, who: Who, hand: Hand) -> None:
    case.tell("employer")


@act("employer", "contacting")
def join(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(not case.joined)
    case.joined = True
    case.tell("clerks", "workers")


@act("employer", "contacting accepted", to="not_agreed")
def decline(case: Dispute, who: Who, hand: Hand) -> None:
    case.ended = True
    case.tell("workers", "clerks")


@act("clerk", "submitted contacting", to="accepted")
def accept(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.joined)
    case.accepted = case.now.date()
    case.tell("workers", "employer")


@act("clerk", BEFORE, to="rejected")
def reject(case: Dispute, who: Who, hand: Hand) -> None:
    case.ended = True
    case.tell("workers")


# --- meetings and bargaining -----------------------------------------------------------------------------


@act("admin", MEDIATING)
def assign(case: Dispute, who: Who, hand: Hand) -> None:
    if hand["mediator"] != case.mediator:
        case.signed = frozenset(who for who in case.signed if who[0] != "mediator")
    case.mediator = hand["mediator"]
    case.tell("mediator")


@act("mediator", TALKING, to="scheduled")
def convene(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.own(who), datetime.fromisoformat(hand["for"]) > case.now)
    case.tell("workers", "employer")


@act("mediator", "scheduled adjourned", to="in_meeting")
def open_meeting(case: Dispute, who: Who, hand: Hand) -> None:
    known = {f"{side}:{seat}" for side, seat in case.sides}
    there = set(hand["present"])
    case.demand(case.own(who), there <= known, "employer:0" in there, len(there) > 1)


@act("mediator", "in_meeting", to="adjourned")
def adjourn(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.own(who), datetime.fromisoformat(hand["for"]) > case.now)
    case.tell("workers", "employer")


@act("worker employer", MEDIATING)
def extend(case: Dispute, who: Who, hand: Hand) -> None:
    until = date.fromisoformat(hand["until"])
    last = case.extended or case.accepted + (FIFTEEN if until < case.accepted + FIFTEEN else A_WHILE)
    case.demand(case.is_in(who), until > last)
    case.named = {**case.named, who[0]: until}
    if [*case.named.values()] == [until, until]:
        case.extended = until
    case.tell_other(who)


@act("worker employer", TALKING)
def offer(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), case.offer_of in ("", who[0]))
    case.offer_of = who[0]
    case.tell_other(who)


@act("worker employer", TALKING)
def counter(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), case.offer_of not in ("", who[0]))
    case.offer_of = who[0]
    case.tell_other(who)


@act("worker employer", TALKING)
def accept_offer(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), case.offer_of not in ("", who[0]))
    case.offer_of = ""
    case.tell_other(who)
    case.tell("mediator")


@act("worker employer", TALKING)
def reject_offer(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), case.offer_of not in ("", who[0]))
    case.offer_of = ""
    case.tell_other(who)


# --- terms and signing -----------------------------------------------------------------------------------


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
    case.sealed = True
    case.reported = case.paid = tuple(0 for _ in case.payments)
    for payment in case.payments:
        case.post("agreed", payment.fen, payment.worker, payment.head)
    case.post("settled_cases", 1)
    case.post("settled_workers", len(case.staying))
    case.tell("workers", "employer")


# --- performance -----------------------------------------------------------------------------------------


@act("employer", OWING)
def report_payment(case: Dispute, who: Who, hand: Hand) -> None:
    rows = case.rows(hand.get("worker"), hand.get("instalment"))
    room = sum(case.room(index) for index in rows)
    case.demand(rows, 0 < hand["amount"] <= room, hand.get("reference") not in case.references)
    shares = case.shares(rows, hand["amount"])
    case.reported = changed(case.reported, {i: case.reported[i] + part for i, part in shares.items()})
    case.references |= {hand["reference"]} if "reference" in hand else set()
    for seat in sorted({case.payments[index].worker for index in shares}):
        case.tell("workers", seat=seat)


@act("worker", OWING)
def confirm_payment(case: Dispute, who: Who, hand: Hand) -> None:
    rows = case.rows(who[1], hand.get("instalment"))
    case.demand(any(case.reported[index] for index in rows))
    for index in rows:
        if case.reported[index]:
            case.post("paid", case.reported[index], who[1], case.payments[index].head)
    case.paid = changed(case.paid, {i: case.paid[i] + case.reported[i] for i in rows})
    case.reported = changed(case.reported, dict.fromkeys(rows, 0))
    case.tell("employer")


@act("worker", OWING)
def deny_payment(case: Dispute, who: Who, hand: Hand) -> None:
    rows = case.rows(who[1], hand.get("instalment"))
    case.demand(any(case.reported[index] for index in rows))
    case.reported = changed(case.reported, dict.fromkeys(rows, 0))
    case.tell("employer", "mediator")


@act("worker", OWING)
def confirm_duty(case: Dispute, who: Who, hand: Hand) -> None:
    open_ones = {n for n in range(len(case.duties)) if n not in case.duties_done}
    case.demand(case.is_in(who), hand["duty"] in open_ones)
    case.duties_done |= {hand["duty"]}


@act("mediator", "performing", to="breached")
def record_breach(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.own(who), case.overdue)
    case.tell("workers", "employer")


@act("worker employer", OWING, to="referred")
def arbitrate(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), case.overdue)
    case.ended = True
    case.tell("workers", "employer", "mediator")


# --- ways out --------------------------------------------------------------------------------------------


@act("worker employer mediator", OPEN, to="not_agreed")
def end(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.speaks(who), case.mediator is None or case.own(who))
    case.ended = True
    case.tell("workers", "employer")


@act("worker", OPEN, to="withdrawn")
def withdraw(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.speaks(who))
    case.ended = True
    case.tell("employer", "clerks")


@act("worker", f"{BEFORE} {TALKING}")
def step_out(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), len(case.staying) > 1)
    case.left |= {who[1]}
    case.tell("employer", "mediator")


@act("worker", WRITING, to="adjourned")
def leave_terms(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who), len(case.staying) > 1)
    case.left |= {who[1]}
    case.terms, case.agreed, case.signed = None, frozenset(), frozenset()
    case.tell("workers", "employer", "mediator")


@act("mediator clerk", f"submitted contacting {TALKING} not_agreed breached", to="referred")
def refer(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.mediator is None or case.own(who))
    case.ended = True
    case.tell("workers", "employer")


@act("admin", "agreed performing performed referred not_agreed rejected withdrawn", to="closed")
def close(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(not case.sealed or not case.owes_money or case.ended)
