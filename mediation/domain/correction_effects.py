"""Named deeds of acts that undo, for their `then`; as in `effects`, and beside them."""

from collections.abc import Iterator
from typing import Any

from msgspec import structs

from mediation.domain import corrections
from mediation.domain.facts import Facts, Pending
from mediation.domain.outcomes import Account, Learn, Notice, Posting, Reversal
from mediation.engine.asking import Ask


def _learn(**changes: Any) -> Iterator[Learn]:
    yield Learn(changes)


def remember_reopening(facts: Facts, _ask: Ask) -> Iterator[Learn]:
    """As if just received: both sides are asked anew whether they are willing (17号令 art. 22).

    What was offered and drafted bound nobody and is gone.  The fifteen days of 调解仲裁法 art. 14 go on
    from the first receipt: a reopening takes nothing from the worker.
    """
    return _learn(
        accepted=None,
        joined=False,
        ended=None,
        meeting=None,
        offer=None,
        settled_at=None,
        named_ends={},
        pause_reasons={},
        terms=None,
        marks=(),
        signatures=(),
        tried=(),
        rejection=None,
        referral=None,
        halfdays={},
        clocks=corrections.running_again(facts, ["exit"]),
    )


def forget_ending(_facts: Facts, _ask: Ask) -> Iterator[Learn]:
    return _learn(ended=None)


def resume_rights(facts: Facts, _ask: Ask) -> Iterator[Learn]:
    """The days for a joint application count from the agreement (办案规则 art. 74; 民事诉讼法 art. 205)."""
    clocks = corrections.running_again(facts, ["arbitration_review", "judicial_confirmation"])
    return _learn(clocks=clocks)


def void_signatures_beside_a_name(facts: Facts, ask: Ask) -> Iterator[Learn]:
    """What is shown is what is signed, and the paper shows names; a sealed one stays as it was signed."""
    if ask.data["detail"] in ("name", "uscc") and facts.sealed is None:
        yield Learn({"signatures": ()})


def remember_correction(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    about = corrections.aim(ask.data)
    assert about is not None, "the act needs a claim or a payment"
    kind, index = about
    return _learn(pending=Pending(kind, index, ask.data["was"], ask.data["right_amount"], ask.actor.id))


def remember_approval(facts: Facts, ask: Ask) -> Iterator[Learn]:
    assert facts.pending is not None, "guarded by correction_waits"
    return _learn(pending=structs.replace(facts.pending, approved=ask.actor.id))


def forget_correction(_facts: Facts, _ask: Ask) -> Iterator[Learn]:
    return _learn(pending=None)


def book_correction(facts: Facts, _ask: Ask) -> Iterator[Learn | Reversal | Posting]:
    """What stands in the ledger is reversed line by line, and what is right is posted anew."""
    one = facts.pending
    assert one is not None, "guarded by claim_waits or payment_waits"
    worker, head = corrections.owner(facts, one.kind, one.index)
    standing = corrections.standing_of_head(facts, one.kind, worker, head)
    account: Account = "claimed" if one.kind == corrections.CLAIM else "paid"
    yield Learn(corrections.corrected(facts, one))
    if standing:
        yield Reversal(account, standing, worker, head)
    if right := standing - one.was + one.amount:
        yield Posting(account, right, worker, head)


def notify_corrected(_facts: Facts, ask: Ask) -> Iterator[Notice]:
    side, _, seat = ask.data["party"].partition(":")
    yield Notice("workers", int(seat)) if side == "worker" else Notice("employer")


def notify_of_correction(facts: Facts, _ask: Ask) -> Iterator[Notice]:
    """The worker whose amount it is, and the employer where it takes part."""
    one = facts.pending
    assert one is not None, "guarded by claim_waits or payment_waits"
    yield Notice("workers", corrections.owner(facts, one.kind, one.index)[0])
    if facts.joined:
        yield Notice("employer")
