"""Commands that need no database: deadlines, amount, verify, workflows."""

from datetime import datetime
from pathlib import Path

import click

from mediation.cli.books import DATE, a_date
from mediation.cli.context import show
from mediation.cli.failing import Failed
from mediation.domain.clocks import Timer, from_dates
from mediation.domain.money import NotAnAmount, capitals, figures, parse_yuan
from mediation.domain.rules import registry
from mediation.domain.working_days import YearNotCovered
from mediation.engine.catalogue import Catalogue, gather
from mediation.engine.drawing import mermaid
from mediation.engine.refusals import WorkflowError
from mediation.resources import folder


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
    workflow = _charts().newest("labour_dispute").workflow
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


def _timer(timer: Timer) -> dict[str, object]:
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


@click.group()
def workflows() -> None:
    """Check and draw the charts."""


@workflows.command()
@click.argument("place", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(place: Path | None) -> None:
    """Name every fault of every workflow file (in PLACE, or those of this installation)."""
    for engine in _charts(place):
        chart = engine.workflow
        click.echo(
            f"{chart.name} version {chart.version}: {len(chart.states)} states, {len(chart.actions)} acts,"
            f" {len(chart.clocks)} clocks, sha256 {chart.digest[:16]}"
        )


@workflows.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def draw(out: Path | None) -> None:
    """Draw the charts as Mermaid diagrams in Markdown."""
    text = chart_page(_charts())
    if out:
        out.write_text(text, "utf-8")
    else:
        click.echo(text, nl=False)


def chart_page(charts: Catalogue) -> str:
    """docs/chart.md: every chart as a diagram, drawn from the files the engine runs on."""
    parts = ["# Charts\n\nDrawn by `mediation workflows draw`; do not edit.\n"]
    for engine in charts:
        chart = engine.workflow
        parts.append(
            f"\n## {chart.title} (`{chart.name}`, version {chart.version})\n\n"
            f"```mermaid\n{mermaid(chart)}```\n"
        )
    return "".join(parts)


def _charts(place: Path | None = None) -> Catalogue:
    try:
        return gather(place or folder("workflows"), registry())
    except WorkflowError as error:
        raise Failed(*error.faults) from None


COMMANDS = (deadlines, amount, workflows)
