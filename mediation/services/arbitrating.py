"""A worker's application for arbitration, read from his case whenever he asks for it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import msgspec

from mediation.documents.arbitration import ArbitrationPaper, Ending
from mediation.documents.speaking import PAPER
from mediation.domain.arbitrating import LEAVING, Ground, Want, ground, limitation, wants
from mediation.domain.facts import Facts, day
from mediation.domain.words import word
from mediation.services.offices import Office
from mediation.store.cases import party
from mediation.store.models import Case, Entry

ENDS = ("not_agreed", "rejected", "withdrawn", "referred")
"""States in which a mediation has ended without an agreement, or with one that was not kept."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The worker of which seat wants his application, and whether the paper or its reading copy."""

    seat: int
    printed_in: str = PAPER


def arbitration_paper(
    office: Office, case: Case, facts: Facts, wanted: Wanted, today: date
) -> ArbitrationPaper | None:
    """What is known on `today` of the worker in this seat and of nobody else's claims.

    None where the way is not open, and for a seat that the case does not have.
    """
    seat, printed_in = wanted.seat, wanted.printed_in
    why = ground(facts, seat, today) if 0 <= seat < facts.workers else None
    if why is None or case.number is None or facts.received is None:
        return None
    worker, employer = party(case, "worker", seat), party(case, "employer")
    last = _last(case, seat, why)
    return ArbitrationPaper(
        title=word("papers", "arbitration", printed_in),
        commission=office.organisation.arbitration_commission,
        organisation=office.organisation.name,
        hotline=office.organisation.phone,
        number=case.number,
        made=today,
        name=worker.name,
        phone=worker.phone,
        employer=employer.name,
        uscc=employer.uscc,
        contact=employer.contact,
        wants=tuple(_in_words(want, printed_in) for want in wants(facts, seat, why)),
        story=case.story,
        received=facts.received,
        accepted=facts.accepted,
        ending=_ending(why, last),
        ended_on=_ended_on(facts, why, last),
        reason=word("reasons", _reason(facts, last), printed_in),
        limitation=limitation(facts, seat),
        relationship=facts.category == "relationship" and why != "breach",
        printed_in=printed_in,
    )


def _last(case: Case, seat: int, why: Ground) -> Entry | None:
    """The entry that ended the mediation, for this worker or for all; None where nothing has."""
    found = None
    for entry in case.log:
        if why == "left":
            ours = entry.action in LEAVING and entry.role == "worker" and entry.seat == seat
        else:
            ours = why == "ended" and entry.target in ENDS and entry.target != entry.source
        found = entry if ours else found
    return found


def _reason(facts: Facts, last: Entry | None) -> str | None:
    """Why it ended, as a code; a refusal has the reason of whoever proposed it."""
    if last is None:
        return None
    if last.target == "rejected":
        return facts.ended
    reason: str | None = msgspec.json.decode(last.data).get("reason")
    return reason


def _ending(why: Ground, last: Entry | None) -> Ending:
    """How the mediation ended: the state that it ended in, also after the file was closed."""
    if why != "ended":
        return why
    return cast("Ending", last.target) if last else "not_agreed"


def _ended_on(facts: Facts, why: Ground, last: Entry | None) -> date | None:
    if why == "breach" and facts.sealed:
        return day(facts.sealed)
    return day(last.at) if last else None


def _in_words(want: Want, printed_in: str) -> Want:
    if want.duty is None:
        return replace(want, head=word("heads", want.head, printed_in))
    named = word("duties", want.head, printed_in)
    return replace(want, head=named, duty=want.duty or named)
