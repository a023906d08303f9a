"""Workers whom somebody else named, and representatives: what each act demands and does."""

from dataclasses import replace

from knowing import Hand, Who
from model import BEFORE, OPEN, TALKING, Dispute, act


@act("worker", f"{BEFORE} {TALKING}")
def confirm_place(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(who[1] in case.unconfirmed)
    case.joins(who[1])


@act("worker", OPEN)
def decline_place(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(who[1] in case.unconfirmed)
    case.unconfirmed -= {who[1]}
    case.declined |= {who[1]}
    over = {ref: replace(one, ended=True) for ref, one in case.agents.items() if one.owner == who}
    case.agents = {**case.agents, **over}


@act("clerk mediator", f"{BEFORE} {TALKING}")
def name_representatives(case: Dispute, who: Who, hand: Hand) -> None:
    named = set(hand["representatives"])
    case.demand(
        case.mediator is None or case.own(who),
        case.collective,
        3 <= len(named) <= 5,
        named <= {f"worker:{seat}" for seat in case.staying},
    )
