"""Where somebody lands who comes from a text: at what is asked of him, so that one tap answers it."""

from flask import url_for

from mediation.engine.asking import Actor
from mediation.services.access import party_actor
from mediation.services.agents import agent_actor
from mediation.store.cases import facts_of
from mediation.store.models import Agent, Party
from mediation.web import opened as opening
from mediation.web import times, turns
from mediation.web.context import now, office
from mediation.web.named import only_named
from mediation.web.views import in_room

ASKED = ("give_info", "confirm_payment", "mark_clauses", "sign")
"""Acts that are answers: their pages ask one thing.  Offers are read on the case's page: nobody is pushed."""


def of(party: Party | Agent) -> str:
    """The address of the page that a party, or who acts for one, sees first."""
    case, facts, actor = party.case, facts_of(party.case), _actor(party)
    if only_named(facts, actor):
        return url_for("cases.named", ref=case.ref)
    # Who has not answered yet hears first what is asked.
    if party.side == "employer" and case.state == "contacting" and not facts.joined:
        return url_for("cases.hear", ref=case.ref)
    engine = office().catalogue[case.workflow, case.workflow_version]
    opened = opening.Opened(case, case.id, facts, case.revision, engine, actor, now())
    choices = opened.choices()
    main, _ = turns.arranged(choices)
    first = main[0].action.name if main else ""
    if facts.state == "in_meeting" and in_room(opened):
        return url_for("cases.meeting", ref=case.ref)
    if times.of(opened, choices).asked:
        return url_for("cases.act", ref=case.ref, name=times.ACT)
    if first in ASKED:
        return url_for("cases.act", ref=case.ref, name=first)
    return url_for("cases.show", ref=case.ref)


def _actor(party: Party | Agent) -> Actor:
    return agent_actor(party) if isinstance(party, Agent) else party_actor(party)
