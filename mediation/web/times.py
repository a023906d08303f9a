"""Which half-days suit whom for a meeting, as the page of a case says it to one reader."""

from collections.abc import Iterable
from dataclasses import dataclass

from mediation.domain.halfdays import DAYS, PARTS, HalfDay, common, suiting
from mediation.engine.deciding import Choice
from mediation.web.opened import Opened

ACT = "tell_times"
ALL = DAYS * len(PARTS)
"""So many half-days are everything that is offered."""
FIXING = ("convene", "adjourn")
"""Acts that fix the time of a meeting."""


@dataclass(frozen=True, slots=True)
class WhoCan:
    """Somebody who takes part, and what suits him; nothing where he has not answered."""

    side: str
    name: str
    halfdays: tuple[HalfDay, ...]
    any: bool
    """Whether everything that is offered suits him."""


@dataclass(frozen=True, slots=True)
class Times:
    """What this reader may know: his own choice, or as staff everybody's and what they have in common."""

    open: bool
    """Whether he can choose now."""
    asked: bool
    """Whether that is the next thing for him: a meeting is to be fixed and he has not answered."""
    mine: tuple[HalfDay, ...]
    who: list[WhoCan]
    common: tuple[HalfDay, ...]

    @property
    def all_common(self) -> bool:
        """Whether everything that is offered suits everybody who has answered."""
        return len(self.common) == ALL

    @property
    def answered(self) -> bool:
        """Whether anybody has chosen something that is still to come."""
        return any(one.halfdays for one in self.who)


def of(opened: Opened, choices: Iterable[Choice]) -> Times:
    """The half-days of a case for the visitor who opened it; `choices` are the acts that he has."""
    facts, at = opened.facts, opened.at
    mine = suiting(facts, at).get((opened.actor.role, opened.actor.seat), ())
    may = any(choice.open and choice.action.name == ACT for choice in choices)
    return Times(
        open=may,
        asked=may and not mine and facts.joined and facts.state in ("contacting", "accepted"),
        mine=mine if may else (),
        who=_who(opened) if opened.staff else [],
        common=common(facts, at) if opened.staff else (),
    )


def _who(opened: Opened) -> list[WhoCan]:
    if opened.facts.state not in opened.engine.workflow.actions[ACT].sources:
        return []
    answers = suiting(opened.facts, opened.at)
    names = {(one.side, one.seat): one.name for one in opened.case.parties}
    found = ((seat, answers.get(seat, ())) for seat in opened.facts.seats)
    return [WhoCan(seat[0], names[seat], said, len(said) == ALL) for seat, said in found]
