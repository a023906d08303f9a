"""The end of an application: all answers once more, the code to the phone, and the filing."""

from contextlib import suppress

from flask import abort, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mediation.domain import applied, filing_agent
from mediation.domain.applying import STEPS, Answers
from mediation.domain.facts import day
from mediation.domain.fellows import listed as shared_phone
from mediation.domain.fields import Invalid
from mediation.domain.filing import read as read_filing
from mediation.domain.words import word
from mediation.engine.asking import Actor
from mediation.services import left_behind, limits, unsent_files
from mediation.services import unsent as services
from mediation.services.access import BadCode
from mediation.services.casework import Step
from mediation.services.fingerprints import key_of, of_filer
from mediation.services.limits import TooMany, TooOften
from mediation.services.notices import short
from mediation.services.replies import Answer, Reused
from mediation.services.unsent import Held
from mediation.store.cases import facts_of, find, party
from mediation.store.db import db, transaction
from mediation.store.models import Case
from mediation.web import elements, known, languages, repeats, unsent
from mediation.web.context import current_actor, now, office
from mediation.web.filing import admit, by_staff, lodge, this_browser
from mediation.web.opened import open_case

_CHECK = known.Form(frozenset({"code", "again"}))
_LONGEST_CODE = 40
FILED_FOR = "filed_for"
"""Under which name the session cookie keeps the case that was filed here for somebody else."""


def check() -> ResponseReturnValue:
    """All answers once more; sending them files them."""
    if request.method == "GET":
        mine = unsent.mine()
        return _check(mine) if mine else redirect(url_for(".start"))
    try:
        known.only(request.form, _CHECK)
        return _again() if "again" in request.form else _sent(repeats.before(this_browser()) or _file())
    except Invalid as wrong:
        return _check(unsent.mine(), wrong.problems), 422
    except Reused as refusal:
        return _check(unsent.mine(), refusal=refusal), 422
    except TooMany as full:
        return _check(unsent.mine(), {"contact": full.problem}), 429


def _sent(answer: Answer | None) -> ResponseReturnValue:
    """To the confirmation; or to the start, where another window was faster."""
    if answer is None:
        return redirect(url_for(".start"))
    case = db.session.get_one(Case, answer.case_id)
    if 0 in facts_of(case).unconfirmed and not by_staff():
        # Whoever filed for somebody else comes in once his paper is checked, and not before.
        session[FILED_FOR] = [case.ref, case.number]
        return unsent.take(make_response(repeats.given(answer)))
    admit(answer)
    if by_staff() and find(db.session(), current_actor(), case.ref) is None:
        # A mediator opens no case before it is assigned to him: he is told its number, and goes on.
        flash(word("said", "filed_for_caller", languages.language()).format(number=short(case.number)))
        return unsent.take(make_response(redirect(url_for("desk.show"))))
    return unsent.take(make_response(repeats.given(answer)))


def filed_for(ref: str) -> str | None:
    """The number of the case that this browser has filed last for somebody else, if it is this one."""
    last, number = session.get(FILED_FOR) or (None, None)
    return str(number) if last == ref else None


def _file() -> Answer | None:
    """File the answers and take them away, both or neither; None where there are none.

    Raises Invalid with what is missing, Reused.
    """
    mine = unsent.mine()
    if mine is None:
        return None
    _check_whole(mine)
    claim = read_filing(applied.as_filing(mine.answers))
    there = unsent_files.put_in_place(db.session(), office(), mine)

    def also(work: Session, case: Case, filer: Actor) -> Step | None:
        came = unsent_files.hand_in(work, office(), mine, there, case.id, filer, now())
        services.use_up(work, mine)
        if not by_staff():
            case.filer = of_filer(key_of(office()), mine.answers.phone or "")
            work.flush()
            limits.may_file(work, case.filer, now())
            who = case.agents[0] if claim.filed_by else party(case, "worker")
            who.language = languages.language()  # as he read, so he is written to
        return came

    try:
        if not by_staff():
            _prove()
        page = "applying.filed" if claim.filed_by else "applying.received"
        return lodge(this_browser(), claim, page, also)
    except services.Gone:  # another tab was faster
        return None


def _check_whole(mine: Held) -> None:
    """See that nothing is missing and that it fits together.  Raises Invalid."""
    if missing := mine.answers.missing:
        label = languages.language()
        raise Invalid({step: f"unanswered:{word('apply_steps', step, label)}" for step in missing})
    if shared_phone(mine.answers):
        raise Invalid({"others": "phone_listed:1"})
    if applied.employer_has_their_phone(mine.answers):
        raise Invalid({"employer": "employer_phone_theirs"})
    papers = [one.digest for one in unsent_files.listed(db.session(), mine)]
    if wrong := filing_agent.faults(mine.answers, papers, day(now())):
        raise Invalid(wrong)


def _prove() -> None:
    """See that the phone is in the hand of who files.

    Raises Invalid with what is left of the tries; Gone where another window has filed.
    """
    typed = "".join(request.form.get("code", "")[:_LONGEST_CODE].split())
    with transaction() as work:
        mine = unsent.mine(work)  # anew, and locked: another window may have used the code
        if mine is None:
            raise services.Gone
        if mine.is_proven:
            return
        if not typed:
            raise Invalid({"code": "missing.code"})
        found = services.prove(work, office(), mine, typed, now())
    if isinstance(found, BadCode):
        raise Invalid({"code": found.problem})


def text_proof() -> None:
    """Text a code to the phone that was just named, if it is not proven; too often, and the list says so.

    It reads from the codes whether one came about, so it says so on every visit.
    """
    with suppress(TooOften), transaction() as work:
        mine = unsent.mine(work)
        if mine and not mine.is_proven and not by_staff():
            left_behind.speaks(work, mine, languages.language())
            services.text_proof(work, office(), mine, now(), languages.language())


def _again() -> ResponseReturnValue:
    """Another code to the phone of this application."""
    try:
        with transaction() as work:
            mine = unsent.mine(work)
            if mine is None or mine.answers.phone is None:
                return redirect(url_for(".start"))
            services.text_proof(work, office(), mine, now(), languages.language())
    except TooOften as too:
        return _check(unsent.mine(), {"again": "sms_soon" if too.soon else "sms_often"}), 429
    return redirect(url_for(".check", _anchor="code"))


def _check(mine: Held | None, problems: dict[str, str] | None = None, refusal: Reused | None = None) -> str:
    answers = mine.answers if mine else Answers()
    unproven = mine if mine and answers.phone and not mine.is_proven and not by_staff() else None
    return render_template(
        "apply/check.html",
        mine=mine,
        answers=answers,
        steps=STEPS,
        files=len(unsent_files.listed(db.session(), mine)) if mine else 0,
        proof=services.proof(db.session(), office(), unproven, now()) if unproven else None,
        problems=problems or {},
        refusal=refusal,
    )


def received(ref: str) -> ResponseReturnValue:
    """It is here: its number, what happens when, and who calls."""
    opened = open_case(ref)
    if opened.actor.role == "employer":
        abort(404)
    return render_template("apply/received.html", case=opened.case, tell=elements.may_tell(opened))
