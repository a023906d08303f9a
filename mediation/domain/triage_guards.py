"""Named claims about sorting a case before it is mediated, and about who mediates; beside `guards`."""

from mediation.domain import ladder
from mediation.domain.clocks import due, running
from mediation.domain.facts import Facts, day
from mediation.engine.asking import Ask


def something_is_asked(_facts: Facts, ask: Ask) -> bool:
    """Whoever is asked for more reads what."""
    return ask.offered or bool(ask.data.get("missing") or str(ask.data.get("note") or "").strip())


def contact_is_over(facts: Facts, ask: Ask) -> bool:
    """The employer's days to answer are over and he has not answered: his answer stops the clock."""
    run = facts.clocks.get("contact")
    return run is not None and running(run) and due(run) < day(ask.at)


def silence_is_certified(facts: Facts, ask: Ask) -> bool:
    """Once the employer's days are over in silence the worker gets the certificate first.

    Another body may still take the case on, afterwards: a transfer is no way round what is due in
    writing (17号令 art. 30).
    """
    return not contact_is_over(facts, ask)


def attempts_logged(facts: Facts, ask: Ask) -> bool:
    """The office certifies what it did: it rang, and wrote or went; a worker may ask for what there is."""
    return ask.actor.role != "clerk" or ladder.climbed(facts.tried)


def mediation_has_begun(facts: Facts, ask: Ask) -> bool:
    """Before acceptance no case ends by a mediator's word: it is refused in writing, or certified."""
    return ask.actor.role != "mediator" or facts.accepted is not None


def no_rejection_waits(facts: Facts, _ask: Ask) -> bool:
    return facts.rejection is None


def rejection_waits(facts: Facts, _ask: Ask) -> bool:
    return facts.rejection is not None


def second_reader(facts: Facts, ask: Ask) -> bool:
    """Nobody reads his own refusal a second time."""
    return facts.rejection is None or facts.rejection.by != ask.actor.id


def not_recused(facts: Facts, ask: Ask) -> bool:
    return ask.data.get("mediator") not in facts.recused


def receipt_awaited(facts: Facts, _ask: Ask) -> bool:
    return facts.referral is not None and not facts.referral.receipt


def no_receipt_awaited(facts: Facts, ask: Ask) -> bool:
    return facts.state != "referred" or not receipt_awaited(facts, ask)
