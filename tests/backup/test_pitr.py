"""An operator's mistake is undone: the database as it was one commit before it (security.md P-41)."""

import os
import random
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path

import makers
import offering
import pytest

from mediation.app import create_app
from mediation.services import backups
from mediation.services.audit import findings
from mediation.store import archive, archiving
from mediation.store import db as store
from mediation.store.archive import Damaged
from mediation.store.archiving import Archivist, Taken
from mediation.store.restoring import Goal, Unreachable
from mediation.store.sqlite import dbapi

NOON = makers.MONDAY + timedelta(days=1)
"""When the first round is done; offers follow it by seconds."""
HERE = Path(__file__).parents[1]


@pytest.fixture
def database_kind():
    """PostgreSQL has its own way: test_pitr_postgresql.py."""
    return "sqlite"


@pytest.fixture
def place(database_url):
    """The database file."""
    return Path(database_url.removeprefix("sqlite:///"))


@pytest.fixture
def folder(tmp_path):
    """Where the archive lies."""
    return tmp_path / "archive"


@pytest.fixture
def archivist(folder, place):
    """`with archivist() as keep: keep()` does a round; each is a minute after the one before."""
    minutes = count()

    class Open:
        def __enter__(self):
            self.held = Archivist(folder, place)
            return lambda: self.held.keep(lambda: NOON + timedelta(minutes=next(minutes)))

        def __exit__(self, *_error):
            self.held.close()

    return Open


def restored(folder, goal, into):
    """The receipts in the database that is restored, which adds up."""
    backups.restore(folder, goal, into)
    url = f"sqlite:///{into / backups.DATABASE}"
    app = create_app(into, MIGRATE=False, DATABASE_URL=url)
    with app.app_context():
        with store.reading() as session:
            assert list(findings(session, app.extensions["office"].catalogue)) == []
        store.db.engine.dispose()
    with closing(dbapi().connect(into / backups.DATABASE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return offering.receipts(connection)


def by_hand(place, statement):
    """What an operator does with a shell of SQLite."""
    with closing(dbapi().connect(place, isolation_level=None, timeout=30)) as connection:
        connection.execute(statement)


@pytest.mark.parametrize("table", ["entries", "ledger"])
def test_pitr(app, place, folder, archivist, tmp_path, table):
    told = []
    with offering.writer(app) as offer, archivist() as keep:
        keep()
        with closing(dbapi().connect(place)) as connection:
            before = offering.receipts(connection)
        for number in range(1, 1001):
            if number == 700:
                by_hand(place, f"DROP TABLE {table}")
            try:
                told.append(offer())
            except dbapi().OperationalError:
                assert (number, table) >= (700, "entries")
                break
            if number % 130 == 0:
                keep()
        last = keep()
    assert len(told) == (699 if table == "entries" else 1000)
    assert len({piece.point.log for piece in last.pieces}) > 1, "the log began anew, with nothing lost"
    wanted = before + told[:699]
    assert restored(folder, Goal(entry=wanted[-1][0]), tmp_path / "new") == wanted
    # The operator himself has lost nothing by it: the running database is what it was.
    assert not (tmp_path / "new" / "mediation.sqlite-wal").exists()


def test_every_single_entry_can_be_gone_back_to(app, folder, archivist, tmp_path):
    with offering.writer(app, 2) as offer, archivist() as keep:
        keep()
        told = []
        for _ in range(4):
            told += [offer(), offer()]
            keep()
    for number, (entry, _) in enumerate(told):
        found = restored(folder, Goal(entry=entry), tmp_path / str(entry))
        assert found[-1 - number :] == told[: number + 1]


def test_a_moment_holds_what_was_entered_by_then_and_nothing_later(app, folder, archivist, tmp_path):
    with offering.writer(app, 2) as offer, archivist() as keep:
        first = keep()
        told = [offer() for _ in range(4)]
        second = keep()
        dropped = keep()
    assert restored(folder, Goal(moment=second.seen), tmp_path / "a")[-4:] == told
    assert told[0] not in restored(folder, Goal(moment=first.seen), tmp_path / "b")
    assert restored(folder, Goal(), tmp_path / "c")[-4:] == told
    with pytest.raises(Unreachable, match="ends at"):
        backups.restore(folder, Goal(moment=dropped.seen + timedelta(seconds=1)), tmp_path / "d")
    with pytest.raises(Unreachable, match="no backup"):
        backups.restore(folder, Goal(moment=NOON - timedelta(seconds=1)), tmp_path / "e")
    with pytest.raises(Unreachable):
        backups.restore(folder, Goal(entry=told[-1][0] + 1), tmp_path / "f")


def test_deleted_rows_are_there_in_an_earlier_generation(
    app, place, folder, archivist, tmp_path, monkeypatch
):
    with offering.writer(app, 2) as offer, archivist() as keep:
        keep()
        told = [offer() for _ in range(5)]
        by_hand(place, "DROP TRIGGER IF EXISTS entries_no_delete")
        with closing(dbapi().connect(place, isolation_level=None)) as connection:
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute("DELETE FROM entries WHERE id > 3")
        monkeypatch.setattr(archiving, "NEW_BASE", timedelta(0))
        keep()
    assert archive.numbers(folder) == [1, 2]
    assert restored(folder, Goal(entry=told[2][0]), tmp_path / "new")[-3:] == told[:3]


def test_what_nobody_watched_is_a_new_generation_and_never_a_wrong_state(app, folder, archivist, tmp_path):
    with offering.writer(app, 2) as offer:
        with archivist() as keep:
            keep()
            watched = offer()
            keep()
        store.db.engine.dispose()  # the last to close takes the log away
        missed, kept = offer(), offer()
        with archivist() as keep:
            keep()
    assert archive.numbers(folder) == [1, 2]
    assert restored(folder, Goal(entry=watched[0]), tmp_path / "a")[-1] == watched
    assert restored(folder, Goal(entry=kept[0]), tmp_path / "b")[-2:] == [missed, kept]
    with pytest.raises(Unreachable):
        backups.restore(folder, Goal(entry=missed[0]), tmp_path / "c")


def test_an_archivist_who_is_back_soon_goes_on_where_he_was(app, folder, archivist, tmp_path):
    with offering.writer(app, 2) as offer:
        told = []
        for _ in range(3):
            with archivist() as keep:
                keep()
            told += [offer(), offer()]
        with archivist() as keep:
            keep()
    assert archive.numbers(folder) == [1]
    assert restored(folder, Goal(entry=told[2][0]), tmp_path / "new")[-3:] == told[:3]


def test_a_round_that_fails_lets_the_log_go_and_the_next_knows(app, folder, archivist, tmp_path, monkeypatch):
    with offering.writer(app, 2) as offer:
        opened = archivist()
        with opened as keep:
            keep()
            offer()
            with monkeypatch.context() as full:
                full.setattr(archiving.durable, "write", lambda *_: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    keep()
            assert not opened.held._reader.in_transaction
            told = [offer(), offer()]
            keep()
    assert restored(folder, Goal(entry=told[1][0]), tmp_path / "new")[-2:] == told


def test_only_one_keeps_an_archive(archivist):
    with archivist(), pytest.raises(Taken), archivist():
        pass


def test_a_backup_while_another_process_writes_loses_no_commit(app, place, folder, archivist, tmp_path):
    command = [
        sys.executable,
        str(HERE / "backup" / "offering.py"),
        str(tmp_path / "i"),
        f"sqlite:///{place}",
    ]
    env = {**os.environ, "PYTHONPATH": f"{HERE.parent}:{HERE}"}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        with app.app_context(), archivist() as keep:
            first = keep()
            until = time.monotonic() + 3
            while time.monotonic() < until:
                keep()
            process.kill()
            lines = [line.split() for line in process.stdout.read().splitlines()]
            last = keep()
    told = [(int(line[0]), line[1]) for line in lines if len(line) == 2 and len(line[1]) == 64]
    assert len(told) > 20
    everything = restored(folder, Goal(), tmp_path / "all")
    assert set(told) <= set(everything)
    assert last.last.entry == everything[-1][0]
    for number in random.sample(range(first.last.entry, len(everything)), 3):
        entry = everything[number][0]
        assert restored(folder, Goal(entry=entry), tmp_path / str(entry)) == everything[: number + 1]


# --- archives that are not what was written --------------------------------------------------------------


def flip(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def truncate(file):
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize("harm", [flip, truncate, Path.unlink])
@pytest.mark.parametrize("name", ["base", "000001.pages", "000002.pages", "manifest"])
def test_a_damaged_archive_is_refused(app, folder, archivist, tmp_path, name, harm):
    with offering.writer(app, 1) as offer, archivist() as keep:
        keep()
        entry, _ = offer()
        keep()
        offer()
        keep()
    harm(folder / "0001" / name)
    for goal in (Goal(), Goal(entry=entry)):
        with pytest.raises(Damaged, match=f"0001/{name}"):
            backups.restore(folder, goal, tmp_path / "new")
        assert list((tmp_path / "new").iterdir()) == []


def test_a_generation_that_is_gone_is_missed(app, folder, archivist, tmp_path, monkeypatch):
    monkeypatch.setattr(archiving, "NEW_BASE", timedelta(0))
    with offering.writer(app, 1), archivist() as keep:
        for _ in range(3):
            keep()
    (folder / "0002").rename(tmp_path / "elsewhere")
    with pytest.raises(Damaged, match="missing"):
        backups.restore(folder, Goal(), tmp_path / "new")


def test_nothing_is_restored_over_something(app, folder, archivist, tmp_path):
    with app.app_context(), archivist() as keep:
        keep()
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mediation.sqlite").write_text("ours")
    with pytest.raises(FileExistsError):
        backups.restore(folder, Goal(), tmp_path / "used")
    assert (tmp_path / "used" / "mediation.sqlite").read_text() == "ours"


def test_old_generations_go_when_no_moment_of_theirs_is_wanted(app, folder, archivist, monkeypatch):
    monkeypatch.setattr(archiving, "NEW_BASE", timedelta(0))
    with app.app_context(), archivist() as keep:
        done = [keep() for _ in range(4)]
    archive.prune(folder, done[-1].seen, timedelta(minutes=1, seconds=30))
    # The third began a minute ago: what was before it is in the second.
    assert archive.numbers(folder) == [2, 3, 4]
