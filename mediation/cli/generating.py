"""The command that makes a district of any size: generate."""

import time

import click

from mediation.cli.context import now, opened
from mediation.cli.failing import Failed
from mediation.services import anchoring, generating
from mediation.services.demo import AlreadyThere
from mediation.store.db import transaction


@click.command()
@click.option("--cases", type=click.IntRange(min=1), required=True, help="How many cases.")
@click.option("--years", type=click.IntRange(1, 10), default=10, show_default=True, help="Over how long.")
@click.option("--open", "open_", type=click.IntRange(0, 100), default=8, show_default=True, help="Of 100.")
@click.option("--seed", type=int, default=17, show_default=True, help="The same seed, the same district.")
def generate(cases: int, years: int, open_: int, seed: int) -> None:
    """Make a large made-up district, to try pages and machines with; prints how its staff log in, once."""
    start = time.monotonic()

    def progress(done: int) -> None:
        rate = done / (time.monotonic() - start)
        click.echo(f"{done:,} of {cases:,} cases, {rate:,.0f} a second", err=True)

    with opened() as office:
        plan = generating.Plan(cases, years, now(), seed, open_)
        try:
            accounts = generating.generate(transaction, office, plan, progress)
        except AlreadyThere:
            raise Failed("people or cases are here already: a district is made in an empty place") from None
        anchoring.keep(transaction, office, now(), at_once=True)
    for account in accounts:
        click.echo(f"{account.role:10} {account.login:10} {account.password}")


COMMANDS = (generate,)
