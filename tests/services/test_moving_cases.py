"""A case moves by one act at a time: all of it or none, and only for who has seen where it stands."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta

import makers
import msgspec
import pytest
from makers import act, make_case
from sqlalchemy import select, text

from mediation.domain.facts import decode
from mediation.engine.asking import Ask
from mediation.engine.catalogue import Catalogue
from mediation.engine.deciding import Engine
from mediation.engine.refusals import NotNow, NotYours, Stale, Unknown, Unmet
from mediation.services.audit import findings
from mediation.services.casework import NoSuchCase, fire, hashed
from mediation.store.books import SHARDS
from mediation.store.models import Case, Entry, Job, LedgerLine, OutgoingNotice
from mediation.store.steps import EntryRow, Sheet


def made(transaction, office, **how):
    with transaction() as session:
        return make_case(session, office, **how).id


def test_an_act_is_written_with_everything_that_follows_from_it(transaction, office):
    case_id = made(transaction, office, state="awaiting_signatures", workers=2)
    with transaction() as session:
        case = session.get_one(Case, case_id)
        for side, seat in (("worker", 0), ("worker", 1), ("employer", 0), ("mediator", 0)):
            act(session, office, case, "sign", role=side, seat=seat)
        before = case.revision
        step = act(session, office, case, "seal")
        assert step.state == case.state == "performing"
        assert case.revision == before + 2
    with transaction() as session:
        log = session.scalars(select(Entry).order_by(Entry.number)).all()
        assert [(e.action, e.role, e.source, e.target) for e in log[-2:]] == [
            ("seal", "admin", "awaiting_signatures", "agreed"),
            ("begin_performing", "system", "agreed", "performing"),
        ]
        assert log[-1].at == log[-2].at
        assert [entry.number for entry in log] == list(range(1, len(log) + 1))
        seal = log[-2].number
        lines = session.scalars(select(LedgerLine).where(LedgerLine.entry == seal)).all()
        assert sorted((x.debit, x.credit, x.unit, x.amount) for x in lines) == [
            ("owed", "agreed", "fen", 8_600),
            ("owed", "agreed", "fen", 8_600),
            ("owed", "agreed", "fen", 500_000),
            ("owed", "agreed", "fen", 500_000),
            ("settled_cases", "cases", "case", 1),
            ("settled_workers", "workers", "person", 2),
        ]
        assert [(j.kind, j.entry) for j in session.scalars(select(Job))] == [("agreement", seal)]
        notices = session.scalars(select(OutgoingNotice).where(OutgoingNotice.entry == seal))
        assert sorted(n.audience for n in notices) == ["employer", "workers"]
        assert list(findings(session, office.catalogue)) == []


def test_every_entry_holds_the_hash_of_the_one_before_and_the_case_the_last(transaction, office):
    case_id = made(transaction, office, state="performed")
    with transaction() as session:
        case = session.get_one(Case, case_id)
        before = ""
        for entry in case.log:
            assert entry.before == before
            assert len(entry.hash) == 64
            before = entry.hash
        assert case.head == before
        assert case.revision == len(case.log)
        assert len({entry.hash for entry in case.log}) == len(case.log)


@pytest.mark.parametrize("field", [name for name in EntryRow._fields if name not in ("case_id", "hash")])
def test_the_hash_of_an_entry_covers_all_that_it_says_and_the_one_before(field):
    """All but its case: an entry that changes its case no longer follows any other there."""
    entry = EntryRow(
        1, 2, "join", "contacting", "contacting", "employer", "party:2", 0, makers.MONDAY, "{}", "a" * 64
    )
    other = {int: 9, str: "other"}.get(type(getattr(entry, field)), makers.MONDAY + timedelta(seconds=1))
    assert hashed(entry._replace(**{field: other})).hash != hashed(entry).hash


def test_the_case_is_as_the_act_left_it(transaction, office):
    case_id = made(transaction, office, state="accepted")
    with transaction() as session:
        case = session.get_one(Case, case_id)
        at = case.moved_at + timedelta(hours=5)
        step = act(session, office, case, "convene", at=at)
        assert case.moved_at == at
        assert case.mediator_id == makers.staff(session, "mediator").id
        assert decode(case.facts) == step.facts
        assert case.due_on.isoformat() == "2026-03-17"


# --- who may, when, and having seen what ----------------------------------------------------------------


def attempt(transaction, office, case_id, action, *, seen=None, role=None, data=None):
    with transaction() as session:
        case = session.get_one(Case, case_id)
        role = role or makers.ROLES[action]
        who = makers.actor_of(session, case, role)
        at = case.moved_at + timedelta(minutes=1)
        given = makers.in_hand(action, decode(case.facts), at, "person:1") if data is None else data
        fire(session, office.catalogue, case_id, Ask(action, who, seen or case.revision, at, given))


REFUSALS = {
    "a stale page": (Stale, {"action": "adjourn", "seen": 3}),
    "a page from the future": (Stale, {"action": "adjourn", "seen": 99}),
    "another role's act": (NotYours, {"action": "adjourn", "role": "worker"}),
    "an act at the wrong time": (NotNow, {"action": "seal"}),
    "an act that lacks something": (Unmet, {"action": "accept_offer", "role": "worker"}),
    "terms for nobody": (Unmet, {"action": "draft_terms", "data": {"terms": {"payments": [], "duties": []}}}),
    "an unknown act": (Unknown, {"action": "to_closed", "role": "admin", "data": {}}),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refused_act_writes_nothing_at_all(transaction, office, name):
    kind, how = REFUSALS[name]
    case_id = made(transaction, office, state="in_meeting")
    with transaction() as session:
        before = makers.everything(session)
    with pytest.raises(kind):
        attempt(transaction, office, case_id, **how)
    with transaction() as session:
        assert makers.everything(session) == before


def test_a_stale_page_is_told_where_the_case_stands(transaction, office):
    case_id = made(transaction, office, state="in_meeting")
    with pytest.raises(Stale) as refused:
        attempt(transaction, office, case_id, "adjourn", seen=3)
    assert (refused.value.seen, refused.value.revision) == (3, 8)
    assert refused.value.code == "stale"
    now = refused.value.standing
    assert (now.state, now.label, now.role) == ("in_meeting", "正在开会", "mediator")
    with transaction() as session:
        assert now.at == session.get_one(Case, case_id).moved_at


def test_there_is_no_act_in_a_case_that_is_not_there(transaction, office):
    with pytest.raises(NoSuchCase), transaction() as session:
        fire(session, office.catalogue, 4711, makers.asked("submit"))


def test_an_error_in_the_middle_of_an_act_leaves_nothing(transaction, office):
    """The last effect of an act fails after everything before it has been decided."""
    case_id = made(transaction, office, state="in_meeting")
    engine = office.catalogue.newest("labour_dispute")

    def stumble(facts, ask):
        raise ZeroDivisionError

    registry = engine._registry
    broken = replace(registry, effects={**registry.effects, "notify_parties": stumble})
    catalogue = Catalogue([Engine(engine.workflow, broken)])
    with transaction() as session:
        before = makers.everything(session)
    with pytest.raises(ZeroDivisionError):
        attempt(transaction, replace(office, catalogue=catalogue), case_id, "adjourn")
    with transaction() as session:
        assert makers.everything(session) == before


def test_an_act_is_undone_when_what_comes_after_it_in_the_transaction_fails(transaction, office):
    case_id = made(transaction, office, state="awaiting_signatures")
    with transaction() as session:
        before = makers.everything(session)

    def seal_and_fall():
        with transaction() as session:
            case = session.get_one(Case, case_id)
            for side in ("worker", "employer", "mediator"):
                act(session, office, case, "sign", role=side)
            assert act(session, office, case, "seal").state == "performing"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        seal_and_fall()
    with transaction() as session:
        assert makers.everything(session) == before


# --- at once ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [2, 8])
def test_of_several_people_who_saw_the_same_page_exactly_one_moves_the_case(transaction, office, people):
    case_id = made(transaction, office, state="contacting")
    ready = threading.Barrier(people)

    def try_it(number):
        with transaction() as session:
            revision = session.get_one(Case, case_id).revision
            session.rollback()
        ready.wait(20)
        try:
            with transaction() as session:
                who = makers.actor("employer")
                ask = Ask("join", who, revision, makers.MONDAY + timedelta(days=1), {"note": str(number)})
                return fire(session, office.catalogue, case_id, ask).revision
        except Stale:
            return "stale"

    with ThreadPoolExecutor(people) as pool:
        answers = list(pool.map(try_it, range(people)))
    assert answers.count("stale") == people - 1
    with transaction() as session:
        case = session.get_one(Case, case_id)
        assert [e.action for e in case.log].count("join") == 1
        assert case.revision == len(case.log)
        assert list(findings(session, office.catalogue)) == []


def test_two_who_read_before_either_wrote_do_not_both_write(transaction, office):
    """On SQLite the second waits for the first's commit before it reads; on PostgreSQL both have read."""
    case_id = made(transaction, office, state="contacting")
    first_has_written, second_may_write = threading.Event(), threading.Event()

    def ask(session):
        case = session.get_one(Case, case_id)
        return Ask("join", makers.actor("employer"), case.revision, makers.MONDAY + timedelta(days=1), {})

    with transaction() as session:
        asked = ask(session)

    def first():
        with transaction() as session:
            fire(session, office.catalogue, case_id, asked)
            first_has_written.set()
            second_may_write.wait(0.5)

    def second():
        first_has_written.wait(20)
        with transaction() as session:
            fire(session, office.catalogue, case_id, asked)

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(first), pool.submit(second)
        assert one.result() is None
        with pytest.raises(Stale):
            other.result()


def test_a_step_that_was_decided_on_an_older_case_is_refused_by_the_database(
    transaction, office, monkeypatch
):
    """Even if the lock of the reading were forgotten: the UPDATE asks for the revision once more."""
    case_id = made(transaction, office, state="contacting")
    with transaction() as session:
        seen = Sheet.under(session).read(case_id)
    attempt(transaction, office, case_id, "join")
    with transaction() as session:
        before = makers.everything(session)
    monkeypatch.setattr(Sheet, "read", lambda _sheet, _case_id: seen)
    with pytest.raises(Stale):
        attempt(transaction, office, case_id, "ask_info", seen=seen.revision)
    with transaction() as session:
        assert makers.everything(session) == before


def test_many_hands_on_many_cases_leave_the_books_in_order(transaction, office):
    with transaction() as session:
        cases = [make_case(session, office, state="performing").id for _ in range(4)]

    def pay(number):
        case_id = cases[number % 4]
        done = 0
        for _ in range(30):
            try:
                with transaction() as session:
                    case = session.get_one(Case, case_id)
                    act(session, office, case, "report_payment", data={"amount": 100})
                    act(session, office, case, "confirm_payment")
                done += 1
            except Stale:
                continue
            if done == 5:
                break
        return done

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(pay, range(8))) == 40
    with transaction() as session:
        for case_id in cases:
            assert sum(owed.paid for owed in decode(session.get_one(Case, case_id).facts).owed) == 1_000
        assert list(findings(session, office.catalogue)) == []


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_two_steps_that_touch_the_same_totals_never_wait_for_each_other_in_a_circle(transaction, office):
    """The step takes its totals in the order of their names, whatever the order of the clauses."""
    pay = {"worker": 0, "amount": 100, "due": "2026-05-01"}
    terms = {"payments": [pay | {"head": "wages"}, pay | {"head": "expenses"}], "duties": []}
    with transaction() as session:
        ids = [make_case(session, office, state="performing", terms=terms).id for _ in range(SHARDS)]
        case = make_case(session, office, state="awaiting_signatures", terms=terms)
        for side in ("worker", "employer", "mediator"):
            act(session, office, case, "sign", role=side)
        case_id = case.id
    assert {number % SHARDS for number in ids} == set(range(SHARDS)), "a total of every shard is there"
    lock = "SELECT amount FROM totals WHERE measure = 'agreed' AND head = :head FOR UPDATE"
    with ThreadPoolExecutor(1) as pool, transaction() as session:
        session.execute(text(lock), {"head": "expenses"}).all()

        def seal():
            with transaction() as other:
                return act(other, office, other.get_one(Case, case_id), "seal").state

        sealing = pool.submit(seal)
        wait_until_somebody_waits(transaction)
        session.execute(text(lock), {"head": "wages"}).all()  # a circle, if the sealer holds it already
        session.rollback()
        assert sealing.result(20) == "performing"


def wait_until_somebody_waits(transaction):
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(200):
        with transaction() as session:
            if session.scalar(query):
                return
        threading.Event().wait(0.02)
    raise AssertionError("nobody waits for a lock")


# --- moments and entries ------------------------------------------------------------------------------------


def test_moments_come_back_as_the_same_moment_from_either_database(transaction, office):
    case_id = made(transaction, office, state="submitted")
    with transaction() as session:
        case = session.get_one(Case, case_id)
        at = makers.MONDAY.replace(microsecond=123_456) + timedelta(hours=2)
        act(session, office, case, "contact_employer", at=at)
    with transaction() as session:
        case = session.get_one(Case, case_id)
        assert case.moved_at == at
        assert case.moved_at.tzinfo == UTC
        assert case.log[-1].at == at


def test_an_entry_keeps_what_was_in_hand_as_canonical_text(transaction, office):
    case_id = made(transaction, office, state="in_meeting")
    with transaction() as session:
        case = session.get_one(Case, case_id)
        act(session, office, case, "offer", role="employer", data={"note": "一次付清", "amount": 500_000})
        assert case.log[-1].data == '{"amount":500000,"note":"一次付清"}'
        assert msgspec.json.decode(case.log[0].data)["workers"] == 1
