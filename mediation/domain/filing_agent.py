"""Applying for somebody else: what must fit together before his application can be filed in his name."""

from collections.abc import Collection
from datetime import date

from mediation.domain.applying import Answers
from mediation.domain.authorities import days_fit


def faults(answers: Answers, papers: Collection[str], today: date) -> dict[str, str]:
    """What keeps an application for somebody else from being filed, by the block of the page that says it.

    `papers` are the digests of what was handed in beside it, `today` the Beijing day.
    """
    agent, who, firm = answers.agent, answers.contact, answers.employer
    if agent is None:
        return {}
    found = {}
    if who and who.phone == agent.phone:
        found["contact"] = "agents_own_phone"
    if firm and firm.phone == agent.phone:
        found["agent"] = "other_side"
    if not fits(agent.authority, today):
        found["agent"] = "authority_days"
    if agent.authority.get("document", "") not in ("", *papers):
        found["agent"] = "paper_gone"
    return found


def fits(authority: dict[str, str], today: date) -> bool:
    """Whether the days of an authority, as a page read them, are some that can be filed with."""
    return days_fit(date.fromisoformat(authority["start"]), date.fromisoformat(authority["end"]), today)
