"""Naming whoever acts for a party, and finding those who do now."""

import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.facts import Facts, day
from mediation.domain.fields import Invalid
from mediation.engine.asking import Actor, Ask
from mediation.services import fingerprints
from mediation.services.casework import Step, fire, hold
from mediation.services.filing import new_key, store_agent
from mediation.services.offices import Office
from mediation.store.cases import facts_of
from mediation.store.models import Agent, AgentSide, Case, Party


def new_ref() -> str:
    """The reference of a new authority."""
    return secrets.token_hex(8)


def name_agent(  # noqa: PLR0913, PLR0917 - an act, and whom it names
    session: Session, office: Office, case_id: int, ask: Ask, name: str, phone: str
) -> Step:
    """Name somebody as the act says, with what the log may not hold.  The caller commits.

    The entry keeps a fingerprint of name and phone.  Raises NoSuchCase, Stale, Refused, and Invalid
    where the phone is the party's own or acts on the other side.
    """
    hold(session, office.catalogue, case_id, ask.seen)
    side, seat = ask.actor.role, ask.actor.seat
    if fault := _unfit(session, case_id, (side, seat), phone):
        raise Invalid({"phone": fault})
    ref = ask.data["authority"]["ref"]
    one = Agent(ref=ref, case_id=case_id, side=side, seat=seat, name=name, phone=phone, key=new_key())
    party, seal = fingerprints.of_agent(fingerprints.key_of(office), one)
    said = {**ask.data, "party": party, "print": seal}
    step = fire(session, office.catalogue, case_id, replace(ask, data=said))
    store_agent(session, one)
    return step


def _unfit(session: Session, case_id: int, owner: tuple[str, int], phone: str) -> str:
    """Why this phone cannot act for this party; nothing where it can.

    Whoever acts for one side never acts for the other; the table of sides has the last word on it.
    """
    for side, seat in session.execute(
        select(Party.side, Party.seat).where(Party.case_id == case_id, Party.phone == phone)
    ):
        if (side, seat) == owner:
            return "own_phone"
        if side != owner[0]:
            return "other_side"
    sided = session.get(AgentSide, (case_id, phone))
    return "other_side" if sided is not None and sided.side != owner[0] else ""


def agent_actor(agent: Agent) -> Actor:
    """The actor that an agent is: on the seat of whoever named him."""
    return Actor(agent.side, f"agent:{agent.ref}", agent.name, agent.seat)


def agents_of(session: Session, case: Case) -> list[Agent]:
    """Everybody who was ever named in a case, in that order."""
    return list(session.scalars(select(Agent).where(Agent.case_id == case.id).order_by(Agent.id)))


def standing(session: Session, case: Case, facts: Facts, at: datetime) -> list[Agent]:
    """Those whose authority stands at this moment."""
    refs = {one.ref for one in facts.authorities if one.stands(day(at))}
    return [one for one in agents_of(session, case) if one.ref in refs] if refs else []


def by_ref(session: Session, ref: str, at: datetime) -> Agent | None:
    """The agent of this authority, while it stands."""
    return _while_standing(session.scalars(select(Agent).where(Agent.ref == ref)).one_or_none(), at)


def by_key(session: Session, key: str, at: datetime) -> Agent | None:
    """The agent whose link this is, while his authority stands."""
    return _while_standing(session.scalars(select(Agent).where(Agent.key == key)).one_or_none(), at)


def _while_standing(agent: Agent | None, at: datetime) -> Agent | None:
    if agent is None:
        return None
    stand = (one.ref == agent.ref and one.stands(day(at)) for one in facts_of(agent.case).authorities)
    return agent if any(stand) else None
