"""Pages take as long among a million cases as among a few: by the plans of their queries, not by a clock.

A table of record is never read from end to end, and no query hands over more rows than a page shows.
"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from plans import Listening, scans
from sqlalchemy import Connection, Select, func, select, text
from visiting import browser

from mediation.services import generating, papers
from mediation.services.generating import Plan, generate
from mediation.services.notices import short
from mediation.store.db import db
from mediation.store.models import Case, LedgerLine, Party, Person
from mediation.web.context import visitor_of_staff
from mediation.web.desk import MOST

PARTIES_EACH = 8
"""More than the people of any case of the generated district."""


@pytest.fixture
def district(app: Flask, transaction: Any, office: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A district with more open cases than a desk shows; addresses by what they show."""
    monkeypatch.setattr(generating, "ALIKE", 1)
    generate(transaction, office, Plan(600, 2, datetime.now(UTC), open=80), lambda _: None)
    with transaction() as session:
        case = session.scalars(select(Case).where(Case.state == "performing")).first()
        party = session.scalars(select(Party).where(Party.case_id == case.id)).first()
        find = "/desk/find?q="
        return {
            "case": f"/cases/{case.ref}",
            "number": find + short(case.number),
            "name": find + party.name,
            "surname": find + party.name[0],
            "infix": find + case.employer_name[1:3],
            "phone": find + party.phone,
            "four": find + party.phone[-4:],
            "serial": find + "12",
            "nobody": find + "nobody",
            "desk": "/desk",
            "totals": "/totals",
            "home": "/",
        }


def compiled(connection: Connection, query: Select[Any]) -> tuple[str, Any]:
    """A query as the driver gets it."""
    made = query.compile(connection, compile_kwargs={"render_postcompile": True})
    values = made.params if not made.positional else tuple(made.params[name] for name in made.positiontup)
    return str(made), values


def pages(app: Flask, district: dict[str, str]) -> Any:
    """Each page with somebody who reads it."""
    with app.app_context():
        people = db.session.scalars(select(Person).order_by(Person.id.desc()))
        visitors = {person.role: visitor_of_staff(person).id for person in people}
    for name, address in district.items():
        if name in ("totals", "home"):
            yield name, app.test_client(), address
        else:
            roles = ("clerk",) if name == "case" else ("clerk", "mediator", "admin")
            yield from ((f"{name} {role}", browser(app, visitors[role]), address) for role in roles)


def test_no_page_reads_a_table_of_record_from_end_to_end(app: Flask, district: dict[str, str]) -> None:
    with app.app_context():
        engine = db.engine
    listening = Listening(engine)
    for name, client, address in pages(app, district):
        listening.heard.clear()
        assert client.get(address).status_code == 200, name
        heard = list(listening.heard)
        assert heard, name
        with engine.connect() as connection:
            for statement, values in heard:
                assert scans(connection, statement, values) == [], (name, statement)
            connection.rollback()


def test_no_page_is_handed_more_rows_than_it_shows(app: Flask, district: dict[str, str]) -> None:
    with app.app_context():
        engine = db.engine
    listening = Listening(engine)
    for name, client, address in pages(app, district):
        client.get(address)  # the first look of the day at a case is written down, which locks a chain
        listening.heard.clear()
        client.get(address)
        with engine.connect() as connection:
            for statement, values in listening.heard[:]:
                rows = len(connection.exec_driver_sql(statement, values).all())
                table = re.search(r"\sFROM \(?(\w+)", statement)
                assert table is not None
                most = 3000 if table[1] == "folded_totals" else MOST * PARTIES_EACH
                assert rows <= most, (name, rows, statement)


def test_a_desk_shows_the_most_urgent_and_no_more(app: Flask, district: dict[str, str]) -> None:
    from mediation.store.cases import waiting
    from mediation.web.desk import MEDIATING, TO_CLOSE

    with app.app_context():
        admin = visitor_actor("admin")
        for states, unassigned in ((TO_CLOSE, False), (MEDIATING, True)):
            query = select(Case.id).where(Case.state.in_(states))
            if unassigned:
                query = query.where(Case.mediator_id.is_(None))
            everything = query.order_by(Case.due_on.is_(None), Case.due_on, Case.id)
            wanted = list(db.session.scalars(everything.limit(10)))
            assert len(wanted) == 10
            found = waiting(db.session(), admin, states, 10, unassigned=unassigned)
            assert [case.id for case in found] == wanted


def visitor_actor(role: str) -> Any:
    from mediation.services.access import staff_actor

    return staff_actor(db.session.scalars(select(Person).where(Person.role == role)).first())


def test_what_is_done_after_each_commit_looks_at_no_job_that_is_done(app: Flask, transaction: Any) -> None:
    with app.app_context():
        engine = db.engine
    listening = Listening(engine)
    with transaction() as session:
        papers.claim_jobs(session, datetime.now(UTC))
    with engine.connect() as connection:
        for statement, values in listening.heard:
            assert scans(connection, statement, values) == []
        [(statement, values)] = [one for one in listening.heard if "FROM jobs" in one[0]]
        if engine.dialect.name == "sqlite":
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
        else:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            plan = str(connection.exec_driver_sql(f"EXPLAIN {statement}", values).all())
        assert "ix_jobs_not_done" in plan


@pytest.mark.parametrize(
    "query",
    [
        select(Case.id).where(Case.employer_name.contains("x")).order_by(Case.id.desc()).limit(5),
        select(func.count()).select_from(Party).where(Party.name.contains("x")),
        select(func.sum(LedgerLine.amount)).where(LedgerLine.debit == "paid"),
    ],
)
def test_a_query_that_reads_everything_would_be_seen(app: Flask, query: Any) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert scans(connection, *compiled(connection, query)) != []
