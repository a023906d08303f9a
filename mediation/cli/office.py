"""Commands that run the house: verify, work, doctor, serve."""

import hashlib
import json
from pathlib import Path

import click

from mediation.cli.context import now, opened
from mediation.cli.failing import Failed
from mediation.documents.authority import roots
from mediation.documents.signing import inspect
from mediation.services import demo, papers, replies
from mediation.services.afterwards import settle
from mediation.store.db import db, transaction
from mediation.store.sqlite import dbapi, safe_in_wal


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
def work() -> None:
    """Make the papers and send the notices that wait; forget answers that were kept long enough."""
    with opened() as office:
        settle(transaction, office, now())
        with transaction() as session:
            replies.clean(session, now())


@click.command()
def doctor() -> None:
    """Say what this installation stands on; status 1 if it should not be used."""
    with opened(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            sync = connection.exec_driver_sql("PRAGMA synchronous").scalar()
            click.echo(f"database: SQLite {dbapi().sqlite_version} ({dbapi().__name__})")
            click.echo(f"journal: {mode}, synchronous: {sync}")
            if mode == "wal" and not safe_in_wal():
                raise Failed("this SQLite can corrupt a database in WAL mode: install pysqlite3")
            if sync != 2:
                raise Failed("synchronous is not FULL: the last commits can be lost in a power cut")
        else:
            click.echo(f"database: {connection.exec_driver_sql('SELECT version()').scalar()}")
    click.echo("verdict: sound")


@click.command("demo")
def demo_command() -> None:
    """Load a demo district; prints how its staff log in, once."""
    with opened() as office:
        try:
            accounts = demo.load(transaction, office, now())
        except demo.AlreadyThere:
            raise Failed("the demo district is there already") from None
    for account in accounts:
        click.echo(f"{account.role:10} {account.login:10} {account.password}")


COMMANDS = (verify, work, doctor, demo_command)
