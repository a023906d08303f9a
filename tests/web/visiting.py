"""Who looks at a page in a test: browsers of the people of a case, and their forms."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from makers import act, actor_of, make_case
from reading import filled
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mediation.services.offices import Office
from mediation.store.cases import party
from mediation.store.models import Case, Person
from mediation.web.context import visitor_of_party, visitor_of_staff

EVERYBODY = ("worker", "employer", "mediator", "clerk", "admin")


def browser(app: Flask, visitor: str) -> FlaskClient:
    """A browser in which this visitor has shown who he is."""
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = visitor
    return client


class Played:
    """A case in the database, and a browser for each of its people."""

    def __init__(self, app: Flask, transaction: Any, **wanted: Any) -> None:
        self.app = app
        self.transaction = transaction
        self.office: Office = app.extensions["office"]
        with transaction() as session:
            case = make_case(session, self.office, **wanted)
            self.id, self.ref = case.id, case.ref

    def by(self, role: str, seat: int = 0) -> FlaskClient:
        """The browser of somebody who may act in the case."""
        with self.transaction() as session:
            return browser(self.app, _visitor(session, session.get_one(Case, self.id), role, seat))

    def act(self, action: str, **how: Any) -> None:
        """Do an act through the services."""
        with self.transaction() as session:
            act(session, self.office, session.get_one(Case, self.id), action, **how)

    def now(self) -> Any:
        """State and revision as they are stored."""
        with self.transaction() as session:
            case = session.get_one(Case, self.id)
            return case.state, case.revision

    def url(self, rest: str = "") -> str:
        """An address of the case."""
        return f"/cases/{self.ref}{rest}"


def _visitor(session: Session, case: Case, role: str, seat: int) -> str:
    if role in ("worker", "employer"):
        return str(visitor_of_party(party(case, role, seat)).id)
    number = int(actor_of(session, case, role).id.removeprefix("person:"))
    return str(visitor_of_staff(session.get_one(Person, number)).id)


def post(client: FlaskClient, url: str, **typed: Any) -> TestResponse:
    """Open a form, fill in what is typed, and send it."""
    return client.post(url, data=filled(client.get(url)) | typed)
