"""Applications by word of mouth, once they are filed: who may read their record, and what it says."""

from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.documents.oral import OralPaper
from mediation.documents.speaking import PAPER
from mediation.domain.words import word
from mediation.engine.asking import Actor
from mediation.services.office_papers import priced
from mediation.services.offices import Office
from mediation.store.cases import find, party
from mediation.store.models import Case, Person

STAFF = ("clerk", "mediator", "admin")


def told_to(session: Session, actor: Actor, ref: str) -> Case | None:
    """The case that was filed by word of mouth under this reference, for staff who may open it.

    Whoever wrote it down reads it too: a mediator at the counter hands out the record of a case that is
    nobody's yet.
    """
    case = session.scalars(select(Case).where(Case.ref == ref)).one_or_none()
    oral = _told(case).get("oral") if case else None
    if actor.role not in STAFF or oral is None:
        return None
    return case if oral["by"] == actor.id or find(session, actor, ref) else None


def record(session: Session, office: Office, case: Case, printed_in: str = PAPER) -> OralPaper:
    """The record as its first entry has it, with the names that are on file now."""
    said, worker, employer = _told(case), party(case, "worker"), party(case, "employer")
    assert case.number is not None  # noqa: S101 - whoever applies by word of mouth files at once
    oral = said["oral"]
    return OralPaper(
        organisation=office.organisation.name,
        number=case.number,
        applicant=worker.name,
        phone=worker.phone,
        employer=employer.name,
        employer_phone=employer.phone,
        place=word("subdistricts", said["subdistrict"], printed_in),
        claims=tuple(priced(claim["head"], claim["amount"], printed_in) for claim in said["claims"]),
        story=tuple(line for line in case.story.splitlines() if line.strip()),
        at=case.log[0].at,
        recorder=session.get_one(Person, int(oral["by"].removeprefix("person:"))).name,
        channel=word("channels", said["channel"], printed_in),
        language=word("spoken_in", oral["language"], printed_in),
        by_phone=said["channel"] == "hotline",
        printed_in=printed_in,
    )


def _told(case: Case) -> dict[str, Any]:
    """What the first entry says."""
    said: dict[str, Any] = msgspec.json.decode(case.log[0].data)
    return said
