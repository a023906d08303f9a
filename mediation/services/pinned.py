"""The text of the chart that a case runs on: its first entry keeps the digest, and so does each move.

A published version cannot be edited, for then nothing starts (decision 0013).  One that is still being
written can; whoever edits it under cases that run on it is told so here.
"""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.versions import CHART, MOVE
from mediation.engine.catalogue import Catalogue
from mediation.engine.workflow import START, Workflow
from mediation.store.models import Case, Entry

NEAR = 1000
"""So many of the oldest and of the newest cases are looked at: a start must not read a million rows.

The audit looks at every case.
"""


def edited(session: Session, catalogue: Catalogue) -> Iterator[str]:
    """A sentence for each version that has another text than its oldest or its newest case runs on."""
    found: dict[tuple[str, int], set[int]] = {}
    for order in (Case.id, Case.id.desc()):
        ends: dict[tuple[str, int], int] = {}
        query = select(Case.id, Case.workflow, Case.workflow_version).order_by(order).limit(NEAR)
        for case_id, name, version in session.execute(query):
            ends.setdefault((name, version), case_id)
        for key, case_id in ends.items():
            found.setdefault(key, set()).add(case_id)
    for engine in catalogue:
        chart = engine.workflow
        cases = found.get((chart.name, chart.version), set())
        if any(not runs_on(session, case_id, chart) for case_id in cases):
            yield (
                f"{chart.marks.file}: {chart.name} version {chart.version} was edited while cases run on it:"
                " put it back, and give the change a new version"
            )


def runs_on(session: Session, case_id: int, chart: Workflow) -> bool:
    """Whether a case began, or was moved, on exactly this text; older entries do not say."""
    query = (
        select(Entry.data)
        .where(Entry.case_id == case_id, Entry.action.in_((START, MOVE)))
        .order_by(Entry.number.desc())
        .limit(1)
    )
    said = session.scalar(query)
    return said is None or is_of(json.loads(said), chart)


def is_of(said: dict[str, Any], chart: Workflow) -> bool:
    """Whether an entry that begins or moves a case names this text, or none."""
    return bool(said.get(CHART, chart.digest) == chart.digest)
