"""A running house as a race sees it: from the street, and from the inside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import makers
from flask import Flask
from racing import Server, hidden
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.services import access
from mediation.services.afterwards import settle
from mediation.services.audit import findings
from mediation.services.offices import Office
from mediation.store import db as store
from mediation.store.cases import facts_of, party
from mediation.store.models import Case, Entry, Party, Person
from mediation.web.context import Visitor, visitor_of_party, visitor_of_staff


@dataclass
class House:
    """A running house: its server, and its database from the inside."""

    app: Flask
    server: Server
    kind: str

    @property
    def office(self) -> Office:
        found: Office = self.app.extensions["office"]
        return found

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self.app.app_context(), store.transaction() as session:
            yield session

    def case(self, state: str, *acts: tuple[str, dict[str, Any]], **made: Any) -> int:
        """A case in `state` in which `acts` were done; begun an hour ago if nothing else is said."""
        with self.transaction() as session:
            case = makers.make_case(session, self.office, state=state, **{"at": makers.an_hour_ago()} | made)
            for name, how in acts:
                makers.act(session, self.office, case, name, **how)
            number = case.id
        # A paper that waits would be registered, in the log too, in the middle of the race.
        settle(self.transaction, self.office, datetime.now(UTC))
        return number

    def ref(self, case_id: int) -> str:
        with self.transaction() as session:
            return session.get_one(Case, case_id).ref

    def cookie(self, case_id: int, role: str, seat: int = 0) -> str:
        """The session of somebody who has shown who he is."""
        with self.transaction() as session:
            case = session.get_one(Case, case_id)
            who = makers.actor_of(session, case, role, seat)
            number = int(who.id.partition(":")[2])
            visitor = (
                visitor_of_party(session.get_one(Party, number))
                if role in ("worker", "employer")
                else visitor_of_staff(session.get_one(Person, number))
            )
            return self._session_of(visitor)

    def staff_cookie(self, role: str) -> str:
        """The session of a new member of staff."""
        with self.transaction() as session:
            return self._session_of(visitor_of_staff(makers.make_staff(session, role=role)))

    def _session_of(self, visitor: Visitor) -> str:
        writer = self.app.session_interface.get_signing_serializer(self.app)
        return str(writer.dumps({"_user_id": visitor.id, "_fresh": True}))

    def form(self, path: str, cookie: str = "") -> tuple[str, dict[str, str]]:
        """Open a form: the session that belongs to it, and its hidden fields."""
        page = self.server.ask("GET", path, cookie=cookie)
        assert page.status == 200, page.text[:500]
        return page.cookie or cookie, hidden(page.text)

    def code(self, case_id: int, role: str) -> str:
        """A code to sign with, as it would be texted."""
        with self.transaction() as session:
            case = session.get_one(Case, case_id)
            terms = facts_of(case).terms
            assert terms is not None
            who = makers.actor_of(session, case, role)
            subject = f"sign {who.id} {terms.digest}"
            return access.send_code(session, subject, party(case, role).phone, "{code}", datetime.now(UTC))

    def log(self, case_id: int) -> list[Entry]:
        with self.transaction() as session:
            query = select(Entry).where(Entry.case_id == case_id).order_by(Entry.number)
            found = list(session.scalars(query))
            session.expunge_all()
            return found

    def now(self, case_id: int) -> tuple[str, int]:
        with self.transaction() as session:
            case = session.get_one(Case, case_id)
            return case.state, case.revision

    def in_order(self, case_id: int) -> None:
        """The log has no gap, the case is its last entry, and the audit finds nothing anywhere."""
        assert [entry.number for entry in self.log(case_id)] == list(range(1, self.now(case_id)[1] + 1))
        with self.transaction() as session:
            assert list(findings(session, self.office.catalogue)) == []
