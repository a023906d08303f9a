"""The audit finds whatever somebody changed behind the office's back, and nothing where nobody did."""

import makers
import pytest
from makers import make_case
from sqlalchemy import select
from tampering import drop_guards

from mediation.services.audit import findings
from mediation.services.casework import hashed
from mediation.services.opening import make_ready
from mediation.store.models import Case
from mediation.store.steps import EntryRow


@pytest.fixture(autouse=True)
def district(transaction, office):
    """Some cases, and nobody who guards the tables any more."""
    make_ready(transaction, makers.MONDAY)
    with transaction() as session:
        for state in ("draft", "submitted", "performing", "performed", "withdrawn"):
            make_case(session, office, state=state, workers=2)
    with transaction() as session:
        drop_guards(session)


def audit(transaction, office):
    with transaction() as session:
        return list(findings(session, office.catalogue))


def tamper(transaction, *statements):
    with transaction() as session:
        for statement in statements:
            assert session.connection().exec_driver_sql(statement).rowcount, statement


def test_an_honest_district_adds_up(transaction, office):
    assert audit(transaction, office) == []


PERFORMED = "(SELECT id FROM cases WHERE state = 'performed')"
LAST = f"(SELECT revision FROM cases WHERE id = {PERFORMED})"


def entry(change, which):
    return f"UPDATE entries SET {change} WHERE case_id = {PERFORMED} AND {which}"


def case(change):
    return f"UPDATE cases SET {change} WHERE state = 'performed'"


def line(change, which):
    return f"UPDATE ledger SET {change} WHERE {which}"


FOLD, LEDGER = "the case is not the fold of its log", "the ledger is not what the log posted"
IMPOSSIBLE, TOTALS, ENDS = "cannot have happened", "the running totals", "the last entries are missing"
TAMPERING = {
    "what was said": (entry("""data = '{"amount" :1}'""", "action = 'report_payment'"), "was changed"),
    "who did it": (entry("actor_id = 'person:9'", "number = 5"), "entry 5 was changed"),
    "as what": (entry("role = 'admin'", "number = 3"), "entry 3 was changed"),
    "for whom": (entry("seat = 1", "number = 2"), "entry 2 was changed"),
    "where to": (entry("target = 'closed'", "number = 3"), "entry 3 was changed"),
    "when": (entry("at = '2026-01-01 00:00:00.000000'", "number = 9"), "entry 9 was changed"),
    "data that are no data": (entry("data = 'not json'", "number = 6"), IMPOSSIBLE),
    "data of another kind": (entry("data = '[]'", "action = 'draft_terms'"), IMPOSSIBLE),
    "an act nobody knows": (entry("action = 'bribe'", "number = 6"), IMPOSSIBLE),
    "a hash": (entry("hash = 'abc'", "number = 4"), "entry 4 was changed"),
    "the filing": (entry("data = '{}'", "number = 1"), IMPOSSIBLE),
    "the state": (case("state = 'closed'"), FOLD),
    "the facts": (case("facts = replace(facts, '500000', '500001')"), FOLD),
    "the mediator": (case("mediator_id = 'person:9'"), FOLD),
    "the head": (case("head = 'abc'"), ENDS),
    "the revision": (case("revision = 3"), ENDS),
    "the next due day": ("UPDATE cases SET due_on = '2030-01-01' WHERE state = 'submitted'", "next due day"),
    "the chart of a case": (case("workflow_version = 99"), IMPOSSIBLE),
    "an amount": (line("amount = amount + 1", "debit = 'paid'"), LEDGER),
    "whose money it is": (line("worker = 1", "debit = 'paid' AND worker = 0"), LEDGER),
    "what it is for": (line("head = 'other'", "debit = 'claims'"), LEDGER),
    "the accounts": (line("debit = 'pocket'", "debit = 'paid'"), LEDGER),
    "an opening": (line("amount = 6000", "unit = 'case' AND case_id IS NULL"), TOTALS),
    "the accounts of an opening": (
        line("debit = 'pocket'", "case_id IS NULL"),
        "an opening without a source",
    ),
    "a total": ("UPDATE totals SET amount = amount + 1 WHERE measure = 'paid'", TOTALS),
    "a total that is gone": ("DELETE FROM totals WHERE measure = 'agreed'", TOTALS),
    "the place of a line": (line("subdistrict = '110101001'", "debit = 'owed'"), TOTALS),
    "the day of a line": (line("on_day = '2020-01-01'", "debit = 'owed'"), TOTALS),
}


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
    with transaction() as session:
        forged = session.scalars(select(Case).where(Case.state == "performed")).one()
        before = ""
        for one in forged.log:
            if one.action == "draft_terms":
                one.data = one.data.replace("500000", "900000")
            one.before = before
            row = EntryRow(*(getattr(one, column) for column in EntryRow._fields))
            one.hash = before = hashed(row).hash
        forged.head = before
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
