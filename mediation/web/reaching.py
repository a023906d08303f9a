"""How a worker can be called without harm: asked before he applies, and mended in his case."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import structs

from mediation.domain.fields import Invalid
from mediation.domain.reach import PARTS, read, shown
from mediation.domain.words import word
from mediation.services import filing
from mediation.services import unsent as services
from mediation.services.unsent import Held
from mediation.store.db import transaction
from mediation.store.models import Party
from mediation.web import known, languages, mailboxes, unsent
from mediation.web.context import now, office
from mediation.web.forms.reach import FORM
from mediation.web.opened import Opened, open_case
from mediation.web.views import case_view

Fields = dict[str, list[str]]


def asked() -> ResponseReturnValue:
    """Beside an application, from its list of answers: nobody has to open it."""
    mine = unsent.mine()
    if mine is None or mine.answers.contact is None:
        return redirect(url_for("applying.start"))
    if request.method == "GET":
        return _asked(mine, dict(shown(mine.answers.reach)))
    typed = _typed()
    try:
        known.only(request.form, FORM)
        reach = read(typed)
        with transaction() as work:
            held = unsent.mine(work)
            if held is None:  # filed meanwhile
                return redirect(url_for("applying.start"))
            services.keep(work, office(), held, structs.replace(held.answers, reach=reach), now())
    except Invalid as wrong:
        return _asked(mine, typed, wrong.problems), 422
    return redirect(url_for("applying.check"))


def mended(ref: str, whose: str) -> ResponseReturnValue:
    """In his case: the worker for himself, staff for him."""
    opened = open_case(ref)
    mine = mailboxes.party_to_change(opened, whose)
    if mine.side != "worker":
        abort(404)
    if request.method == "GET":
        return _mended(opened, mine, dict(shown(filing.reach_of(mine))))
    typed = _typed()
    try:
        known.only(request.form, FORM)
        reach = read(typed)
    except Invalid as wrong:
        return _mended(opened, mine, typed, wrong.problems), 422
    with transaction() as session:
        session.get_one(Party, mine.id).reach = filing.stored(reach)
    flash(word("said", "reach_kept", languages.language()))
    return redirect(url_for("cases.show", ref=ref))


def _typed() -> Fields:
    return {field: values for field, values in request.form.lists() if values}


def _asked(mine: Held, typed: Fields, problems: dict[str, str] | None = None) -> str:
    return render_template("apply/reach.html", mine=mine, parts=PARTS, **_said(typed, problems))


def _mended(opened: Opened, mine: Party, typed: Fields, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "cases/reach.html", case=case_view(opened), party=mine, parts=PARTS, **_said(typed, problems)
    )


def _said(typed: Fields, problems: dict[str, str] | None) -> dict[str, object]:
    return {
        "typed": {field: values[0] for field, values in typed.items() if values},
        "hours": typed.get("hours", []),
        "problems": problems or {},
    }
