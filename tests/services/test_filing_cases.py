"""A filing becomes a case with a number of its own, whoever else files at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import makers
import msgspec
import pytest
from makers import MONDAY, make_filing
from sqlalchemy import select

from mediation.domain.facts import BEIJING, decode
from mediation.engine.asking import Actor
from mediation.engine.refusals import Refused
from mediation.services.filing import file_claim, start_draft
from mediation.store.models import Case, Entry, LedgerLine, OutgoingNotice, Party

WORKER = Actor("worker", "filing", "钟某")


def file_one(transaction, office, at=MONDAY, **changes):
    with transaction() as session:
        case, _ = file_claim(session, office, make_filing(**changes), WORKER, at)
        return case.number


def file_and_fall(transaction, office):
    """File, and fail before the commit."""
    with transaction() as session:
        file_claim(session, office, make_filing(), WORKER, MONDAY)
        raise ZeroDivisionError


def serials(numbers):
    return sorted(int(number.partition("〕")[2].removesuffix("号")) for number in numbers)


def test_a_filing_becomes_a_case_its_people_its_log_and_its_claims(transaction, office):
    with transaction() as session:
        case, step = file_claim(session, office, make_filing(workers=2), WORKER, MONDAY)
        assert (case.state, case.revision, step.state, step.revision) == ("submitted", 2, "submitted", 2)
        number, case_id = case.number, case.id
    assert number == "东工调〔2026〕000001号"
    with transaction() as session:
        case = session.get_one(Case, case_id)
        assert case.received_at == MONDAY
        assert case.due_on.isoformat() == "2026-03-05"
        assert [(p.side, p.seat, p.name) for p in case.parties] == [
            ("worker", 0, "钟某"),
            ("worker", 1, "罗某"),
            ("employer", 0, "某制衣公司"),
        ]
        assert [(e.number, e.action, e.source, e.target) for e in case.log] == [
            (1, "start", "", "draft"),
            (2, "submit", "draft", "submitted"),
        ]
        lines = session.scalars(select(LedgerLine).order_by(LedgerLine.id)).all()
        assert [(x.debit, x.credit, x.amount, x.worker, x.head, x.subdistrict) for x in lines] == [
            ("claims", "claimed", 600_000, 0, "wages", "110101005"),
            ("claims", "claimed", 12_050, 0, "expenses", "110101005"),
            ("claims", "claimed", 600_000, 1, "wages", "110101005"),
            ("claims", "claimed", 12_050, 1, "expenses", "110101005"),
        ]
        assert {(n.audience, n.template) for n in session.scalars(select(OutgoingNotice))} == {
            ("workers", "submit")
        }
        assert decode(case.facts).received == MONDAY.date()


def test_the_log_holds_no_names_no_phones_and_no_story(transaction, office):
    with transaction() as session:
        filing = make_filing(workers=3)
        makers.make_case(session, office, filing=filing, state="performed")
        private = [filing.story, filing.employer.name, filing.employer.phone, filing.employer.contact]
        private += [text for worker in filing.workers for text in (worker.name, worker.phone)]
        for entry in session.scalars(select(Entry)):
            said = " ".join(str(getattr(entry, column.name)) for column in Entry.__table__.columns)
            assert not [text for text in private if text in said]
        for case in session.scalars(select(Case)):
            assert not [text for text in private if text in case.facts]


def test_the_keys_of_a_case_cannot_be_guessed(transaction, office):
    with transaction() as session:
        for _ in range(3):
            makers.make_case(session, office, state="submitted", workers=2)
        keys = [party.key for party in session.scalars(select(Party))]
        refs = [case.ref for case in session.scalars(select(Case))]
    assert (len(set(keys)), len(set(refs))) == (9, 3)
    assert min(map(len, refs)) >= 22
    assert min(map(len, keys)) == 9, "short, for a text is one message; a code opens the case, not the key"


def test_numbers_are_given_without_gaps_and_anew_each_year(transaction, office):
    given = [file_one(transaction, office) for _ in range(3)]
    assert given == [f"东工调〔2026〕{n:06d}号" for n in (1, 2, 3)]
    last_minute = datetime(2026, 12, 31, 23, 59, tzinfo=BEIJING)
    assert file_one(transaction, office, last_minute) == "东工调〔2026〕000004号"
    assert file_one(transaction, office, last_minute + timedelta(minutes=1)) == "东工调〔2027〕000001号"
    assert file_one(transaction, office) == "东工调〔2026〕000005号"


def test_a_number_is_given_back_when_the_filing_is_undone(transaction, office):
    file_one(transaction, office)
    with pytest.raises(ZeroDivisionError):
        file_and_fall(transaction, office)
    assert file_one(transaction, office) == "东工调〔2026〕000002号"
    with transaction() as session:
        assert len(session.scalars(select(Case)).all()) == 2


def test_eight_people_file_at_once_and_every_number_is_given_once(transaction, office):
    def some(worker):
        numbers = []
        for turn in range(6):
            if (worker + turn) % 3:
                numbers.append(file_one(transaction, office))
            else:
                with pytest.raises(ZeroDivisionError):
                    file_and_fall(transaction, office)
        return numbers

    with ThreadPoolExecutor(8) as pool:
        given = [number for numbers in pool.map(some, range(8)) for number in numbers]
    assert serials(given) == list(range(1, len(given) + 1))
    assert len(given) == 32
    with transaction() as session:
        assert sorted(session.scalars(select(Case.number))) == sorted(given)


def test_a_draft_has_no_number_no_clock_and_no_claim_in_the_books(transaction, office):
    with transaction() as session:
        case = start_draft(session, office.catalogue, make_filing(), WORKER, MONDAY)
        assert (case.state, case.number, case.received_at, case.due_on) == (
            "draft",
            None,
            None,
            date(2026, 6, 1),
        )
        assert [entry.action for entry in session.scalars(select(Entry))] == ["start"]
        assert session.scalars(select(LedgerLine)).all() == []


def test_a_filing_that_the_chart_refuses_leaves_nothing(transaction, office):
    with transaction() as session:
        before = makers.everything(session)
    nothing_asked = msgspec.structs.replace(make_filing(), workers=())
    with pytest.raises(Refused, match="至少写一项请求"), transaction() as session:
        file_claim(session, office, nothing_asked, WORKER, MONDAY)
    with transaction() as session:
        assert makers.everything(session) == before
