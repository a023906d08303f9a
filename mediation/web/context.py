"""Who asks, when, and with which office: what every page starts from."""

import hashlib
from dataclasses import replace
from datetime import datetime

from flask import current_app
from flask_login import UserMixin, current_user

from mediation.engine.asking import Actor
from mediation.services import afterwards, agents
from mediation.services.access import BY_CODE, BY_PASSWORD, party_actor, staff_actor
from mediation.services.offices import Office
from mediation.store.db import db, transaction
from mediation.store.models import Agent, Party, Person


class Visitor(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """Somebody who has shown who he is, for flask-login."""

    def __init__(self, actor: Actor, key: str) -> None:
        self.actor = actor
        # Changes with the password or the link: old sessions then open nothing.
        self.id = f"{actor.id}:{hashlib.sha256(key.encode()).hexdigest()[:16]}:{actor.authority}"


def visitor_of_staff(person: Person) -> Visitor:
    """The visitor that a member of staff is."""
    return Visitor(replace(staff_actor(person), authority=BY_PASSWORD), person.session_key)


def visitor_of_party(party: Party | Agent, authority: str = BY_CODE) -> Visitor:
    """The visitor that a party is, or who acts for one, by a code or because it has just filed."""
    if isinstance(party, Agent):
        return Visitor(replace(agents.agent_actor(party), authority=authority), party.key)
    return Visitor(replace(party_actor(party), authority=authority), party.key)


def load_visitor(known_as: str) -> Visitor | None:
    """Who the session cookie says it is, if that still holds."""
    kind, _, rest = known_as.partition(":")
    number = rest.partition(":")[0]
    found: Visitor | None = None
    if kind == "agent":
        agent = agents.by_ref(db.session(), number, now())
        found = visitor_of_party(agent, known_as.rpartition(":")[2]) if agent else None
    elif not number.isdigit():
        return None
    elif kind == "person":
        person = db.session.get(Person, int(number))
        found = visitor_of_staff(person) if person and person.active else None
    elif kind == "party":
        party = db.session.get(Party, int(number))
        found = visitor_of_party(party, known_as.rpartition(":")[2]) if party else None
    return found if found and found.id == known_as else None


def current_actor() -> Actor:
    """Who is asking; only pages behind the login may call this."""
    actor: Actor = current_user.actor
    return actor


def office() -> Office:
    """The office this application works for."""
    found: Office = current_app.extensions["office"]
    return found


def now() -> datetime:
    """The moment of this request, by the clock of the application."""
    moment: datetime = current_app.extensions["clock"]()
    return moment


def settle() -> None:
    """Make papers and send notices after a commit; what fails is logged, waits, and is tried again."""
    try:
        afterwards.settle(transaction, office(), now())
    except Exception:
        current_app.logger.exception("papers and notices wait for the next run")
