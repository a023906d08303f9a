"""Employers against whom many apply within a month: the early warning, before one case is collective."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from mediation.domain.facts import MANY
from mediation.domain.words import word
from mediation.store.models import Case, Party

WITHIN = timedelta(days=30)
MOST = 10


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many workers, in so many cases, against one employer."""

    employer: str
    workers: int
    cases: int


def crowds(session: Session, at: datetime) -> list[Crowd]:
    """Employers with ten workers or more in cases of the last 30 days, the most first.

    Whoever was named and has not confirmed yet counts: a warning that waits for everybody is none.  A
    phone in two cases is one worker.
    """
    workers = func.count(distinct(Party.phone))
    query = (
        select(Case.employer_name, workers, func.count(distinct(Case.id)))
        .join(Party, Party.case_id == Case.id + 0)  # + 0: from the few new cases to their people, never back
        .where(Case.received_at > at - WITHIN, Party.side == "worker")
        .where(Case.employer_name != word("applied", "employer"))  # whoever could not name it
        .group_by(Case.employer_name)
        .having(workers >= MANY)
        .order_by(workers.desc(), Case.employer_name)
        .limit(MOST)
    )
    return [Crowd(*row) for row in session.execute(query)]
