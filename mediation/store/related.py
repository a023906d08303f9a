"""Other cases of the same two sides: an application made twice, or an earlier dispute."""

from sqlalchemy import or_, select, union
from sqlalchemy.orm import Session, aliased

from mediation.engine.asking import Actor
from mediation.store.cases import party, visible_to
from mediation.store.models import Case, Find, Party

MOST = 10


def related(session: Session, actor: Actor, case: Case) -> list[Case]:
    """The newest other cases that `actor` may open of one of these workers against this employer.

    A worker is known by phone or name, an employer by name or credit code.  The names' and phones'
    indexes lead to the workers' cases; only those are looked at.
    """
    workers = [one for one in case.parties if one.side == "worker"]
    phones, names = {one.phone for one in workers}, {one.name for one in workers}
    lowered = {"".join(c.lower() if c.isascii() else c for c in name) for name in names}
    near = union(
        select(Party.case_id).where(Party.phone.in_(phones)),
        select(Find.case_id).where(Find.text.in_(lowered)),
    )
    firm, theirs, worker = party(case, "employer"), aliased(Party), aliased(Party)
    same_firm = [theirs.name == firm.name, *([theirs.uscc == firm.uscc] if firm.uscc else [])]
    opposed = select(theirs.case_id).join(worker, worker.case_id == theirs.case_id)
    opposed = opposed.where(
        theirs.case_id.in_(near),
        theirs.side == "employer",
        or_(*same_firm),
        worker.side == "worker",
        or_(worker.phone.in_(phones), worker.name.in_(names)),
    )
    query = visible_to(actor).where(Case.id.in_(opposed), Case.id != case.id, Case.number.is_not(None))
    return list(session.scalars(query.order_by(Case.id.desc()).limit(MOST)))


def alike(session: Session, actor: Actor, phone: str, employer: str) -> list[Case]:
    """The newest cases that `actor` may open of a worker with this phone, or against this employer.

    Asked while somebody is still talking: either may be empty, and finds nothing then.
    """
    lowered = "".join(c.lower() if c.isascii() else c for c in employer)
    called = select(Party.case_id).where(Party.phone == phone, Party.phone != "", Party.side == "worker")
    named = (
        select(Find.case_id)
        .join(Case, Case.id == Find.case_id)
        .where(Find.text == lowered, Case.employer_name == employer, Case.employer_name != "")
    )
    query = visible_to(actor).where(Case.id.in_(union(called, named)), Case.number.is_not(None))
    return list(session.scalars(query.order_by(Case.id.desc()).limit(MOST)))
