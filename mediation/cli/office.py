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
from mediation.documents import fonts, stamp
from mediation.documents.authority import roots
from mediation.documents.signing import inspect
from mediation.documents.verdicts import judged as judged_of
from mediation.services import (
    alerting,
    anchoring,
    backups,
    demo,
    left_behind,
    papers,
    pinned,
    recounting,
    replies,
    telling,
    totals,
    unsent,
    uploads,
    waking,
)
from mediation.services.afterwards import settle
from mediation.services.findings import Kind
from mediation.services.offices import Office
from mediation.store import disks
from mediation.store.db import db, reading, transaction
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
            watched = paper is None or papers.rooted(session, paper)
        verdict = inspect(content, roots(office.keys)) if (office.keys).is_dir() else None
    if not watched:
        raise Failed(f"{file.name}: the root on it is none of this tree's", status=Kind.REWRITTEN)
    found = judged_of(registered=number is not None, verdict=verdict)
    number = number if found == "registered" else None
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
    """Do what is due, make the papers, send the notices and anchors that wait; to be run often.

    Once a night it audits.  What somebody should look at is logged; without --every the status is 1 then.
    """
    with opened() as office, closing(Rounds(office)) as backup:
        backup.keep()
        recounting.recount(transaction, office, now())
        papers.adopt(transaction, office, now())
        _work(office)
        alarms = _watch(office)
        if alarms and not every:
            raise Failed(*alarms)
        while every:
            time.sleep(every)
            backup.keep()  # first: it is needed most when the rest cannot be done
            try:
                _work(office)
                _watch(office)
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
        unsent.clean(session, now())
        left_behind.remind(session, office, now())
        uploads.clean(session, now())
    totals.fold_hot(transaction)


def _watch(office: Office) -> list[str]:
    """The audit of the night, and every alarm there is, in the log."""
    alerting.audit_nightly(reading, office, now())
    with reading() as session:
        alarms = list(alerting.watch(session, office, now()).alarms)
    for alarm in alarms:
        _LOG.error("%s", alarm)
    return alarms


@click.command()
def doctor() -> None:
    """Say what this installation stands on; status 1 if it should not be used."""
    with opened() as office, db.engine.connect() as connection:
        embedded = connection.dialect.name == "sqlite"
        found = [*(_sqlite(connection) if embedded else _postgresql(connection)), *_seal(office)]
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
        found += _watched(office)
    if found:
        click.echo("verdict: unsafe")
        raise Failed(*found)
    click.echo("verdict: sound")


def _watched(office: Office) -> list[str]:
    with reading() as session:
        watch = alerting.watch(session, office, now())
    click.echo(f"anchors: {'WARNING: overdue' if watch.unanchored else 'up to date'}")
    last = watch.report
    said = (
        f"of {last.at:%Y-%m-%d %H:%M}, findings: {last.count}"
        if last
        else "none yet: `mediation work` makes it"
    )
    click.echo(f"audit: {said}")
    return list(watch.alarms)


def _sqlite(connection: Connection) -> list[str]:
    driver = dbapi()
    journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
    synchronous = int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
    click.echo(f"database: SQLite {driver.sqlite_version} ({driver.__name__})")
    click.echo(f"journal: {journal}, synchronous: {synchronous}")
    if not safe_in_wal():
        click.echo("library: affected by the WAL-reset bug, therefore without a WAL")
    return [*faults(driver.sqlite_version_info, journal, synchronous), *_damaged(connection)]


def _damaged(connection: Connection) -> list[str]:
    """What SQLite itself finds in its file."""
    said = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    found = [f"quick_check: {one}" for one in said if one != "ok"]
    strays = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    for table in sorted({str(row[0]) for row in strays}):
        count = sum(row[0] == table for row in strays)
        found.append(f"foreign_key_check: {table}: rows that belong to nothing: {count}")
    return found


def _postgresql(connection: Connection) -> list[str]:
    click.echo(f"database: {connection.exec_driver_sql('SELECT version()').scalar()}")
    found = []
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        value = connection.exec_driver_sql(f"SHOW {name}").scalar()
        click.echo(f"{name}: {value}")
        if value == "off":
            found.append(f"{name} is off: what was acknowledged can be lost in a power cut")
    return found


def _seal(office: Office) -> list[str]:
    """What keeps every agreement from being printed: fonts that are not there, or not for the seal."""
    try:
        stamp.ink(office.organisation.name, office.organisation.seal_line)
    except (fonts.FontsMissing, fonts.Unprintable) as fault:
        return [f"seal: {fault}"]
    return []


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
