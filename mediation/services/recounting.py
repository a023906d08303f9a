"""After a new table of holidays: reckon anew what it moves, by an entry in each case that it concerns."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mediation.domain.clocks import next_due
from mediation.domain.facts import day, decode
from mediation.domain.folding import named, recounted
from mediation.domain.recounting import RECOUNT, moved_ends
from mediation.domain.timing import next_wake
from mediation.engine.refusals import Refused
from mediation.services.casework import Late, in_order, log
from mediation.services.noting import noted
from mediation.services.offices import Office, Transaction
from mediation.services.waking import wake
from mediation.store import steps
from mediation.store.models import Case
from mediation.store.steps import Sheet


def recount(transaction: Transaction, office: Office, at: datetime) -> int:
    """Go through all cases with clocks that run; how many of them had days that moved.

    What a case only caches is put right on the way (when it wakes, what is due next), so that it may
    be run at every start of a worker.  What was due by the days that stood until now is done first: a
    new table takes nothing from anybody because no worker ran meanwhile.
    """
    wake(transaction, office, at)
    with transaction() as session:
        ticking = or_(Case.due_on.is_not(None), Case.wakes_at.is_not(None), Case.state == "draft")
        waiting = list(session.scalars(select(Case.id).where(ticking).order_by(Case.id)))
    moved = 0
    for case_id in waiting:
        try:
            with transaction() as session:
                moved += _recount(session, office, case_id, at)
        except (Late, Refused):  # it moved meanwhile, and reckoned with the new table
            continue
    return moved


def _recount(session: Session, office: Office, case_id: int, at: datetime) -> bool:
    sheet = Sheet.under(session)
    row = sheet.read(case_id)
    if row is None:
        return False
    engine = office.catalogue[row.workflow, row.workflow_version]
    before = decode(row.facts)
    at = in_order(row, at)
    ends = moved_ends(before, day(at))
    if not ends:
        sheet.add([(steps.WAKE, (next_due(before), next_wake(engine, before), row.id, row.revision))])
        return False
    entry = noted(row, RECOUNT, before.state, named(ends), at)
    log(sheet, engine, row, recounted(before, ends, day(at)), [entry])
    return True
