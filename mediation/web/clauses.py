"""The terms of a case clause by clause: what each says, who said what to it, who has signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.domain import fields
from mediation.domain.facts import Facts
from mediation.domain.fields import Invalid
from mediation.domain.terms import Duty, Payment
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action
from mediation.store.cases import party
from mediation.web import acting
from mediation.web.acting import NOTHING
from mediation.web.known import Form
from mediation.web.lines import worker_name
from mediation.web.opened import Opened
from mediation.web.views import case_view, mediator_name


@dataclass(frozen=True, slots=True)
class Said:
    """What one seat says of a clause; `mark` is empty while it has said nothing."""

    role: str
    name: str
    mark: str
    note: str
    you: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: money, or something to be done."""

    index: int
    due: date
    said: list[Said]
    worker: str = ""
    head: str = ""
    amount: int = 0
    what: str = ""
    text: str = ""
    chosen: str = ""
    note: str = ""
    problem: str | None = None
    note_problem: str | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody whose signature is needed, and when he gave it."""

    role: str
    name: str
    at: datetime | None
    you: bool


@dataclass(frozen=True, slots=True)
class TermsView:
    """The terms as a page shows them."""

    clauses: list[Clause]
    overdue: str
    total: int
    digest: str
    signers: list[Signer]


def terms_view(
    opened: Opened, typed: MultiDict[str, str] = NOTHING, problems: Mapping[str, str] | None = None
) -> TermsView:
    """The terms for the visitor; what he typed stands only while the terms are the ones he read."""
    terms = opened.facts.terms
    if terms is None:
        abort(404)
    if typed.get("digest") != terms.digest:
        typed = NOTHING
    clauses = [
        _clause(opened, index, clause, typed, problems or {}) for index, clause in enumerate(terms.clauses)
    ]
    return TermsView(clauses, terms.overdue, terms.total, terms.digest, signers(opened))


def may_mark(opened: Opened) -> bool:
    """Whether the visitor is asked for his marks."""
    actor = opened.actor
    return opened.facts.state == "terms_drafted" and (actor.role, actor.seat) in opened.facts.seats


def form_page(
    opened: Opened,
    action: Action | None = None,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """The page of the terms, with the questions to whoever is to mark them."""
    return render_template(
        "cases/terms.html",
        case=case_view(opened),
        terms=terms_view(opened, typed, problems),
        action=action,
        asked=may_mark(opened),
        seen=opened.revision,
        problems=problems or {},
        refusal=refusal,
    )


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Take down the marks of one seat.  Raises Refused, Invalid."""
    acting.admit(opened, typed, _form(opened.facts))
    if problems := _problems(opened.facts, typed):
        raise Invalid(problems)
    data = fields.read(action, {"marks": _marks(opened.facts, typed)})
    return acting.attempt(opened, action, typed, data)


def signers(opened: Opened) -> list[Signer]:
    """Everybody who must sign, in the order of the paper."""
    facts, actor = opened.facts, opened.actor
    times = {(one.side, one.seat): one.at for one in facts.signatures}
    seats = [*facts.seats, ("mediator", 0)]
    found = []
    for role, seat in seats:
        you = role == actor.role and (role != "worker" or seat == actor.seat)
        found.append(Signer(role, _name(opened, role, seat), times.get((role, seat)), you))
    return found


def _clause(
    opened: Opened,
    index: int,
    clause: Payment | Duty,
    typed: MultiDict[str, str],
    problems: Mapping[str, str],
) -> Clause:
    said = _said(opened, index)
    mine = next((one for one in said if one.you), None)
    chosen = typed.get(f"mark-{index}", mine.mark if mine else "")
    note = typed.get(f"note-{index}", mine.note if mine else "")
    asked = (chosen, note, problems.get(f"mark-{index}"), problems.get(f"note-{index}"))
    if isinstance(clause, Duty):
        return Clause(index, clause.due, said, "", "", 0, clause.what, clause.text, *asked)
    who = worker_name(opened, clause.worker)
    return Clause(index, clause.due, said, who, clause.head, clause.amount, "", "", *asked)


def _said(opened: Opened, index: int) -> list[Said]:
    facts, actor = opened.facts, opened.actor
    marks = {(m.side, m.seat): m for m in facts.marks if m.clause == index}
    found = []
    for role, seat in facts.seats:
        mark = marks.get((role, seat))
        you = (role, seat) == (actor.role, actor.seat)
        word, note = (mark.mark, mark.note) if mark else ("", "")
        found.append(Said(role, _name(opened, role, seat), word, note, you))
    return found


def _name(opened: Opened, role: str, seat: int) -> str:
    return mediator_name(opened) if role == "mediator" else party(opened.case, role, seat).name


def _form(facts: Facts) -> Form:
    """A mark and a note for each clause there is."""
    rows = range(len(facts.terms.clauses) if facts.terms else fields.MOST_CLAUSES)
    return Form(frozenset({"digest", *(f"{name}-{row}" for name in ("mark", "note") for row in rows)}))


def _problems(facts: Facts, typed: MultiDict[str, str]) -> dict[str, str]:
    """What is missing; nothing is said about terms that are no longer these: the chart says that."""
    if facts.terms is None or typed.get("digest") != facts.terms.digest:
        return {}
    problems = {}
    for index in range(len(facts.terms.clauses)):
        mark = typed.get(f"mark-{index}", "")
        if not mark:
            problems[f"mark-{index}"] = "choose_mark"
        if mark == "change" and not typed.get(f"note-{index}", "").strip():
            problems[f"note-{index}"] = "say_what"
    return problems


def _marks(facts: Facts, typed: MultiDict[str, str]) -> dict[str, object]:
    count = len(facts.terms.clauses) if facts.terms else 0
    said = [
        {"clause": i, "mark": typed[f"mark-{i}"], "note": typed.get(f"note-{i}", "")}
        for i in range(count)
        if f"mark-{i}" in typed
    ]
    return {"digest": typed.get("digest", ""), "said": said}
