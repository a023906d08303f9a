"""What was promised: what each act demands and does."""

from knowing import Hand, Who
from model import OWING, Dispute, act, changed


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
