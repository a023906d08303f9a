"""Hot totals are taken over into folded ones, and nobody who adds them up can tell."""

import pytest
from makers import make_case
from sqlalchemy import func, select, text

from mediation.services import totals as services
from mediation.services.audit import findings
from mediation.store import folded
from mediation.store.models import FoldedTotal, Total
from mediation.store.totals import fold, hot, margins, margins_of, rebuild


def state(session):
    return hot(session), margins(session)


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def worked(transaction, office):
    """Some cases with money in them."""

    def more():
        with transaction() as session:
            for state in ("submitted", "performing", "performed"):
                make_case(session, office, state=state, workers=2)

    more()
    return more


def test_what_is_read_stays_the_same_before_between_and_after(transaction, office, worked, monkeypatch):
    monkeypatch.setattr(folded, "MOST", 3)
    with transaction() as session:
        before = state(session)
        assert count(session, Total) > 3
        assert folded.fold_hot(session, 2) == 2
    with transaction() as session:
        assert state(session) == before
    services.fold_hot(transaction)
    with transaction() as session:
        assert count(session, Total) == 0
        assert state(session) == before
        assert hot(session) == fold(session)
    worked()
    with transaction() as session:
        assert count(session, Total) > 0
        assert state(session) != before
        assert (hot(session), margins(session)) == (fold(session), margins_of(fold(session)))
        assert list(findings(session, office.catalogue)) == []


def test_a_page_reads_as_few_rows_after_a_thousand_cases_as_after_ten(transaction, office, worked):
    services.fold_hot(transaction)
    with transaction() as session:
        few = session.scalar(
            select(func.count()).select_from(FoldedTotal).where(FoldedTotal.level.in_(folded.LEVELS))
        )
    worked()
    services.fold_hot(transaction)
    with transaction() as session:
        levels = FoldedTotal.level.in_(folded.LEVELS)
        assert session.scalar(select(func.count()).select_from(FoldedTotal).where(levels)) == few
        assert count(session, Total) == 0


@pytest.mark.parametrize("level", ["cell", "month"])
def test_the_audit_sees_a_folded_total_that_somebody_changed(transaction, office, worked, level):
    services.fold_hot(transaction)
    with transaction() as session:
        session.execute(
            text("UPDATE folded_totals SET amount = amount + 1 WHERE level = :level"), {"level": level}
        )
    with transaction() as session:
        assert any("running totals" in finding for finding in findings(session, office.catalogue))
        rebuild(session)
    with transaction() as session:
        assert list(findings(session, office.catalogue)) == []


def test_a_row_that_a_step_is_just_writing_is_left_for_the_next_time(app, transaction, worked, database_kind):
    from mediation.store.db import db

    if database_kind == "sqlite":
        pytest.skip("one writer at a time: there is nobody to wait for")
    with app.app_context(), db.engine.connect() as step:
        step.execute(text("UPDATE totals SET amount = amount WHERE measure = 'paid'"))
        with transaction() as session:
            there = count(session, Total)
            paid = session.scalar(select(func.count()).select_from(Total).where(Total.measure == "paid"))
            assert paid > 0
            assert folded.fold_hot(session) == there - paid
        step.rollback()
