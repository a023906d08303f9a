"""A power cut takes nothing that was acknowledged and breaks nothing, with the settings that we use.

The statements are those of real acts, recorded from the service, written to a database of our
migrations through a disk that forgets.  The controls prove that it does: with the settings that
people usually take, commits are lost.
"""

import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
import makers
import pytest
from cutting import Disk
from makers import act, make_case, staff
from sqlalchemy import select

from mediation.store.cases import facts_of
from mediation.store.models import Case
from mediation.store.sqlite import dbapi, pragmas
from mediation.store.steps import MOVE, READ, Sheet, spelled

SEED = 20261122
"""The short run is the same every time; the long one is not."""

CASES = 3
WAL = pragmas()
JOURNAL = ("journal_mode=DELETE", "synchronous=EXTRA", *WAL[2:])
STATE = (
    "SELECT id, revision, head, state, facts FROM cases ORDER BY id",
    "SELECT case_id, number, hash FROM entries ORDER BY 1, 2",
    "SELECT case_id, entry, debit, head, amount FROM ledger ORDER BY id",
    "SELECT measure, subdistrict, month, head, shard, amount FROM totals ORDER BY 1, 2, 3, 4, 5",
    "SELECT case_id, entry, audience FROM outbox ORDER BY id",
    "SELECT case_id, entry, kind FROM jobs ORDER BY id",
)


@pytest.fixture
def database_kind():
    """PostgreSQL has its own answer to power cuts, and its own tests of it."""
    return "sqlite"


@dataclass
class Recording:
    """A database of cases that have been filed, and what each step after that wrote."""

    place: Path
    steps: list[list[tuple[str, list[Any]]]]


@pytest.fixture
def recording(stage, tmp_path, monkeypatch):
    """The acts of several cases as the service writes them, each a transaction of its own."""
    stage.restore("empty")
    with stage.work() as session:
        for role in ("clerk", "mediator", "admin"):
            staff(session, role)
        for _ in range(CASES):
            make_case(session, stage.office, state="submitted")
    stage.keep("filed")
    steps, run = [], Sheet._run

    def record(sheet, statement, values):
        if statement == MOVE:
            steps.append([])
        if statement != READ:
            steps[-1].append((statement, spelled(values)))
        return run(sheet, statement, values)

    monkeypatch.setattr(Sheet, "_run", record)
    with stage.work() as session:
        for case in session.scalars(select(Case).order_by(Case.id)):
            live(session, stage.office, case)
    monkeypatch.undo()
    stage.leave()
    return Recording(tmp_path / "mediation.filed", steps)


def live(session, office, case):
    """From the call to the employer to the last payment."""
    for action in makers.path("performed")[1:]:
        session.refresh(case)
        for role, seat in makers.seats(action, facts_of(case)):
            act(session, office, case, action, role=role, seat=seat)


@dataclass
class Outcome:
    """What was found after the cuts."""

    cuts: int = 0
    lost: int = 0
    broken: list[str] = field(default_factory=list)


class Cutter:
    """Writes a recording again and again and keeps what power cuts at random moments would leave."""

    def __init__(self, folder, settings, seed):
        folder.mkdir()
        self.folder, self.settings = folder, settings
        self.chance = random.Random(seed)  # noqa: S311 - to be replayed, not to be secret
        self.disk = Disk(f"disk {folder.name}", self.perhaps)
        self.moments, self.acknowledged, self.wanted = [], 0, 0

    def perhaps(self):
        """Cut now, or do not."""
        if len(self.moments) < self.wanted and self.chance.random() < 0.12:
            place = self.folder / f"cut-{self.wanted - len(self.moments)}"
            place.mkdir()
            self.disk.cut(place, self.chance)
            self.moments.append((place, self.acknowledged))

    def run(self, recording, wanted):
        """Write the whole recording once: the moments of at most `wanted` cuts, and what stood there when."""
        live = self.folder / f"live-{wanted}" / "mediation.sqlite"
        live.parent.mkdir()
        shutil.copyfile(recording.place, live)
        self.disk.begin(live)
        self.moments, self.acknowledged, self.wanted = [], 0, 0
        connection = apsw.Connection(str(live), vfs=self.disk.title)
        for pragma in (*self.settings, "wal_autocheckpoint=60"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        self.wanted, states = wanted, [said(connection)]
        for step in recording.steps:
            write(connection, step)
            self.acknowledged += 1
            self.perhaps()
            states.append(said(connection))
        self.wanted = 0  # while it closes, nobody waits for an acknowledgement
        connection.close()
        return self.moments, states


def cut_often(recording, folder, settings, *, cuts, seed):
    """Cut the power so many times; what was found."""
    cutter, outcome = Cutter(folder, settings, seed), Outcome()
    while outcome.cuts < cuts:
        moments, states = cutter.run(recording, cuts - outcome.cuts)
        assert moments, "a disk that is never cut"
        outcome.cuts += len(moments)
        judge(outcome, moments, states)
    cutter.disk.unregister()
    return outcome


def write(connection, step):
    connection.execute("BEGIN IMMEDIATE")
    for statement, values in step:
        connection.execute(statement, values)
    connection.execute("COMMIT")


def said(connection):
    return [connection.execute(query).fetchall() for query in STATE]


def judge(outcome, moments, states):
    """Open what each cut has left, with the library and the settings of the application."""
    for place, acknowledged in moments:
        connection = dbapi().connect(place / "mediation.sqlite")
        try:
            found = said(connection)
            whole = connection.execute("PRAGMA integrity_check").fetchall()
            strays = connection.execute("PRAGMA foreign_key_check").fetchall()
        except dbapi().DatabaseError as error:
            outcome.broken.append(f"{place.name}: {error}")
            continue
        finally:
            connection.close()
        if whole != [("ok",)] or strays or found not in states:
            outcome.broken.append(f"{place.name}: {whole[:1]}, {strays[:1]}, {found in states}")
            continue
        outcome.lost += max(0, acknowledged - states.index(found))
        shutil.rmtree(place)


@pytest.mark.parametrize("settings", [WAL, JOURNAL], ids=["wal", "journal"])
def test_no_acknowledged_commit_is_lost_in_a_power_cut(recording, tmp_path, settings):
    outcome = cut_often(recording, tmp_path / "safe", settings, cuts=110, seed=SEED)
    assert outcome == Outcome(cuts=110)


@pytest.mark.long
@pytest.mark.parametrize("settings", [WAL, JOURNAL], ids=["wal", "journal"])
def test_no_acknowledged_commit_is_lost_in_five_hundred_power_cuts(recording, tmp_path, settings, seed):
    outcome = cut_often(recording, tmp_path / "safe", settings, cuts=500, seed=seed)
    assert outcome == Outcome(cuts=500)


@pytest.mark.parametrize(
    "settings",
    [("journal_mode=WAL", "synchronous=NORMAL"), ("journal_mode=DELETE", "synchronous=FULL")],
    ids=["wal with NORMAL", "journal with FULL"],
)
def test_the_disk_does_forget_what_the_usual_settings_do_not_sync(recording, tmp_path, settings):
    """If these lose nothing, the tests above prove nothing."""
    outcome = cut_often(recording, tmp_path / "careless", settings, cuts=60, seed=SEED)
    print(f"{outcome.cuts} cuts, {outcome.lost} acknowledged commits lost")
    assert outcome.lost > 0
    assert outcome.broken == []


def test_the_disk_does_break_a_database_that_is_not_synced_at_all(recording, tmp_path):
    settings = ("journal_mode=DELETE", "synchronous=OFF")
    outcome = cut_often(recording, tmp_path / "reckless", settings, cuts=60, seed=SEED)
    assert outcome.broken
