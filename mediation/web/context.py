"""Who asks, when, and with which office: what every page starts from."""

import hashlib
from dataclasses import replace
from datetime import datetime

from flask import current_app, request
from flask_login import UserMixin, current_user

from mediation.engine.asking import Actor
from mediation.services import afterwards
from mediation.services.access import BY_CODE, BY_PASSWORD, party_actor, staff_actor
from mediation.services.offices import Office
from mediation.store.db import db, transaction
from mediation.store.models import Party, Person


class Visitor(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """Somebody who has shown who he is, for flask-login."""

    def __init__(self, actor: Actor, key: str) -> None:
        self.actor = actor
        # Changes with the password or the link: old sessions then open nothing.
        self.id = f"{actor.id}:{hashlib.sha256(key.encode()).hexdigest()[:16]}:{actor.authority}"


def visitor_of_staff(person: Person) -> Visitor:
    """The visitor that a member of staff is."""
    return Visitor(replace(staff_actor(person), authority=BY_PASSWORD), person.session_key)


def visitor_of_party(party: Party, authority: str = BY_CODE) -> Visitor:
    """The visitor that a party is, by a code or because it has just filed."""
    return Visitor(replace(party_actor(party), authority=authority), party.key)


def load_visitor(known_as: str) -> Visitor | None:
    """Who the session cookie says it is, if that still holds."""
    kind, _, rest = known_as.partition(":")
    number = rest.partition(":")[0]
    if not number.isdigit():
        return None
    found: Visitor | None = None
    if kind == "person":
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


def language() -> str:
    """In which language the visitor wants to read the pages that are there in both: zh or en."""
    return "en" if request.args.get("lang", request.cookies.get("lang")) == "en" else "zh"


def settle() -> None:
    """Make papers and send notices after a commit; what fails is logged, waits, and is tried again."""
    try:
        afterwards.settle(transaction, office(), now())
    except Exception:
        current_app.logger.exception("papers and notices wait for the next run")
