"""Which mediators a case may be given to: those whom nothing keeps from it, the least burdened first."""

from sqlalchemy import func, select

from mediation.domain.words import word
from mediation.services.interests import Conflict, conflicts
from mediation.store.db import db
from mediation.store.models import Case, Person
from mediation.web import turns
from mediation.web.opened import Opened
from mediation.web.wording import wording


def mediators(opened: Opened) -> tuple[tuple[str, str], ...]:
    """Active mediators with the number of their open cases, without who has stepped aside or is barred.

    What somebody has declared of a name like one of this case's stands beside his own.
    """
    load = (
        select(Case.mediator_id, func.count())
        .where(Case.state.not_in((*turns.ENDED, "performed", "closed")), Case.mediator_id.is_not(None))
        .group_by(Case.mediator_id)
    )
    open_cases = {row[0]: row[1] for row in db.session.execute(load)}
    found = conflicts(db.session(), opened.case)
    barred = {one.person for one in found if one.barred}
    beside = {one.person: wording("pieces", "alike").format(one.name) for one in found}
    rows = [
        (open_cases.get(f"person:{one.id}", 0), one.id, one.name)
        for one in db.session.scalars(select(Person).where(Person.role == "mediator", Person.active))
        if one.id not in barred and f"person:{one.id}" not in opened.facts.recused
    ]
    load_of = wording("pieces", "load").format
    return tuple(
        (f"person:{number}", name + load_of(count) + beside.get(number, ""))
        for count, number, name in sorted(rows)
    )


def kept_out(opened: Opened) -> str:
    """Who is not offered and why, in one sentence; nothing where nobody is kept out."""
    found = [one for one in conflicts(db.session(), opened.case) if one.barred]
    told = dict.fromkeys(_told(one) for one in found)
    told |= dict.fromkeys(_named(one) + wording("pieces", "recused") for one in opened.facts.recused)
    return wording("pieces", "kept_out").format(wording("pieces", "between").join(told)) if told else ""


def _told(conflict: Conflict) -> str:
    said = wording("pieces", "declared").format(conflict.name, word("interest_kinds", conflict.kind))
    return _named(f"person:{conflict.person}") + said


def _named(actor: str) -> str:
    return db.session.get_one(Person, int(actor.removeprefix("person:"))).name
