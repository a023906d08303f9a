"""What was booked or recorded wrongly is put right by people: reversing lines, a second person, no SQL."""

import hmac
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import makers
import pytest
from makers import act, actor_of, make_case, make_staff
from msgspec import structs
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from mediation.domain.fields import Invalid
from mediation.engine.asking import Ask
from mediation.engine.refusals import Stale, Unmet
from mediation.services import totals
from mediation.services.access import BadCode, send_code, staff_actor, use_code
from mediation.services.afterwards import settle
from mediation.services.audit import findings
from mediation.services.casework import fire
from mediation.services.correcting import correct_party, fingerprint
from mediation.services.notices import send
from mediation.store.cases import facts_of, party, pending
from mediation.store.keys import kept_secret
from mediation.store.models import Case, Entry, LedgerLine, SentMessage
from mediation.store.totals import fold, hot

PAID = 500_000
ALONE = {"promised": 0, "was": PAID, "right_amount": 100_000, "reason": "bounced"}
CLAIM = {"claim": 0, "was": 600_000, "right_amount": 10_000, "reason": "typed_wrongly"}
LATE = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def case(transaction, office):
    """The number of a case of two workers in which everything was paid."""
    with transaction() as session:
        return make_case(session, office, state="performed", workers=2).id


@pytest.fixture
def talk(transaction, office):
    """The number of a case of two workers who are in a meeting."""
    with transaction() as session:
        return make_case(session, office, state="in_meeting", workers=2).id


def do(transaction, office, case_id, name, **how):
    with transaction() as session:
        return act(session, office, session.get_one(Case, case_id), name, **how)


def lines(session, case_id, debit, credit):
    query = select(LedgerLine).where(LedgerLine.case_id == case_id).order_by(LedgerLine.id)
    return [line for line in session.scalars(query) if {line.debit, line.credit} == {debit, credit}]


def paid_of(session, case_id):
    return [owed.paid for owed in facts_of(session.get_one(Case, case_id)).owed]


def sound(transaction, office):
    with transaction() as session:
        assert list(findings(session, office.catalogue)) == []
        assert hot(session) == fold(session)
        return totals.now(session, makers.MONDAY.date())


# --- money -------------------------------------------------------------------------------------------


def test_a_restated_payment_is_reversed_line_by_line_and_booked_anew(transaction, office, case):
    before = sound(transaction, office)
    step = do(transaction, office, case, "restate_payment", data=ALONE)
    assert step.state == "performing", "money is owed again"
    with transaction() as session:
        found = [
            one for one in lines(session, case, "paid", "owed") if (one.worker, one.head) == (0, "wages")
        ]
        first, back, anew = found
        assert (first.debit, first.amount, first.reverses) == ("paid", PAID, None)
        assert (back.debit, back.credit, back.amount, back.reverses) == ("owed", "paid", PAID, first.id)
        assert (anew.debit, anew.amount, anew.reverses) == ("paid", 100_000, None)
        assert back.entry == anew.entry == step.revision
        assert paid_of(session, case)[:2] == [100_000, 8_600]
    assert sound(transaction, office).paid == before.paid - 400_000


def test_money_that_was_due_already_is_overdue_again(transaction, office, case):
    assert do(transaction, office, case, "restate_payment", data=ALONE, at=LATE).state == "breached"


def test_a_closed_case_is_performed_again_and_its_clocks_of_law_run_on(transaction, office, case):
    do(transaction, office, case, "close")
    assert do(transaction, office, case, "restate_payment", data=ALONE).state == "performing"
    with transaction() as session:
        runs = facts_of(session.get_one(Case, case)).clocks
        assert runs["judicial_confirmation"].stopped is None
        assert runs["exit"].stopped is not None, "the seal has ended it for good"
    sound(transaction, office)


def test_several_payments_of_one_head_are_booked_as_what_is_right_of_all(transaction, office):
    due = "2026-04-01"
    given = {
        "payments": [
            {"worker": 0, "head": "wages", "amount": fen, "due": due} for fen in (100_000, 20_000, 3_000)
        ],
        "duties": [{"what": "other", "due": due, "text": "事"}],
    }
    with transaction() as session:
        number = make_case(session, office, state="performed", terms=given).id
    do(
        transaction,
        office,
        number,
        "restate_payment",
        data=ALONE | {"promised": 1, "was": 20_000, "right_amount": 0},
    )
    with transaction() as session:
        assert paid_of(session, number) == [100_000, 0, 3_000]
        kinds = [(one.amount, one.reverses is not None) for one in lines(session, number, "paid", "owed")]
        assert kinds == [
            (100_000, False), (20_000, False), (3_000, False),
            (100_000, True), (20_000, True), (3_000, True), (103_000, False),
        ]  # fmt: skip
    sound(transaction, office)
    do(
        transaction,
        office,
        number,
        "restate_payment",
        data=ALONE | {"promised": 0, "was": 100_000, "right_amount": 0},
    )
    with transaction() as session:
        last = lines(session, number, "paid", "owed")[-2:]
        assert [(one.amount, one.reverses is not None) for one in last] == [(103_000, True), (3_000, False)]
    sound(transaction, office)


def test_a_claim_is_corrected_in_the_ledger_too(transaction, office):
    with transaction() as session:
        number = make_case(session, office, state="accepted").id
    do(transaction, office, number, "correct_claim", data=CLAIM | {"right_amount": 610_000})
    with transaction() as session:
        assert facts_of(session.get_one(Case, number)).claims[0].amount == 610_000
    assert sound(transaction, office).claimed == 610_000 + 12_050
    do(transaction, office, number, "correct_claim", data=CLAIM | {"was": 610_000, "right_amount": 200_000})
    assert sound(transaction, office).claimed == 200_000 + 12_050


def test_a_month_bears_what_was_reversed_in_it(transaction, office, case):
    at = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    do(transaction, office, case, "restate_payment", data=ALONE, at=at)
    assert sound(transaction, office).by("month", "paid") == {"2026-03": 2 * 508_600, "2026-05": -400_000}


# --- a second person ---------------------------------------------------------------------------------


def test_above_the_limit_nothing_moves_until_somebody_else_approves(transaction, office):
    with transaction() as session:
        number = make_case(session, office, state="accepted").id
    before = sound(transaction, office)
    do(transaction, office, number, "correct_claim", role="clerk", data=CLAIM)
    assert sound(transaction, office) == before
    with pytest.raises(Unmet, match="要请另一位工作人员复核"):
        do(transaction, office, number, "approve_correction", role="clerk")
    with pytest.raises(Unmet, match="还没有复核完"):
        do(transaction, office, number, "correct_claim", role="admin", data=CLAIM)
    assert sound(transaction, office) == before
    do(transaction, office, number, "approve_correction", role="admin")
    assert sound(transaction, office).claimed == 10_000 + 12_050
    with transaction() as session:
        log = session.scalars(select(Entry).where(Entry.case_id == number).order_by(Entry.number)).all()
        assert [entry.action for entry in log[-4:]] == [
            "correct_claim", "ask_second_person", "approve_correction", "book_claim",
        ]  # fmt: skip
        facts = facts_of(session.get_one(Case, number))
        assert facts.pending is None
        assert facts.corrected_alone == 0, "two have looked at it"


def test_small_steps_of_one_case_are_added_up(transaction, office):
    """Or whoever wants to change much alone would change a little often."""
    with transaction() as session:
        number = make_case(session, office, state="accepted").id
    do(transaction, office, number, "correct_claim", data=CLAIM | {"right_amount": 300_000})
    do(transaction, office, number, "correct_claim", data=CLAIM | {"was": 300_000, "right_amount": 100_000})
    with transaction() as session:
        facts = facts_of(session.get_one(Case, number))
        assert (facts.pending, facts.corrected_alone) == (None, 500_000)
    do(
        transaction,
        office,
        number,
        "correct_claim",
        role="admin",
        data=CLAIM | {"was": 100_000, "right_amount": 99_999},
    )
    with transaction() as session:
        assert facts_of(session.get_one(Case, number)).claims[0].amount == 100_000
    sound(transaction, office)


def test_what_is_refused_moves_nothing(transaction, office):
    with transaction() as session:
        number = make_case(session, office, state="accepted").id
    before = sound(transaction, office)
    do(transaction, office, number, "correct_claim", data=CLAIM)
    do(transaction, office, number, "refuse_correction")
    assert sound(transaction, office) == before
    with pytest.raises(Unmet, match="没有等着复核的更正"):
        do(transaction, office, number, "approve_correction")


def test_what_waits_for_a_second_person_is_found(transaction, office):
    with transaction() as session:
        number = make_case(session, office, state="closed").id
        make_case(session, office, state="submitted")
    do(transaction, office, number, "correct_claim", role="clerk", data=CLAIM)
    with transaction() as session:
        admin = actor_of(session, session.get_one(Case, number), "admin")
        today = makers.MONDAY.date()
        states = ["closed", "submitted"]
        assert [one.id for one in pending(session, admin, states, today, 9)] == [number]
        assert pending(session, admin, ["submitted"], today, 9) == []
    do(transaction, office, number, "refuse_correction")
    with transaction() as session:
        assert pending(session, admin, states, today, 9) == []


# --- twice, and the reverse of a reverse ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["restate_payment", "approve_correction"])
def test_many_who_reverse_at_once_make_one_reversal(transaction, office, case, name):
    data = ALONE | {"right_amount": 0} if name == "restate_payment" else {"reason": "saw_the_proof"}
    if name == "approve_correction":
        with transaction() as session:
            number = make_case(session, office, state="accepted").id
        do(transaction, office, number, "correct_claim", data=CLAIM)
    else:
        number = case
    with transaction() as session:
        people = [staff_actor(make_staff(session, role="clerk", name=f"{n}")) for n in range(10)]
        seen, at = session.get_one(Case, number).revision, session.get_one(Case, number).moved_at
    ready = threading.Barrier(10)

    def ask(one):
        ready.wait(20)
        try:
            with transaction() as session:
                fire(session, office.catalogue, number, Ask(name, one, seen, at + timedelta(hours=1), data))
        except (Stale, Unmet) as late:
            return type(late)
        return None

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ask, people))
    assert answers.count(None) == 1
    with transaction() as session:
        reversing = session.scalars(select(LedgerLine).where(LedgerLine.reverses.is_not(None))).all()
        assert len(reversing) == 1
    sound(transaction, office)


def test_a_reversing_line_is_never_reversed(transaction, office, case):
    for was, right in ((PAID, 100_000), (100_000, 0)):
        do(transaction, office, case, "restate_payment", data=ALONE | {"was": was, "right_amount": right})
    with transaction() as session:
        mine = [one for one in lines(session, case, "paid", "owed") if (one.worker, one.head) == (0, "wages")]
        by_id = {one.id: one for one in mine}
        assert [one.reverses is not None for one in mine] == [False, True, False, True]
        assert all(by_id[one.reverses].reverses is None for one in mine if one.reverses)
    sound(transaction, office)


def test_a_line_reversed_past_the_log_is_found(transaction, office, case):
    """Undo is by people: a reversing line that no entry stands for is somebody's SQL."""
    with transaction() as session:
        session.execute(
            text(
                "INSERT INTO ledger (case_id, entry, debit, credit, unit, amount, subdistrict, worker, head,"
                " on_day, reverses) SELECT case_id, entry, credit, debit, unit, amount, subdistrict, worker,"
                " head, on_day, id FROM ledger WHERE debit = 'paid' AND worker = 0 AND head = 'wages'"
            )
        )
    with transaction() as session:
        found = list(findings(session, office.catalogue))
        assert any("the ledger is not what the log posted" in one for one in found)
        assert any("totals" in one for one in found)


def test_no_line_is_changed_for_a_correction(transaction, office, case):
    with transaction() as session:
        before = session.execute(select(LedgerLine.__table__).order_by(LedgerLine.id)).all()
    do(transaction, office, case, "restate_payment", data=ALONE)
    with transaction() as session:
        after = session.execute(select(LedgerLine.__table__).order_by(LedgerLine.id)).all()
        assert after[: len(before)] == before
        assert len(after) == len(before) + 2

    def by_hand():
        with transaction() as session:
            session.execute(text("UPDATE ledger SET amount = 1"))

    with pytest.raises(DatabaseError, match="append-only"):
        by_hand()


# --- reopening ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["not_agreed", "rejected", "withdrawn", "referred", "closed"])
def test_a_case_that_ended_without_agreement_can_go_all_the_way_again(transaction, office, state):
    with transaction() as session:
        case = make_case(session, office, state=state)
        received = facts_of(case).clocks["exit"]
        act(session, office, case, "reopen", at=case.moved_at + timedelta(days=40))
        facts = facts_of(case)
        assert (facts.state, facts.joined, facts.accepted, facts.ended) == ("submitted", False, None, None)
        assert facts.clocks["exit"] == structs.replace(received, stopped=None)
        assert facts.clocks["accept_or_refuse"].started > received.started
        for name in makers.path("awaiting_signatures")[1:]:
            for role, seat in makers.seats(name, facts_of(case)):
                act(session, office, case, name, role=role, seat=seat)
        assert case.state == "awaiting_signatures"
    assert sound(transaction, office).claimed == 612_050, "what was claimed is counted once"


# --- a party's details -------------------------------------------------------------------------------


def ask_of(session, case, party_, detail, reason="typed_wrongly"):
    clerk = actor_of(session, case, "clerk")
    data = {"party": party_, "detail": detail, "reason": reason}
    return Ask("correct_party", clerk, case.revision, case.moved_at + timedelta(minutes=1), data)


def correct(transaction, office, number, party_, detail, value, reason="typed_wrongly"):
    with transaction() as session:
        case = session.get_one(Case, number)
        return correct_party(session, office, number, ask_of(session, case, party_, detail, reason), value)


def test_the_log_tells_which_detail_was_corrected_and_never_what_it_was(transaction, office, talk):
    correct(transaction, office, talk, "worker:1", "name", "钟某某")
    correct(transaction, office, talk, "employer:0", "name", "某服装公司")
    with transaction() as session:
        found = session.get_one(Case, talk)
        assert (party(found, "worker", 1).name, found.employer_name) == ("钟某某", "某服装公司")
        assert party(found, "employer").name == "某服装公司"
        entry = session.scalars(select(Entry).where(Entry.action == "correct_party")).first()
        said = json.loads(entry.data)
        assert said.keys() == {"party", "detail", "reason", "before", "after", "print"}
        one = party(found, "worker", 1)
        assert said["before"] == fingerprint(office, one, "name", "罗某")
        assert said["after"] == fingerprint(office, one, "name", "钟某某")
        everything = "".join(row.data for row in found.log) + found.facts
        assert not any(name in everything for name in ("罗某", "钟某某", "某服装公司", "某制衣公司"))
    sound(transaction, office)


def test_a_fingerprint_tells_nothing_without_the_key_and_differs_from_case_to_case(transaction, office):
    with transaction() as session:
        first, second = (make_case(session, office, state="submitted") for _ in range(2))
        mine, other = (party(one, "worker") for one in (first, second))
        found = fingerprint(office, mine, "phone", mine.phone)
        assert found == fingerprint(office, mine, "phone", mine.phone)
        assert found != fingerprint(office, other, "phone", mine.phone)
        said = json.dumps([first.id, "worker", 0, "phone", mine.phone]).encode()
        assert found not in {
            hmac.digest(b"", said, "sha256").hex(),
            hmac.digest(b"\0" * 32, said, "sha256").hex(),
        }
        assert len(bytes.fromhex(kept_secret(office.keys / "corrections"))) == 32


@pytest.mark.parametrize(
    ("party_", "detail", "value", "reason", "problem"),
    [
        ("worker:0", "phone", "1380", "typed_wrongly", {"value": "not_a_phone"}),
        ("worker:0", "phone", "138 0000 0000", "typed_wrongly", {"value": "same_as_before"}),
        ("worker:0", "name", "某" * 51, "typed_wrongly", {"value": "too_long"}),
        ("worker:0", "name", "钟某某", "应该是钟某某", {"reason": "says_the_value"}),
        ("worker:0", "name", "某甲", "原来写成钟某了", {"reason": "says_the_value"}),
        ("worker:7", "name", "钟某某", "typed_wrongly", {"party": "not_listed"}),
    ],
)
def test_a_detail_is_read_as_in_a_filing(transaction, office, talk, party_, detail, value, reason, problem):
    with transaction() as session:
        before = makers.everything(session)
    with pytest.raises(Invalid) as invalid:
        correct(transaction, office, talk, party_, detail, value, reason)
    assert invalid.value.problems == problem
    with transaction() as session:
        assert makers.everything(session) == before


def test_a_worker_has_no_credit_code(transaction, office, talk):
    with pytest.raises(Unmet, match="单位才有"):
        correct(transaction, office, talk, "worker:0", "uscc", "91110101MA0000000X")


def test_with_another_phone_goes_another_link_and_the_old_one_opens_nothing(transaction, office, talk):
    with transaction() as session:
        one = party(session.get_one(Case, talk), "worker")
        key, subject = one.key, f"enter party:{one.id}"
        code = send_code(session, subject, one.phone, "{code}", makers.MONDAY)
    correct(transaction, office, talk, "worker:0", "phone", "13811112222")
    with transaction() as session:
        one = party(session.get_one(Case, talk), "worker")
        assert one.phone == "13811112222"
        assert one.key != key
        with pytest.raises(BadCode):
            use_code(session, subject, code, makers.MONDAY)
        send(session, office, makers.MONDAY)
        told = {m.phone: m.body for m in session.scalars(select(SentMessage).order_by(SentMessage.id))}
        assert "电话改了" in told["13800000000"]
        assert "/k/" not in told["13800000000"]
        assert told["13811112222"].count(one.key) == 1


def test_only_one_of_two_who_correct_at_once_does(transaction, office, talk):
    with transaction() as session:
        found = session.get_one(Case, talk)
        asks = [ask_of(session, found, "worker:0", "name") for _ in range(2)]
    with transaction() as session:
        correct_party(session, office, talk, asks[0], "钟某甲")
    with pytest.raises(Stale), transaction() as session:
        correct_party(session, office, talk, asks[1], "钟某乙")
    with transaction() as session:
        assert party(session.get_one(Case, talk), "worker").name == "钟某甲"


def test_another_name_voids_signatures_and_waits_for_a_paper_that_is_being_made(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="awaiting_signatures")
        act(session, office, case, "sign", role="worker")
        number = case.id
    correct(transaction, office, number, "worker:0", "name", "钟某某")
    with transaction() as session:
        case = session.get_one(Case, number)
        assert facts_of(case).signatures == ()
        for role in ("worker", "employer", "mediator"):
            act(session, office, case, "sign", role=role)
        act(session, office, case, "seal")
    with pytest.raises(Invalid) as invalid:
        correct(transaction, office, number, "worker:0", "name", "钟某丙")
    assert invalid.value.problems == {"detail": "paper_waits"}
    settle(transaction, office, LATE)
    correct(transaction, office, number, "worker:0", "name", "钟某丙")
    with transaction() as session:
        assert len(facts_of(session.get_one(Case, number)).signatures) == 3, "what was sealed stays sealed"
    sound(transaction, office)
