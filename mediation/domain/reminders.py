"""Named deeds of what is done when its time has come, and of pauses: the second half of the effects."""

from collections.abc import Iterator

from mediation.domain import owing
from mediation.domain.facts import Facts, day
from mediation.domain.outcomes import Learn, Notice
from mediation.engine.asking import Ask


def remember_pause_asked(facts: Facts, ask: Ask) -> Iterator[Learn]:
    """One side names a reason; the clock stands still when both have named the same one."""
    named = {**facts.pause_reasons, ask.actor.role: ask.data["pause_for"]}
    yield Learn({"pause_reasons": named})


def forget_pause(_facts: Facts, _ask: Ask) -> Iterator[Learn]:
    yield Learn({"pause_reasons": {}})


def remember_exit(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    """The worker may go to arbitration without an agreement (调解仲裁法 art. 14)."""
    yield Learn({"exit_open": day(ask.at)})


def forget_signatures(_facts: Facts, _ask: Ask) -> Iterator[Learn]:
    """Who signed in time is not bound by those who did not."""
    yield Learn({"signatures": ()})


def nudge_staff(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    """What the desk shows until somebody takes it up."""
    yield Learn({"nudge": ask.action})


def notify_unsigned(facts: Facts, _ask: Ask) -> Iterator[Notice]:
    """Those who have not signed yet."""
    signed = {(one.side, one.seat) for one in facts.signatures}
    for seat in facts.staying:
        if ("worker", seat) not in signed:
            yield Notice("workers", seat)
    if ("employer", 0) not in signed:
        yield Notice("employer")
    if ("mediator", 0) not in signed:
        yield Notice("mediator")


def notify_payer(_facts: Facts, _ask: Ask) -> Iterator[Notice]:
    yield Notice("employer")


def notify_late_payer(facts: Facts, ask: Ask) -> Iterator[Notice]:
    """Whoever has not even reported a payment that was due."""
    index = ask.data.get("item")
    if any(i == index and o.paid + o.reported < p.amount for i, p, o in owing.payments_of(facts, None)):
        yield Notice("employer")


def notify_payee(facts: Facts, ask: Ask) -> Iterator[Notice]:
    """The worker whose payment it is."""
    for index, payment, _ in owing.payments_of(facts, None):
        if index == ask.data.get("item"):
            yield Notice("workers", payment.worker)
