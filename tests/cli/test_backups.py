"""backup, restore, and what work and doctor do for them."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from mediation.services import backups
from mediation.store import archive, archiving, sqlite


@pytest.fixture
def folder(tmp_path):
    """Where the archive lies."""
    return tmp_path / "archive"


def paper(home, content):
    digest = hashlib.sha256(content).hexdigest()
    place = home / "papers" / digest[:2] / f"{digest}.pdf"
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    return place.relative_to(home)


def test_a_backup_is_restored_into_a_new_folder_with_its_papers_and_without_its_keys(mediation, home, folder):
    mediation("demo")
    made = paper(home, b"%PDF a paper %%EOF")
    assert "can be restored" in mediation("backup", folder).out
    new = folder.parent / "new"
    answer = mediation("restore", folder, "--into", new)
    assert answer.status == 0, answer.err
    assert "The log and the ledger add up" in answer.out
    assert (new / made).read_bytes() == (home / made).read_bytes()
    names = {place.name for place in folder.rglob("*")}
    assert not names & {"keys", "secret_key", "config.py", "anchors.log"}


def test_nothing_is_restored_over_an_installation(mediation, fails, home, folder):
    mediation("backup", folder)
    before = (home / "mediation.sqlite").read_bytes()
    assert "never restored over" in fails("restore", folder, "--into", home)
    assert (home / "mediation.sqlite").read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ("--entries", "1000000"),
        ("--entries", "0"),
        ("--entries", "many"),
        ("--to", "2020-01-01"),
        ("--to", "2999-01-01"),
        ("--to", "yesterday"),
        ("--to", "2026-01-01", "--entries", "5"),
    ],
)
def test_what_the_archive_does_not_hold_is_refused(mediation, fails, home, folder, words):
    mediation("backup", folder)
    assert fails("restore", folder, "--into", folder.parent / "new", *words)
    assert not (folder.parent / "new" / "mediation.sqlite").exists()


def test_a_folder_without_a_backup_is_refused(fails, folder):
    assert "no backup" in fails("restore", folder, "--into", folder.parent / "new")


def test_a_damaged_archive_is_refused_in_one_sentence(mediation, fails, folder):
    mediation("backup", folder)
    base = folder / "0001" / "base"
    base.write_bytes(base.read_bytes()[:-1])
    assert "0001/base" in fails("restore", folder, "--into", folder.parent / "new")


def test_work_keeps_the_backup_and_the_doctor_says_how_old_it_is(mediation, home, folder, monkeypatch):
    assert "backup: WARNING: none is configured" in mediation("doctor").out
    monkeypatch.setenv("MEDIATION_BACKUP_DIR", str(folder))
    assert "there is none" in mediation("doctor").out
    assert mediation("work").status == 0
    sound = mediation("doctor")
    assert "backup: up to date" in sound.out
    late = datetime.now(UTC) + timedelta(minutes=61)
    assert "the newest is of" in backups.remark(folder, late)
    (folder / "0001" / "manifest").unlink()
    harmed = mediation("doctor")
    assert "WARNING: 0001/manifest" in harmed.out
    assert harmed.status == sound.status == 0, "a warning, no verdict"


def test_work_goes_on_when_the_backup_cannot(mediation, home, folder, monkeypatch, caplog):
    monkeypatch.setenv("MEDIATION_BACKUP_DIR", str(folder))
    monkeypatch.setattr(archiving.Archivist, "keep", lambda *_: 1 / 0)
    assert mediation("work").status == 0
    assert "the backup is not up to date" in caplog.text


def test_without_a_log_there_are_snapshots(mediation, home, folder, monkeypatch):
    monkeypatch.setattr(sqlite, "safe_in_wal", lambda: False)
    monkeypatch.setattr("mediation.cli.backups.safe_in_wal", lambda: False)
    assert "only whole snapshots" in mediation("backup", folder).out
    mediation("backup", folder)
    assert archive.numbers(folder) == [1], "a quarter of an hour apart"
    assert mediation("restore", folder, "--into", folder.parent / "new").status == 0


def test_postgresql_is_sent_to_its_own_tools(process, request, folder):
    copy = request.getfixturevalue("postgresql_copy")
    with copy() as url:
        assert "own tools" in process("backup", str(folder), DATABASE_URL=url).err
        assert "archive_mode is off" in process("doctor", DATABASE_URL=url).out
