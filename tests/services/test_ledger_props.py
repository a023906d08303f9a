"""Random lives of money: promised, paid in parts, denied, corrected, and added up in four ways (P-21).

What comes of a program is the same whether the database sums its ledger, whether it reads the hot
totals, whether somebody opens the exported table, or whether the entries are read in plain Python
that knows nothing of books and lines.  There is no act that waives or postpones what is sealed: terms
are lowered, dropped and put off before the seal, and what was booked wrongly is restated after it.
"""

import csv
import io
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import makers
import pytest
from entries_read import Read
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from makers import in_hand, make_application, path, seats
from sqlalchemy import select, text

from mediation.domain.facts import day
from mediation.domain.filing import SUBDISTRICTS
from mediation.domain.filing import read as read_filing
from mediation.domain.money import plain
from mediation.domain.terms import HEADS
from mediation.engine.asking import Actor, Ask
from mediation.engine.refusals import Refused
from mediation.services.casework import fire
from mediation.services.exporting import exported
from mediation.services.filing import start_draft
from mediation.store.cases import facts_of
from mediation.store.models import Base, Entry, LedgerLine
from mediation.store.totals import fold, hot

MOST = 10**12
"""Fen: ten thousand million yuan."""
AGAIN = Actor("admin", "person:9", "another administrator")
amounts = st.one_of(st.sampled_from((1, 2, 99, 100, 500_000, 500_001, MOST - 1, MOST)), st.integers(1, MOST))
heads, seats_of_two = st.sampled_from(HEADS), st.integers(0, 1)
payment = st.fixed_dictionaries(
    {"worker": seats_of_two, "head": heads, "amount": amounts, "due": st.integers(1, 60)}
)
draft = st.lists(payment, min_size=1, max_size=4)
part = st.sampled_from(("one", "half", "all but one", "all", "one too many"))
deed = st.one_of(
    st.tuples(st.just("pay"), seats_of_two, part),
    st.tuples(st.just("report"), st.none() | seats_of_two, part),
    st.tuples(st.just("confirm"), seats_of_two),
    st.tuples(st.just("deny"), seats_of_two),
    st.tuples(st.just("restate"), st.integers(0, 3), part),
    st.tuples(st.just("claim"), st.integers(0, 3), amounts | st.just(0)),
    st.tuples(st.sampled_from(("approve", "refuse"))),
    st.tuples(st.just("wait"), st.integers(1, 40)),
)
life = st.fixed_dictionaries(
    {
        "place": st.sampled_from(SUBDISTRICTS[:3]),
        "workers": st.integers(1, 2),
        "claims": st.lists(st.tuples(heads, amounts), min_size=1, max_size=3, unique_by=lambda one: one[0]),
        "drafts": st.lists(draft, min_size=1, max_size=3),
        "deeds": st.lists(deed, min_size=1, max_size=14),
    }
)
programs = st.lists(life, min_size=1, max_size=2)


@dataclass
class Playing:
    """One case of a program as it goes on."""

    session: object
    office: object
    case: int
    facts: object
    revision: int
    at: object

    def do(self, action, role=None, seat=0, data=None, actor=None):
        """One act a minute later, as its entry would keep it.  Raises Refused."""
        self.at += timedelta(minutes=1)
        data = in_hand(action, self.facts, self.at) if data is None else data
        actor = actor or makers.actor(role or makers.ROLES[action], seat)
        step = fire(
            self.session, self.office.catalogue, self.case, Ask(action, actor, self.revision, self.at, data)
        )
        self.facts, self.revision = step.facts, step.revision

    def attempt(self, *how, **more):
        with suppress(Refused):
            self.do(*how, **more)


def filed(session, office, plan):
    application = make_application(workers=plan["workers"], subdistrict=plan["place"])
    for worker in application["workers"]:
        worker["claims"] = [{"head": head, "amount": plain(fen)} for head, fen in plan["claims"]]
    filing = read_filing(application)
    start = start_draft(session, office.catalogue, filing, makers.actor("worker"), makers.MONDAY)
    return Playing(session, office, start.id, facts_of(start), 1, makers.MONDAY)


def sealed(case, plan):
    """From the draft through every version of the terms to the seal."""
    for action in path("in_meeting"):
        for role, seat in seats(action, case.facts):
            case.do(action, role, seat)
    action = "draft_terms"
    for rows in plan["drafts"]:
        today = day(case.at)
        payments = [
            {**row, "worker": row["worker"] % plan["workers"], "due": str(today + timedelta(days=row["due"]))}
            for row in rows
        ]
        case.do(action, data={"terms": {"payments": payments, "duties": []}})
        action = "amend_terms"
    for action in ("mark_clauses", "send_for_signing", "sign", "seal"):
        for role, seat in seats(action, case.facts):
            case.do(action, role, seat)


def share(whole, part):
    return {"one": 1, "half": whole // 2, "all but one": whole - 1, "all": whole, "one too many": whole + 1}[
        part
    ]


def wait(case, days):
    case.at += timedelta(days=days)


def pay(case, seat, part):
    report(case, seat, part)
    confirm(case, seat)


def report(case, seat, part):
    rows = zip(case.facts.terms.payments, case.facts.owed, strict=True)
    room = sum(p.amount - o.paid - o.reported for p, o in rows if seat in (None, p.worker))
    data = {"amount": share(room, part)} | ({} if seat is None else {"worker": seat})
    if part == "one too many":
        with pytest.raises(Refused):
            case.do("report_payment", data=data)
    elif data["amount"] > 0:
        case.attempt("report_payment", data=data)


def confirm(case, seat):
    case.attempt("confirm_payment", "worker", seat, data={})


def deny(case, seat):
    case.attempt("deny_payment", "worker", seat, data={})


def restate(case, index, part):
    index %= len(case.facts.owed)
    was = case.facts.owed[index].paid
    data = {"promised": index, "was": was, "right_amount": max(0, was - share(was, part))}
    case.attempt("restate_payment", data={**data, "reason": "bounced"})


def claim(case, index, right):
    index %= len(case.facts.claims)
    data = {"claim": index, "was": case.facts.claims[index].amount, "right_amount": right}
    case.attempt("correct_claim", data={**data, "reason": "typed_wrongly"})


def approve(case):
    case.attempt("approve_correction", actor=AGAIN, data={"reason": "saw_the_proof"})


def refuse(case):
    case.attempt("refuse_correction", actor=AGAIN, data={"reason": "no_proof"})


DEEDS = {one.__name__: one for one in (wait, pay, report, confirm, deny, restate, claim, approve, refuse)}


def after_the_seal(case, plan):
    for name, *words in plan["deeds"]:
        DEEDS[name](case, *words)


# --- the sums --------------------------------------------------------------------------------------


def without_nothing(sums):
    return {key: amount for key, amount in sums.items() if amount}


def by_key(cells):
    return {(cell.measure, cell.subdistrict, cell.month, cell.head): cell.amount for cell in cells}


def read_back(table):
    """An exported table as whoever opens it reads it: exact decimals, yuan as fen."""
    return {
        (row["measure"], row["subdistrict"], row["month"], row["head"]): int(
            Decimal(row["amount"]) * (100 if row["unit"] == "yuan" else 1)
        )
        for row in csv.DictReader(io.StringIO(table))
    }


def run(transaction, office, program):
    """Play a program, add up in four ways, and take everything back."""
    with transaction() as session:
        entries = Counter()
        for plan in program:
            case = filed(session, office, plan)
            sealed(case, plan)
            after_the_seal(case, plan)
            query = select(Entry).where(Entry.case_id == case.case).order_by(Entry.number)
            entries.update(Read(session.scalars(query), plan["place"]).sums)
            judge(session, case)
        summed = by_key(fold(session))
        assert summed == without_nothing(entries)
        assert by_key(hot(session)) == summed
        assert read_back(exported(session)) == summed
        session.rollback()  # nothing of an example stays


def judge(session, case):
    """I3 to I6: whole positive fen, reversed once and never twice; nobody paid more than was promised."""
    owed, promised = Counter(), Counter()
    lines = session.scalars(select(LedgerLine).where(LedgerLine.case_id == case.case)).all()
    reversed_ = {line.reverses for line in lines if line.reverses}
    assert len(reversed_) == sum(line.reverses is not None for line in lines)
    for line in lines:
        assert type(line.amount) is int
        assert line.amount > 0
        assert line.reverses is None or line.id not in reversed_
        key, sign = (line.worker, line.head), -1 if line.reverses else 1
        if {line.debit, line.credit} == {"owed", "agreed"}:
            promised[key] += sign * line.amount
            owed[key] += sign * line.amount
        elif {line.debit, line.credit} == {"paid", "owed"}:
            owed[key] -= sign * line.amount
    assert all(0 <= owed[key] <= promised[key] for key in promised | owed)
    unpaid = sum(p.amount - o.paid for p, o in zip(case.facts.terms.payments, case.facts.owed, strict=True))
    assert sum(owed.values()) == unpaid


RICH = {
    "place": SUBDISTRICTS[0],
    "workers": 2,
    "claims": [("wages", MOST), ("expenses", 1)],
    "drafts": [
        [{"worker": seat, "head": "wages", "amount": MOST, "due": 3} for seat in (0, 0, 1)],
        [{"worker": seat, "head": "wages", "amount": 700_000, "due": 30} for seat in (0, 0, 1)],
    ],
    "deeds": [
        ("pay", 0, "half"), ("report", None, "one too many"), ("claim", 1, 0), ("wait", 20),
        ("restate", 0, "one"), ("pay", 1, "all"), ("restate", 2, "all"), ("approve",), ("wait", 20),
        ("report", 0, "all"), ("deny", 0), ("pay", 0, "all"), ("pay", 1, "all"), ("claim", 0, 3),
        ("approve",),
    ],
}  # fmt: skip
"""Lowered and put off before the seal; then one of everything, over two months."""
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = settings(FEW, max_examples=10_000, suppress_health_check=list(HealthCheck))


@given(program=programs)
@example(program=[RICH, RICH | {"place": SUBDISTRICTS[1], "workers": 2}])
@FEW
def test_money_adds_up_in_four_ways(transaction, office, program):
    run(transaction, office, program)


def test_the_rich_example_does_what_it_says(transaction, office):
    with transaction() as session:
        case = filed(session, office, RICH)
        sealed(case, RICH)
        after_the_seal(case, RICH)
        query = select(Entry.action).where(Entry.case_id == case.case)
        done = Counter(session.scalars(query))
    wanted = {"report_payment": 5, "confirm_payment": 4, "deny_payment": 1, "restate_payment": 2}
    wanted |= {"correct_claim": 2, "book_claim": 2, "approve_correction": 2}
    assert {name: done[name] for name in wanted} == wanted
    assert done["book_payment"] + done["book_late_payment"] == 2


@pytest.mark.long
@given(program=programs)
@MANY
def test_money_adds_up_in_four_ways_in_ten_thousand_programs(transaction, office, program):
    run(transaction, office, program)


def test_no_column_of_any_table_can_hold_a_fraction(transaction):
    """Not by what the models say but by what the database made of it."""
    broken = ("REAL", "FLOAT", "DOUBLE", "NUMERIC", "DECIMAL", "MONEY")
    with transaction() as session:
        sqlite = session.get_bind().dialect.name == "sqlite"
        found = []
        for table in Base.metadata.tables:
            query = (
                f"SELECT name, type FROM pragma_table_info('{table}')"
                if sqlite
                else "SELECT column_name, data_type FROM information_schema.columns"
                f" WHERE table_schema = 'public' AND table_name = '{table}'"
            )
            found += [(table, *row) for row in session.execute(text(query))]
    assert ("ledger", "amount", "BIGINT" if sqlite else "bigint") in found
    assert len({table for table, *_ in found}) == len(Base.metadata.tables)
    assert [one for one in found if any(word in one[2].upper() for word in broken)] == []


def test_money_is_kept_as_whole_numbers_however_large(transaction, office):
    """SQLite takes any type in any column: what is in the rows is what counts."""
    plan = {"place": SUBDISTRICTS[0], "workers": 1, "claims": [("wages", MOST)], "deeds": []}
    plan["drafts"] = [[{"worker": 0, "head": "wages", "amount": MOST, "due": 3}]]
    with transaction() as session:
        case = filed(session, office, plan)
        sealed(case, plan)
        case.do("report_payment", data={"amount": MOST - 1})
        case.do("confirm_payment", data={})
        kind = "typeof" if session.get_bind().dialect.name == "sqlite" else "pg_typeof"
        for table in ("ledger", "totals"):
            kinds = session.scalars(text(f"SELECT DISTINCT CAST({kind}(amount) AS VARCHAR) FROM {table}"))
            assert set(kinds) <= {"integer", "bigint"}
        assert case.facts.state == "performing"
        assert by_key(fold(session))["paid", SUBDISTRICTS[0], "2026-03", "wages"] == MOST - 1
