"""What people put right: what each act demands and does."""

from knowing import Hand, Who, Wish
from model import OPEN, OWING, Dispute, act

ENDED = "not_agreed rejected withdrawn referred closed"
FILED = f"{OPEN} agreed {OWING} performed {ENDED}"


@act("admin", ENDED, to="submitted")
def reopen(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand("submit" in case.log, not case.sealed)
    case.tell("workers", "employer")
    case.clocks = {**case.clocks, "exit": case.clocks["exit"]._replace(stopped=False)}
    case.accepted = case.meeting = case.terms = case.refused_by = None
    case.phoned, case.wrote, case.receipt = False, False, ""
    case.joined = case.ended = False
    case.offer_of, case.named, case.reasons, case.times = "", {}, {}, {}
    case.agreed = case.signed = frozenset()


@act("admin", "referred closed", to="performing")
def resume_performance(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.sealed, case.owes_something)
    case.ended = False
    case.rights_run_again()
    case.tell("workers", "employer")


@act("clerk admin", FILED)
def correct_party(case: Dispute, who: Who, hand: Hand) -> None:
    side, _, seat = hand["party"].partition(":")
    case.demand(side == "employer" or hand["detail"] not in ("contact", "uscc"))
    if hand["detail"] in ("name", "uscc") and not case.sealed:
        case.signed = frozenset()
    case.details = {**case.details, (hand["party"], hand["detail"]): hand["value"]}
    case.said |= {hand["value"]}
    if side == "worker":
        case.tell("workers", seat=int(seat))
    else:
        case.tell("employer")


@act("clerk admin", FILED)
def correct_claim(case: Dispute, who: Who, hand: Hand) -> None:
    index = hand["claim"]
    stands = case.claims[index][2] if index < len(case.claims) else None
    fine = "submit" in case.log and (stands is None or not case.only_named(case.claims[index][0]))
    ask(case, Wish("claim", index, hand["was"], hand["right_amount"], who), stands, fine)


@act("clerk admin", f"{OWING} performed closed")
def restate_payment(case: Dispute, who: Who, hand: Hand) -> None:
    index = hand["promised"]
    stands = case.paid[index] if index < len(case.paid) else None
    fine = any(case.paid) and not case.ended and hand["right_amount"] <= hand["was"]
    ask(case, Wish("payment", index, hand["was"], hand["right_amount"], who), stands, fine)


def ask(case: Dispute, wish: Wish, stands: int | None, fine: bool) -> None:
    case.demand(fine, case.wish is None, stands == wish.was, wish.right != wish.was)
    case.wish = wish


@act("clerk mediator admin", FILED)
def approve_correction(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.own(who), case.wish, case.wish and case.wish.by != who, still_fits(case))
    case.wish = case.wish._replace(approved=True)


@act("clerk mediator admin", FILED)
def refuse_correction(case: Dispute, who: Who, hand: Hand) -> None:
    case.demand(case.own(who), case.wish)
    case.wish = None


def still_fits(case: Dispute) -> bool:
    """Nothing has come in meanwhile, and nobody has taken the case elsewhere."""
    wish = case.wish
    if wish is None or wish.kind == "claim":
        return True
    return not case.ended and case.paid[wish.index] == wish.was
