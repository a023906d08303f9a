"""A worker's own application as it was filed, read from the entries that filing wrote."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mediation.documents.application import ApplicationPaper
from mediation.documents.speaking import PAPER
from mediation.domain.facts import Claim, Facts
from mediation.domain.words import word
from mediation.services.offices import Office
from mediation.store.cases import party
from mediation.store.models import Case


def application_paper(
    office: Office, case: Case, facts: Facts, seat: int, printed_in: str = PAPER
) -> ApplicationPaper | None:
    """What the worker in this seat applied for, whatever was put right later; `printed_in` for the words.

    None before it is filed, and for a seat that the case does not have.
    """
    received = next((entry for entry in case.log if entry.action == "submit"), None)
    if received is None or case.number is None or not 0 <= seat < facts.workers:
        return None
    filed = msgspec.json.decode(case.log[0].data)
    claims = msgspec.convert(filed["claims"], tuple[Claim, ...])
    worker, employer = party(case, "worker", seat), party(case, "employer")
    return ApplicationPaper(
        title=word("papers", "application", printed_in),
        organisation=office.organisation.name,
        hotline=office.organisation.phone,
        number=case.number,
        name=worker.name,
        phone=worker.phone,
        employer=employer.name,
        uscc=employer.uscc,
        contact=employer.contact,
        category=word("categories", filed["category"], printed_in),
        channel=word("channels", filed["channel"], printed_in),
        subdistrict=word("subdistricts", filed["subdistrict"], printed_in),
        claims=[_in_words(claim, printed_in) for claim in claims if claim.worker == seat],
        story=case.story,
        filed=received.at,
        digest=received.hash,
        others=facts.workers - 1,
        agent=_filed_by(case, filed, printed_in) if seat == 0 else None,
        printed_in=printed_in,
    )


def _filed_by(case: Case, filed: Mapping[str, Any], printed_in: str) -> tuple[str, str, str] | None:
    """Who filed for the first worker, as what and with what authority; None where it was himself."""
    for said in filed.get("authorities", ()):
        one = next(agent for agent in case.agents if agent.ref == said["ref"])
        kind, scope = word("agent_kinds", said["kind"], printed_in), word("scopes", said["scope"], printed_in)
        return one.name, kind, scope
    return None


def _in_words(claim: Claim, printed_in: str) -> Claim:
    return msgspec.structs.replace(claim, head=word("heads", claim.head, printed_in))
