"""What the office does by itself when its time has come: the part of the model that nobody asks for."""

from collections.abc import Callable

from model import MEDIATING, OPEN, OWING, Dispute
from ticking import TIMERS, Timer


def timed(states: str, when: str, to: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An act of the office itself: from which states, at which moment of what, and where to."""

    def learnt(do: Callable[..., None]) -> Callable[..., None]:
        edge, of, days = (*when.split(), "0")[:3]
        TIMERS[do.__name__] = Timer(tuple(states.split()), edge, of, int(days), to, do)
        return do

    return learnt


@timed("draft", "before draft 7")
def warn_draft(case: Dispute, item: int | None) -> None:
    case.remind("workers")


@timed("draft", "end draft", to="closed")
def expire_draft(case: Dispute, item: int | None) -> None:
    pass


@timed("submitted contacting", "before accept_or_refuse")
def remind_acceptance(case: Dispute, item: int | None) -> None:
    pass


@timed("contacting", "day contact 1")
def call_employer(case: Dispute, item: int | None) -> None:
    pass


@timed("contacting", "day contact 3")
def contact_again(case: Dispute, item: int | None) -> None:
    case.tell("employer")


@timed("contacting", "day contact 5")
def visit_employer(case: Dispute, item: int | None) -> None:
    pass


@timed("contacting", "end contact")
def no_answer(case: Dispute, item: int | None) -> None:
    case.tell("workers")


@timed(OPEN, "end exit")
def open_exit(case: Dispute, item: int | None) -> None:
    case.tell("workers")


@timed("scheduled adjourned", "before meeting 1")
def remind_meeting(case: Dispute, item: int | None) -> None:
    case.remind("workers", "employer", "mediator")


@timed(MEDIATING, "before working 3")
def warn_working(case: Dispute, item: int | None) -> None:
    case.remind("workers", "employer", "mediator")


@timed(MEDIATING, "end working")
def working_over(case: Dispute, item: int | None) -> None:
    case.tell("workers", "employer", "mediator")


@timed("awaiting_signatures", "before signing 1")
def remind_signing(case: Dispute, item: int | None) -> None:
    for seat in case.staying:
        if ("worker", seat) not in case.signed:
            case.remind("workers", seat=seat)
    if ("employer", 0) not in case.signed:
        case.remind("employer")
    if case.mediator not in case.signed:
        case.remind("mediator")


@timed("awaiting_signatures", "end signing", to="terms_drafted")
def lapse_signing(case: Dispute, item: int | None) -> None:
    case.signed = frozenset()
    case.tell("workers", "employer", "mediator")


@timed("performing", "before payment 3")
def remind_payment(case: Dispute, item: int | None) -> None:
    case.remind("employer")


@timed("performing", "before payment")
def payment_day(case: Dispute, item: int | None) -> None:
    case.remind("employer")


@timed(OWING, "after arrival 1")
def ask_arrival(case: Dispute, item: int | None) -> None:
    case.tell("workers", seat=case.payments[item].worker)
    if case.room(item):
        case.tell("employer")


@timed("not_agreed", "before limitation 30")
def warn_limitation(case: Dispute, item: int | None) -> None:
    case.remind("workers")
