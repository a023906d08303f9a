"""What the office states alone, read from the log up to the entry that ordered it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.documents.office_paper import OfficePaper, PaperAttempt
from mediation.documents.speaking import PAPER, READING_COPY
from mediation.domain.facts import Facts, day
from mediation.domain.money import figures
from mediation.domain.place_rules import places
from mediation.domain.triage_effects import NO_ANSWER, REFUSAL
from mediation.domain.words import word
from mediation.services.attempts import attempts_of
from mediation.services.offices import Office
from mediation.store.cases import facts_of, party
from mediation.store.models import Case, Entry, Job

KINDS = (NO_ANSWER, REFUSAL)


def office_paper(
    session: Session, office: Office, job: Job, case: Case, printed_in: str = PAPER
) -> OfficePaper:
    """The paper of a job as its entry and those before it have it; `check_code` is left to the register."""
    facts = facts_of(case)
    log = [entry for entry in case.log if entry.number <= job.entry]
    ordered = log[-1]
    organisation = office.organisation
    assert case.number is not None and facts.received is not None  # noqa: S101,PT018 - only submitted cases come here
    paper = OfficePaper(
        kind=job.kind,
        title=word("papers", job.kind, printed_in),
        organisation=organisation.name,
        seal_line=organisation.seal_line,
        number=case.number,
        check_code="",
        verify_url="",
        digest=ordered.hash,
        workers=tuple(party(case, "worker", seat).name for seat in facts.staying),
        employer=party(case, "employer").name,
        claims=tuple(_claims(facts, printed_in)),
        received=facts.received,
        decided=ordered.at,
        on=day(ordered.at),
        commission=organisation.arbitration_commission,
        hotline=organisation.phone,
        court="exit" not in facts.clocks,
        printed_in=printed_in,
    )
    if job.kind == NO_ANSWER:
        return replace(paper, attempts=tuple(attempts(session, case, ordered.number, printed_in)))
    said = refusal(log)
    where = places().contacts[said["route"]]
    return replace(
        paper,
        reason=word("reasons", said["reason"], printed_in),
        words=said.get("note", ""),
        route=word("routes", said["route"], printed_in),
        route_phone=where.phone,
        route_address=organisation.addresses.get(where.code, ""),
    )


def reading_copy(session: Session, office: Office, case: Case, kind: str) -> OfficePaper | None:
    """What the newest paper of this kind says, in English; None where none was ordered.

    Names and claims are those on file now, as it says itself: what they were is kept on the paper alone.
    """
    newest = select(Job).where(Job.case_id == case.id, Job.kind == kind).order_by(Job.id.desc()).limit(1)
    job = session.scalars(newest).one_or_none()
    return office_paper(session, office, job, case, READING_COPY) if job else None


def refusal(log: list[Entry]) -> dict[str, Any]:
    """What the last refusal in a log says: reason, route, and perhaps a note."""
    last = [entry for entry in log if entry.action == "reject"][-1]
    said: dict[str, Any] = msgspec.json.decode(last.data)
    return said


def attempts(
    session: Session, case: Case, until: int | None = None, printed_in: str = PAPER
) -> Iterator[PaperAttempt]:
    """Each attempt to reach the employer since the case was last taken up, in words.

    `until` is the last entry that counts, None for all.
    """
    for one in attempts_of(session, [case.id], until)[case.id]:
        way = word("contact_ways", one.way, printed_in)
        yield PaperAttempt(one.on, way, word("contact_outcomes", one.outcome, printed_in))


def priced(head: str, amount: int, printed_in: str) -> str:
    """The word for a head with its amount in fen, if there is one."""
    if not amount:
        return word("heads", head, printed_in)
    said = f"{figures(amount)} yuan" if printed_in == READING_COPY else f"¥{figures(amount)}"
    return f"{word('heads', head, printed_in)} {said}"


def _claims(facts: Facts, printed_in: str) -> Iterator[str]:
    for head in dict.fromkeys(claim.head for claim in facts.claims if claim.worker in facts.staying):
        total = sum(c.amount for c in facts.claims if c.head == head and c.worker in facts.staying)
        yield priced(head, total, printed_in)
