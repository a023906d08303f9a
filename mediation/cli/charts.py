"""Commands about charts that need no database: check, draw, publish, simulate."""

import random
from collections.abc import Iterable
from pathlib import Path

import click

from mediation.cli.failing import Failed
from mediation.domain import coverage
from mediation.domain.exploring import Grid, doubted, explore
from mediation.domain.rules import registry
from mediation.domain.simulating import Pick, Tally, simulate
from mediation.engine.catalogue import Catalogue, gather
from mediation.engine.deciding import Engine
from mediation.engine.drawing import mermaid
from mediation.engine.freezing import LIST, AlreadyPublished
from mediation.engine.freezing import publish as freeze
from mediation.engine.rare import Rare, exceptions
from mediation.engine.refusals import WorkflowError
from mediation.resources import folder

TRIAL = 200
"""Cases that a check walks to find claims that never fail or never hold."""
TABLED = 500
"""Cases behind the table in the documentation."""
PLACE = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def workflows() -> None:
    """Check, draw, publish and simulate the charts; move cases between their versions."""


@workflows.command()
@click.argument("place", required=False, type=PLACE)
def check(place: Path | None) -> None:
    """Name every fault of every workflow file (in PLACE, or those of this installation).

    Made-up cases find what reading cannot: a claim that never fails, or never holds, is a fault.
    """
    found = charts(place)
    for engine in found:
        chart = engine.workflow
        click.echo(
            f"{chart.name} version {chart.version}: {len(chart.states)} states, {len(chart.actions)} acts,"
            f" {len(chart.clocks)} clocks, sha256 {chart.digest[:16]}"
        )
    try:
        rare = exceptions(place or folder("workflows"), found)
    except WorkflowError as error:
        raise Failed(*error.faults) from None
    if faults := [fault for engine in found for fault in _empty_claims(engine, rare[engine.workflow.name])]:
        raise Failed(*faults)


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


@workflows.command("simulate")
@click.argument("name", required=False)
@click.option("--cases", type=click.IntRange(1, 1_000_000), default=1000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--in", "place", type=PLACE, help="The folder of the charts.")
def simulate_command(name: str | None, cases: int, seed: int, place: Path | None) -> None:
    """Walk made-up cases along the charts, or along the newest NAME; status 1 if one got stuck."""
    found = charts(place)
    try:
        engines = [found.newest(name)] if name else list(found)
    except KeyError:
        raise Failed(f"there is no workflow {name}") from None
    stuck: list[str] = []
    for engine in engines:
        tally = _walked(engine, cases, seed)
        click.echo("\n".join(coverage.summary(engine.workflow, tally)))
        stuck += [f"{engine.workflow.name}: case {n} of seed {seed} is stuck: {s}" for n, s in tally.stuck]
    if stuck:
        raise Failed(*stuck)


@workflows.command("coverage")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def coverage_command(out: Path | None) -> None:
    """Write the table of acts, states and refusals that made-up cases went through, in Markdown."""
    text = coverage_page(charts())
    if out:
        out.write_text(text, "utf-8")
    else:
        click.echo(text, nl=False)


def coverage_page(catalogue: Catalogue) -> str:
    """docs/coverage-of-acts.md: what the cases of one seed did and were refused, and the grid."""
    rare = exceptions(folder("workflows"), catalogue)
    return coverage_of(
        [(engine, explore(engine, _chance("grid"), rare[engine.workflow.name].cells)) for engine in catalogue]
    )


def coverage_of(explored: Iterable[tuple[Engine, Grid]]) -> str:
    """The same of charts whose grids are there."""
    walked = [(engine.workflow, _walked(engine, TABLED, 1), grid) for engine, grid in explored]
    return coverage.page(walked, TABLED)


def _empty_claims(engine: Engine, rare: Rare) -> list[str]:
    """The claims of a chart that nothing can make fail, or hold: what walks leave in doubt is tried out."""
    tally = _walked(engine, TRIAL, 1)
    doubts = [claim for claim in coverage.doubtful(engine.workflow, tally) if claim not in rare.claims]
    return list(coverage.doubts(engine.workflow, tally, doubted(engine, _chance("doubts"), tally, doubts)))


def _walked(engine: Engine, cases: int, seed: int) -> Tally:
    return simulate(engine, cases, lambda number: _chance(f"{seed}/{number}"))


def _chance(seed: str) -> Pick:
    return random.Random(seed).randrange  # noqa: S311 - chance, no secret


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
