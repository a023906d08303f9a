"""Filing, acceptance and the ways out: what each act demands and does."""

from knowing import Hand, Who
from model import BEFORE, OPEN, TALKING, WRITING, Dispute, act


@act("worker clerk", "draft", to="submitted")
def submit(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.claims)
    for worker, head, fen in case.claims:
        if worker not in case.unconfirmed:
            case.post("claimed", fen, worker, head)
    case.tell("workers")
    if case.unconfirmed:
        case.tell("named")
    for place, _ in enumerate(case.agents):
        case.tell("agent", seat=place)


@act("worker", "draft", to="closed")
def discard(case: Dispute, who: Who, hand: Hand) -> None:
    pass


@act("clerk", "submitted contacting", to="needs_info")
def ask_info(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.staying)
    case.demand(hand.get("missing") or hand.get("note", "").strip())
    case.tell("workers")


@act("worker", "needs_info", to="submitted")
def give_info(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who))
    case.tell("clerks")


@act("worker", f"{BEFORE} {TALKING}")
def tell_elements(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.is_in(who))


@act("clerk", "submitted contacting", to="contacting")
def contact_employer(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.staying)
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
    case.refused_by = None
    case.accepted = case.now.date()
    case.tell("workers", "employer")


@act("clerk", BEFORE)
def reject(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.refused_by is None)
    case.refused_by = who


@act("clerk admin", BEFORE, to="rejected")
def approve_rejection(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.refused_by, case.refused_by != who)
    case.ended = case.waits = True
    case.tell("workers")
    _tell_who_filed(case)


@act("clerk admin", BEFORE)
def return_rejection(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.refused_by)
    case.refused_by = None


@act("clerk", "contacting")
def log_attempt(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(not case.joined)
    case.phoned |= hand["way"] in ("call", "second_contact", "visit")
    case.wrote |= hand["way"] in ("letter", "visit")


def _silent(case: Dispute) -> bool:
    contact = case.clocks.get("contact")
    return contact is not None and contact.runs and contact.last < case.now.date()


@act("worker clerk", "contacting", to="not_agreed")
def certify_no_answer(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.speaks(who), _silent(case), who[0] == "worker" or (case.phoned and case.wrote))
    case.ended = case.waits = True
    case.tell("workers")
    _tell_who_filed(case)


@act("mediator clerk admin", "referred")
def record_receipt(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.mediator is None or case.own(who), case.receipt == "awaited")
    case.receipt = "there"
    case.tell("workers")


@act("worker employer mediator", OPEN, to="not_agreed")
def end(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.speaks(who), case.mediator is None or case.own(who))
    case.demand(who[0] != "mediator" or case.accepted)
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
    case.demand(case.mediator is None or case.own(who), not _silent(case))
    case.ended, case.receipt = True, "awaited"
    case.tell("workers", "employer")
    _tell_who_filed(case)


@act("admin", "agreed performing performed referred not_agreed rejected withdrawn", to="closed")
def close(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(not case.sealed or not case.owes_money or case.ended)
    case.demand(case.state != "referred" or case.receipt != "awaited")


def _tell_who_filed(case: Dispute) -> None:
    for place, one in enumerate(case.agents.values()):
        side, seat = one.owner
        if side == "worker" and seat in case.unconfirmed and not one.verified and not one.ended:
            case.tell("agent", seat=place)
