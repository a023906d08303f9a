"""The command audit: whether log, tree, anchors and ledger add up; proofs, made and checked."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Config

from mediation import config
from mediation.cli.context import now, opened
from mediation.cli.failing import Failed
from mediation.domain.facts import BEIJING
from mediation.services import auditing, proving, witnesses
from mediation.services.findings import status
from mediation.store.db import reading

FILE = click.Path(dir_okay=False, path_type=Path)


class Since(click.ParamType[datetime | int]):
    """A size of the tree, or a moment; one that names no offset is of Beijing."""

    name = "moment|size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime | int:
        if str(value).isdecimal():
            return int(value)
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is neither a moment nor a size", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=BEIJING)


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--proof", nargs=2, type=(str, int), metavar="CASE ENTRY", help="Print the proof of an entry.")
@click.option("--check-proof", "to_check", type=FILE, help="Check a proof with nothing but the anchor file.")
@click.option("--anchors", type=FILE, help="The anchor file, where it is not the configured one.")
@click.option("--since", type=Since(), help="Only cases with an entry since a moment, or a size of the tree.")
def audit(
    *,
    as_json: bool,
    proof: tuple[str, int] | None,
    to_check: Path | None,
    anchors: Path | None,
    since: datetime | int | None,
) -> None:
    """Replay log and ledger, and hold the tree against its anchors.

    Status 0: all well.  Else the gravest of what was found: 5 the tree is not the one that was
    anchored, 4 a number is missing, 3 an entry was changed, 6 an anchor is missing or overdue,
    1 anything else.
    """
    if to_check is not None:
        _check(to_check, anchors)
    elif proof is not None:
        _prove(*proof)
    else:
        _audit(anchors, since, as_json=as_json)


def _audit(anchors: Path | None, since: datetime | int | None, *, as_json: bool) -> None:
    left_out = ""
    with opened() as office, reading() as session:
        if since is None:
            found = [*auditing.examine(session, office, now(), anchors)]
        else:
            found, left_out = auditing.examine_since(session, office, now(), since, anchors)
    sentences = [finding.sentence for finding in found]
    if as_json:
        said = {"ok": not found, "findings": sentences} | ({"left_out": left_out} if left_out else {})
        click.echo(json.dumps(said | ({"status": status(found)} if found else {}), ensure_ascii=False))
    elif not found:
        click.echo("The log and the ledger add up.")
    if left_out and not as_json:
        click.echo(left_out)
    if found:
        raise Failed(*sentences, status=status(found))


def _prove(case: str, entry: int) -> None:
    with opened(), reading() as session:
        try:
            found = proving.prove(session, case, entry)
        except proving.Unproved as unproved:
            raise Failed(str(unproved)) from None
    click.echo(json.dumps(found, ensure_ascii=False))


def _check(path: Path, anchors: Path | None) -> None:
    """Needs no database and makes none: whoever holds a proof need not have an office."""
    try:
        said = json.loads(path.read_text("utf-8"))
        told, _ = witnesses.lines_of(anchors or _anchor_file())
        click.echo(proving.check(said, told))
    except (proving.Unproved, ValueError, RecursionError) as unproved:
        raise Failed(f"{path.name}: {' '.join(str(unproved).split())}") from None


def _anchor_file() -> Path:
    place = config.instance_folder()
    settings = Config(place)
    config.read(settings, place)
    return config.anchor_targets(settings, place).file


COMMANDS = (audit,)
