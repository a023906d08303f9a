"""Named deeds of sorting a case before it is mediated, and of who mediates; beside `effects`."""

from collections.abc import Iterator

from mediation.domain.facts import Facts, Referral, Rejection
from mediation.domain.outcomes import Learn, Notice, Paper
from mediation.engine.asking import Ask

NO_ANSWER, REFUSAL = "no_answer", "refusal"
"""The kinds of paper that the office makes alone: 未答复证明 and 不予受理通知书."""


def remember_attempt(facts: Facts, ask: Ask) -> Iterator[Learn]:
    """What came of it is in the entry; the rules only ask by which ways the employer was sought."""
    yield Learn({"tried": tuple(sorted({*facts.tried, ask.data["way"]}))})


def remember_rejection(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    yield Learn({"rejection": Rejection(ask.data["reason"], ask.data["route"], ask.actor.id)})


def forget_rejection(_facts: Facts, _ask: Ask) -> Iterator[Learn]:
    yield Learn({"rejection": None})


def remember_refusal(facts: Facts, _ask: Ask) -> Iterator[Learn]:
    assert facts.rejection is not None, "guarded by rejection_waits"
    yield Learn({"ended": facts.rejection.reason})


def make_refusal_notice(_facts: Facts, _ask: Ask) -> Iterator[Paper]:
    """Whoever is not taken is told in writing (17号令 art. 22)."""
    yield Paper(REFUSAL)


def make_no_answer_certificate(_facts: Facts, _ask: Ask) -> Iterator[Paper]:
    """That the mediation came to nothing is told in writing, with the way to arbitration (17号令 art. 30)."""
    yield Paper(NO_ANSWER)


def remember_referral(_facts: Facts, ask: Ask) -> Iterator[Learn]:
    yield Learn({"referral": Referral(ask.data["to"])})


def remember_receipt_number(facts: Facts, ask: Ask) -> Iterator[Learn]:
    assert facts.referral is not None, "guarded by receipt_awaited"
    yield Learn({"referral": Referral(facts.referral.to, ask.data["receipt"])})


def remember_recusal(facts: Facts, ask: Ask) -> Iterator[Learn]:
    """Whoever steps aside has signed nothing, and is not asked again."""
    kept = tuple(one for one in facts.signatures if one.side != "mediator")
    yield Learn({"mediator": None, "recused": (*facts.recused, ask.actor.id), "signatures": kept})


def notify_of_new_mediator(facts: Facts, _ask: Ask) -> Iterator[Notice]:
    """The parties know the first mediator from the meeting; that he is another one they are told."""
    if facts.mediator is not None or facts.recused:
        yield Notice("workers")
        if facts.joined:
            yield Notice("employer")
