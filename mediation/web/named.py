"""The page of a worker whom somebody else named: who names him, for what, and two buttons."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediation.domain.facts import Facts
from mediation.engine.asking import Actor
from mediation.services.agents import agents_of
from mediation.services.notices import short
from mediation.store.cases import party
from mediation.store.db import db
from mediation.store.models import Party
from mediation.web import opened as opening

if TYPE_CHECKING:
    from mediation.web.opened import Opened


@dataclass(frozen=True, slots=True)
class Collective:
    """A collective case: how many take part, and the names of their representatives."""

    workers: int
    representatives: tuple[str, ...]


ACTS = ("confirm_place", "decline_place")
OF_AGENTS = ("verify_agent", "end_agent")
OPEN_TO_HIM = ("cases.named", "cases.show")
"""All that he sees before he has said that it is his: no story, no phone, nobody else's sum."""


def only_named(facts: Facts, actor: Actor) -> bool:
    """Whether the visitor was named by somebody else and has not said that he applies too."""
    return actor.role == "worker" and actor.seat in (*facts.unconfirmed, *facts.declined)


def hidden_from(facts: Facts, actor: Actor) -> bool:
    """Whether the page that is asked for is not his yet."""
    his_act = request.endpoint == "cases.act" and (request.view_args or {}).get("name") in ACTS
    return only_named(facts, actor) and request.endpoint not in OPEN_TO_HIM and not his_act


def out(facts: Facts, one: Party) -> str:
    """Why a party takes no part: `left`, `unconfirmed`, `declined`; nothing where it does."""
    lists = {"left": facts.left, "unconfirmed": facts.unconfirmed, "declined": facts.declined}
    return next((why for why, seats in lists.items() if one.side == "worker" and one.seat in seats), "")


def shown(opened: "Opened", one: Party) -> bool:
    """The employer hears of nobody who did not say himself that he applies."""
    return opened.actor.role != "employer" or out(opened.facts, one) in ("", "left")


def untold(opened: "Opened", act: str) -> bool:
    """Acts that are not worth a word where they cannot be done: the case is not of their kind."""
    return act in (*ACTS, *OF_AGENTS) or (act == "name_representatives" and not opened.facts.collective)


def collective(opened: "Opened") -> Collective | None:
    """What makes the case a collective one (劳动争议调解仲裁法 art. 7); None where it is none."""
    facts = opened.facts
    if not facts.collective:
        return None
    names = (
        party(opened.case, "worker", seat).name for seat in facts.representatives if seat in facts.staying
    )
    return Collective(len(facts.staying), tuple(names))


def page(ref: str) -> ResponseReturnValue:
    """Is it you, and do you apply too?"""
    opened = opening.open_case(ref)
    if not only_named(opened.facts, opened.actor):
        return redirect(url_for("cases.show", ref=ref))
    seat = opened.actor.seat
    agents = agents_of(db.session(), opened.case)
    mine = next((one for one in opened.facts.authorities if one.owner == ("worker", seat)), None)
    return render_template(
        "cases/named.html",
        ref=ref,
        number=short(opened.case.number),
        seen=opened.revision,
        you=party(opened.case, "worker", seat).name,
        by=agents[0].name if 0 in opened.facts.unconfirmed and agents else party(opened.case, "worker").name,
        authority=mine,
        employer=opened.case.employer_name,
        claims=[claim for claim in opened.facts.claims if claim.worker == seat],
        declined=seat in opened.facts.declined,
        open_acts={choice.action.name for choice in opened.choices() if choice.open},
    )
