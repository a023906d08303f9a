"""Which half-days suit whom for a meeting, as the page of a case says it to one reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mediation.domain.halfdays import DAYS, PARTS, HalfDay, common, suiting
from mediation.engine.deciding import Choice
from mediation.web import turns
from mediation.web.opened import Opened

ACT = "tell_times"
ALL = DAYS * len(PARTS)
"""So many half-days are everything that is offered."""
FIXING = ("convene", "adjourn")
"""Acts that fix the time of a meeting."""

Said = Literal["", "none", "some", "any"]
"""What somebody answered: nothing yet, that none suits, some half-days, or that any of them does."""


@dataclass(frozen=True, slots=True)
class WhoCan:
    """Somebody who takes part, and what he said; which half-days suit him is known to staff alone."""

    side: str
    name: str
    said: Said
    halfdays: tuple[HalfDay, ...]
    you: bool


@dataclass(frozen=True, slots=True)
class Times:
    """What this reader may know: his own choice, who has answered, and as staff what and what is common."""

    open: bool
    """Whether he can choose now."""
    asked: bool
    """Whether that is the next thing for him: a meeting is to be fixed and he has not answered."""
    mine: tuple[HalfDay, ...]
    none: bool
    """Whether he said that none suits."""
    who: list[WhoCan]
    common: tuple[HalfDay, ...]
    wanted: bool
    """Whether a meeting is to be fixed, so that it matters who has not answered."""

    @property
    def all_common(self) -> bool:
        """Whether everything that is offered suits everybody who has answered."""
        return len(self.common) == ALL

    @property
    def answered(self) -> bool:
        """Whether anybody has answered."""
        return any(one.said for one in self.who)

    @property
    def unsuited(self) -> bool:
        """Whether somebody said that none suits."""
        return any(one.said == "none" for one in self.who)


def of(opened: Opened, choices: Iterable[Choice]) -> Times:
    """The half-days of a case for the visitor who opened it; `choices` are the acts that he has."""
    facts, at = opened.facts, opened.at
    mine = suiting(facts, at).get((opened.actor.role, opened.actor.seat))
    may = any(choice.open and choice.action.name == ACT for choice in choices)
    wanted = turns.choosing(facts)
    return Times(
        open=may,
        asked=may and mine is None and wanted,
        mine=mine or () if may else (),
        none=may and mine == (),
        who=_who(opened) if opened.staff else _who_answered(opened) if may and wanted else [],
        common=common(facts, at) if opened.staff else (),
        wanted=wanted,
    )


def _who(opened: Opened) -> list[WhoCan]:
    if opened.facts.state not in opened.engine.workflow.actions[ACT].sources:
        return []
    answers = suiting(opened.facts, opened.at)
    names = {(one.side, one.seat): one.name for one in opened.case.parties}
    actor = opened.actor
    return [
        WhoCan(
            side=seat[0],
            name=names[seat],
            said=_said(answers.get(seat)),
            halfdays=answers.get(seat, ()),
            you=seat == (actor.role, actor.seat),
        )
        for seat in opened.facts.seats
    ]


def _who_answered(opened: Opened) -> list[WhoCan]:
    """Who has answered, and whether none suits him: when he is free the staff alone read."""
    return [
        WhoCan(one.side, one.name, "some" if one.said == "any" else one.said, (), one.you)
        for one in _who(opened)
    ]


def _said(chosen: tuple[HalfDay, ...] | None) -> Said:
    if chosen is None:
        return ""
    return "any" if len(chosen) == ALL else "some" if chosen else "none"
