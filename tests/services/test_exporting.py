"""The table of totals, and that every total can be dropped: it is a fold of the ledger and nothing else."""

import itertools
import threading
from datetime import date, timedelta

import makers
import pytest
from makers import act, make_case, make_filing
from sqlalchemy import delete, func, select, text

from mediation.services import totals
from mediation.services.audit import findings
from mediation.services.exporting import exported, written
from mediation.services.opening import make_ready
from mediation.store.models import FoldedTotal, LedgerLine, Total
from mediation.store.totals import Cell, add_line, fold, hot, margins, margins_of

CACHES = (Total, FoldedTotal)
FAR = date(2999, 1, 1)


@pytest.fixture
def worked(transaction, office):
    """Cases at several places over two months, one with a correction, some totals folded and some hot."""
    make_ready(transaction, makers.MONDAY)
    places = ("110101001", "110101005", "110101017")
    for number, state in enumerate(("submitted", "performing", "performed", "breached")):
        with transaction() as session:
            filing = make_filing(workers=2, subdistrict=places[number % 3])
            at = makers.MONDAY + timedelta(days=17 * number)
            case = make_case(session, office, state=state, filing=filing, at=at)
            if state == "performed":
                act(session, office, case, "restate_payment", right_amount=499_000)
        if number == 2:
            totals.fold_hot(transaction)


def all_ways(transaction):
    with transaction() as session:
        tables = {exported(session), exported(session, FAR), written(hot(session)), written(fold(session))}
        assert len(tables) == 1, "byte by byte"
        assert margins(session) == margins_of(fold(session))
        return tables.pop()


def test_drop_all_caches(transaction, office, worked):
    before = all_ways(transaction)
    assert before.count("\n") > 10
    for cache in (*CACHES, None):
        with transaction() as session:
            for dropped in (cache,) if cache else CACHES:
                assert session.execute(delete(dropped)).rowcount
            assert exported(session) != before
        totals.count_again(transaction)
        assert all_ways(transaction) == before
        with transaction() as session:
            # So that each of the two has something to lose in the next round.
            make_case(session, office, state="performing", at=makers.MONDAY + timedelta(days=70))
        before = all_ways(transaction)
    with transaction() as session:
        assert list(findings(session, office.catalogue)) == []


def test_counted_again_while_others_post(transaction):
    """Whoever posts in between is neither left out nor counted twice."""
    with transaction() as session:  # lines of no case are quick to make, and refused in service
        table = " ON ledger" if session.get_bind().dialect.name == "postgresql" else ""
        session.execute(text(f"DROP TRIGGER ledger_no_other_opening{table}"))
    done, months = threading.Event(), itertools.count()

    def post():
        line = {"debit": "paid", "credit": "owed", "unit": "fen", "head": "wages", "source": "x"}
        for month in months:  # a new total each time: nobody has it locked
            if done.is_set():
                return
            with transaction() as session:
                on_day = date(1900, 1, 2) + timedelta(days=31 * (month % 12_000))
                add_line(session, LedgerLine(**line, amount=7, on_day=on_day))

    writers = [threading.Thread(target=post) for _ in range(4)]
    for one in writers:
        one.start()
    for _ in range(15):
        totals.count_again(transaction)
    done.set()
    for one in writers:
        one.join(60)
    all_ways(transaction)
    with transaction() as session:
        lines = session.scalar(select(func.count()).select_from(LedgerLine))
        assert lines
        assert sum(cell.amount for cell in hot(session)) == 7 * lines


def test_a_table_says_yuan_exactly_and_counts_as_they_are():
    cells = [
        Cell("agreed", "110101005", "2026-03", "wages", 10**14 - 1),
        Cell("paid", "110101005", "2026-03", "wages", -5),
        Cell("settled_workers", "110101005", "2026-03", "", 12),
        Cell("pocket owed", "", "2026-03", "", 7),
    ]
    assert written(cells).splitlines() == [
        "measure,unit,subdistrict,month,head,amount",
        "agreed,yuan,110101005,2026-03,wages,999999999999.99",
        "paid,yuan,110101005,2026-03,wages,-0.05",
        "settled_workers,person,110101005,2026-03,,12",
        "pocket owed,,,2026-03,,7",
    ]


def test_a_table_up_to_a_day_leaves_later_lines_out(transaction, worked):
    with transaction() as session:
        assert ",2026-04," not in exported(session, date(2026, 3, 31))
        assert ",2026-04," in exported(session, date(2026, 4, 30))
