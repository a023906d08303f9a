"""The shipped SQLite under several writing processes, check points and backups at once: nothing breaks.

No process is killed here.  This is the load under which releases with the WAL-reset bug corrupt a
database; the library that we ship, with the settings that we use, must not.
"""

import os
import random
import time
import traceback

import pytest
from makers import act, an_hour_ago, make_case, staff
from msgspec import json
from sqlalchemy import event, func, select

from mediation.store.models import Case, Entry
from mediation.store.sqlite import dbapi

WRITERS = 4


@pytest.fixture
def database_kind():
    """PostgreSQL has no library in our processes."""
    return "sqlite"


def write(stage, ref, until, told):
    """One writer: an act a transaction, and for each commit a byte to the one who counts."""

    @event.listens_for(stage.engine, "connect")
    def _impatient(driver, _record):
        driver.execute("PRAGMA wal_autocheckpoint=8")  # check points all the time, by everybody

    while time.monotonic() < until:
        with stage.work() as session:
            case = session.scalars(select(Case).where(Case.ref == ref)).one()
            act(session, stage.office, case, "contact_employer")
        os.write(told, b".")


def started(stage, ref, until):
    """A writer in a process of its own: its number, and where its bytes come from."""
    hears, told = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(hears)
            write(stage, ref, until, told)
            status = 0
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(status)
    os.close(told)
    return child, hears


def backup(source, target):
    """A copy by the online backup API, as an operator makes it."""
    driver = dbapi()
    live, copy = driver.connect(source, timeout=30), driver.connect(target)
    try:
        live.backup(copy, pages=20, sleep=0.001)
        return copy.execute("PRAGMA integrity_check").fetchall()
    finally:
        live.close()
        copy.close()


def soak(stage, tmp_path, seconds, chance):
    """Write and back up for so long: commits that were told, and how many backups were whole."""
    stage.restore("empty")
    with stage.work() as session:
        staff(session, "clerk")
        refs = [
            make_case(session, stage.office, state="contacting", at=an_hour_ago()).ref for _ in range(WRITERS)
        ]
        before = session.scalar(select(func.count()).select_from(Entry))
    stage.leave()
    until = time.monotonic() + seconds
    running = [started(stage, ref, until) for ref in refs]
    backups = []
    while time.monotonic() < until:
        time.sleep(chance.random() / 2)
        backups.append(backup(tmp_path / "mediation.sqlite", tmp_path / f"backup-{len(backups) % 2}.sqlite"))
    told = 0
    for child, hears in running:
        with os.fdopen(hears, "rb") as pipe:
            told += len(pipe.read())
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with stage.work() as session:
        written = session.scalar(select(func.count()).select_from(Entry)) - before
    print(f"{told} commits, {len(backups)} backups, SQLite {dbapi().sqlite_version}")
    return told, written, backups


@pytest.mark.long
def test_four_writers_check_points_and_backups_break_nothing_in_seventy_five_seconds(stage, tmp_path, seed):
    judge(stage, *soak(stage, tmp_path, 75, random.Random(seed)))  # noqa: S311 - to be replayed


def test_four_writers_and_backups_break_nothing_in_three_seconds(stage, tmp_path, seed):
    judge(stage, *soak(stage, tmp_path, 3, random.Random(seed)))  # noqa: S311 - to be replayed


def judge(stage, told, written, backups):
    assert told == written > 20
    assert backups
    assert all(one == [("ok",)] for one in backups)
    assert stage.faults() == []
    with stage.work() as session:
        last = session.scalars(select(Entry.data).order_by(Entry.id.desc()).limit(1)).one()
        assert json.decode(last) == {}
