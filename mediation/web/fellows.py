"""Applying for others too: a list of people, one added or taken out at a time, without any script."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import structs

from mediation.domain import fellows
from mediation.domain.applying import Answers, Fellow, Typed
from mediation.domain.fields import Invalid
from mediation.services import unsent as services
from mediation.services.unsent import Held
from mediation.store.db import transaction
from mediation.web import known, unsent
from mediation.web.context import now, office

_FORM = known.Form(frozenset({"name", "phone", "owed", "unclear", "remove"}), exact=known.boxes("unclear"))


def others() -> ResponseReturnValue:
    """Who else applies; each gets a text and answers for himself."""
    mine = unsent.mine()
    if mine is None or mine.answers.contact is None:
        return redirect(url_for("applying.start"))
    if request.method == "GET":
        return _page(mine, {})
    typed: Typed = {field: values for field, values in request.form.lists() if values}
    try:
        known.only(request.form, _FORM)
        with transaction() as work:
            held = unsent.mine(work)
            if held is None:  # filed meanwhile
                return redirect(url_for("applying.start"))
            answers = structs.replace(held.answers, fellows=_changed(held.answers, typed))
            services.keep(work, office(), held, answers, now())
    except Invalid as wrong:
        return _page(mine, typed, wrong.problems), 422
    return redirect(url_for("applying.others"))


def _changed(answers: Answers, typed: Typed) -> tuple[Fellow, ...]:
    if "remove" in typed:
        return fellows.without(answers, typed["remove"][0])
    return (*answers.fellows, fellows.read(typed, answers))


def _page(mine: Held, typed: Typed, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "apply/others.html",
        mine=mine,
        answers=mine.answers,
        typed={field: values[0] for field, values in typed.items()},
        problems=problems or {},
    )
