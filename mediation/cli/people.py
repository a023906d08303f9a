"""Commands about staff: people add."""

import click
from sqlalchemy.exc import IntegrityError

from mediation.cli.context import now, opened
from mediation.cli.failing import Failed
from mediation.domain.fields import Problem
from mediation.domain.words import problem
from mediation.services import access
from mediation.store.db import transaction


@click.group()
def people() -> None:
    """Staff accounts."""


@people.command()
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(["clerk", "mediator", "admin"]), required=True)
@click.option("--phone", default="")
@click.password_option()
def add(login: str, name: str, role: str, phone: str, password: str) -> None:
    """Add a member of staff; the password is asked for."""
    if len(password) < 10:
        raise Failed("a password has at least 10 characters")
    with opened():
        try:
            with transaction() as session:
                access.add_staff(
                    session, now(), login=login, name=name, role=role, phone=phone, password=password
                )
        except Problem as wrong:
            raise Failed(f"--name: {problem(str(wrong), 'en')}") from None
        except IntegrityError:
            raise Failed(f"somebody logs in as {login!r} already") from None


COMMANDS = (people,)
