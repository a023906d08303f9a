"""Commands that run the house: verify, work, doctor, serve."""

import hashlib
import json
import logging
import time
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import Connection

from mediation.cli.backups import Rounds, configured
from mediation.cli.context import now, opened
from mediation.cli.failing import Failed
from mediation.documents.authority import roots
from mediation.documents.signing import inspect
from mediation.services import (
    anchoring,
    backups,
    demo,
    papers,
    pinned,
    recounting,
    replies,
    telling,
    totals,
    waking,
)
from mediation.services.afterwards import settle
from mediation.services.offices import Office
from mediation.store import disks
from mediation.store.db import db, transaction
from mediation.store.sqlite import dbapi, faults, safe_in_wal

_LOG = logging.getLogger(__name__)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def verify(file: Path, *, as_json: bool) -> None:
    """Say whether FILE is a paper of this office: status 0 only if registered and unchanged."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Failed(f"{file.name}: {error.strerror}") from None
    with opened() as office:
        with transaction() as session:
            paper = papers.by_sha256(session, hashlib.sha256(content).hexdigest())
            number = paper.number if paper else None
        verdict = inspect(content, roots(office.keys)) if (office.keys).is_dir() else None
    found = papers.judged(registered=number is not None, verdict=verdict)
    if as_json:
        click.echo(json.dumps({"finding": found, "number": number}, ensure_ascii=False))
    elif found == "registered":
        click.echo(f"Registered and unchanged: {number}")
    if found == "changed":
        raise Failed(f"{file.name}: changed: this is no longer the paper that was sealed")
    if found == "unknown":
        raise Failed(f"{file.name}: unknown: this office has registered no such paper")


@click.command()
@click.option("--every", type=click.IntRange(min=1), help="Go on, every so many seconds, until told to end.")
def work(every: int | None) -> None:
    """Do what is due, make the papers, send the notices and anchors that wait; to be run often."""
    with opened() as office, closing(Rounds(office)) as backup:
        backup.keep()
        recounting.recount(transaction, office, now())
        _work(office)
        while every:
            time.sleep(every)
            backup.keep()  # first: it is needed most when the rest cannot be done
            try:
                _work(office)
            except Exception:
                # Whatever could not be done waits in its row for the next round.
                _LOG.exception("work goes on in %s seconds", every)


def _work(office: Office) -> None:
    waking.wake(transaction, office, now())
    settle(transaction, office, now())
    anchoring.keep(transaction, office, now(), thorough=True)
    telling.tell(transaction, office, now())
    with transaction() as session:
        replies.clean(session, now())
    totals.fold_hot(transaction)


@click.command()
def doctor() -> None:
    """Say what this installation stands on; status 1 if it should not be used."""
    with opened() as office, db.engine.connect() as connection:
        embedded = connection.dialect.name == "sqlite"
        found = _sqlite(connection) if embedded else _postgresql(connection)
        kind = disks.file_system(office.instance)
        remark = disks.hint(kind)
        click.echo(f"file system: {kind}" + (f" ({remark})" if remark else ""))
        if embedded and disks.over_network(kind):
            found.append("SQLite on a network file system: use a local disk, or PostgreSQL")
        remark = backups.remark(configured(office), now()) if embedded else _archiving(connection)
        edited = list(pinned.edited(db.session(), office.catalogue))
        click.echo("charts: " + ("edited under their cases" if edited else "as their cases began on them"))
        found += edited
        click.echo(f"backup: {f'WARNING: {remark}' if remark else 'up to date'}")
    if found:
        click.echo("verdict: unsafe")
        raise Failed(*found)
    click.echo("verdict: sound")


def _sqlite(connection: Connection) -> list[str]:
    driver = dbapi()
    journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
    synchronous = int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
    click.echo(f"database: SQLite {driver.sqlite_version} ({driver.__name__})")
    click.echo(f"journal: {journal}, synchronous: {synchronous}")
    if not safe_in_wal():
        click.echo("library: affected by the WAL-reset bug, therefore without a WAL")
    return faults(driver.sqlite_version_info, journal, synchronous)


def _postgresql(connection: Connection) -> list[str]:
    click.echo(f"database: {connection.exec_driver_sql('SELECT version()').scalar()}")
    found = []
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        value = connection.exec_driver_sql(f"SHOW {name}").scalar()
        click.echo(f"{name}: {value}")
        if value == "off":
            found.append(f"{name} is off: what was acknowledged can be lost in a power cut")
    return found


def _archiving(connection: Connection) -> str:
    if connection.exec_driver_sql("SHOW archive_mode").scalar() != "off":
        return ""
    return "archive_mode is off: no moment can be restored (docs/operations.md)"


@click.command("demo")
def demo_command() -> None:
    """Load a demo district; prints how its staff log in, once."""
    with opened() as office:
        try:
            accounts = demo.load(transaction, office, now())
            anchoring.keep(transaction, office, now(), thorough=True, at_once=True)
        except demo.AlreadyThere:
            raise Failed(
                "people work here already: the demo district goes into an empty installation"
            ) from None
    for account in accounts:
        click.echo(f"{account.role:10} {account.login:10} {account.password}")


COMMANDS = (verify, work, doctor, demo_command)
