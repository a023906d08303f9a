"""The real office on a real database: asked as its pages ask, looked into row by row, and restarted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import makers
import other_holidays
import pytest
from flask import Flask
from knowing import Hand, Who
from model import Dispute
from sqlalchemy import Date, Table, select
from sqlalchemy.orm import Session

from mediation.app import create_app
from mediation.domain.authorities import Authority
from mediation.domain.facts import Claim
from mediation.domain.fields import Invalid
from mediation.domain.filing import PLATFORM, Applicant, Employer, FiledBy, Filing
from mediation.domain.rooms import Room
from mediation.engine.asking import Actor, Ask
from mediation.engine.refusals import Refused
from mediation.services import meetings, notices
from mediation.services.access import party_actor, staff_actor
from mediation.services.afterwards import make_papers
from mediation.services.audit import findings
from mediation.services.casework import fire
from mediation.services.correcting import correct_party
from mediation.services.filing import start_draft, submit
from mediation.services.offices import Office
from mediation.services.opening import make_ready
from mediation.services.papers import path
from mediation.services.recounting import recount
from mediation.services.replies import Answer
from mediation.services.waking import wake
from mediation.store import cases as finding
from mediation.store import db as store
from mediation.store.models import Base, Case, Paper, Person
from mediation.store.models.base import Moment
from mediation.web import repeats

Found = dict[str, list[Any]]
Rows = dict[str, list[dict[str, Any]]]
QUERIES = {
    table.name: "SELECT " + ", ".join(f'"{column.name}"' for column in table.columns) + f" FROM {table.name}"
    f" ORDER BY {', '.join(column.name for column in table.primary_key)}"
    for table in Base.metadata.sorted_tables
}
PLACE = "110101005"


def _read(table: Table, row: Any) -> dict[str, Any]:
    """A row by the names of its columns.  SQLite keeps days and moments as text, moments in UTC."""
    found = dict(zip(table.columns.keys(), row, strict=True))
    for name, column in table.columns.items():
        if isinstance(found[name], str) and isinstance(column.type, Moment):
            found[name] = datetime.fromisoformat(found[name]).replace(tzinfo=UTC)
        elif isinstance(found[name], str) and isinstance(column.type, Date):
            found[name] = date.fromisoformat(found[name])
    return found


@dataclass(frozen=True)
class Request:
    """What somebody sends: an act (or "say") in a case he saw at a revision, under the key of its form."""

    case: int
    name: str
    who: Who
    hand: Hand
    seen: int
    at: datetime
    key: str


class House:
    """An office whose process can be ended and begun anew."""

    def __init__(self, url: str, instance: Path) -> None:
        self._url, self._instance = url, instance
        self._actors: dict[tuple[int, Who], Actor] = {}
        self._refs: dict[int, str] = {}
        self._known: dict[tuple[str, Any], dict[str, Any]] = {}
        self._patch = pytest.MonkeyPatch()
        self._begin()
        make_ready(self.work, makers.MONDAY)
        with self.work() as session:
            staff = [("mediator", 0), ("mediator", 1), ("clerk", 0), ("admin", 0)]
            self._staff = {who: makers.make_staff(session, role=who[0]).id for who in staff}

    def _begin(self) -> None:
        settings = {"TESTING": True, "WTF_CSRF_ENABLED": False, "MIGRATE": False, "DATABASE_URL": self._url}
        self.app: Flask = create_app(self._instance, **settings)
        self.office: Office = self.app.extensions["office"]

    def _stop(self) -> None:
        with self.app.app_context():
            store.db.engine.dispose()

    def end(self) -> None:
        self._stop()
        self._patch.undo()

    def restart(self) -> None:
        """Another process on the same files."""
        self._stop()
        self._begin()

    def announce(self, table: dict[date, bool]) -> None:
        """A new table of holidays is installed."""
        self._patch.undo()
        other_holidays.announce(self._patch, table)

    def recount(self, at: datetime) -> int:
        """A worker begins: in how many cases a day moved."""
        return recount(self.work, self.office, at)

    def make_papers(self, at: datetime) -> dict[int, str]:
        """Print all that waits to be printed: what the papers say, by the rows of their cases."""
        with self.work() as session:
            known = set(session.scalars(select(Paper.id)))
        make_papers(self.work, self.office, at)
        with self.work() as session:
            made = [one for one in session.scalars(select(Paper)) if one.id not in known]
            return {one.case_id: path(self.office, one.sha256).read_text("utf-8") for one in made}

    @contextmanager
    def work(self) -> Iterator[Session]:
        with self.app.app_context(), store.transaction() as session:
            yield session

    def found(self) -> Found:
        """Every row of every table, as the driver has them."""
        with self.app.app_context(), store.db.engine.connect() as connection:
            cursor = connection.connection.cursor()
            return {table: cursor.execute(query).fetchall() for table, query in QUERIES.items()}

    def rows(self, found: Found) -> Rows:
        """The same as mappings, with days and moments as such."""
        return {name: [self._row(name, row) for row in rows] for name, rows in found.items()}

    def _row(self, table: str, row: Any) -> dict[str, Any]:
        """One row; most are as they were before."""
        known = self._known.get((table, row))
        if known is None:
            known = self._known[table, row] = _read(Base.metadata.tables[table], row)
        return known

    def faults(self) -> list[str]:
        """What the audit of the office itself finds."""
        with self.work() as session:
            return list(findings(session, self.office.catalogue))

    def file(self, dispute: Dispute, at: datetime) -> int:
        """A draft of this dispute: its row number."""
        known = dispute.details
        groups = [*[None] * (dispute.workers - 1), PLATFORM if dispute.platform else None]
        people = [
            Applicant(
                known[f"worker:{n}", "name"],
                known[f"worker:{n}", "phone"],
                group,
                tuple(Claim(*c) for c in dispute.claims if c[0] == n),
                n not in dispute.unconfirmed,
            )
            for n, group in enumerate(groups)
        ]
        firm = Employer(known["employer:0", "name"], None, None, known["employer:0", "phone"])
        filed = [
            FiledBy(
                "某代理", "13700001111", Authority(ref, "relative", "general", at.date(), one.end, *one.owner)
            )
            for ref, one in dispute.agents.items()
        ]
        story = "干了三个月，工资没发。"
        filing = Filing(
            "online", PLACE, "pay", tuple(people), firm, story, filed_by=filed[0] if filed else None
        )
        with self.work() as session:
            case = start_draft(
                session, self.office.catalogue, filing, Actor("worker", "filing", "filing"), at
            )
            self._refs[case.id] = case.ref
            for one in case.parties:
                self._actors[case.id, (one.side, one.seat)] = party_actor(one)
            for who, number in self._staff.items():
                self._actors[case.id, who] = staff_actor(session.get_one(Person, number))
            return case.id

    def ask(self, request: Request, stranger: int | None = None) -> tuple[str, str]:
        """ "done" or the code of the refusal, and what a program was answered.

        `stranger` is the row number of another case, as whose party or mediator somebody asks.
        """
        who = self._actors[stranger or request.case, request.who]
        said = {"once": request.key, "seen": str(request.seen), "hand": repr(sorted(request.hand.items()))}
        path = f"/cases/{self._refs[request.case]}/{request.name}"
        with self.app.test_request_context(path, method="POST", data=said):
            if finding.find(store.db.session(), who, self._refs[request.case]) is None:
                return "hidden", ""
            try:
                answer = repeats.once(who.id, lambda session: self._done(session, request, who))
            except Refused as refused:
                return refused.code, ""
            except (meetings.RoomClosed, Invalid) as closed:
                return type(closed).__name__, ""
        return "done", answer.body

    def _done(self, session: Session, request: Request, who: Actor) -> Answer:
        case = session.get_one(Case, request.case)
        if request.name == "say":
            audience, body = Room(request.hand["audience"]), request.hand["body"]
            said, _ = meetings.say(session, self.office, case.id, who, audience, body, request.at)
            return Answer(case.id, "/", str(said.number))
        data = dict(request.hand)
        if "mediator" in data:
            data["mediator"] = self._actors[request.case, data["mediator"]].id
        value = data.pop("value", "")
        ask = Ask(request.name, who, request.seen, request.at, data)
        if request.name == "correct_party":
            step = correct_party(session, self.office, case.id, ask, value)
        elif request.name == "submit":
            step = submit(session, self.office, case, ask)
        else:
            step = fire(session, self.office.catalogue, case.id, ask)
        return Answer(case.id, "/", f"{step.state} {step.revision}")

    def send_notices(self, at: datetime) -> int:
        with self.work() as session:
            return notices.send(session, self.office, at)

    def wake(self, at: datetime) -> int:
        """A worker comes by: how many acts it did."""
        came = wake(self.work, self.office, at)
        assert came.stuck == 0
        return came.done


Begin = Callable[[], House]
"""Makes an office on an empty database."""
