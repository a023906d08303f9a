"""Commands that need no database: deadlines, amount."""

from datetime import datetime

import click

from mediation.cli.books import DATE, a_date
from mediation.cli.charts import charts
from mediation.cli.context import show
from mediation.cli.failing import Failed
from mediation.domain.clocks import Deadline, from_dates
from mediation.domain.money import NotAnAmount, capitals, figures, parse_yuan
from mediation.domain.working_days import YearNotCovered


@click.command()
@click.option("--received", type=DATE, required=True, help="The day the application arrived.")
@click.option("--accepted", type=DATE, help="The day it was accepted.")
@click.option("--agreed", type=DATE, help="The day the agreement came into force.")
@click.option("--ended", type=DATE, help="The day it ended without agreement.")
@click.option("--json", "as_json", is_flag=True)
def deadlines(
    received: datetime,
    accepted: datetime | None,
    agreed: datetime | None,
    ended: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Print every timer that runs, with its date and its article."""
    workflow = charts().newest("labour_dispute").workflow
    days = {
        "submit": a_date(received),
        "accept": a_date(accepted),
        "seal": a_date(agreed),
        "end": a_date(ended),
    }
    try:
        found = from_dates(workflow, **days)
    except YearNotCovered as error:
        raise Failed(str(error)) from None
    show(
        [_timer(timer) for timer in found],
        as_json=as_json,
        lines=[
            f"{t.due}  {t.clock.label}  {t.clock.english} ({t.clock.law}){' provisional' * t.provisional}"
            for t in found
        ],
    )


def _timer(timer: Deadline) -> dict[str, object]:
    clock = timer.clock
    return {
        "timer": clock.name,
        "label": clock.label,
        "english": clock.english,
        "starts": timer.started.isoformat(),
        "length": clock.period.length,
        "unit": clock.period.unit,
        "due": timer.due.isoformat(),
        "law": clock.law,
        "provisional": timer.provisional,
    }


@click.command()
@click.argument("yuan")
def amount(yuan: str) -> None:
    """Write an amount in figures and in capital characters."""
    try:
        fen = parse_yuan(yuan, allow_zero=True)
    except NotAnAmount as wrong:
        raise Failed(f"{yuan!r} is not an amount: {wrong.code}") from None
    click.echo(f"{figures(fen)}\n{capitals(fen)}")


COMMANDS = (deadlines, amount)
