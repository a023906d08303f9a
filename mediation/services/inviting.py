"""The letter to an employer that has not answered yet, read from the case whenever staff print it."""

from datetime import date

from mediation.documents.invitation import InvitationPaper
from mediation.domain.words import word
from mediation.services.notices import notice_code, short
from mediation.services.offices import Office
from mediation.store.cases import party
from mediation.store.models import Case


def invitation(
    office: Office, case: Case, category: str, answer_by: date | None, made: date
) -> InvitationPaper:
    """The letter as of the day `made`; `category` is the code of the kind of matter."""
    employer, ours = party(case, "employer"), office.organisation
    base = ours.link_base
    host = base.partition("://")[2] or base
    whole = base if "://" in base else f"https://{base}"
    return InvitationPaper(
        title=word("papers", "invitation"),
        organisation=ours.name,
        address=ours.address,
        phone=ours.phone,
        number=short(case.number),
        code=notice_code(employer.key),
        typed=f"{host}/k/{employer.key}",
        scanned=f"{whole}/k/{employer.key}",
        employer=employer.name,
        about=word("categories", category),
        made=made,
        answer_by=answer_by,
    )
