"""The letter to an employer who has not answered, read from the case whenever staff print it."""

from datetime import date

from mediation.documents.letter import LetterPaper
from mediation.domain.facts import Facts
from mediation.services.notices import notice_code, short
from mediation.services.offices import Office
from mediation.store.cases import party
from mediation.store.models import Case

STATES = ("contacting",)
"""While we ask the employer: before, nobody shall write to it; afterwards it has answered."""


def letter(
    office: Office, case: Case, facts: Facts, made: date, days: tuple[date | None, date | None]
) -> LetterPaper | None:
    """The letter of this case as of the day `made`; None where it is not the time to ask.

    `days`: by when to answer, and from when the applicant is free to go, as LetterPaper has them.
    """
    if facts.state not in STATES or case.number is None:
        return None
    employer, organisation = party(case, "employer"), office.organisation
    base = organisation.link_base
    host = base.partition("://")[2] or base
    whole = base if "://" in base else f"https://{base}"
    return LetterPaper(
        organisation=organisation.name,
        address=organisation.address,
        hotline=organisation.phone,
        seal_line=organisation.seal_line,
        number=case.number,
        short_number=short(case.number),
        notice_code=notice_code(employer.key),
        employer=employer.name,
        link=f"{whole}/k/{employer.key}",
        typed=f"{host}/k/{employer.key}",
        made=made,
        workers=len(facts.staying),
        answer_by=days[0],
        free_from=days[1],
    )
