"""`mediation`: the commands and the one place where their errors become a sentence and an exit status."""

import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from mediation.cli import (
    auditing,
    backups,
    books,
    calculating,
    checks,
    generating,
    migrating,
    moving,
    office,
    people,
    relaying,
    watching,
)
from mediation.cli.failing import Failed


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Online labour-dispute mediation."""


GROUPS = (
    auditing,
    backups,
    books,
    calculating,
    checks,
    generating,
    migrating,
    moving,
    office,
    people,
    relaying,
    watching,
)
for command in (one for group in GROUPS for one in group.COMMANDS):
    cli.add_command(command)


def main() -> None:
    """Run a command; every failure is one sentence on standard error and a status that is not 0."""
    try:
        status = cli(standalone_mode=False)
    except Failed as failed:
        for sentence in failed.sentences:
            click.echo(sentence, err=True)
        sys.exit(failed.status)
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        sys.exit(error.exit_code)
    except (OSError, SQLAlchemyError) as error:
        click.echo(f"cannot work here: {' '.join(str(error).split())}", err=True)
        sys.exit(1)
    except click.Abort:
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)
