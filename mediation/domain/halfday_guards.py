"""Claims about half-days for a meeting: who may choose them, and which."""

from mediation.domain import halfdays
from mediation.domain.facts import Facts
from mediation.engine.asking import Ask


def employer_takes_part(facts: Facts, ask: Ask) -> bool:
    """No employer fixes a time before it has said that it is willing (企业劳动争议协商调解规定 art. 22)."""
    return ask.actor.role != "employer" or facts.joined


def halfdays_to_come(_facts: Facts, ask: Ask) -> bool:
    """Which of them are working days the page says; a rule that asked the calendar could not be replayed."""
    return all(halfdays.to_come(halfdays.read(code), ask.at) for code in ask.data.get("halfdays", ()))
