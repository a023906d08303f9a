"""No settlement without an entry: the database itself refuses a case that moves, or money, without one."""

from datetime import date

import pytest
from makers import act, everything, make_case
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from mediation.services.audit import findings
from mediation.store.models import Case, Entry, LedgerLine

SETTLED = ("agreed", "performing", "performed", "breached")
CASE = "UPDATE cases SET {} WHERE id = :id"
MOVES = {
    "the state alone": CASE.format("state = 'performing'"),
    "the state of a seal": CASE.format("state = 'agreed'"),
    "a state that settles nothing": CASE.format("state = 'closed'"),
    "the state with a counted revision": CASE.format("state = 'performing', revision = revision + 1"),
    "the state with another head": CASE.format("state = 'performing', head = 'f'"),
    "back to the entry before": CASE.format(
        "state = 'scheduled', revision = revision - 1, head = (SELECT hash FROM entries"
        " WHERE case_id = cases.id AND number = cases.revision - 1)"
    ),
    "what is known": CASE.format("facts = replace(facts, 'in_meeting', 'performing')"),
    "the count of entries": CASE.format("revision = revision + 1"),
    "the head": CASE.format("head = 'f'"),
}
FORGED = CASE.format("state = '{}', revision = revision + 1, head = 'f'")


@pytest.fixture
def case_id(transaction, office):
    with transaction() as session:
        return make_case(session, office, state="in_meeting").id


def refused(transaction, sentence, work):
    """The work is refused with this sentence, and no row of any table is changed by it."""
    with transaction() as session:
        before = everything(session)

    def attempt():
        with transaction() as session:
            work(session)

    with pytest.raises(DatabaseError, match=sentence):
        attempt()
    with transaction() as session:
        assert everything(session) == before


@pytest.mark.parametrize("what", MOVES)
def test_a_case_that_is_changed_without_an_entry_is_refused(transaction, case_id, what):
    refused(
        transaction,
        "a case moves with an entry",
        lambda session: session.execute(text(MOVES[what]), {"id": case_id}),
    )


def test_a_case_that_is_loaded_and_changed_is_refused_too(transaction, case_id):
    def change(session):
        session.get_one(Case, case_id).state = "performing"
        session.flush()

    refused(transaction, "a case moves with an entry", change)
    everybody = update(Case).values(state="performing")
    refused(transaction, "a case moves with an entry", lambda session: session.execute(everybody))


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("state", SETTLED)
def test_a_settlement_that_was_only_counted_is_refused(transaction, case_id, state):
    """With a revision and a head that look right, but neither entry nor line."""
    statement = text(FORGED.format(state))
    refused(
        transaction,
        "a case is settled with an entry and its lines",
        lambda session: session.execute(statement, {"id": case_id}),
    )


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_settlement_with_an_entry_and_no_line_is_refused(transaction, case_id):
    def forge(session):
        case = session.get_one(Case, case_id)
        last = session.scalars(select(Entry).where(Entry.case_id == case_id, Entry.hash == case.head)).one()
        columns = ("case_id", "role", "actor_id", "seat", "at", "data", "authority")
        row = {name: getattr(last, name) for name in columns}
        session.add(
            Entry(
                **row, number=case.revision + 1, action="seal", source=case.state, target="agreed",
                before=case.head, hash="f",
            )
        )  # fmt: skip
        session.flush()
        session.execute(text(FORGED.format("agreed")), {"id": case_id})

    refused(transaction, "a case is settled with an entry and its lines", forge)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_sqlite_cannot_see_the_audit_does(transaction, office, case_id):
    """It judges a statement by itself: a revision and a head of which there is no entry pass it."""
    with transaction() as session:
        session.execute(text(FORGED.format("performing")), {"id": case_id})
    with transaction() as session:
        found = list(findings(session, office.catalogue))
    assert any("the last entries are missing" in finding for finding in found)


LINE = {"debit": "owed", "credit": "agreed", "unit": "fen", "amount": 100, "on_day": date(2026, 3, 2)}


def post(transaction, **row):
    with transaction() as session:
        session.add(LedgerLine(**LINE, **row))
        session.flush()


@pytest.mark.parametrize("half", [{"case_id": 1}, {"entry": 1}])
def test_money_of_a_case_names_its_entry_whatever_source_it_claims(transaction, case_id, half):
    with pytest.raises(DatabaseError, match="money of a case moves with an entry"):
        post(transaction, source="手工更正", **half)


def test_money_names_an_entry_that_is_there_and_of_its_own_case(transaction, office, case_id):
    with transaction() as session:
        other = make_case(session, office, state="submitted").id
        last = session.get_one(Case, case_id).revision
    with pytest.raises(DatabaseError, match=r"FOREIGN KEY|fk_ledger"):
        post(transaction, case_id=case_id, entry=last + 1)
    with pytest.raises(DatabaseError, match=r"FOREIGN KEY|fk_ledger"):
        post(transaction, case_id=other, entry=last)
    post(transaction, case_id=case_id, entry=last)


def test_honest_acts_pass(transaction, office):
    """From the filing to the end, with a correction that leads back from a closed case."""
    with transaction() as session:
        case = make_case(session, office, state="performed", workers=2)
        act(session, office, case, "close")
        act(session, office, case, "restate_payment", right_amount=499_000)
        session.refresh(case)
        assert case.state in SETTLED
    with transaction() as session:
        assert list(findings(session, office.catalogue)) == []
