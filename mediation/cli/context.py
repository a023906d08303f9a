"""The application under a command: the instance folder is made ready by whoever needs it first."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
from flask import Flask

from mediation.app import create_app
from mediation.cli.failing import Failed
from mediation.engine.refusals import WorkflowError
from mediation.services.offices import Office
from mediation.services.opening import make_ready
from mediation.store.db import db, transaction
from mediation.store.migrating import WrongSchema


@contextmanager
def opened() -> Iterator[Office]:
    """The office of this installation, its database migrated and its books opened."""
    try:
        app: Flask = create_app()
    except WorkflowError as error:
        raise Failed(*error.faults) from None
    except WrongSchema as error:
        raise Failed(str(error)) from None
    with app.app_context():
        office: Office = app.extensions["office"]
        try:
            make_ready(transaction, now())
            yield office
        finally:
            db.engine.dispose()


def now() -> datetime:
    """The moment at which a command runs."""
    return datetime.now(UTC)


def show(value: Any, *, as_json: bool, lines: list[str]) -> None:
    """Print a value for a program, or lines for a person."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False))
    else:
        click.echo("\n".join(lines))
