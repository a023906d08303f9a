"""Who acts for the parties of a case, as its reader may see it."""

from dataclasses import dataclass
from datetime import date

from mediation.domain.authorities import Authority
from mediation.domain.words import word
from mediation.services.agents import agents_of
from mediation.store.db import db
from mediation.web import languages
from mediation.web.opened import Opened


@dataclass(frozen=True, slots=True)
class Line:
    """An agent, as what, how far and how long.  `state`: waits, stands, not_yet, over or ended.

    `phone` and `document` (the digest of his paper) are for whoever named him and the staff alone.
    """

    ref: str
    name: str
    kind: str
    scope: str
    start: date
    end: date
    state: str
    owner: tuple[str, int]
    phone: str = ""
    document: str | None = None


def lines(opened: Opened) -> list[Line]:
    """All of them to the staff, his own to a party, and of others those who act now."""
    if not opened.facts.authorities:
        return []
    people = {one.ref: one for one in agents_of(db.session(), opened.case)}
    found = []
    for one in opened.facts.authorities:
        person, state = people[one.ref], _state(one, opened.today)
        inside = opened.staff or one.owner == (opened.actor.role, opened.actor.seat)
        if not inside and state != "stands":
            continue
        seen = (person.phone, one.document) if inside else ("", None)
        who = (one.ref, person.name, one.kind, one.scope)
        found.append(Line(*who, one.start, one.end, state, one.owner, *seen))
    return found


def choices(opened: Opened, act: str) -> tuple[tuple[str, str], ...]:
    """Those whom an act can be about, each in one line."""
    wanted = ("waits",) if act == "verify_agent" else ("waits", "stands", "not_yet", "over")
    words, spoken = [], languages.language()
    for one in lines(opened):
        inside = opened.staff or one.owner == (opened.actor.role, opened.actor.seat)
        if one.state in wanted and inside:
            parts = (one.name, word("agent_kinds", one.kind, spoken), word("scopes", one.scope, spoken))
            words.append((one.ref, word("agents_said", "line", spoken).format(*parts, one.start, one.end)))
    return tuple(words)


def _state(one: Authority, today: date) -> str:
    if one.ended:
        return "ended"
    if one.end < today:
        return "over"
    if one.waits:
        return "waits"
    return "stands" if one.stands(today) else "not_yet"
