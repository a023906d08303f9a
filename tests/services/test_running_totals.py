"""The district's totals: what was published before, what was added since, by place, month and head."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import makers
import pytest
from makers import make_case, make_filing
from sqlalchemy import select

from mediation.services import totals
from mediation.services.audit import findings
from mediation.services.opening import make_ready
from mediation.store.models import LedgerLine

TODAY = date(2026, 6, 1)


@pytest.fixture
def books(transaction):
    """Books that have been opened."""
    make_ready(transaction, makers.MONDAY)


def now(transaction):
    with transaction() as session:
        return totals.now(session, TODAY)


def test_the_published_figures_are_where_the_totals_go_on_from(transaction, books):
    found = now(transaction)
    assert (found.cases, found.opening_cases, found.settled_cases) == (5674, 5674, 0)
    assert (found.recovered, found.opening_recovered, found.paid) == (17_000_000_000, 17_000_000_000, 0)
    with transaction() as session:
        lines = session.scalars(select(LedgerLine)).all()
        assert [(line.unit, line.amount, line.on_day, line.case_id) for line in lines] == [
            ("case", 5674, date(2022, 12, 31), None),
            ("fen", 17_000_000_000, date(2022, 12, 31), None),
        ]
        assert {line.source for line in lines} == {"more than 1.7亿 published in 2022"}


def test_the_books_are_opened_once_however_often_the_office_starts(transaction, office):
    for _ in range(3):
        make_ready(transaction, makers.MONDAY)
    assert now(transaction).cases == 5674
    with transaction() as session:
        assert list(findings(session, office.catalogue)) == []


def test_the_books_are_opened_once_by_many_who_start_together(transaction):
    ready = threading.Barrier(8)

    def start(_):
        ready.wait(20)
        make_ready(transaction, makers.MONDAY)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(start, range(8)))
    found = now(transaction)
    assert (found.cases, found.recovered) == (5674, 17_000_000_000)


def test_the_books_are_opened_once_by_two_processes_that_start_together(transaction, database_url, tmp_path):
    """Each finds an empty instance folder, makes it ready, and prints the same totals."""
    program = "from mediation.cli.main import main; main()"
    command = [sys.executable, "-c", program, "totals", "--json"]
    env = {"MEDIATION_INSTANCE": str(tmp_path / "shared"), "DATABASE_URL": database_url, "PATH": ""}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = [subprocess.Popen(command, env=env, **pipes) for _ in range(3)]
    ended = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], ended
    assert len({out for out, _ in ended}) == 1
    assert now(transaction).cases == 5674


def test_books_with_lines_are_not_opened_again(transaction, office):
    """A district that was brought over with its own openings keeps them."""
    with transaction() as session:
        make_case(session, office, state="submitted")
    make_ready(transaction, makers.MONDAY)
    assert now(transaction).cases == 0


def test_four_totals_are_kept_apart(transaction, office, books):
    with transaction() as session:
        for state in ("submitted", "performing", "performed"):
            make_case(session, office, state=state, workers=2)
    found = now(transaction)
    assert found.claimed == 3 * 2 * (600_000 + 12_050)
    assert found.agreed == 2 * 2 * 508_600
    assert found.paid == 2 * 508_600
    assert found.owed == found.agreed - found.paid
    assert found.recovered == 17_000_000_000 + found.paid, "what is promised is not recovered"
    assert (found.settled_cases, found.settled_workers, found.cases) == (2, 4, 5676)


def test_totals_are_told_by_place_month_and_head(transaction, office, books):
    with transaction() as session:
        for place, days in (("110101001", 0), ("110101017", 0), ("110101017", 40)):
            filing = make_filing(subdistrict=place)
            make_case(
                session, office, state="submitted", filing=filing, at=makers.MONDAY + timedelta(days=days)
            )
    found = now(transaction)
    assert found.by("subdistrict", "claimed") == {"110101001": 612_050, "110101017": 2 * 612_050}
    assert found.by("month", "claimed") == {"2026-03": 2 * 612_050, "2026-04": 612_050}
    assert found.by("head", "claimed") == {"expenses": 3 * 12_050, "wages": 3 * 600_000}
    assert found.by("head", "paid") == {}


def test_the_month_is_that_of_the_day_in_beijing(transaction, office):
    late = makers.MONDAY.replace(month=3, day=31, hour=23, minute=59)
    with transaction() as session:
        make_case(session, office, state="submitted", at=late)
        make_case(session, office, state="submitted", at=late - timedelta(minutes=5))
    assert now(transaction).by("month", "claimed") == {"2026-03": 612_050, "2026-04": 612_050}


@pytest.mark.parametrize("days", [-1, 0, 1, 30, 365])
def test_totals_up_to_a_day_are_those_that_the_office_showed_on_that_day(transaction, office, books, days):
    last = makers.MONDAY + timedelta(days=days)
    start = makers.MONDAY - timedelta(days=2)
    moments = [start + timedelta(days=n) for n in range(0, 40, 9)]
    shown = None
    for at in moments:
        if at.date() > last.date() and shown is None:
            shown = now(transaction)
        with transaction() as session:
            make_case(session, office, state="submitted", at=at)
    shown = shown or now(transaction)
    with transaction() as session:
        found = totals.as_of(session, last.date())
    assert found.as_of == last.date()
    assert found.margins == shown.margins
    assert found.claimed == shown.claimed


def test_before_the_opening_there_is_nothing(transaction, books):
    with transaction() as session:
        found = totals.as_of(session, date(2022, 12, 30))
        assert (found.cases, found.recovered, found.margins) == (0, 0, {})
        assert totals.as_of(session, date(2022, 12, 31)).cases == 5674
