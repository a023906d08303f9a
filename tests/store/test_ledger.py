"""The ledger takes only lines that make sense, and the totals beside it are its sums."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import makers
import pytest
from makers import make_case
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from mediation.services.audit import findings
from mediation.store.books import BOOKS, MEASURES, SHARDS
from mediation.store.models import LedgerLine, Party, Total
from mediation.store.totals import Cell, add_line, fold, hot, rebuild

GOOD = {
    "debit": "paid",
    "credit": "owed",
    "unit": "fen",
    "amount": 100,
    "subdistrict": "110101005",
    "head": "wages",
    "on_day": date(2026, 3, 2),
    "source": "手工更正",
}


@pytest.fixture(autouse=True)
def any_line(transaction):
    """Lines without a case stand here for those of cases: the guard of the openings is off."""
    with transaction() as session:
        table = "" if session.get_bind().dialect.name == "sqlite" else " ON ledger"
        session.execute(text(f"DROP TRIGGER ledger_no_other_opening{table}"))


def line(**changes):
    return LedgerLine(**(GOOD | changes))


def write(transaction, row):
    with transaction() as session:
        session.add(row)
        session.flush()
        return row.id


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"credit": "paid"}, "accounts"),
        ({"unit": "yuan"}, "unit"),
        ({"source": None}, "reason"),
        ({"case_id": 4711, "entry": 1}, "FOREIGN KEY|fk_ledger"),
        ({"reverses": 4711}, "FOREIGN KEY|fk_ledger"),
        ({"on_day": None}, "on_day"),
        ({"debit": None}, "debit"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_by_the_database(transaction, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        write(transaction, line(**changes))
    assert write(transaction, line())


def test_a_line_is_reversed_once(transaction):
    first = write(transaction, line())
    mirror = {"debit": "owed", "credit": "paid", "reverses": first}
    write(transaction, line(**mirror))
    with pytest.raises(IntegrityError, match="reverses"):
        write(transaction, line(**mirror))


def test_a_reversing_line_is_not_reversed(transaction):
    first = write(transaction, line())
    second = write(transaction, line(debit="owed", credit="paid", reverses=first))
    with pytest.raises(DatabaseError, match="a reversing line is not reversed"):
        write(transaction, line(reverses=second))


def test_a_reversal_takes_the_money_out_of_both_totals(transaction, office):
    with transaction() as session:
        make_case(session, office, state="performed")
        paid = session.scalars(select(LedgerLine).where(LedgerLine.debit == "paid")).first()
        expected = Cell("paid", "110101005", f"{paid.on_day:%Y-%m}", paid.head, paid.amount)
        before = hot(session)
        same = ("amount", "case_id", "entry", "head", "worker", "on_day")
        mirror = {"debit": paid.credit, "credit": paid.debit, "reverses": paid.id}
        add_line(session, line(**mirror, **{name: getattr(paid, name) for name in same}))
    with transaction() as session:
        assert hot(session) == fold(session)
        assert set(before) - set(hot(session)) == {expected}
        # The books add up; but undo is by people, and no entry of the log has asked for this line.
        [found] = findings(session, office.catalogue)
        assert "the ledger is not what the log posted" in found


@pytest.mark.parametrize("side", ["mediator", "WORKER", ""])
def test_a_party_is_on_one_of_two_sides(transaction, office, side):
    with transaction() as session:
        case_id = make_case(session, office, state="submitted").id
    with pytest.raises(IntegrityError, match="side"):
        write(transaction, Party(case_id=case_id, side=side, seat=9, name="某", phone="", key="k"))


def test_a_seat_is_taken_once(transaction, office):
    with transaction() as session:
        case_id = make_case(session, office, state="submitted").id
    with pytest.raises(IntegrityError, match=r"seat|UNIQUE"):
        write(transaction, Party(case_id=case_id, side="worker", seat=0, name="某", phone="", key="k"))


def test_every_pair_of_accounts_has_one_measure():
    assert len(MEASURES) == len(BOOKS)
    pairs = {frozenset((book.debit, book.credit)) for book in BOOKS.values()}
    assert len(pairs) == len(BOOKS), "a reversal of one measure is not a line of another"


# --- totals -------------------------------------------------------------------------------------------------


def test_the_running_totals_are_the_sums_of_the_ledger(transaction, office):
    with transaction() as session:
        for state in ("submitted", "performing", "performed", "breached", "withdrawn"):
            make_case(session, office, state=state, workers=2)
    with transaction() as session:
        assert hot(session) == fold(session)
        assert {cell.measure for cell in hot(session)} == {
            "claimed", "agreed", "paid", "settled_cases", "settled_workers",
        }  # fmt: skip
        total = {
            (debit, credit): amount
            for debit, credit, amount in session.execute(
                select(LedgerLine.debit, LedgerLine.credit, func.sum(LedgerLine.amount)).group_by(
                    LedgerLine.debit, LedgerLine.credit
                )
            )
        }
        for measure, book in BOOKS.items():
            found = sum(cell.amount for cell in hot(session) if cell.measure == measure)
            assert found == (total.get((book.debit, book.credit)) or 0)


def test_totals_that_were_dropped_are_rebuilt_exactly(transaction, office):
    with transaction() as session:
        for state in ("performing", "performed"):
            make_case(session, office, state=state, workers=2)
        before = hot(session)
    for _ in range(2):
        with transaction() as session:
            session.execute(delete(Total))
            rebuild(session)
        with transaction() as session:
            assert hot(session) == before
    with transaction() as session:
        make_case(session, office, state="performed")
    with transaction() as session:
        assert hot(session) == fold(session)
        assert hot(session) != before


def test_totals_are_spread_over_the_shards_of_their_cases(transaction, office):
    with transaction() as session:
        ids = [make_case(session, office, state="submitted").id for _ in range(SHARDS + 2)]
        shards = dict(
            session.execute(
                select(Total.shard, func.count()).where(Total.head == "wages").group_by(Total.shard)
            ).all()
        )
    assert shards == {number % SHARDS: 1 for number in ids}


def test_a_total_up_to_a_day_leaves_later_lines_out(transaction):
    with transaction() as session:
        for day, amount in ((date(2026, 1, 31), 1), (date(2026, 2, 1), 10), (date(2026, 2, 2), 100)):
            add_line(session, line(on_day=day, amount=amount))
    with transaction() as session:
        found = {
            last: sum(c.amount for c in fold(session, date(2026, *last)))
            for last in ((1, 30), (1, 31), (2, 1), (2, 2))
        }
        assert found == {(1, 30): 0, (1, 31): 1, (2, 1): 11, (2, 2): 111}
        assert [cell.month for cell in fold(session)] == ["2026-01", "2026-02"]


def test_large_sums_are_exact(transaction):
    largest = 10**14 - 1
    with transaction() as session:
        for _ in range(30):
            add_line(session, line(amount=largest))
    with transaction() as session:
        assert [cell.amount for cell in hot(session)] == [30 * largest]
        assert hot(session) == fold(session)


def test_many_writers_on_one_total_lose_nothing(transaction):
    def add(_):
        for _ in range(10):
            with transaction() as session:
                add_line(session, line(amount=7))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    with transaction() as session:
        assert [cell.amount for cell in hot(session)] == [560]
        assert hot(session) == fold(session)


def test_a_line_with_accounts_of_no_measure_is_an_error_and_leaves_nothing(transaction):
    def attempt():
        with transaction() as session:
            add_line(session, line(debit="pocket"))

    with pytest.raises((KeyError, DatabaseError)):
        attempt()
    with transaction() as session:
        assert session.scalars(select(LedgerLine)).all() == []
        assert session.execute(text("SELECT count(*) FROM totals")).scalar() == 0
        assert makers.everything(session)["cases"] == []
