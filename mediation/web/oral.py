"""Applying by word of mouth: staff type while they listen, read it back, file what the caller said yes to.

Nothing is stored before the caller agrees: the page that is read aloud carries what was typed.
"""

from contextlib import suppress
from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from mediation.documents.oral import render
from mediation.domain import oral as domain
from mediation.domain.applying import ELSEWHERE, KINDS, SINCE, Typed, asked_back, one_of, phone_of
from mediation.domain.facts import day
from mediation.domain.fields import Invalid, Problem
from mediation.domain.filing import DISTRICT, SUBDISTRICTS
from mediation.domain.naming import name
from mediation.domain.oral import Told
from mediation.domain.reach import PARTS
from mediation.services.notices import short
from mediation.services.oral import record, told_to
from mediation.services.replies import Reused
from mediation.store.cases import facts_of, find, party
from mediation.store.db import db
from mediation.store.models import Case
from mediation.store.related import alike
from mediation.web import known, repeats
from mediation.web.context import current_actor, now, office
from mediation.web.filing import lodge, this_browser
from mediation.web.forms import oral as forms
from mediation.web.opened import Opened
from mediation.web.printed import printed, printed_in

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that may be this one: its number, who with whom, where it stands, and what is the same."""

    ref: str
    number: str
    worker: str
    employer: str
    label: str
    same_phone: bool


def page() -> ResponseReturnValue:
    """The questions; then, once they are answered, what is read aloud; then the filing."""
    if request.method == "GET":
        this_browser()
        return _questions({"channel": ["hotline"]})
    typed: Typed = {field: values for field, values in request.form.lists() if values}
    try:
        known.only(request.form, forms.FORM)
    except Invalid as wrong:
        return _refused(typed, wrong.problems), 422
    try:
        if not typed.keys().isdisjoint({forms.LOOK, forms.BACK}):
            return _questions(typed)
        told = domain.read(typed, day(now()))
    except Invalid as wrong:
        return _questions(typed, wrong.problems), 422
    return _filed(typed, told) if forms.FILE in typed else _read_back(typed, told)


def _refused(typed: Typed, problems: dict[str, str]) -> str:
    """What no page sends, said where it was sent: while it is read aloud or above the questions."""
    if problems.keys() <= forms.READ_BACK:
        with suppress(Invalid):
            return _read_back(typed, domain.read(typed, day(now())), problems)
    return _questions(typed, problems)


def _filed(typed: Typed, told: Told) -> ResponseReturnValue:
    """File what the caller said yes to, or read on; the same form once, however often it comes."""
    try:
        browser = this_browser()
        filing = domain.confirmed(typed, told, current_actor().id)
        answer = repeats.before(browser) or lodge(browser, filing, "desk.oral_filed")
    except Invalid as wrong:
        return _read_back(typed, told, wrong.problems), 422
    except Reused as refusal:
        return _read_back(typed, told, refusal=refusal), 422
    return repeats.given(answer)


def filed(ref: str) -> ResponseReturnValue:
    """It is filed: its number for the caller, and the record to print."""
    case = _told_here(ref)
    return render_template(
        "desk/oral_filed.html",
        case=case,
        phone=party(case, "worker").phone,
        may_open=find(db.session(), current_actor(), ref) is not None,
    )


def record_pdf(ref: str) -> ResponseReturnValue:
    """The record of the application, for staff who may open the case and for who wrote it down."""
    paper = record(db.session(), office(), _told_here(ref), printed_in())
    return printed(render, paper, paper.number)


def has_record(opened: Opened) -> bool:
    """Whether there is a record of this case for its visitor to print."""
    spoken = opened.staff and opened.facts.channel in domain.CHANNELS
    return spoken and told_to(db.session(), opened.actor, opened.case.ref) is not None


def _told_here(ref: str) -> Case:
    """The case of this reference, if it was filed by word of mouth and the visitor may know it (404)."""
    return told_to(db.session(), current_actor(), ref) or abort(404)


def _questions(typed: Typed, problems: dict[str, str] | None = None) -> str:
    problems = problems or {}
    return render_template(
        "desk/oral.html",
        typed={field: values[0] for field, values in typed.items()},
        ticked=typed.get("what", []),
        hours=typed.get(forms.HOURS, []),
        parts=PARTS,
        problems=problems,
        kinds=KINDS,
        since=SINCE,
        places=(*SUBDISTRICTS, DISTRICT),
        elsewhere=ELSEWHERE,
        channels=domain.CHANNELS,
        amounts=forms.amounts(typed),
        sure=asked_back(typed, problems),
        alike=_alike(typed),
    )


def _read_back(
    typed: Typed, told: Told, problems: dict[str, str] | None = None, refusal: Reused | None = None
) -> str:
    return render_template(
        "desk/oral_back.html",
        answers=told.answers,
        channel=told.channel,
        kept=forms.kept(typed),
        typed={field: values[0] for field, values in typed.items()},
        languages=domain.LANGUAGES,
        problems=problems or {},
        refusal=refusal,
        alike=_alike(typed),
    )


def _alike(typed: Typed) -> list[Alike]:
    """Cases with the phone or the employer that was typed; what cannot be read yet finds none."""
    phone = employer = ""
    with suppress(Problem):
        phone = phone_of(one_of(typed, "contact.phone")[:LONGEST])
    with suppress(Problem):
        employer = name(one_of(typed, "employer.name")[:LONGEST], LONGEST)
    if not phone and not employer:
        return []
    return [_one(case, phone) for case in alike(db.session(), current_actor(), phone, employer)]


def _one(case: Case, phone: str) -> Alike:
    workers = [one for one in case.parties if one.side == "worker"]
    engine = office().catalogue[case.workflow, case.workflow_version]
    return Alike(
        case.ref,
        short(case.number),
        workers[0].name,
        case.employer_name,
        engine.workflow.states[facts_of(case).state].label,
        any(one.phone == phone for one in workers),
    )
