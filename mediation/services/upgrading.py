"""Moving cases to another version of their chart: an entry each, in the chain like every other."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.facts import decode
from mediation.domain.versions import CHART, MOVE, moved
from mediation.engine.asking import Actor
from mediation.engine.catalogue import Catalogue
from mediation.engine.migrating import Migration
from mediation.engine.refusals import Stale
from mediation.engine.workflow import Workflow
from mediation.services import pinned
from mediation.services.casework import Late, NoSuchCase, Step, hashed, in_order, kept, log, standing
from mediation.store import steps
from mediation.store.models import Case
from mediation.store.steps import CaseRow, EntryRow, Sheet


class Unmovable(Exception):
    """A case that stays on its version: it has ended, or nobody has written the way."""


@dataclass(frozen=True, slots=True)
class Order:
    """To which version cases are to be moved, by whom, when and why."""

    target: int
    actor: Actor
    at: datetime
    reason: str


def movable(session: Session, catalogue: Catalogue, workflow: str, target: int) -> list[int]:
    """The row numbers of all cases of `workflow` on an older version that have not ended."""
    query = select(Case).where(Case.workflow == workflow, Case.workflow_version < target).order_by(Case.id)
    return [case.id for case in session.scalars(query) if not _ended(catalogue, case)]


def move(session: Session, catalogue: Catalogue, case_id: int, order: Order) -> Step:
    """Move one case and log it.  The caller commits.  Raises NoSuchCase, Unmovable, Stale."""
    sheet = Sheet.under(session)
    row = sheet.read(case_id)
    if row is None:
        raise NoSuchCase(case_id)
    before = decode(row.facts)
    if catalogue[row.workflow, row.workflow_version].workflow.states[before.state].final:
        raise Unmovable(f"it has ended on version {row.workflow_version}")
    if not pinned.runs_on(session, case_id, catalogue[row.workflow, row.workflow_version].workflow):
        raise Unmovable(f"version {row.workflow_version} was edited since it began: put it back first")
    migration = _way(catalogue, row, order.target)
    facts = moved(migration, before)
    entry = _entry(row, migration, catalogue[row.workflow, order.target].workflow, order, before.state)
    try:
        step = log(sheet, catalogue[row.workflow, order.target], row, facts, [entry])
    except Late:
        raise Stale(row.revision, standing(session, catalogue, case_id)) from None
    sheet.add([(steps.VERSION, (order.target, row.id))])
    return step


def _way(catalogue: Catalogue, row: CaseRow, target: int) -> Migration:
    try:
        return catalogue.migration(row.workflow, row.workflow_version, target)
    except KeyError:
        way = f"{row.workflow} version {row.workflow_version} to {target}"
        raise Unmovable(f"nobody has written a migration from {way}") from None


def _entry(row: CaseRow, migration: Migration, chart: Workflow, order: Order, state: str) -> EntryRow:
    said = {
        "from": migration.source,
        "to": migration.target,
        "reason": order.reason,
        "migration": migration.digest,
        CHART: chart.digest,
    }
    return hashed(
        EntryRow(
            case_id=row.id,
            number=row.revision + 1,
            action=MOVE,
            source=state,
            target=migration.state(state),
            role=order.actor.role,
            actor_id=order.actor.id,
            seat=order.actor.seat,
            at=in_order(row, order.at),
            data=kept(said),
            before=row.head,
        )
    )


def _ended(catalogue: Catalogue, case: Case) -> bool:
    return catalogue[case.workflow, case.workflow_version].workflow.states[case.state].final
