"""Applying for somebody else: who types this, as what, and on what paper."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import structs

from mediation.domain import filing_agent
from mediation.domain.applying import Agent
from mediation.domain.facts import day
from mediation.domain.fields import Invalid
from mediation.domain.words import word
from mediation.services import agents, unsent_files
from mediation.services import unsent as services
from mediation.services.unsent import Held
from mediation.store.db import db, transaction
from mediation.web import authority_form, known, languages, submitting, unsent
from mediation.web.context import now, office

ONESELF = "oneself"
_FORM = known.Form(authority_form.NAMES | {ONESELF})


def page() -> ResponseReturnValue:
    """Who fills this in, where it is not the worker; or, by a button, that it is him after all."""
    mine = unsent.mine()
    if mine is None:
        return redirect(url_for("applying.start"))
    if request.method == "GET":
        return _page(mine, _shown(mine) or authority_form.proposed(day(now())))
    typed = request.form.to_dict()
    try:
        known.only(request.form, _FORM)
        agent = None if ONESELF in typed else _read(mine, typed)
    except Invalid as wrong:
        return _page(mine, typed, wrong.problems), 422
    with transaction() as work:
        held = unsent.mine(work)
        if held is None:  # filed meanwhile
            return redirect(url_for("applying.start"))
        answers = structs.replace(held.answers, agent=agent)
        services.keep(work, office(), held, answers, now())
    if answers.contact is None:
        return redirect(url_for("applying.step", name="contact"))
    submitting.text_proof()
    return redirect(url_for("applying.check"))


def _read(mine: Held, typed: dict[str, str]) -> Agent:
    """The agent as he was typed, with the reference that he had before.  Raises Invalid."""
    said = authority_form.read(typed, dict(_papers(mine)))
    if not filing_agent.fits(said.authority, day(now())):
        raise Invalid({"end": "authority_days"})
    before = mine.answers.agent
    ref = before.authority["ref"] if before else agents.new_ref()
    return Agent(said.name, said.phone, {"ref": ref, **said.authority})


def _shown(mine: Held) -> dict[str, str]:
    """The fields as they say what was answered; none where nothing was."""
    one = mine.answers.agent
    return {"agent_name": one.name, "agent_phone": one.phone, **one.authority} if one else {}


def _papers(mine: Held) -> list[tuple[str, str]]:
    """The photos and documents beside the application: digest, and what it is called there."""
    return [
        (one.digest, f"{word('evidence_kinds', one.kind, languages.language())} {one.number}")
        for one in unsent_files.listed(db.session(), mine)
        if one.kind != "recording"
    ]


def _page(mine: Held, typed: dict[str, str], problems: dict[str, str] | None = None) -> str:
    return render_template(
        "apply/agent.html",
        mine=mine,
        typed=typed,
        papers=_papers(mine),
        problems=problems or {},
        **authority_form.choices(languages.language()),
    )


def filed(ref: str) -> ResponseReturnValue:
    """It is here, in the name of whoever it was filed for: what happens now.  For this browser alone."""
    number = submitting.filed_for(ref)
    if number is None:
        return redirect(url_for("applying.start"))
    return render_template("apply/filed.html", number=number)
