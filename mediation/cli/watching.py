"""Commands for those who watch the tree: growth tells of it, witness takes what was told."""

import json
from pathlib import Path

import click

from mediation.cli.context import opened
from mediation.cli.failing import Failed
from mediation.services import watching
from mediation.services.findings import Kind
from mediation.services.proving import Unproved
from mediation.store.db import reading

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("since", type=click.IntRange(min=0))
@click.argument("root", required=False)
def growth(since: int, root: str | None) -> None:
    """Print how the newest anchor's tree grew out of that of SINCE entries.

    With ROOT, as it stands on an agreement: status 5 if the tree of SINCE entries had another root.
    """
    with opened(), reading() as session:
        try:
            said = watching.growth(session, since, root)
        except Unproved as unproved:
            raise _failed(unproved) from None
    click.echo(json.dumps(said))


@click.command()
@click.argument("told", type=FILE)
@click.option("--store", type=FILE, required=True, help="The watcher's own anchor file.")
@click.option("--root", type=FILE, required=True, help="The organisation's root.pem.")
def witness(told: Path, store: Path, root: Path) -> None:
    """Take what `growth` has printed into a store, elsewhere; needs no database.

    Status 5 if the tree is not the one that was watched.
    """
    try:
        line = watching.admit(store, json.loads(told.read_text("utf-8")), (root.read_bytes(),))
    except (ValueError, RecursionError) as error:
        raise Failed(f"{told.name}: {' '.join(str(error).split())}") from None
    except Unproved as unproved:
        raise _failed(unproved) from None
    click.echo(f"anchor {line.number}: the tree of {line.size} entries only added to what was watched")


def _failed(unproved: Unproved) -> Failed:
    return Failed(str(unproved), status=Kind.REWRITTEN if isinstance(unproved, watching.OtherTree) else 1)


COMMANDS = (growth, witness)
"""For mediation.cli.main."""
