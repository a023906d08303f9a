"""Commands about charts: check, draw, publish, move."""

from contextlib import suppress
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.cli.context import now, opened
from mediation.cli.failing import Failed
from mediation.domain.rules import registry
from mediation.engine.asking import SYSTEM, Actor
from mediation.engine.catalogue import Catalogue, gather
from mediation.engine.drawing import mermaid
from mediation.engine.freezing import LIST, AlreadyPublished
from mediation.engine.freezing import publish as freeze
from mediation.engine.refusals import Stale, WorkflowError
from mediation.resources import folder
from mediation.services import access, upgrading
from mediation.services.filing import WORKFLOW
from mediation.services.offices import Office
from mediation.store.db import transaction
from mediation.store.models import Case, Person

PLACE = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def workflows() -> None:
    """Check, draw and publish the charts; move cases between their versions."""


@workflows.command()
@click.argument("place", required=False, type=PLACE)
def check(place: Path | None) -> None:
    """Name every fault of every workflow file (in PLACE, or those of this installation)."""
    for engine in charts(place):
        chart = engine.workflow
        click.echo(
            f"{chart.name} version {chart.version}: {len(chart.states)} states, {len(chart.actions)} acts,"
            f" {len(chart.clocks)} clocks, sha256 {chart.digest[:16]}"
        )


@workflows.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def draw(out: Path | None) -> None:
    """Draw the charts as Mermaid diagrams in Markdown."""
    text = chart_page(charts())
    if out:
        out.write_text(text, "utf-8")
    else:
        click.echo(text, nl=False)


@workflows.command("publish")
@click.argument("name")
@click.argument("version", type=click.IntRange(1))
@click.option("--in", "place", type=PLACE, help="The folder of the charts.")
def publish_command(name: str, version: int, place: Path | None) -> None:
    """Freeze a version: from now on its file may not change."""
    try:
        chart = charts(place)[name, version].workflow
        freeze(place or folder("workflows"), chart)
    except KeyError:
        raise Failed(f"there is no {name} version {version}") from None
    except AlreadyPublished as published:
        raise Failed(f"{published} is in {LIST} already; a change needs a new version") from None
    click.echo(f"{name} version {version} is published: sha256 {chart.digest}")


@workflows.command("move")
@click.argument("number", required=False, metavar="CASE")
@click.option("--all", "everything", is_flag=True, help="Every case on an older version that has not ended.")
@click.option("--to", "version", type=click.IntRange(1), required=True)
@click.option("--reason", required=True)
@click.option("--workflow", default=WORKFLOW, show_default=True)
@click.option("--by", "login", help="Login of the member of staff who decided it.")
def move_command(
    number: str | None, version: int, reason: str, workflow: str, login: str | None, *, everything: bool
) -> None:
    """Move one CASE, or all, to another version of its chart by the written migration."""
    if bool(number) == everything or not reason.strip():
        raise Failed("name one case or say --all, and give a reason")
    with opened() as office:
        with transaction() as session:
            order = upgrading.Order(version, _actor(session, login), now(), reason.strip())
            if everything:
                chosen = upgrading.movable(session, office.catalogue, workflow, version)
            else:
                chosen = list(session.scalars(select(Case.id).where(Case.number == number)))
        if not chosen and number:
            raise Failed(f"there is no case {number}")
        stayed = [said for case_id in chosen if (said := _move(office, case_id, order))]
    click.echo(f"moved {len(chosen) - len(stayed)} of {len(chosen)} cases to version {version}")
    if stayed:
        raise Failed(*stayed)


def _move(office: Office, case_id: int, order: upgrading.Order) -> str:
    """Move a case in a transaction of its own; why it stays, or nothing.  Asked again if it moved meanwhile."""
    for _ in range(3):
        with suppress(Stale):
            try:
                with transaction() as session:
                    upgrading.move(session, office.catalogue, case_id, order)
                return ""
            except upgrading.Unmovable as unmovable:
                return f"case {case_id} stays: {unmovable}"
    return f"case {case_id} stays: it moved each time it was tried"


def _actor(session: Session, login: str | None) -> Actor:
    if login is None:
        return SYSTEM
    person = session.scalars(select(Person).where(Person.login == login)).one_or_none()
    if person is None:
        raise Failed(f"nobody logs in as {login!r}")
    return access.staff_actor(person)


def chart_page(catalogue: Catalogue) -> str:
    """docs/chart.md: every chart as a diagram, drawn from the files the engine runs on."""
    parts = ["# Charts\n\nDrawn by `mediation workflows draw`; do not edit.\n"]
    for engine in catalogue:
        chart = engine.workflow
        parts.append(
            f"\n## {chart.title} (`{chart.name}`, version {chart.version})\n\n"
            f"```mermaid\n{mermaid(chart)}```\n"
        )
    return "".join(parts)


def charts(place: Path | None = None) -> Catalogue:
    """The charts of a folder, or of this installation.  Raises Failed with every fault."""
    try:
        return gather(place or folder("workflows"), registry())
    except WorkflowError as error:
        raise Failed(*error.faults) from None


COMMANDS = (workflows,)
