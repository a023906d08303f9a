"""Nothing that matters to security happens without an event, and the book of events cannot be bent."""

import re
from collections import defaultdict
from pathlib import Path

import makers
import pytest
from makers import make_staff
from sqlalchemy import event, select, text
from sqlalchemy.exc import DatabaseError
from visiting import Played

from mediation.domain.events import What
from mediation.services import afterwards, events
from mediation.services.access import add_staff, void_codes
from mediation.services.findings import Kind
from mediation.store import db as store
from mediation.store.models import Case, Party, SecurityEvent, SentMessage

CATALOGUE = Path(__file__).parents[2] / "docs" / "security-events.md"
PASSWORD = "correct horse battery"


@pytest.fixture
def book(transaction):
    """The events so far: what, who, about, case."""

    def read(*whats):
        with transaction() as session:
            rows = session.scalars(select(SecurityEvent).order_by(SecurityEvent.id))
            found = [(What(row.what), row.who, row.about, row.case_id) for row in rows]
        return [row for row in found if not whats or row[0] in whats]

    return read


@pytest.fixture
def case(app, transaction):
    app.extensions["clock"] = lambda: makers.NOW
    return Played(app, transaction, state="in_meeting")


@pytest.fixture
def clerk(transaction, case):
    with transaction() as session:
        return f"person:{make_staff(session, role='clerk', login='clerk', password=PASSWORD).id}"


def party(transaction, case, side="worker"):
    with transaction() as session:
        one = session.scalars(select(Party).where(Party.case_id == case.id, Party.side == side)).first()
        return one.id, one.key


def log_in(app, login, password):
    return app.test_client().post("/staff", data={"login": login, "password": password}).status_code


def last_code(transaction):
    with transaction() as session:
        return re.search(
            r"\d{6}", session.scalars(select(SentMessage.body).order_by(SentMessage.id)).all()[-1]
        )[0]


# --- what is written -----------------------------------------------------------------------------------


def test_a_failed_login_is_written_down_about_whose_it_was(app, clerk, book):
    assert log_in(app, "clerk", "wrong password") == 422
    assert log_in(app, "nobody at all", "wrong password") == 422
    assert log_in(app, "bad\0login", "wrong password") == 422
    nobody = (What.LOGIN_FAILED, "nobody", "nobody", None)
    assert book(What.LOGIN_FAILED) == [(What.LOGIN_FAILED, "nobody", clerk, None), nobody, nobody]
    assert log_in(app, "clerk", PASSWORD) == 302
    assert book(What.LOGGED_IN) == [(What.LOGGED_IN, clerk, "", None)]


def test_whoever_hammers_at_a_login_is_written_down_once_a_minute(app, clerk, book):
    seen = [log_in(app, "clerk", "wrong password") for _ in range(12)]
    assert seen[-3:] == [429] * 3
    assert len(book(What.LOGIN_FAILED)) == seen.count(422)
    assert book(What.LOGIN_HELD_OFF) == [(What.LOGIN_HELD_OFF, "nobody", clerk, None)]


def test_a_code_that_is_sent_wrong_or_right_is_written_down(app, transaction, case, book):
    number, key = party(transaction, case)
    client = app.test_client()
    assert client.post(f"/k/{key}").status_code == 302
    right = last_code(transaction)
    wrong = "000000" if right != "000000" else "111111"
    assert client.post("/code", data={"code": wrong}).status_code == 422
    assert client.post("/code", data={"code": right}).status_code == 302
    about = f"party:{number}"
    assert book(What.CODE_SENT, What.CODE_WRONG, What.CODE_RIGHT) == [
        (What.CODE_SENT, "nobody", about, None),
        (What.CODE_WRONG, "nobody", about, None),
        (What.CODE_RIGHT, about, about, None),
    ]


def test_a_refused_authorisation_is_written_down(app, transaction, case, book):
    other = Played(app, transaction, state="submitted")
    stranger = other.by("worker")
    number, _ = party(transaction, other)
    assert stranger.get(case.url()).status_code == 404
    assert stranger.get(case.url()).status_code == 404, "the same, once a minute"
    assert stranger.get("/cases/nosuchcase").status_code == 404
    assert stranger.get("/desk").status_code == 403
    who = f"party:{number}"
    assert book(What.REFUSED) == [
        (What.REFUSED, who, "", case.id),
        (What.REFUSED, who, "", None),
    ]
    assert stranger.post(other.url("/acts/assign"), data={}).status_code == 403
    assert book(What.REFUSED)[-1] == (What.REFUSED, who, "", other.id)
    assert stranger.get("/nowhere").status_code == 404
    assert stranger.get(other.url("/acts/nonsense")).status_code == 404
    assert len(book(What.REFUSED)) == 3, "a page that is not there refuses nobody"


def test_the_first_look_of_the_day_at_a_case_by_staff_is_written_down(app, case, book):
    mediator = case.by("mediator")
    for page in ("", "", "/meeting"):
        assert mediator.get(case.url(page)).status_code == 200
    assert case.by("worker").get(case.url()).status_code == 200
    ((_, who, _, where),) = book(What.CASE_READ)
    assert (who.partition(":")[0], where) == ("person", case.id)
    app.extensions["clock"] = lambda: makers.NOW + makers.timedelta(days=1)
    assert mediator.get(case.url()).status_code == 200
    assert len(book(What.CASE_READ)) == 2


def test_no_name_phone_code_login_or_address_stands_in_the_book(app, transaction, case, clerk):
    number, key = party(transaction, case)
    client = app.test_client()
    client.post(f"/k/{key}")
    right = last_code(transaction)
    client.post("/code", data={"code": right})
    log_in(app, "clerk", "a wrong password")
    log_in(app, "18612345678", "a wrong password")
    case.by("clerk").get(case.url())
    with transaction() as session:
        one = session.get_one(Party, number)
        text_of_all = repr([tuple(row) for row in session.execute(select(SecurityEvent.__table__))])
        for secret in (one.name, one.phone, one.phone[-4:], one.key, right, PASSWORD, "186123", "'clerk'"):
            assert secret not in re.sub(r"[0-9a-f]{16,}", "", text_of_all), secret
        assert "127.0.0.1" not in text_of_all
        addresses = set(session.scalars(select(SecurityEvent.address)))
        assert len(addresses) == 2, "what the machine does itself has none, all else came from one place"


# --- the catalogue --------------------------------------------------------------------------------------


@pytest.fixture
def everything_happens(app, transaction, office, case, clerk):
    """One of each, by the pages and services that do them."""
    assert log_in(app, "clerk", PASSWORD) == 302
    assert [log_in(app, "clerk", "wrong password") for _ in range(12)][-1] == 429
    _, key = party(transaction, case)
    client = app.test_client()
    client.post(f"/k/{key}")
    right = last_code(transaction)
    client.post("/code", data={"code": "wrong!"})
    client.post("/code", data={"code": right})
    client.post("/apply/back", data={"code": "K7F2Q-9M3XT"})
    case.by("worker").get("/desk")
    case.by("clerk").get(case.url())
    Played(app, transaction, state="performing")
    afterwards.settle(transaction, office, makers.MONDAY + makers.timedelta(days=30))
    with transaction() as session:
        void_codes(session, session.scalars(select(Party)).first(), makers.NOW)


def test_event_catalogue(book, everything_happens):
    """Each listed event is emitted, each emitted is listed, and the document says the same as the code."""
    assert {row[0] for row in book()} == set(What)
    listed = re.findall(r"^\| `(\w+)` \|", CATALOGUE.read_text("utf-8"), re.MULTILINE)
    assert listed == [what.value for what in What]


def test_the_book_is_in_chains_that_the_audit_checks(transaction, everything_happens):
    def audited():
        with transaction() as session:
            return [(found.kind, found.sentence) for found in events.examine(session)]

    assert audited() == []
    with transaction() as session:
        chain = session.scalars(select(SecurityEvent.chain).where(SecurityEvent.number == 2)).first()
        for deed in ("UPDATE security_events SET what = 'logged_in'", "DELETE FROM security_events"):
            with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
                session.execute(text(deed))
    with transaction() as session:
        if session.get_bind().dialect.name == "sqlite":
            for deed in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER security_events_no_{deed}"))
        else:
            session.execute(text("DROP TRIGGER security_events_no_change ON security_events"))
        where = f"WHERE chain = {chain} AND number = 1"
        session.execute(text(f"UPDATE security_events SET about = 'person:99' {where}"))
    assert audited() == [(Kind.BROKEN, f"security event {chain}/1 was changed")]
    with transaction() as session:
        session.execute(text(f"DELETE FROM security_events {where}"))
    assert audited()[0] == (Kind.MISSING, f"security event {chain}/1 is missing")


# --- nothing without ------------------------------------------------------------------------------------

DOMAIN = {"cases", "parties", "people", "codes", "entries", "papers", "anchors"}
"""Tables of which a change means something: beside it stands an entry or an event.

The rest follows from these (outbox, jobs, totals, finds, leaves), is a record of its own (messages,
replies), or counts.
"""
BOOKS = {"entries", "security_events"}
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\s+(?:OR \w+ )?(?:INTO |FROM )?\"?(\w+)", re.IGNORECASE)


def spy(engine, commits):
    """What each transaction of each connection wrote, read off the driver: SQLAlchemy does not see all."""

    def listen(connection, _record):
        written = defaultdict(set)

        def hear(statement):
            if found := WRITES.match(statement):
                lease = re.match(r"UPDATE cases SET leased_until", statement)
                written["now"].add(f"{found[2]} (a lease)" if lease else found[2])
            elif statement.strip().upper().startswith("COMMIT"):
                commits.append(written.pop("now", set()))
            elif statement.strip().upper().startswith("ROLLBACK") and " TO " not in statement.upper():
                written.pop("now", None)

        connection.set_trace_callback(hear)

    event.listen(engine, "connect", listen)
    engine.dispose()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_event_per_write(app, transaction, office, request):
    commits, client = [], request.getfixturevalue("agent")()
    with app.app_context():
        spy(store.db.engine, commits)
    for one in ("case", "clerk", "everything_happens"):
        request.getfixturevalue(one)
    assert client.get("/desk/oral").status_code == 200
    assert client.post("/desk/oral", data=makers.FILED | {"once": "a token"}).status_code == 302
    for state in ("performed", "breached", "withdrawn", "closed"):
        Played(app, transaction, state=state)
    afterwards.settle(transaction, office, makers.MONDAY + makers.timedelta(days=60))
    writing = [tables for tables in commits if tables & DOMAIN]
    assert len(writing) > 15
    assert {table for tables in writing for table in tables} >= DOMAIN
    silent = [tables for tables in writing if not tables & BOOKS]
    assert silent == []


def test_a_person_is_added_and_written_down_in_one_transaction(transaction, book):
    someone = {"login": "x", "name": "某", "role": "clerk", "phone": "", "password": PASSWORD}

    def add_and_fall():
        with transaction() as session:
            add_staff(session, makers.NOW, **someone)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fall()
    assert book() == []
    with transaction() as session:
        one = add_staff(session, makers.NOW, **someone).id
    assert book() == [(What.PERSON_ADDED, "console", f"person:{one}", None)]
    with transaction() as session:
        assert session.scalars(select(Case)).all() == []
