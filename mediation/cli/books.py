"""Commands about cases and figures: play, totals."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from mediation.cli.context import now, opened, show
from mediation.cli.failing import Failed
from mediation.domain.facts import day
from mediation.domain.money import figures, plain
from mediation.domain.words import word
from mediation.services import anchoring, exporting, playing, totals
from mediation.services.offices import Office
from mediation.store.db import transaction

DATE = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("dossiers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the agreements.")
def play(dossiers: tuple[Path, ...], out: Path | None) -> None:
    """Drive dossiers through the services; one JSON line a case."""
    stopped: list[str] = []
    with opened() as office:
        for path in dossiers:
            try:
                click.echo(json.dumps(_play(office, path, out), ensure_ascii=False))
            except playing.Stopped as stop:
                where = "filing" if stop.index is None else f"act {stop.index}"
                stopped.append(f"{path.name}: {where}: {stop.reason}")
            except (OSError, ValueError, RecursionError) as error:
                stopped.append(f"{path.name}: not a dossier: {' '.join(str(error).split())}")
        # Dossiers happen in their own time; that they are in the log now is anchored as of now.
        anchoring.keep(transaction, office, now(), thorough=True, at_once=True)
    if stopped:
        raise Failed(*stopped)


def _play(office: Office, path: Path, out: Path | None) -> dict[str, Any]:
    dossier = json.loads(path.read_text("utf-8"))
    case_id = playing.play(transaction, office, dossier)
    with transaction() as session:
        line = {"dossier": path.name, **playing.outcome(session, office, case_id)}
    if out is not None and line["agreement"]:
        out.mkdir(parents=True, exist_ok=True)
        copy = out / f"{path.stem}.pdf"
        copy.write_bytes(Path(line["agreement"]).read_bytes())
        line["agreement"] = str(copy)
    return line


@click.command("totals")
@click.option("--as-of", "as_of", type=DATE, help="Fold the ledger up to this day.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--csv", "as_csv", is_flag=True, help="One line for each measure, place, month and head.")
@click.option("--again", is_flag=True, help="Drop the running totals first and sum the ledger anew.")
def totals_command(as_of: datetime | None, *, as_json: bool, as_csv: bool, again: bool) -> None:
    """Print the district's running totals."""
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms of one answer: give one of them")
    with opened():
        if again:
            totals.count_again(transaction)
        _print_totals(a_date(as_of), as_json=as_json, as_csv=as_csv)


def _print_totals(last: date | None, *, as_json: bool, as_csv: bool) -> None:
    with transaction() as session:
        if as_csv:
            click.echo(exporting.exported(session, last), nl=False)
            return
        found = totals.as_of(session, last) if last else totals.now(session, day(now()))
    show(_totals(found), as_json=as_json, lines=_lines(found))


def _totals(found: totals.Totals) -> dict[str, Any]:
    return {
        "as_of": found.as_of.isoformat(),
        "opening": {
            "cases": found.opening_cases,
            "recovered": plain(found.opening_recovered),
            "day": totals.OPENING_DAY.isoformat(),
            "source": totals.OPENING_SOURCE,
        },
        "cases": found.cases,
        "recovered": plain(found.recovered),
        "settled_cases": found.settled_cases,
        "settled_workers": found.settled_workers,
        "claimed": plain(found.claimed),
        "agreed": plain(found.agreed),
        "paid": plain(found.paid),
        "owed": plain(found.owed),
        **{
            f"by_{field}": {
                key: {m: plain(found.by(field, m).get(key, 0)) for m in ("claimed", "agreed", "paid")}
                for key in found.keys(field)
            }
            for field in ("subdistrict", "month", "head")
        },
    }


def _lines(found: totals.Totals) -> list[str]:
    rows = [
        f"as of {found.as_of}",
        f"cases mediated  {found.cases:,} (opening {found.opening_cases:,}: {totals.OPENING_SOURCE})",
        f"recovered       {figures(found.recovered)} yuan (opening {figures(found.opening_recovered)})",
        f"claimed         {figures(found.claimed)} yuan",
        f"agreed          {figures(found.agreed)} yuan",
        f"paid            {figures(found.paid)} yuan",
        f"still owed      {figures(found.owed)} yuan",
    ]
    for place, amount in found.by("subdistrict", "agreed").items():
        paid = found.by("subdistrict", "paid").get(place, 0)
        rows.append(f"  {word('subdistricts', place, 'en')}  agreed {figures(amount)}  paid {figures(paid)}")
    return rows


def a_date(value: datetime | None) -> date | None:
    """The day that click read."""
    return value.date() if value else None


COMMANDS = (play, totals_command)
