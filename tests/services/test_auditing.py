"""The audit finds whatever somebody changed behind the office's back, and nothing where nobody did."""

import makers
import pytest
from makers import make_case
from sqlalchemy import select, text

from mediation.services.audit import findings
from mediation.services.opening import make_ready
from mediation.store.models import Case


@pytest.fixture(autouse=True)
def district(transaction, office):
    """Some cases, and nobody who guards the tables any more."""
    make_ready(transaction, makers.MONDAY)
    with transaction() as session:
        for state in ("draft", "submitted", "performing", "performed", "withdrawn"):
            make_case(session, office, state=state, workers=2)
    with transaction() as session:
        if session.get_bind().dialect.name == "sqlite":
            for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            session.execute(text("DROP FUNCTION append_only() CASCADE"))


def audit(transaction, office):
    with transaction() as session:
        return list(findings(session, office.catalogue))


def tamper(transaction, *statements):
    with transaction() as session:
        for statement in statements:
            assert session.execute(text(statement)).rowcount, statement


def test_an_honest_district_adds_up(transaction, office):
    assert audit(transaction, office) == []


PERFORMED = "(SELECT id FROM cases WHERE state = 'performed')"
LAST = f"(SELECT revision FROM cases WHERE id = {PERFORMED})"
TAMPERING = {
    "what was said": (f"UPDATE entries SET data = '{{\"amount\":1}}' WHERE case_id = {PERFORMED} AND action = 'report_payment'", "was changed"),
    "who did it": (f"UPDATE entries SET actor_id = 'person:9' WHERE case_id = {PERFORMED} AND number = 5", "entry 5 was changed"),
    "as what": (f"UPDATE entries SET role = 'admin' WHERE case_id = {PERFORMED} AND number = 3", "entry 3 was changed"),
    "for whom": (f"UPDATE entries SET seat = 1 WHERE case_id = {PERFORMED} AND number = 2", "entry 2 was changed"),
    "where to": (f"UPDATE entries SET target = 'closed' WHERE case_id = {PERFORMED} AND number = 3", "entry 3 was changed"),
    "when": (f"UPDATE entries SET at = (SELECT at FROM entries WHERE case_id = {PERFORMED} AND number = 1) WHERE case_id = {PERFORMED} AND number = 9", "entry 9 was changed"),
    "data that are no data": (f"UPDATE entries SET data = 'not json' WHERE case_id = {PERFORMED} AND number = 6", "cannot have happened"),
    "data of another kind": (f"UPDATE entries SET data = '[]' WHERE case_id = {PERFORMED} AND action = 'draft_terms'", "cannot have happened"),
    "an act nobody knows": (f"UPDATE entries SET action = 'bribe' WHERE case_id = {PERFORMED} AND number = 6", "cannot have happened"),
    "a hash": (f"UPDATE entries SET hash = 'abc' WHERE case_id = {PERFORMED} AND number = 4", "entry 4 was changed"),
    "the filing": (f"UPDATE entries SET data = '{{}}' WHERE case_id = {PERFORMED} AND number = 1", "cannot have happened"),
    "the state": (f"UPDATE cases SET state = 'closed' WHERE id = {PERFORMED}", "not the fold of its log"),
    "the facts": (f"UPDATE cases SET facts = replace(facts, '500000', '500001') WHERE id = {PERFORMED}", "not the fold of its log"),
    "the mediator": (f"UPDATE cases SET mediator_id = 'person:9' WHERE id = {PERFORMED}", "not the fold of its log"),
    "the head": (f"UPDATE cases SET head = 'abc' WHERE id = {PERFORMED}", "last entries are missing"),
    "the revision": (f"UPDATE cases SET revision = 3 WHERE id = {PERFORMED}", "last entries are missing"),
    "the next due day": ("UPDATE cases SET due_on = '2030-01-01' WHERE state = 'submitted'", "next due day"),
    "the chart of a case": (f"UPDATE cases SET workflow_version = 99 WHERE id = {PERFORMED}", "cannot have happened"),
    "an amount": (f"UPDATE ledger SET amount = amount + 1 WHERE case_id = {PERFORMED} AND debit = 'paid'", "ledger is not what the log posted"),
    "whose money it is": (f"UPDATE ledger SET worker = 1 WHERE case_id = {PERFORMED} AND debit = 'paid' AND worker = 0", "ledger is not what the log posted"),
    "what it is for": ("UPDATE ledger SET head = 'other' WHERE debit = 'claims'", "ledger is not what the log posted"),
    "the accounts": ("UPDATE ledger SET debit = 'pocket' WHERE debit = 'paid'", "ledger is not what the log posted"),
    "an opening": ("UPDATE ledger SET amount = 6000 WHERE unit = 'case' AND case_id IS NULL", "running totals"),
    "the source of an opening": ("UPDATE ledger SET debit = 'pocket' WHERE case_id IS NULL", "an opening without a source"),
    "a total": ("UPDATE totals SET amount = amount + 1 WHERE measure = 'paid' AND head = 'wages'", "running totals"),
    "a total that is gone": ("DELETE FROM totals WHERE measure = 'agreed'", "running totals"),
    "the place of a line": ("UPDATE ledger SET subdistrict = '110101001' WHERE debit = 'owed'", "running totals"),
    "the day of a line": ("UPDATE ledger SET on_day = '2020-01-01' WHERE debit = 'owed'", "running totals"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERING)
def test_the_audit_finds_what_was_changed(transaction, office, what):
    statement, expected = TAMPERING[what]
    tamper(transaction, statement)
    found = audit(transaction, office)
    assert any(expected in finding for finding in found), found


def test_the_last_entry_cannot_be_taken_away_unnoticed(transaction, office):
    """Not even together with all that points to it."""
    tamper(
        transaction,
        f"DELETE FROM outbox WHERE case_id = {PERFORMED}",
        f"DELETE FROM entries WHERE case_id = {PERFORMED} AND number = {LAST}",
    )
    found = audit(transaction, office)
    assert any("the last entries are missing" in finding for finding in found)
    assert any("not the fold of its log" in finding for finding in found)


def test_an_entry_in_the_middle_cannot_be_taken_away_unnoticed(transaction, office):
    tamper(
        transaction,
        f"DELETE FROM outbox WHERE case_id = {PERFORMED}",
        f"DELETE FROM entries WHERE case_id = {PERFORMED} AND number = 9",
    )
    assert any("entry 9 is missing" in finding for finding in audit(transaction, office))


def test_a_log_cannot_be_taken_away_whole(transaction, office):
    tamper(
        transaction,
        "DELETE FROM outbox WHERE case_id = (SELECT id FROM cases WHERE state = 'withdrawn')",
        "DELETE FROM ledger WHERE case_id = (SELECT id FROM cases WHERE state = 'withdrawn')",
        "DELETE FROM entries WHERE case_id = (SELECT id FROM cases WHERE state = 'withdrawn')",
    )
    found = audit(transaction, office)
    assert any("does not begin with a filing" in finding for finding in found)


def test_two_entries_cannot_change_places_unnoticed(transaction, office):
    tamper(
        transaction,
        f"DELETE FROM outbox WHERE case_id = {PERFORMED}",
        f"UPDATE entries SET number = 1000 WHERE case_id = {PERFORMED} AND number = 10",
        f"UPDATE entries SET number = 10 WHERE case_id = {PERFORMED} AND number = 11",
        f"UPDATE entries SET number = 11 WHERE case_id = {PERFORMED} AND number = 1000",
    )
    found = audit(transaction, office)
    assert any("entry 10 does not follow the one before it" in finding for finding in found)


def test_a_line_more_and_a_line_less_are_found(transaction, office):
    columns = "case_id, entry, debit, credit, unit, amount, subdistrict, worker, head, on_day, source"
    one = f"SELECT {columns} FROM ledger WHERE case_id = {PERFORMED} AND debit = 'paid' LIMIT 1"
    tamper(transaction, f"INSERT INTO ledger ({columns}) {one}")
    assert any("not what the log posted" in finding for finding in audit(transaction, office))
    tamper(transaction, f"DELETE FROM ledger WHERE case_id = {PERFORMED} AND debit = 'paid'")
    assert any("not what the log posted" in finding for finding in audit(transaction, office))


def test_a_reversal_that_is_none_is_found(transaction, office):
    columns = "case_id, entry, unit, subdistrict, worker, head, on_day, source"
    some = f"SELECT min(id) FROM ledger WHERE case_id = {PERFORMED} AND debit = 'paid'"
    tamper(
        transaction,
        f"INSERT INTO ledger ({columns}, debit, credit, amount, reverses) "
        f"SELECT {columns}, credit, debit, amount + 5, id FROM ledger WHERE id = ({some})",
    )
    assert any("not the reverse of line" in finding for finding in audit(transaction, office))


def test_a_log_that_was_forged_with_all_its_hashes_still_shows_in_the_books(transaction, office):
    """Somebody who can recompute the chain has also to rewrite case, ledger and totals, consistently."""
    from mediation.services.casework import hashed
    from mediation.store.steps import EntryRow

    with transaction() as session:
        case = session.scalars(select(Case).where(Case.state == "performed")).one()
        before = ""
        for entry in case.log:
            if entry.action == "draft_terms":
                entry.data = entry.data.replace("500000", "900000")
            entry.before = before
            row = EntryRow(*(getattr(entry, column) for column in EntryRow._fields))
            entry.hash = before = hashed(row).hash
        case.head = before
    found = audit(transaction, office)
    assert found
    assert any("cannot have happened" in finding or "ledger" in finding for finding in found)


def test_one_case_that_does_not_add_up_does_not_hide_another(transaction, office):
    tamper(
        transaction,
        f"UPDATE entries SET data = 'not json' WHERE case_id = {PERFORMED} AND number = 1",
        "UPDATE cases SET state = 'closed' WHERE state = 'withdrawn'",
        "UPDATE totals SET amount = amount + 1 WHERE measure = 'opening_cases'",
    )
    found = audit(transaction, office)
    assert len({finding.partition(":")[0] for finding in found}) == 3
