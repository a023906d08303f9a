"""Papers are made after the commit, once, and kept under the digest of their bytes."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import makers
import pytest
from makers import act, actor_of, make_case
from sqlalchemy import select

from mediation.documents.authority import roots
from mediation.documents.signing import Finding, inspect
from mediation.documents.verdicts import judged
from mediation.domain.facts import decode
from mediation.engine.asking import Ask
from mediation.engine.refusals import Stale
from mediation.services import papers
from mediation.services.afterwards import make_papers
from mediation.services.audit import findings
from mediation.services.casework import current, fire
from mediation.services.papers import (
    LEASE,
    by_check_code,
    by_sha256,
    claim_jobs,
    paper_of,
    path,
    plan,
    printed,
    register,
)
from mediation.store.models import Case, Entry, Job, Paper

AT = makers.MONDAY + timedelta(days=9)


@pytest.fixture
def sealed(transaction, office):
    """The row number of a case that has been sealed."""
    with transaction() as session:
        return make_case(session, office, state="performing").id


def claimed(transaction, at=AT):
    with transaction() as session:
        return claim_jobs(session, at)


def test_a_paper_that_waits_is_taken_by_one_maker(transaction, sealed):
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: claimed(transaction), range(6)))
    assert sum(map(len, found)) == 1
    assert claimed(transaction) == []


def test_a_paper_whose_maker_died_is_taken_again_when_the_lease_has_run_out(transaction, sealed):
    job = claimed(transaction)
    assert len(job) == 1
    assert claimed(transaction, AT + LEASE) == []
    assert claimed(transaction, AT + LEASE + timedelta(seconds=1)) == job
    with transaction() as session:
        assert session.get_one(Job, job[0]).attempts == 2


def test_a_claim_that_was_not_committed_binds_nobody(transaction, sealed):
    def claim_and_fall():
        with transaction() as session:
            assert claim_jobs(session, AT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        claim_and_fall()
    assert len(claimed(transaction)) == 1


def test_a_sealed_agreement_is_printed_sealed_and_registered(transaction, office, sealed):
    make_papers(transaction, office, AT)
    with transaction() as session:
        paper = paper_of(session, sealed, "agreement")
        case = session.get_one(Case, sealed)
        pdf = path(office, paper.sha256).read_bytes()
        assert hashlib.sha256(pdf).hexdigest() == paper.sha256
        assert paper.number == case.number
        assert paper.terms_digest == decode(case.facts).terms.digest
        assert case.log[paper.entry - 1].action == "seal"
        assert by_sha256(session, paper.sha256) is paper
        assert by_sha256(session, "0" * 64) is None
        assert session.scalars(select(Job.done_at)).one() == AT
    assert inspect(pdf, roots(office.keys)).finding == Finding.GENUINE
    make_papers(transaction, office, AT + timedelta(days=1))
    with transaction() as session:
        assert len(session.scalars(select(Paper)).all()) == 1


def test_the_paper_is_found_by_its_code_however_it_is_typed(transaction, office, sealed):
    make_papers(transaction, office, AT)
    with transaction() as session:
        paper = paper_of(session, sealed, "agreement")
        code = paper.check_code
        for typed in (code, code.lower(), code.replace("-", ""), f" {code[:4]} {code[5:]} "):
            assert by_check_code(session, typed) is paper
        for typed in ("", "-", code[:-1], code[::-1] + "X", "\u0660" * 8):
            assert by_check_code(session, typed) is None


def test_the_second_maker_of_a_paper_keeps_the_first_ones(transaction, office, sealed):
    """A slow maker and the one that took over when its lease ran out."""
    (job,) = claimed(transaction)
    with transaction() as session:
        ready = plan(session, office, job)
    first, second = printed(ready, office), b"%PDF another printing"
    with transaction() as session:
        kept = register(session, office, ready, first, AT).id
    with transaction() as session:
        assert register(session, office, ready, second, AT + LEASE).id == kept
    with transaction() as session:
        paper = session.scalars(select(Paper)).one()
        assert paper.sha256 == hashlib.sha256(first).hexdigest()
    assert claimed(transaction, AT + timedelta(days=1)) == []
    assert not path(office, hashlib.sha256(second).hexdigest()).exists()


def test_a_paper_that_was_not_registered_leaves_at_worst_a_file(transaction, office, sealed):
    (job,) = claimed(transaction)
    with transaction() as session:
        ready = plan(session, office, job)

    def register_and_fall():
        with transaction() as session:
            register(session, office, ready, b"%PDF", AT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        register_and_fall()
    with transaction() as session:
        assert session.scalars(select(Paper)).all() == []
        assert session.get_one(Job, job).done_at is None


def test_the_same_terms_have_the_same_code_and_others_another():
    code = papers.check_code("东工调〔2026〕000128号", "a" * 64)
    assert code == papers.check_code("东工调〔2026〕000128号", "a" * 64)
    others = {papers.check_code(f"东工调〔2026〕{n:06d}号", "a" * 64) for n in range(2000)}
    assert len(others) == 2000
    assert all(len(c) == 9 and c[4] == "-" for c in others)
    assert not set("".join(others)) & set("01OI"), "no letter that looks like another"
    assert code != papers.check_code("东工调〔2026〕000128号", "b" * 64)


def test_the_paper_names_who_stayed_and_who_signed(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="in_meeting", workers=3)
        act(session, office, case, "step_out", role="worker", seat=1, data={})
        pay = {"head": "wages", "due": "2026-05-01"}
        terms = {"payments": [pay | {"worker": seat, "amount": 100 + seat} for seat in (0, 2)], "duties": []}
        act(session, office, case, "draft_terms", data={"terms": terms})
        seats = decode(case.facts).seats
        for side, seat in seats:
            act(session, office, case, "mark_clauses", role=side, seat=seat)
        act(session, office, case, "send_for_signing")
        for side, seat in (*seats, ("mediator", 0)):
            act(session, office, case, "sign", role=side, seat=seat)
        act(session, office, case, "seal")
    (job,) = claimed(transaction)
    with transaction() as session:
        paper = plan(session, office, job).paper
    assert [worker.name for worker in paper.workers] == ["钟某", "蒋某兰"]
    assert [(payment.worker, payment.amount) for payment in paper.payments] == [
        ("钟某", 100),
        ("蒋某兰", 102),
    ]
    assert [s.name for s in paper.signatures] == ["钟某", "蒋某兰", "人事负责人", "赵调解员"]
    assert "138****0002" in repr(paper)
    assert "13800000002" not in repr(paper), "nobody's whole number stands on a paper"


@pytest.mark.parametrize(
    ("registered", "finding", "said"),
    [
        (True, Finding.GENUINE, "registered"),
        (True, Finding.CHANGED, "changed"),
        (True, Finding.UNSIGNED, "changed"),
        (True, None, "changed"),
        (False, Finding.CHANGED, "changed"),
        (False, Finding.GENUINE, "changed"),
        (False, None, "unknown"),
    ],
)
def test_a_file_is_registered_changed_or_unknown(registered, finding, said):
    verdict = finding and type("Verdict", (), {"finding": finding})()
    assert judged(registered=registered, verdict=verdict) == said


def test_a_page_opened_before_the_paper_was_registered_is_as_good_as_one_after(transaction, office, sealed):
    with transaction() as session:
        seen = session.get_one(Case, sealed).revision
    make_papers(transaction, office, AT)
    with transaction() as session:
        assert session.get_one(Case, sealed).revision == seen + 1
        assert current(session, sealed, seen, seen + 1)
        assert not current(session, sealed, seen - 1, seen + 1), "the seal itself was not seen"
        assert not current(session, sealed, seen + 2, seen + 1), "nobody has seen what is to come"
    with transaction() as session:
        employer = actor_of(session, session.get_one(Case, sealed), "employer", 0)
    report = Ask("report_payment", employer, seen, AT, {"amount": 100})
    with transaction() as session:
        fire(session, office.catalogue, sealed, report)
    with transaction() as session, pytest.raises(Stale):
        fire(session, office.catalogue, sealed, report)
    with transaction() as session:
        numbers = session.scalars(select(Entry.number).where(Entry.case_id == sealed).order_by(Entry.number))
        assert list(numbers) == list(range(1, seen + 3))
        assert list(findings(session, office.catalogue)) == []
