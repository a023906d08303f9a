"""Named deeds as records, the only ones that a chart may put under `then`.

An effect sees the case as it was before the act and what was in hand; it changes nothing itself.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import structs

from mediation.domain import owing
from mediation.domain.facts import Facts, Offer, day
from mediation.domain.fields import moment, terms_from
from mediation.domain.outcomes import Learn, Notice, Paper, Posting
from mediation.domain.terms import Mark, Owed, Signature, Terms
from mediation.engine.asking import Ask


def _learn(**changes: Any) -> Iterator[Learn]:
    yield Learn(changes)


def remember_receipt(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _learn(received=day(ask.at))


def remember_joining(_facts: Facts, _ask: Ask) -> Iterator[Learn]:
    return _learn(joined=True)


def remember_acceptance(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _learn(accepted=day(ask.at), rejection=None)


def remember_ending(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _learn(ended=ask.data.get("reason") or ask.action)


def remember_leaving(facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _learn(left=(*facts.left, ask.actor.seat))


def forget_terms(_facts: Facts, _ask: Ask) -> Iterator[Learn]:
    """What was drafted for everybody does not bind those who stay."""
    return _learn(terms=None, marks=(), signatures=())


def remember_mediator(facts: Facts, ask: Ask) -> Iterator[Learn]:
    """Whoever mediates signs for himself: the signature of another mediator falls."""
    mediator = ask.data["mediator"]
    kept = tuple(s for s in facts.signatures if s.side != "mediator" or s.id == mediator)
    return _learn(mediator=mediator, signatures=kept)


def remember_meeting(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _learn(meeting=moment(ask.data["for"]), convened=day(ask.at))


def remember_presence(_facts: Facts, _ask: Ask) -> Iterator[Learn]:
    """Who was there is in the entry; the facts only lose the appointment."""
    return _learn(meeting=None)


def remember_extension(facts: Facts, ask: Ask) -> Iterator[Learn]:
    """One side names a date; the clock moves when both have named the same one (17号令 art. 29)."""
    until = date.fromisoformat(ask.data["until"])
    named = {**facts.named_ends, ask.actor.role: until}
    changes: dict[str, Any] = {"named_ends": named}
    if len(named) == 2 and len(set(named.values())) == 1:
        run = structs.replace(facts.clocks["working"], until=until, known=day(ask.at))
        changes["clocks"] = {**facts.clocks, "working": run}
    return _learn(**changes)


def remember_offer(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _learn(offer=Offer(ask.actor.role, ask.data["amount"], ask.at))


def remember_accepted_offer(facts: Facts, _ask: Ask) -> Iterator[Learn]:
    assert facts.offer is not None, "guarded by offer_to_answer"
    return _learn(offer=None, settled_at=facts.offer.amount)


def forget_offer(_facts: Facts, _ask: Ask) -> Iterator[Learn]:
    return _learn(offer=None)


def remember_terms(facts: Facts, ask: Ask) -> Iterator[Learn]:
    """New terms void every signature; marks stay only on clauses that did not change."""
    terms = terms_from(ask.data["terms"])
    kept: list[Mark] = []
    if facts.terms is not None:
        place = {clause: i for i, clause in enumerate(_told_apart(terms))}
        before = _told_apart(facts.terms)
        for mark in facts.marks:
            clause = before[mark.clause]
            if clause in place:
                kept.append(Mark(mark.side, mark.seat, place[clause], mark.mark, mark.note))
    return _learn(terms=terms, marks=tuple(kept), signatures=())


def _told_apart(terms: Terms) -> list[tuple[object, int]]:
    """The clauses, each with how many equal ones come before it."""
    return [(clause, terms.clauses[:i].count(clause)) for i, clause in enumerate(terms.clauses)]


def remember_marks(facts: Facts, ask: Ask) -> Iterator[Learn]:
    me = (ask.actor.role, ask.actor.seat)
    said = ask.data["marks"]["said"]
    new = {word["clause"]: Mark(*me, word["clause"], word["mark"], word.get("note", "")) for word in said}
    old = [m for m in facts.marks if (m.side, m.seat) != me or m.clause not in new]
    return _learn(marks=(*old, *new.values()))


def remember_signature(facts: Facts, ask: Ask) -> Iterator[Learn]:
    actor = ask.actor
    seat = actor.seat if actor.role == "worker" else 0
    mine = Signature(actor.role, seat, actor.id, ask.data["digest"], ask.at)
    return _learn(signatures=(*facts.signatures, mine))


def remember_seal(facts: Facts, ask: Ask) -> Iterator[Learn]:
    assert facts.terms is not None, "guarded by all_signed"
    return _learn(sealed=ask.at, owed=tuple(Owed() for _ in facts.terms.payments))


def remember_report(facts: Facts, ask: Ask) -> Iterator[Learn]:
    rows = owing.chosen(facts, ask.data.get("worker"), ask.data.get("instalment"))
    changes = {
        index: Owed(facts.owed[index].reported + part, facts.owed[index].paid)
        for index, part in owing.spread(rows, ask.data["amount"])
    }
    used = (ask.data["reference"],) if "reference" in ask.data else ()
    return _learn(**owing.replaced(facts, changes), references=(*facts.references, *used))


def remember_confirmation(facts: Facts, ask: Ask) -> Iterator[Learn]:
    rows = owing.chosen(facts, ask.actor.seat, ask.data.get("instalment"))
    changes = {index: Owed(0, owed.paid + owed.reported) for index, _, owed in rows}
    return _learn(**owing.replaced(facts, changes))


def remember_denial(facts: Facts, ask: Ask) -> Iterator[Learn]:
    rows = owing.chosen(facts, ask.actor.seat, ask.data.get("instalment"))
    return _learn(**owing.replaced(facts, {i: Owed(0, owed.paid) for i, _, owed in rows}))


def remember_duty(facts: Facts, ask: Ask) -> Iterator[Learn]:
    return _learn(duties_done=(*facts.duties_done, ask.data["duty"]))


def post_claimed(facts: Facts, _ask: Ask) -> Iterator[Posting]:
    """What those ask for who take part; who was only named is asked first."""
    for claim in facts.claims:
        if claim.amount and claim.worker in facts.staying:
            yield Posting("claimed", claim.amount, claim.worker, claim.head)


def post_agreed(facts: Facts, _ask: Ask) -> Iterator[Posting]:
    assert facts.terms is not None, "guarded by all_signed"
    for payment in facts.terms.payments:
        yield Posting("agreed", payment.amount, payment.worker, payment.head)
    yield Posting("settled_cases", 1)
    yield Posting("settled_workers", len(facts.staying))


def post_paid(facts: Facts, ask: Ask) -> Iterator[Posting]:
    for _, payment, owed in owing.chosen(facts, ask.actor.seat, ask.data.get("instalment")):
        if owed.reported:
            yield Posting("paid", owed.reported, payment.worker, payment.head)


def make_agreement(_facts: Facts, _ask: Ask) -> Iterator[Paper]:
    yield Paper("agreement")


def notify_workers(_facts: Facts, _ask: Ask) -> Iterator[Notice]:
    yield Notice("workers")


def notify_paid_workers(facts: Facts, ask: Ask) -> Iterator[Notice]:
    rows = owing.chosen(facts, ask.data.get("worker"), ask.data.get("instalment"))
    parts = dict(owing.spread(rows, ask.data["amount"]))
    for seat in sorted({payment.worker for index, payment, _ in rows if index in parts}):
        yield Notice("workers", seat)


def notify_employer(_facts: Facts, _ask: Ask) -> Iterator[Notice]:
    yield Notice("employer")


def notify_employer_if_joined(facts: Facts, _ask: Ask) -> Iterator[Notice]:
    if facts.joined:
        yield Notice("employer")


def notify_other_side(_facts: Facts, ask: Ask) -> Iterator[Notice]:
    yield Notice("employer" if ask.actor.role == "worker" else "workers")


def notify_parties(facts: Facts, ask: Ask) -> Iterator[Notice]:
    yield from notify_workers(facts, ask)
    yield from notify_employer_if_joined(facts, ask)


def notify_mediator(_facts: Facts, _ask: Ask) -> Iterator[Notice]:
    yield Notice("mediator")


def notify_clerks(_facts: Facts, _ask: Ask) -> Iterator[Notice]:
    yield Notice("clerks")
