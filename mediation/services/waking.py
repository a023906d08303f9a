"""Do what the system has to do by itself: whoever of several workers comes first, each thing once, in order.

A case is claimed with a lease, so that workers do not tread on each other's toes; that each act is
done once does not hang on it but on the case's revision, as for everybody else.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from mediation.domain.clocks import next_due
from mediation.domain.facts import decode
from mediation.domain.folding import catch_up
from mediation.domain.timing import next_wake
from mediation.engine.refusals import Refused
from mediation.services.casework import Late, in_order, record
from mediation.services.offices import Office, Transaction
from mediation.store import steps
from mediation.store.models import Case
from mediation.store.steps import Sheet

LEASE = timedelta(minutes=1)
"""So long a worker may take for what it has claimed; then another may take it over."""
AT_A_TIME = 50
_LOG = logging.getLogger(__name__)


@dataclass
class Round:
    """What came of one run: how many acts were done, how many cases could not be taken further."""

    done: int = 0
    stuck: int = 0


def wake(transaction: Transaction, office: Office, at: datetime) -> Round:
    """Do everything that is due by `at`, each case in a transaction of its own."""
    came = Round()
    while claimed := _claimed(transaction, at):
        for case_id in claimed:
            try:
                with transaction() as session:
                    came.done += act(session, office, case_id, at)
            except (Late, Refused) as refusal:  # somebody was faster, or this machine's clock is behind
                _LOG.info("case %s waits: %s", case_id, refusal)
            except Exception:
                # The lease stays until it runs out: the next try is later, and others go on meanwhile.
                came.stuck += 1
                _LOG.exception("case %s cannot be woken", case_id)
    return came


def _claimed(transaction: Transaction, at: datetime) -> list[int]:
    with transaction() as session:
        return claim(session, at)


def claim(session: Session, at: datetime, most: int = AT_A_TIME) -> list[int]:
    """Take up cases that have something due and that nobody holds, the longest due first."""
    # A lease that ends later than any could is of a time when this machine's clock was ahead.
    free = or_(Case.leased_until.is_(None), Case.leased_until <= at, Case.leased_until > at + LEASE)
    due = (
        select(Case.id)
        .where(Case.wakes_at <= at, free)
        .order_by(Case.wakes_at, Case.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(Case)
        .where(Case.id.in_(due.scalar_subquery()))
        .values(leased_until=at + LEASE)
        .returning(Case.wakes_at, Case.id)
        .execution_options(synchronize_session=False)
    )
    return [row.id for row in sorted(session.execute(taken), key=tuple)]


def act(session: Session, office: Office, case_id: int, at: datetime) -> int:
    """Do what is due on one case, and say how many acts that were.  The caller commits.

    Raises Late if the case moved meanwhile, ClockBack.
    """
    sheet = Sheet.under(session)
    row = sheet.read(case_id)
    if row is None:
        return 0
    engine = office.catalogue[row.workflow, row.workflow_version]
    facts = decode(row.facts)
    links = catch_up(engine, facts, in_order(row, at), row.revision)
    if links:
        record(sheet, engine, row, links)
    else:  # it was told to wake for nothing: say again when
        sheet.add([(steps.WAKE, (next_due(facts), next_wake(engine, facts), case_id, row.revision))])
    return len(links)
