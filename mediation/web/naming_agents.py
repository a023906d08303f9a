"""The page on which a party names somebody to act for it."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.domain import fields
from mediation.domain.authorities import KINDS, SCOPES
from mediation.domain.fields import Invalid, Problem
from mediation.domain.naming import name
from mediation.domain.numbers import mobile
from mediation.domain.words import word
from mediation.engine.asking import Ask
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action
from mediation.services import agents
from mediation.web import acting, evidence, given, languages
from mediation.web.acting import NOTHING
from mediation.web.context import office
from mediation.web.known import Form
from mediation.web.opened import Opened
from mediation.web.views import case_view
from mediation.web.wording import wording

FORM = Form(frozenset({"agent_name", "agent_phone", "kind", "scope", "start", "end", "document"}))
LONGEST_NAME = 50
USUAL = timedelta(days=180)
"""How long an authority is proposed to be good for."""


def form_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """Whom, as what, how far, how long, and which of the papers handed in says so."""
    spoken = languages.language()
    proposed = {"start": opened.today.isoformat(), "end": (opened.today + USUAL).isoformat()}
    return render_template(
        "cases/agent.html",
        case=case_view(opened),
        action=action,
        seen=opened.revision,
        typed=typed or proposed,
        kinds=[(one, word("agent_kinds", one, spoken)) for one in KINDS],
        scopes=[(one, word("scope_sentences", one, spoken)) for one in SCOPES],
        papers=[(one.digest, one.name) for one in evidence.lines(opened) if one.mine],
        problems=problems or {},
        refusal=refusal,
        consequence=wording("consequences", action.name),
    )


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Name him, if everything can be read.  Raises Refused, Invalid."""
    acting.admit(opened, typed, FORM)
    read = _read(opened, typed)
    authority = {
        "ref": agents.new_ref(),
        "kind": typed["kind"],
        "scope": typed["scope"],
        "start": read["start"],
        "end": read["end"],
        **({"document": typed["document"]} if typed.get("document") else {}),
    }
    data = fields.read(action, {"authority": authority})
    ask = Ask(action.name, opened.actor, acting.seen_in(typed), opened.at, data)
    answer = acting.once(
        opened,
        lambda session: agents.name_agent(
            session, office(), opened.case_id, ask, read["agent_name"], read["agent_phone"]
        ),
    )
    assert answer is not None  # noqa: S101 - naming is done or raises
    return acting.finished(action.name, answer)


def _read(opened: Opened, typed: MultiDict[str, str]) -> dict[str, str]:
    """What was typed, read.  Raises Invalid with every field at fault."""
    problems: dict[str, str] = {}
    found: dict[str, str] = {}
    readers: dict[str, Callable[[str], str]] = {
        "agent_name": lambda said: name(said, LONGEST_NAME),
        "agent_phone": mobile,
        "start": lambda said: fields.calendar_day(given.iso_day(said)),
        "end": lambda said: fields.calendar_day(given.iso_day(said)),
    }
    for field, reader in readers.items():
        said = typed.get(field, "")
        try:
            found[field] = reader(said) if said.strip() else ""
        except Problem as problem:
            problems[field] = str(problem)
            continue
        if not found[field]:
            problems[field] = f"missing.{field}"
    for field, codes in (("kind", KINDS), ("scope", SCOPES)):
        if typed.get(field) not in codes:
            problems[field] = "choose_one"
    mine = {one.digest for one in evidence.lines(opened) if one.mine}
    if typed.get("document") and typed["document"] not in mine:
        problems["document"] = "not_listed"
    if problems:
        raise Invalid(problems)
    return found
