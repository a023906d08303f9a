"""The command that moves cases to another version of their chart."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.cli.charts import workflows
from mediation.cli.context import now, opened
from mediation.cli.failing import Failed
from mediation.engine.asking import SYSTEM, Actor
from mediation.engine.refusals import Stale
from mediation.services import access, upgrading
from mediation.services.filing import WORKFLOW
from mediation.services.offices import Office
from mediation.store.db import transaction
from mediation.store.models import Case, Person


@workflows.command("move")
@click.argument("number", required=False, metavar="CASE")
@click.option("--all", "everything", is_flag=True, help="Every case on an older version that has not ended.")
@click.option("--to", "version", type=click.IntRange(1), required=True)
@click.option("--reason", required=True)
@click.option("--workflow", default=WORKFLOW, show_default=True)
@click.option("--by", "login", help="Login of the member of staff who decided it.")
def move_command(  # noqa: PLR0913 - click gives each option by its name
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
    """Move a case in a transaction of its own, again if it moved meanwhile; why it stays, or nothing."""
    for _ in range(3):
        try:
            with transaction() as session:
                upgrading.move(session, office.catalogue, case_id, order)
        except Stale:
            continue
        except upgrading.Unmovable as unmovable:
            return f"case {case_id} stays: {unmovable}"
        else:
            return ""
    return f"case {case_id} stays: it moved each time it was tried"


def _actor(session: Session, login: str | None) -> Actor:
    if login is None:
        return SYSTEM
    person = session.scalars(select(Person).where(Person.login == login)).one_or_none()
    if person is None:
        raise Failed(f"nobody logs in as {login!r}")
    return access.staff_actor(person)


COMMANDS = (workflows,)
"""The group with this command in it."""
