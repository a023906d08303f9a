"""What the owner of the database changes is found, named, and told apart by the status."""

import os
from datetime import timedelta

import makers
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from makers import make_case
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DatabaseError
from tampering import audited, drop_guards, put_back, rewrite, rewrite_tree, rows

from mediation.services import anchoring
from mediation.services.casework import hashed
from mediation.services.opening import make_ready
from mediation.store.models import Case, Entry
from mediation.store.steps import EntryRow, spelled_moment

AT = makers.MONDAY + timedelta(days=30)
LATER = AT + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def district(transaction, office):
    """Three cases, anchored, and nobody who guards the tables any more."""
    make_ready(transaction, makers.MONDAY)
    with transaction() as session:
        for state in ("submitted", "contacting", "performed"):
            make_case(session, office, state=state)
    anchoring.keep(transaction, office, AT, thorough=True)
    with transaction() as session:
        drop_guards(session)


@pytest.fixture
def audit(transaction, office):
    def run(at=LATER):
        with transaction() as session:
            return audited(session, office, at)

    return run


@pytest.fixture
def tamper(transaction):
    """Statements about the performed case; its row number and public number."""

    def run(*statements):
        with transaction() as session:
            case = session.scalars(select(Case).where(Case.state == "performed")).one()
            for statement in statements:
                assert session.execute(text(statement.format(case=case.id))).rowcount, statement
            return case.number

    return run


OUTBOX = "DELETE FROM outbox WHERE case_id = {case}"


def said(sentences, *words):
    return any(all(word in sentence for word in words) for sentence in sentences)


def test_an_honest_district_is_all_well(audit):
    assert audit() == (0, [])


def test_an_edited_entry_is_a_broken_link(audit, tamper):
    number = tamper("UPDATE entries SET actor_id = 'person:9' WHERE case_id = {case} AND number = 4")
    code, sentences = audit()
    assert code == 3
    assert said(sentences, number, "entry 4 was changed")


def test_an_entry_edited_with_its_hash_is_a_broken_link_too(audit, tamper, transaction):
    number = tamper(
        "UPDATE entries SET hash = substr(hash, 2) || substr(hash, 1, 1)"
        " WHERE case_id = {case} AND number = 4",
    )
    code, sentences = audit()
    assert code == 3
    assert said(sentences, number, "entry 4 was changed: the tree has another")


def test_two_swapped_entries_are_a_broken_link(audit, tamper):
    number = tamper(
        OUTBOX,
        "UPDATE entries SET number = 1000 WHERE case_id = {case} AND number = 4",
        "UPDATE entries SET number = 4 WHERE case_id = {case} AND number = 5",
        "UPDATE entries SET number = 5 WHERE case_id = {case} AND number = 1000",
    )
    code, sentences = audit()
    assert code == 3
    assert said(sentences, number, "entry 4 does not follow")
    assert said(sentences, number, "entry 5 was changed")


def test_an_entry_taken_from_the_middle_is_a_missing_number(audit, tamper):
    number = tamper(OUTBOX, "DELETE FROM entries WHERE case_id = {case} AND number = 4")
    code, sentences = audit()
    assert code == 4
    assert said(sentences, number, "entry 4 is missing")
    assert not said(sentences, "entry 5 was changed")


def test_a_tail_cut_off_with_all_that_the_case_says_is_a_missing_number(audit, tamper, transaction):
    """The case row is set back as well: only the tree still knows."""
    with transaction() as session:
        case = session.scalars(select(Case).where(Case.state == "performed")).one()
        last = case.revision
        before = session.scalars(select(Entry.before).where(Entry.case_id == case.id, Entry.number == last))
        case.head, case.revision = before.one(), last - 1
    number = (
        tamper(
            OUTBOX,
            "DELETE FROM ledger WHERE case_id = {case} AND entry = " + str(last),
            "DELETE FROM entries WHERE case_id = {case} AND number = " + str(last),
        )
        if _posted(transaction, last)
        else tamper(OUTBOX, "DELETE FROM entries WHERE case_id = {case} AND number = " + str(last))
    )
    code, sentences = audit()
    assert code == 4
    assert said(sentences, number, f"entry {last} is missing: the tree has it")


def _posted(transaction, entry):
    with transaction() as session:
        query = "SELECT count(*) FROM ledger JOIN cases ON cases.id = case_id"
        return session.scalar(text(f"{query} WHERE state = 'performed' AND entry = {entry}"))


def test_a_case_that_is_gone_is_missing(audit, tamper):
    tamper(
        OUTBOX,
        "DELETE FROM jobs WHERE case_id = {case}",
        "DELETE FROM ledger WHERE case_id = {case}",
        "DELETE FROM entries WHERE case_id = {case}",
        "DELETE FROM parties WHERE case_id = {case}",
        "DELETE FROM cases WHERE id = {case}",
    )
    code, sentences = audit()
    assert code == 4
    assert said(sentences, "is missing: the tree has its entries 1, 2, 3")


def test_a_leaf_taken_away_is_a_missing_position(audit, tamper):
    tamper("DELETE FROM leaves WHERE position = 7 AND {case} > 0")
    code, sentences = audit()
    assert code == 4
    assert said(sentences, "position 7 is missing")


def test_a_chain_rewritten_with_all_its_hashes_is_unlike_the_tree(audit, transaction):
    with transaction() as session:
        case = session.scalars(select(Case).where(Case.state == "contacting")).one()
        number = case.number
        rewrite(session, case.id, 3, actor_id="person:9")
    code, sentences = audit()
    assert code == 3
    assert said(sentences, number, "entry 3 was changed: the tree has another")
    assert not said(sentences, number, "entry 2")


def test_a_chain_rewritten_with_its_tree_is_unlike_the_anchor_in_the_file(audit, transaction):
    """Everything in the database agrees with everything else; the file does not."""
    with transaction() as session:
        case = session.scalars(select(Case).where(Case.state == "contacting")).one()
        rewrite(session, case.id, 3, authority="code")
        rewrite_tree(session)
    code, sentences = audit()
    assert code == 5
    assert len(sentences) == 2
    assert said(sentences, "anchor 1", "had another root")
    assert said(sentences, "anchor 1", "the signature on it is not this organisation's")


def test_an_older_database_put_back_beside_newer_anchors_is_found(audit, transaction, office):
    with transaction() as session:
        older = rows(session)
        make_case(session, office, state="submitted")
    anchoring.keep(transaction, office, AT + timedelta(hours=1), thorough=True)
    assert audit(AT + timedelta(hours=1))[0] == 0
    with transaction() as session:
        put_back(session, older)
    code, sentences = audit(AT + timedelta(hours=1))
    assert code == 5
    assert said(sentences, "anchor 2", "the tree has")
    assert said(sentences, "anchor 2 is missing in the database")


def test_an_older_database_in_which_people_went_on_is_found_too(audit, transaction, office):
    with transaction() as session:
        older = rows(session)
        make_case(session, office, state="submitted")
    anchoring.keep(transaction, office, AT + timedelta(hours=1), thorough=True)
    with transaction() as session:
        put_back(session, older)
        make_case(session, office, state="contacting", at=makers.MONDAY + timedelta(days=1))
    anchoring.keep(transaction, office, AT + timedelta(hours=2), thorough=True)
    code, sentences = audit(AT + timedelta(hours=2))
    assert code == 5
    assert said(sentences, "anchor 2", "had another root")


def test_a_line_lost_from_the_file_is_a_missing_anchor(audit, office):
    office.anchors.file.write_text("")
    assert audit() == (6, ["anchor 1 is missing in the file"])
    office.anchors.file.unlink()
    assert audit() == (6, ["anchor 1 is missing in the file"])


def test_an_anchor_lost_from_the_table_is_a_missing_anchor(audit, tamper):
    tamper("DELETE FROM anchors WHERE {case} > 0")
    code, sentences = audit()
    assert code == 6
    assert said(sentences, "anchor 1 is missing in the database")


def test_a_line_that_is_none_is_named(audit, office):
    with office.anchors.file.open("a") as file:
        file.write("once upon a time\n")
    code, sentences = audit()
    assert code == 6
    assert said(sentences, "line 2")


def test_an_anchor_that_is_overdue_is_missed_only_while_entries_wait(audit, transaction, office):
    assert audit(AT + timedelta(days=9)) == (0, [])
    with transaction() as session:
        make_case(session, office, state="submitted", at=AT + timedelta(minutes=1))
    assert audit(AT + timedelta(hours=2)) == (0, [])
    code, sentences = audit(AT + timedelta(hours=3))
    assert code == 6
    assert said(sentences, "no anchor for 2:00:00", "entries wait: 2")


def test_the_gravest_finding_decides_and_all_are_said(audit, tamper, office):
    number = tamper(
        OUTBOX,
        "UPDATE entries SET actor_id = 'person:9' WHERE case_id = {case} AND number = 3",
        "DELETE FROM entries WHERE case_id = {case} AND number = 5",
        "UPDATE cases SET state = 'closed' WHERE id = {case}",
    )
    office.anchors.file.unlink()
    code, sentences = audit()
    assert code == 4
    assert said(sentences, number, "entry 3 was changed")
    assert said(sentences, number, "entry 5 is missing")
    assert said(sentences, "missing in the file")


COLUMNS = list(EntryRow._fields)
EXAMPLES = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "search" else 60
"""`make long` plays as many as the promise names."""
MUTATIONS = ("flipped", "flipped", "flipped", "flipped", "deleted", "inserted", "duplicated", "reordered")


@given(data=st.data())
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_byte_of_any_column_and_any_entry_less_more_twice_or_elsewhere(transaction, office, data):
    with transaction() as session:
        sqlite = session.get_bind().dialect.name == "sqlite"
        relaxed = "PRAGMA defer_foreign_keys = ON"
        relaxed = relaxed if sqlite else "SET LOCAL session_replication_role = replica"
        session.execute(text(relaxed))
        entry = data.draw(st.sampled_from(session.scalars(select(Entry).order_by(Entry.id)).all()))
        mutation = data.draw(st.sampled_from(MUTATIONS))
        names = [entry.case.number]
        if mutation == "duplicated":  # it is the other case that has one too many
            names = session.scalars(select(Case.number)).all()
        try:
            numbers = MUTATE[mutation](session, entry, data, sqlite=sqlite)
        except DatabaseError:
            assume(False)
        code, sentences = audited(session, office, LATER)
        assert code in (3, 4), mutation
        told = [said(sentences, name, f"entry {number}") for name in names for number in numbers]
        assert any(told), (mutation, sentences)
        session.rollback()  # nothing of an example stays


def _flip(session, entry, data, *, sqlite):
    column = data.draw(st.sampled_from(COLUMNS))
    value, place = _flipped(getattr(entry, column), data, sqlite=sqlite)
    session.execute(text(f"UPDATE entries SET {column} = {place} WHERE id = {entry.id}"), {"v": value})
    return [entry.number]


def _delete(session, entry, _data, *, sqlite):
    number = entry.number
    session.execute(text(f"DELETE FROM entries WHERE id = {entry.id}"))
    return [number]


def _insert(session, entry, data, *, sqlite):
    """One more, with a sound hash, at the end or after a gap: what follows does not know it."""
    last = session.get_one(Case, entry.case_id).revision
    number = last + data.draw(st.integers(1, 3))
    row = EntryRow(*(getattr(entry, column) for column in COLUMNS))
    row = hashed(row._replace(number=number, before=session.get_one(Case, entry.case_id).head))
    session.execute(insert(Entry), [row._asdict()])
    return [number]


def _duplicate(session, entry, data, *, sqlite):
    """The row once more, at the end of another case: the number twice the database itself refuses."""
    others = select(Case.id).where(Case.id != entry.case_id).order_by(Case.id)
    case = session.get_one(Case, data.draw(st.sampled_from(session.scalars(others).all())))
    number = case.revision + 1
    row = EntryRow(*(getattr(entry, column) for column in COLUMNS))
    session.execute(insert(Entry), [row._replace(case_id=case.id, number=number)._asdict()])
    return [number]


def _reorder(session, entry, data, *, sqlite):
    """Two entries of a case change places."""
    others = [one for one in entry.case.log if one.number != entry.number]
    first, second = entry, data.draw(st.sampled_from(others))
    numbers = [first.number, second.number]
    for one, number in ((first.id, 1000), (second.id, numbers[0]), (first.id, numbers[1])):
        session.execute(text(f"UPDATE entries SET number = {number} WHERE id = {one}"))
    return numbers


MUTATE = {
    "flipped": _flip,
    "deleted": _delete,
    "inserted": _insert,
    "duplicated": _duplicate,
    "reordered": _reorder,
}


def test_an_entry_of_a_year_that_no_calendar_knows_is_found(transaction, office):
    with transaction() as session:
        if session.get_bind().dialect.name != "sqlite":
            session.execute(text("SET LOCAL session_replication_role = replica"))
        entry = session.scalars(select(Entry).where(Entry.action == "submit").order_by(Entry.id)).first()
        name = entry.case.number
        session.execute(
            text("UPDATE entries SET at = :at WHERE id = :id"),
            {"at": "3026-09-18 02:00:00.000000", "id": entry.id},
        )
        code, sentences = audited(session, office, LATER)
        session.rollback()
    assert code == 3
    assert said(sentences, name, "entry 2 was changed")
    assert said(sentences, name, "is not the fold of its log")


def _flipped(value, data, *, sqlite):
    bit = 1 << data.draw(st.integers(0, 7))
    if isinstance(value, int):
        return value ^ bit, ":v"
    if not isinstance(value, str):
        if not sqlite:
            return value + timedelta(microseconds=bit), ":v"
        value = spelled_moment(value)
    if not value:
        return "x", ":v"
    raw = bytearray(value.encode())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= bit
    if sqlite:
        return bytes(raw), "CAST(:v AS TEXT)"
    try:
        flipped = raw.decode()
    except UnicodeDecodeError:
        assume(False)
    assume("\0" not in flipped)
    return flipped, ":v"
