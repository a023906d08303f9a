"""The command that prepares the database for a newer program: migrate."""

import click
from sqlalchemy.exc import OperationalError

from mediation.app import create_app
from mediation.cli.failing import Failed
from mediation.store import migrating
from mediation.store.db import db


@click.command()
def migrate() -> None:
    """Bring the database to this program's version, before any server of this version is started."""
    try:
        app = create_app(MIGRATE=True)
    except migrating.WrongSchema as error:
        raise Failed(str(error)) from None
    except OperationalError as error:
        raise Failed(f"nothing was changed: {' '.join(str(error.orig).split())}") from None
    with app.app_context():
        with db.engine.connect() as connection:
            click.echo(f"the database is at {migrating.found_revision(connection)}")
        db.engine.dispose()


COMMANDS = (migrate,)
