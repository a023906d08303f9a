"""Entries of the system that are in no chart: what happened to a case without moving it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mediation.engine.asking import SYSTEM
from mediation.services.casework import hashed, kept
from mediation.store.steps import CaseRow, EntryRow


def noted(row: CaseRow, action: str, state: str, said: Mapping[str, Any], at: datetime) -> EntryRow:
    """The next entry of a case, with its hash; the case stays in `state`."""
    return hashed(
        EntryRow(
            case_id=row.id,
            number=row.revision + 1,
            action=action,
            source=state,
            target=state,
            role=SYSTEM.role,
            actor_id=SYSTEM.id,
            seat=0,
            at=at,
            data=kept(said),
            before=row.head,
            authority=SYSTEM.authority,
        )
    )
