"""The case that a page is about, as its visitor may see it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import abort
from msgspec import structs

from mediation.domain import agents
from mediation.domain.facts import Facts, day
from mediation.engine.asking import Actor, Ask
from mediation.engine.deciding import Choice, Engine
from mediation.engine.refusals import NotYours, Unknown
from mediation.engine.workflow import Action
from mediation.store import cases as store
from mediation.store.db import db
from mediation.store.models import Case
from mediation.web import named
from mediation.web.context import current_actor, now, office

STAFF = ("clerk", "mediator", "admin")


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with what is known of it, the chart it runs on, who looks at it, and when."""

    case: Case
    case_id: int
    facts: Facts
    revision: int
    engine: Engine
    actor: Actor
    at: datetime

    @property
    def today(self) -> date:
        """The day of this request in Beijing."""
        return day(self.at)

    @property
    def outside(self) -> bool:
        """Whether the visitor has left this case for himself."""
        return outside(self.facts, self.actor)

    @property
    def staff(self) -> bool:
        """Whether the visitor works here."""
        return self.actor.role in STAFF

    def action(self, name: str) -> Action:
        """The act of this name.  Raises Unknown, or NotYours where the visitor's role may never do it."""
        found = self.engine.workflow.actions.get(name)
        if found is None:
            raise Unknown(name)
        if self.actor.role not in found.by:
            raise NotYours(found.label, self.actor.role)
        return found

    def choices(self) -> list[Choice]:
        """What the visitor could do now, open or with the sentences why not."""
        return [self._as_agent(one) for one in self.engine.choices(self.facts, self.actor, self.at)]

    def _as_agent(self, choice: Choice) -> Choice:
        """The same with what whoever acts for a party lacks for it."""
        ask = Ask(choice.action.name, self.actor, self.revision, self.at)
        lacks = agents.sentence(self.facts, ask)
        return replace(choice, reasons=(*choice.reasons, lacks)) if lacks else choice


def open_case(ref: str) -> Opened:
    """The case with this reference; one that is not the visitor's is not there (404)."""
    actor = current_actor()
    case = store.find(db.session(), actor, ref)
    if case is None:
        abort(404)
    engine = office().catalogue[case.workflow, case.workflow_version]
    facts = store.facts_of(case)
    if named.hidden_from(facts, actor):
        abort(404)
    if outside(facts, actor):
        # Whoever has left the group knows nothing of what the others agree to.
        facts = structs.replace(facts, **NOTHING_MORE)
    return Opened(case, case.id, facts, case.revision, engine, actor, now())


NOTHING_MORE: dict[str, Any] = {
    "offer": None, "settled_at": None, "meeting": None, "terms": None, "marks": (), "signatures": (),
    "sealed": None, "owed": (),
}  # fmt: skip


def outside(facts: Facts, actor: Actor) -> bool:
    """Whether the visitor is a worker who takes no part: he left, or was only named by somebody else."""
    return actor.role == "worker" and actor.seat not in facts.staying
