"""Applying step by step: one question a page, kept at every step, nothing asked that can wait."""

import re
from typing import cast

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediation.domain.applying import ELSEWHERE, KINDS, SINCE, STEPS, Answers, Typed, asked_back, read
from mediation.domain.facts import day
from mediation.domain.fields import Invalid
from mediation.domain.filing import DISTRICT, SUBDISTRICTS
from mediation.domain.money import LIMIT
from mediation.services import unsent as services
from mediation.services.unsent import Held
from mediation.store.db import transaction
from mediation.web import (
    applying_agent,
    applying_files,
    fellows,
    known,
    reaching,
    returning,
    submitting,
    unsent,
    while_typing,
)
from mediation.web.context import now, office
from mediation.web.forms.applying import CHANGE, FORMS, shown

applying = Blueprint("applying", __name__, url_prefix=unsent.PATH)
applying.add_url_rule("/agent", "agent", applying_agent.page, methods=["GET", "POST"])
applying.add_url_rule("/filed/<ref>", "filed", applying_agent.filed)
applying.add_url_rule("/reach", "reach", reaching.asked, methods=["GET", "POST"])
applying.add_url_rule("/others", "others", fellows.others, methods=["GET", "POST"])
applying.add_url_rule("/read-amount", "read_amount", while_typing.read_amount)
applying.add_url_rule("/employers", "employers", while_typing.like)
applying.add_url_rule("/back", "back", returning.back, methods=["GET", "POST"])
applying.add_url_rule("/b/<key>", "by_link", returning.by_link, methods=["GET", "POST"])
applying.add_url_rule("/evidence", "evidence", applying_files.page, methods=["GET", "POST"])
applying.add_url_rule("/evidence/<int:number>", "small", applying_files.small)
applying.add_url_rule("/back/code", "back_code", returning.back_code, methods=["GET", "POST"])
applying.add_url_rule("/check", "check", submitting.check, methods=["GET", "POST"])
applying.add_url_rule("/received/<ref>", "received", submitting.received)

_OWED = re.compile(f"[1-9][0-9]{{0,{len(str(LIMIT)) - 2}}}")
_START = known.Form(
    frozenset({"about", "owed", "anew"}),
    exact=known.boxes("anew") | {"about": known.listed(["", *KINDS]), "owed": _OWED},
)


@applying.route("", methods=["GET", "POST"])
def start() -> ResponseReturnValue:
    """What will be asked and who sees it; then begin, or go on where it was left."""
    about = request.values.get("about", "")
    about = about if about in KINDS else ""
    owed = _owed(about)
    page = {"about": about, "owed": owed, "steps": STEPS}
    if request.method == "GET":
        return render_template("apply/start.html", mine=unsent.mine(), **page)
    try:
        known.only(request.form, _START)
    except Invalid as wrong:
        return render_template("apply/start.html", mine=unsent.mine(), problems=wrong.problems, **page), 422
    with transaction() as work:
        before = unsent.mine(work)
        # A page from before, sent again, must not throw away what has been answered since.
        if before and not request.form.get("anew"):
            return redirect(unsent.onward(before.answers))
        if before:
            services.forget(work, before)
        mine, secret = services.begin(work, office(), now())
        if owed:
            services.keep(work, office(), mine, Answers(amount={about: owed}), now())
    response = redirect(url_for(".step", name=STEPS[0], about=about or None))
    return unsent.give(cast("Response", response), secret)


def _owed(about: str) -> int | None:
    """The sum that was worked out before, in fen, to be looked at again on the page of amounts."""
    said = request.values.get("owed", "")
    return int(said) if about and _OWED.fullmatch(said) else None


@applying.route("/<any(what, employer, place, when, amount, story, contact):name>", methods=["GET", "POST"])
def step(name: str) -> ResponseReturnValue:
    """One question."""
    if request.method == "POST":
        return _answered(name)
    mine = unsent.mine()
    if mine is None:
        return redirect(url_for(".start"))
    if name == "amount" and not mine.answers.what:
        return redirect(url_for(".step", name="what"))
    typed = shown(name, mine.answers)
    if name == "what" and not typed and request.args.get("about") in KINDS:
        typed = {"what": [request.args["about"]]}
    return _question(name, mine, typed, change=bool(request.args.get(CHANGE)))


def _answered(name: str) -> ResponseReturnValue:
    """Keep the answer of one page and go on; or the page again, with what was typed and what is wrong."""
    typed: Typed = {field: values for field, values in request.form.lists() if values}
    change = bool(request.form.get(CHANGE))
    secret = ""
    try:
        known.only(request.form, FORMS[name])
        with transaction() as work:
            mine = unsent.mine(work)
            if name == "amount" and not (mine and mine.answers.what):
                return redirect(url_for(".start"))
            answers = read(name, typed, mine.answers if mine else Answers(), day(now()))
            if mine is None:  # too old, or gone on with elsewhere: nobody types anything twice
                mine, secret = services.begin(work, office(), now())
            services.keep(work, office(), mine, answers, now())
        if name == "contact":
            submitting.text_proof()
    except Invalid as wrong:
        return _question(name, unsent.mine(), typed, wrong.problems, change=change), 422
    response = cast("Response", redirect(_after(name, answers, change=change)))
    return unsent.give(response, secret) if secret else response


def _after(name: str, answers: Answers, *, change: bool) -> str:
    """Where to go on: the next page, or back to the list of answers if that is where he came from."""
    if name == "place" and answers.place == ELSEWHERE:
        return url_for(".elsewhere")
    if not change and name != STEPS[-1]:
        return url_for(".step", name=STEPS[STEPS.index(name) + 1])
    if answers.missing:
        return url_for(".step", name=answers.missing[0], change=1)
    return url_for(".check")


def _question(
    name: str,
    mine: Held | None,
    typed: Typed,
    problems: dict[str, str] | None = None,
    *,
    change: bool = False,
) -> str:
    problems = problems or {}
    return render_template(
        f"apply/{name}.html",
        step=name,
        number=STEPS.index(name) + 1,
        steps=STEPS,
        mine=mine,
        typed={field: values[0] for field, values in typed.items() if values},
        ticked=typed.get("what", []),
        kinds=KINDS,
        since=SINCE,
        places=(*SUBDISTRICTS, DISTRICT),
        elsewhere=ELSEWHERE,
        sure=asked_back(typed, problems),
        problems=problems,
        change=change,
    )


@applying.get("/elsewhere")
def elsewhere() -> ResponseReturnValue:
    """Who helps where we may not: no error, and nothing of what was typed is lost."""
    return render_template("apply/elsewhere.html", mine=unsent.mine())
