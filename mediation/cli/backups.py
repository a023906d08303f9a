"""The commands backup and restore: what an operator's mistake, or a lost machine, leaves of the office."""

import logging
from datetime import datetime
from pathlib import Path

import click
from flask import current_app

from mediation.app import create_app
from mediation.cli.context import now, opened
from mediation.cli.failing import Failed
from mediation.domain.facts import BEIJING
from mediation.services import audit, audit_files, backups
from mediation.services.offices import Office
from mediation.store.archive import Damaged
from mediation.store.archiving import Archivist, Taken
from mediation.store.db import db, reading
from mediation.store.migrating import WrongSchema
from mediation.store.restoring import Goal, Unreachable
from mediation.store.sqlite import safe_in_wal

_LOG = logging.getLogger(__name__)

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
def backup(folder: Path) -> None:
    """Bring the backup in DIR to what is committed by now; `mediation work` does it with BACKUP_DIR."""
    with opened() as office:
        archivist = _archivist(folder)
        try:
            done = backups.keep(archivist, office, folder, now, current_app.config["BACKUP_KEEP_DAYS"])
        except Damaged as damaged:
            raise Failed(str(damaged)) from None
        finally:
            archivist.close()
    click.echo(f"The backup in {folder} goes up to {done.seen.isoformat()}, entry {done.last.entry}.")
    if safe_in_wal():
        click.echo(f"Every commit since {done.base.point.at.isoformat()} can be restored.")
    else:
        click.echo("Without a write-ahead log only whole snapshots can be restored: install pysqlite3.")


def _archivist(folder: Path) -> Archivist:
    if db.engine.dialect.name != "sqlite":
        raise Failed("PostgreSQL is backed up by its own tools: docs/operations.md says how")
    try:
        return Archivist(folder, Path(str(db.engine.url.database)))
    except Taken as taken:
        raise Failed(str(taken)) from None


class Rounds:
    """What `mediation work` does for the backup, where one is configured.  It goes on whatever fails here."""

    def __init__(self, office: Office) -> None:
        self._office, self._folder = office, configured(office)
        self._archivist: Archivist | None = None

    def keep(self) -> None:
        """One round."""
        if self._folder is None or db.engine.dialect.name != "sqlite":
            return
        try:
            self._archivist = self._archivist or _archivist(self._folder)
            backups.keep(
                self._archivist, self._office, self._folder, now, current_app.config["BACKUP_KEEP_DAYS"]
            )
        except Failed as taken:
            _LOG.info("%s", taken)
        except Exception:
            _LOG.exception("the backup is not up to date")

    def close(self) -> None:
        """No more rounds."""
        if self._archivist is not None:
            self._archivist.close()


def configured(office: Office) -> Path | None:
    """Where the backup of this installation lies."""
    given = current_app.config["BACKUP_DIR"]
    return office.instance / given if given else None


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--to", "moment", type=click.DateTime(), help="Nothing entered after it (Beijing time).")
@click.option("--entries", type=click.IntRange(min=1), help="Up to this entry, as numbered in the whole log.")
@click.option("--into", type=FOLDER, required=True, help="A new instance folder.")
def restore(folder: Path, moment: datetime | None, entries: int | None, into: Path) -> None:
    """Make a new instance folder from the backup in DIR; what is in use is not touched."""
    if moment and entries:
        raise click.UsageError("--to or --entries, not both")
    goal = Goal(entries, moment.replace(tzinfo=BEIJING) if moment else None)
    try:
        newest = backups.restore(folder, goal, into)
    except (Damaged, Unreachable, FileExistsError) as refused:
        raise Failed(f"nothing was restored: {refused}") from None
    click.echo(f"Restored into {into}: up to entry {newest.entry}, made at {newest.at.isoformat()}.")
    found = _audited(into)
    if found:
        raise Failed(*found)
    click.echo("The log and the ledger add up. Keys, settings and anchors are not in a backup: bring yours.")


def _audited(into: Path) -> list[str]:
    """What does not add up in what was restored.  Anchors are left out: they know what came later."""
    url = f"sqlite:///{into.resolve() / backups.DATABASE}"
    try:
        app = create_app(into.resolve(), DATABASE_URL=url, MIGRATE=False)
    except WrongSchema as error:
        return [f"restored, and not audited: {error}"]
    with app.app_context():
        try:
            with reading() as session:
                office: Office = app.extensions["office"]
                found = audit.findings(session, office.catalogue)
                return [*found, *audit_files.findings(session, office)]
        finally:
            db.engine.dispose()


COMMANDS = (backup, restore)
