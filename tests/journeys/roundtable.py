"""A case in a meeting, and its three people in front of it, for the journeys in its rooms."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask.sessions import SecureCookieSessionInterface
from houses import House, People
from makers import actor_of, make_case
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from mediation.app import create_app
from mediation.services.afterwards import settle
from mediation.store.cases import party
from mediation.store.db import db, transaction
from mediation.store.models import Case, Person
from mediation.web.context import visitor_of_party, visitor_of_staff

WIDTHS = {"worker": 360, "employer": 800, "mediator": 1280}


@dataclass(frozen=True)
class Roundtable:
    """A case that is in a meeting, and the window of each of its people, who has shown who he is."""

    number: str
    url: str
    worker: Page
    employer: Page
    mediator: Page

    @property
    def pages(self) -> tuple[Page, Page, Page]:
        return self.worker, self.employer, self.mediator

    def come(self) -> None:
        """Everybody opens the room."""
        for page in self.pages:
            page.goto(self.url)


@contextmanager
def at_the_table(people: People, house: House, *, state: str = "in_meeting") -> Iterator[Roundtable]:
    """A new case in `state` with its people."""
    app = create_app(house.instance)
    sign = SecureCookieSessionInterface().get_signing_serializer(app)
    assert sign is not None
    with app.app_context():
        with transaction() as session:
            office = app.extensions["office"]
            case = make_case(session, office, state=state, at=datetime.now(UTC) - timedelta(days=5))
            ref, number = case.ref, case.number or ""
            known = {role: _known(session, case, role) for role in WIDTHS}
        # As after every act: its texts go out before those of the next story.
        settle(transaction, office, datetime.now(UTC))
        db.session.remove()
        db.engine.dispose()
    pages = {}
    for role, width in WIDTHS.items():
        pages[role] = page = people.person(width=width)
        cookie = sign.dumps({"_user_id": known[role], "_fresh": True})
        page.context.add_cookies([{"name": "session", "value": str(cookie), "url": house.url}])
    yield Roundtable(number, f"/cases/{ref}/meeting", **pages)


def _known(session: Session, case: Case, role: str) -> str:
    if role == "mediator":
        who = actor_of(session, case, role).id
        return str(visitor_of_staff(session.get_one(Person, int(who.removeprefix("person:")))).id)
    return str(visitor_of_party(party(case, role)).id)
