"""Workers whom somebody else named, and representatives: what each act demands and does."""

from knowing import Hand, Who
from model import BEFORE, OPEN, TALKING, Dispute, act


@act("worker", f"{BEFORE} {TALKING}")
def confirm_place(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(who[1] in case.unconfirmed)
    case.unconfirmed -= {who[1]}
    for worker, head, fen in case.claims:
        if worker == who[1]:
            case.post("claimed", fen, worker, head)


@act("worker", OPEN)
def decline_place(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(who[1] in case.unconfirmed)
    case.unconfirmed -= {who[1]}
    case.declined |= {who[1]}


@act("clerk mediator", f"{BEFORE} {TALKING}")
def name_representatives(case: Dispute, who: Who, hand: Hand) -> None:
    named = set(hand["representatives"])
    case.demand(
        case.mediator is None or case.own(who),
        case.collective,
        3 <= len(named) <= 5,
        named <= {f"worker:{seat}" for seat in case.staying},
    )
