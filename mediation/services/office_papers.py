"""What the office states alone, read from the log up to the entry that ordered it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from mediation.documents.office_paper import OfficePaper, PaperAttempt
from mediation.domain.facts import Facts, day
from mediation.domain.money import figures
from mediation.domain.place_rules import places
from mediation.domain.triage_effects import NO_ANSWER, REFUSAL
from mediation.domain.words import word
from mediation.services.attempts import attempts_of
from mediation.services.offices import Office
from mediation.store.cases import party
from mediation.store.models import Case, Entry, Job

KINDS = (NO_ANSWER, REFUSAL)


def office_paper(session: Session, office: Office, job: Job, case: Case, facts: Facts) -> OfficePaper:
    """The paper of a job as its entry and those before it have it; `check_code` is left to the register."""
    log = [entry for entry in case.log if entry.number <= job.entry]
    ordered = log[-1]
    organisation = office.organisation
    assert case.number is not None and facts.received is not None  # noqa: S101,PT018 - only submitted cases come here
    paper = OfficePaper(
        kind=job.kind,
        title=word("papers", job.kind),
        organisation=organisation.name,
        seal_line=organisation.seal_line,
        number=case.number,
        check_code="",
        verify_url="",
        digest=ordered.hash,
        workers=tuple(party(case, "worker", seat).name for seat in facts.staying),
        employer=party(case, "employer").name,
        claims=tuple(_claims(facts)),
        received=facts.received,
        decided=ordered.at,
        on=day(ordered.at),
        commission=organisation.arbitration_commission,
        hotline=organisation.phone,
        court="exit" not in facts.clocks,
    )
    if job.kind == NO_ANSWER:
        return replace(paper, attempts=tuple(attempts(session, case, ordered.number)))
    said = refusal(log)
    where = places().contacts[said["route"]]
    return replace(
        paper,
        reason=word("reasons", said["reason"]),
        words=said.get("note", ""),
        route=word("routes", said["route"]),
        route_phone=where.phone,
        route_address=organisation.addresses.get(where.code, ""),
    )


def refusal(log: list[Entry]) -> dict[str, Any]:
    """What the last refusal in a log says: reason, route, and perhaps a note."""
    last = [entry for entry in log if entry.action == "reject"][-1]
    said: dict[str, Any] = msgspec.json.decode(last.data)
    return said


def attempts(session: Session, case: Case, until: int | None = None) -> Iterator[PaperAttempt]:
    """Each attempt to reach the employer since the case was last taken up, in words.

    `until` is the last entry that counts, None for all.
    """
    for one in attempts_of(session, [case.id], until)[case.id]:
        way, outcome = word("contact_ways", one.way), word("contact_outcomes", one.outcome)
        yield PaperAttempt(one.on, way, outcome)


def _claims(facts: Facts) -> Iterator[str]:
    for head in dict.fromkeys(claim.head for claim in facts.claims if claim.worker in facts.staying):
        total = sum(c.amount for c in facts.claims if c.head == head and c.worker in facts.staying)
        yield word("heads", head) + (f" ¥{figures(total)}" if total else "")
