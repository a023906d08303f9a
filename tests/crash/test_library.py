"""Which SQLite runs, how it is used, and what the doctor says of it."""

import os
import sqlite3
import subprocess
import sys

import pytest

from mediation.store import disks
from mediation.store.sqlite import faults, pragmas, repaired

COMMAND = "from mediation.cli.main import main; main()"
WITHOUT_PYSQLITE3 = f"import sys; sys.modules['pysqlite3'] = None; {COMMAND}"
CARELESS = f"import mediation.store.db as db; db.pragmas = lambda: ('journal_mode=WAL', '{{}}'); {COMMAND}"


def ran(code, *words, home, **env):
    """A command in a process of its own, after some lines of Python."""
    env = {
        "MEDIATION_INSTANCE": str(home),
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": os.pathsep.join(sys.path),
    } | env
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ("3.7.0", False),
        ("3.40.1", False),
        ("3.44.5", False),
        ("3.44.6", True),
        ("3.45.0", False),
        ("3.46.1", False),
        ("3.50.6", False),
        ("3.50.7", True),
        ("3.51.0", False),
        ("3.51.2", False),
        ("3.51.3", True),
        ("3.53.4", True),
        ("4.0.0", True),
    ],
)
def test_only_repaired_releases_and_their_back_ports_run_with_a_wal(version, safe):
    assert repaired(tuple(map(int, version.split(".")))) is safe


@pytest.mark.parametrize(
    ("version", "journal", "synchronous", "expected"),
    [
        ((3, 53, 4), "wal", 2, ""),
        ((3, 53, 4), "wal", 3, ""),
        ((3, 53, 4), "wal", 1, "not FULL"),
        ((3, 40, 1), "wal", 2, "can corrupt"),
        ((3, 40, 1), "delete", 3, ""),
        ((3, 53, 4), "delete", 2, "not EXTRA"),
        ((3, 53, 4), "memory", 3, "a crash can corrupt"),
        ((3, 53, 4), "off", 3, "a crash can corrupt"),
    ],
)
def test_a_setting_that_loses_or_corrupts_is_a_fault(version, journal, synchronous, expected):
    found = faults(version, journal, synchronous)
    assert bool(found) == bool(expected)
    assert expected in "".join(found)


def test_the_shipped_library_runs_with_a_wal():
    assert {"journal_mode=WAL", "synchronous=FULL"} <= set(pragmas())


def test_the_doctor_names_library_settings_file_system_and_verdict(tmp_path):
    done = ran(COMMAND, "doctor", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "(pysqlite3.dbapi2)" in done.stdout
    assert "journal: wal, synchronous: 2" in done.stdout
    assert f"file system: {disks.file_system(tmp_path)}" in done.stdout
    assert done.stdout.endswith("verdict: sound\n")


def test_without_the_repaired_library_a_journal_is_used_and_loudly(tmp_path):
    """On the library of Debian 12; where the system's own is repaired, it is used with a WAL."""
    done = ran(WITHOUT_PYSQLITE3, "doctor", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"SQLite {sqlite3.sqlite_version} (sqlite3.dbapi2)" in done.stdout
    if repaired(sqlite3.sqlite_version_info):
        assert "journal: wal, synchronous: 2" in done.stdout
        return
    assert "journal: delete, synchronous: 3" in done.stdout
    assert "without a WAL" in done.stdout
    warned = done.stderr.strip().splitlines()
    assert len(warned) == 1, "once and on its own line"
    assert "can corrupt a database in WAL mode: running in journal_mode=DELETE" in warned[0]


def test_a_database_with_a_wal_is_taken_over_without_one(tmp_path):
    """Somebody removes pysqlite3 from an installation: nothing is lost, and the WAL is gone."""
    assert ran(COMMAND, "totals", home=tmp_path).returncode == 0
    before = ran(COMMAND, "audit", home=tmp_path)
    after = ran(WITHOUT_PYSQLITE3, "doctor", home=tmp_path)
    assert (before.returncode, after.returncode) == (0, 0)
    if not repaired(sqlite3.sqlite_version_info):
        assert "journal: delete" in after.stdout
    assert ran(COMMAND, "audit", home=tmp_path).stdout == before.stdout


@pytest.mark.parametrize("pragma", ["synchronous=NORMAL", "synchronous=OFF"])
def test_the_doctor_refuses_a_careless_installation(tmp_path, pragma):
    done = ran(CARELESS.format(pragma), "doctor", home=tmp_path)
    assert done.returncode == 1
    assert done.stdout.endswith("verdict: unsafe\n")
    assert "lost in a power cut" in done.stderr


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_the_doctor_refuses_a_server_that_does_not_write_to_the_disk(tmp_path, database_url):
    """The server of the tests is such a one."""
    done = ran(COMMAND, "doctor", home=tmp_path, DATABASE_URL=database_url)
    assert "fsync: off" in done.stdout, "a server given in TEST_POSTGRESQL should not sync either"
    assert done.returncode == 1
    assert "fsync is off" in done.stderr


def test_the_deepest_mount_counts_and_a_network_is_named(tmp_path, monkeypatch, caplog):
    mounts = tmp_path / "mounts"
    folder = tmp_path.resolve()
    share = folder / "the share"
    spelled = str(share).replace(" ", "\\040")
    mounts.write_text(f"disk / ext4 rw 0 0\nmemory {folder} tmpfs rw 0 0\nserver:/x {spelled} nfs4 rw 0 0\n")
    monkeypatch.setattr(disks, "MOUNTS", mounts)
    assert disks.file_system(share / "instance") == "nfs4"
    assert disks.file_system(folder) == "tmpfs"
    assert disks.file_system(folder.parent) == "ext4"
    assert "network" in disks.hint("nfs4")
    assert disks.over_network("fuse.sshfs")
    assert disks.hint("ext4") == ""
    with caplog.at_level("ERROR"):
        for database in (None, ":memory:", str(folder / "here.sqlite"), str(share / "there.sqlite")):
            disks.warn_if_remote(database)
    assert [record.getMessage().startswith("SQLite on nfs4") for record in caplog.records] == [True]
    monkeypatch.setattr(disks, "MOUNTS", tmp_path / "nothing")
    assert disks.file_system(folder) == "unknown"
