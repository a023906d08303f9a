"""What somebody writes past the services, be it well made: papers, openings, figures, names, stray rows."""

import hashlib
from datetime import timedelta

import makers
import pytest
from makers import make_case
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from tampering import audited, drop_guards

from mediation.documents.authority import roots
from mediation.documents.signing import inspect
from mediation.documents.verdicts import judged
from mediation.domain.registering import REGISTER
from mediation.engine.asking import Actor, Ask
from mediation.services import afterwards, anchoring, fingerprints, papers
from mediation.services.correcting import correct_party
from mediation.services.filing import start_draft
from mediation.services.opening import make_ready
from mediation.services.papers import adopt, by_sha256, path, put
from mediation.store import totals
from mediation.store.models import Case, Entry, Paper, Party

AT = makers.MONDAY + timedelta(days=30)
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def quick(monkeypatch):
    """Papers of a few bytes: what they say does not matter to the log."""

    def printed(plan, _office):
        return f"%PDF-1.7\nagreement {plan.paper.number}\n%%EOF\n".encode()

    monkeypatch.setattr(papers, "printed", printed)


@pytest.fixture
def district(transaction, office):
    """A draft, a case with several workers, one with its agreement made, one where it waits; anchored."""
    make_ready(transaction, makers.MONDAY)
    with transaction() as session:
        filing = makers.make_filing()
        start_draft(session, office.catalogue, filing, Actor("worker", "filing", "filing"), makers.MONDAY)
        make_case(session, office, state="submitted", workers=2)
        make_case(session, office, state="performed")
    afterwards.carry_out(transaction, office, AT)
    with transaction() as session:
        make_case(session, office, state="performing")
    anchoring.keep(transaction, office, AT, thorough=True)


@pytest.fixture
def audit(transaction, office):
    def run():
        with transaction() as session:
            return audited(session, office, LATER)

    return run


def forge(transaction, *statements):
    """Change what the performed case has, every guard and every check dropped, and make the totals fit."""
    with transaction() as session:
        sqlite = session.get_bind().dialect.name == "sqlite"
        drop_guards(session)
        session.commit()
        if sqlite:
            session.connection().exec_driver_sql("COMMIT")  # within a transaction the checks stay on
        relaxed = "PRAGMA foreign_keys = OFF" if sqlite else "SET session_replication_role = replica"
        session.connection().exec_driver_sql(relaxed)
        for statement in statements:
            case = "(SELECT id FROM cases WHERE state = 'performed')"
            assert session.execute(text(statement.format(case=case))).rowcount, statement
        totals.rebuild(session)
        session.commit()
        session.connection().exec_driver_sql(
            "PRAGMA foreign_keys = ON" if sqlite else "SET session_replication_role = origin"
        )


def said(sentences, *words):
    return any(all(word in sentence for word in words) for sentence in sentences)


OPENING = (
    "INSERT INTO ledger (debit, credit, unit, amount, on_day, source)"
    " VALUES ('recovered_before', 'opening', 'fen', 100, '2022-12-31', '{source}')"
)
PAID = "case_id = {case} AND debit = 'paid'"
PARTY = "INSERT INTO parties (case_id, side, seat, name, phone, key)"
NOTICE = "INSERT INTO outbox (case_id, entry, audience, template, made_at, attempts)"
FORGED = {
    "the hash of a paper": (3, f"UPDATE papers SET sha256 = '{'f' * 64}'", "its SHA-256 was changed"),
    "the number of a paper": (3, "UPDATE papers SET number = 'x'", "number, code or terms"),
    "the code of a paper": (3, "UPDATE papers SET check_code = 'AAAA-AAAA'", "number, code or terms"),
    "the terms of a paper": (3, "UPDATE papers SET terms_digest = 'x'", "number, code or terms"),
    "an opening more": (3, OPENING.format(source="x"), "no opening line: added or changed"),
    "an opening again": (
        3,
        OPENING.format(source="more than 1.7\u4ebf published in 2022"),
        "no opening line: added or changed",
    ),
    "an opening that is larger": (
        3,
        "UPDATE ledger SET amount = amount + 1 WHERE case_id IS NULL AND unit = 'case'",
        "no opening line: added or changed",
    ),
    "an opening that says another source": (
        3,
        "UPDATE ledger SET source = 'x' WHERE case_id IS NULL AND unit = 'case'",
        "no opening line",
    ),
    "an opening less": (
        4,
        "DELETE FROM ledger WHERE case_id IS NULL AND unit = 'case'",
        "the opening line of settled_before is missing",
    ),
    "the day of a line": (1, f"UPDATE ledger SET on_day = '2020-01-01' WHERE {PAID}", "not what the log"),
    "its place": (1, f"UPDATE ledger SET subdistrict = '110101001' WHERE {PAID}", "not what the log posted"),
    "its unit": (1, f"UPDATE ledger SET unit = 'person' WHERE {PAID}", "not what the log posted"),
    "its source": (1, f"UPDATE ledger SET source = 'x' WHERE {PAID}", "not what the log posted"),
    "the place of a case": (1, "UPDATE cases SET subdistrict = '110101001' WHERE id = {case}", "its place"),
    "a name": (3, "UPDATE parties SET name = 'x' WHERE side = 'worker' AND case_id = {case}", "worker:0 was"),
    "a phone": (3, "UPDATE parties SET phone = '13800000009' WHERE case_id = {case}", "worker:0 was changed"),
    "a contact": (3, "UPDATE parties SET contact = 'x' WHERE side = 'employer'", "employer:0 was changed"),
    "a group": (3, "UPDATE parties SET \"group\" = 'x' WHERE side = 'worker'", "worker:0 was changed"),
    "a firm": (3, "UPDATE parties SET name = 'x' WHERE side = 'employer'", "employer:0 was changed"),
    "a party less": (
        4,
        "DELETE FROM parties WHERE case_id = {case} AND side = 'worker'",
        "worker:0 is missing",
    ),
    "a party more": (
        3,
        f"{PARTY} SELECT id, 'worker', 7, 'x', '13800000007', 'k' FROM cases WHERE state = 'performed'",
        "worker:7 is one too many",
    ),
    "a story": (3, "UPDATE cases SET story = 'x' WHERE id = {case}", "story was changed"),
    "the number of a case": (3, "UPDATE cases SET number = 'x' WHERE id = {case}", "its number is not"),
    "when it was received": (
        1,
        "UPDATE cases SET received_at = '2026-01-01 00:00:00.000000' WHERE id = {case}",
        "its day of receipt",
    ),
    "when it last moved": (
        1,
        "UPDATE cases SET moved_at = '2026-01-01 00:00:00.000000' WHERE id = {case}",
        "its last movement",
    ),
    "the firm's name on the case": (1, "UPDATE cases SET employer_name = 'x'", "the employer's name"),
    "the role of a colleague": (
        1,
        "UPDATE people SET role = 'admin' WHERE role = 'mediator'",
        "has acted as mediator and is on record as admin",
    ),
    "a colleague who is gone": (1, "DELETE FROM people WHERE role = 'admin'", "there is no such account"),
    "a notice of no case": (
        1,
        f"{NOTICE} VALUES (999999, 1, 'workers', 'submit', '2026-03-02 00:00:00.000000', 0)",
        "outbox: no cases by this case_id",
    ),
    "a party of no case": (
        1,
        f"{PARTY} VALUES (999999, 'worker', 0, 'x', '13800000007', 'k')",
        "parties: no cases by this case_id",
    ),
    "something found of no case": (
        1,
        "INSERT INTO finds (text, case_id) VALUES ('x', 999999)",
        "finds: no cases by this case_id",
    ),
}


def test_an_honest_district_is_all_well(quick, district, audit, transaction):
    assert audit() == (0, [])
    with transaction() as session:
        drop_guards(session)
    assert audit() == (0, [])


@pytest.mark.parametrize("what", FORGED)
def test_what_was_written_past_the_services_is_found(quick, district, audit, transaction, what):
    status, statement, expected = FORGED[what]
    forge(transaction, statement)
    code, sentences = audit()
    assert said(sentences, expected), sentences
    assert code == status, sentences


def test_a_register_that_was_emptied_is_missing_its_papers(quick, district, audit, transaction):
    forge(transaction, "DELETE FROM papers", "DELETE FROM jobs")
    code, sentences = audit()
    assert code == 4
    assert said(sentences, "is missing in the register: the log has it")
    assert said(sentences, "neither registered nor waiting to be made")


def test_a_paper_that_nobody_ordered_or_that_was_not_logged_is_found(quick, district, audit, transaction):
    code, other = "'c'", "'e'"
    copied = "'n', 'c', 'd', '2026-03-02 00:00:00.000000' FROM cases WHERE state = "
    into = "INSERT INTO papers (case_id, entry, kind, sha256, number, check_code, terms_digest, made_at)"
    forge(
        transaction,
        f"{into} SELECT id, 1, 'agreement', 's', {copied} 'submitted'",
        f"{into} SELECT id, (SELECT number FROM entries WHERE case_id = cases.id AND action = 'seal'),"
        f" 'agreement', 't', {copied.replace(code, other)} 'performing'",
    )
    code, sentences = audit()
    assert code == 3
    assert said(sentences, "no act has ordered it")
    assert said(sentences, "is in the register and not in the log")


@pytest.mark.parametrize("line", ["'x'", "'more than 1.7\u4ebf published in 2022'"])
def test_no_line_without_a_case_can_be_added_to_the_openings(transaction, line):
    make_ready(transaction, makers.MONDAY)

    def add():
        with transaction() as session:
            session.execute(text(OPENING.replace("'{source}'", line)))

    with pytest.raises((DatabaseError, IntegrityError), match="there is no other"):
        add()


def test_a_forged_agreement_is_not_registered(district, audit, transaction, office):
    """Its hash in the register, its bytes under that hash: the seal is what cannot be forged."""
    fake = b"%PDF-1.7\nI owe nothing\n%%EOF\n"
    sha256 = hashlib.sha256(fake).hexdigest()
    with transaction() as session:
        real = path(office, session.scalars(select(Paper.sha256)).one()).read_bytes()
    assert judged(registered=True, verdict=inspect(real, roots(office.keys))) == "registered"
    assert audit() == (0, [])
    put(office.papers, sha256, fake)
    forge(transaction, f"UPDATE papers SET sha256 = '{sha256}'")
    with transaction() as session:
        known = by_sha256(session, sha256) is not None
    assert known
    assert judged(registered=known, verdict=inspect(fake, roots(office.keys))) == "changed"
    code, sentences = audit()
    assert code == 3
    assert said(sentences, "another one than the log has")


def test_a_paper_is_entered_once_and_moves_nobody(quick, district, transaction, office):
    with transaction() as session:
        entry = session.scalars(select(Entry).where(Entry.action == REGISTER)).one()
        assert (entry.role, entry.source, entry.target) == ("system", "performed", "performed")
        assert session.scalars(select(Paper.sha256)).one() in entry.data


def test_papers_older_than_this_are_entered_if_they_bear_the_seal(
    district, audit, transaction, office, monkeypatch
):
    monkeypatch.setattr(papers, "note", lambda *_: None)  # as it was before the log kept papers
    afterwards.make_papers(transaction, office, AT)
    monkeypatch.undo()
    assert said(audit()[1], "is in the register and not in the log")
    with transaction() as session:
        newest = session.scalars(select(Paper.sha256).order_by(Paper.id.desc()).limit(1)).one()
    place = path(office, newest)
    real = place.read_bytes()
    place.write_bytes(b"%PDF-1.7\nanother\n%%EOF\n")
    assert adopt(transaction, office, LATER) == 0, "not the bytes that were registered"
    place.write_bytes(real)
    assert adopt(transaction, office, LATER) == 1
    assert adopt(transaction, office, LATER) == 0
    assert audit() == (0, [])


def test_a_correction_is_no_forgery(quick, district, audit, transaction, office):
    with transaction() as session:
        case = session.scalars(select(Case).where(Case.state == "submitted")).one()
        clerk = makers.actor_of(session, case, "clerk")
        data = {"party": "worker:1", "detail": "name", "reason": "as on the identity card"}
        ask = Ask("correct_party", clerk, case.revision, AT, data)
        correct_party(session, office, case.id, ask, "\u949f\u67d0\u67d0")
    anchoring.keep(transaction, office, AT + timedelta(hours=1), thorough=True)
    assert audit() == (0, [])
    forge(transaction, "UPDATE parties SET name = 'x' WHERE seat = 1")
    assert said(audit()[1], "worker:1 was changed past the log")


def test_without_its_key_the_audit_says_what_it_did_not_check(quick, district, audit, office):
    fingerprints.place(office).unlink()
    assert audit() == (1, ["keys/corrections is missing: no record of a party was checked"])


def test_a_fingerprint_tells_neither_who_it_is_nor_that_it_is_the_same_in_two_cases(
    quick, district, transaction, office
):
    with transaction() as session:
        first, second = session.scalars(select(Case).where(Case.number.is_not(None)).limit(2))
        key = fingerprints.key_of(office)
        mine, other = (fingerprints.of_case(key, case) for case in (first, second))
        assert not set(mine.values()) & set(other.values())
        assert fingerprints.of_case(b"another", first)["story"] != mine["story"]
        names = [party.name for party in session.scalars(select(Party))]
        assert not [e.data for e in session.scalars(select(Entry)) if any(n in e.data for n in names)]
