"""The employer hears what is asked, and answers: willing to talk, willing to pay at once, claim by claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.domain import fields
from mediation.domain.clocks import deadlines
from mediation.domain.facts import Facts
from mediation.domain.fields import Invalid
from mediation.domain.terms import STANDS, WAYS
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action
from mediation.web import acting
from mediation.web.acting import NOTHING
from mediation.web.drafting import check
from mediation.web.known import Form
from mediation.web.lines import ClaimLine, claim_lines
from mediation.web.opened import Opened, open_case
from mediation.web.views import case_view
from mediation.web.wording import wording


@dataclass(frozen=True, slots=True)
class Row:
    """One claim with what is said to it: `amount` as it is typed, in yuan."""

    index: int
    claim: ClaimLine
    stand: str = ""
    amount: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """What the employer said to one claim; `amount` fen where it accepts a part."""

    claim: ClaimLine
    stand: str
    amount: int
    note: str


@dataclass(frozen=True, slots=True)
class Given:
    """The answer that an employer gave when it joined."""

    way: str
    stands: list[Stand]


def hear(ref: str) -> ResponseReturnValue:
    """What is asked and what mediation is, for the employer alone; reading it promises nothing."""
    opened = open_case(ref)
    if opened.actor.role != "employer":
        abort(404)
    answer_by, free_from = days(opened)
    return render_template(
        "cases/hear.html",
        case=case_view(opened),
        claims=[claim for claim in claim_lines(opened) if claim.counts],
        answer_by=answer_by,
        free_from=free_from,
        open_acts={choice.action.name for choice in opened.choices() if choice.open},
    )


def days(opened: Opened) -> tuple[date | None, date | None]:
    """By when the employer had best answer, and from when the applicant is free to go; None if past."""
    last = {one.clock.name: one.due for one in deadlines(opened.engine.workflow, opened.facts)
            if one.stopped is None and one.paused is None}  # fmt: skip
    return _still_ahead(opened, last.get("contact")), _still_ahead(opened, last.get("exit"))


def given(opened: Opened) -> Given | None:
    """What the employer answered, for itself and for staff; the worker hears it from the mediator."""
    if opened.actor.role == "worker" or not opened.facts.joined:
        return None
    joined = next((entry for entry in reversed(opened.case.log) if entry.action == "join"), None)
    kept = msgspec.json.decode(joined.data).get("answer") if joined else None
    if kept is None:
        return None
    claims = claim_lines(opened)
    return Given(
        kept["way"],
        [
            Stand(claims[one["claim"]], one["stand"], one.get("amount", 0), one.get("note", ""))
            for one in kept["said"]
        ],
    )


def form_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """The page on which the employer answers."""
    return render_template(
        "cases/join.html",
        case=case_view(opened),
        action=action,
        seen=opened.revision,
        way=_way(typed),
        rows=_rows(opened, typed),
        ways=WAYS,
        stands=STANDS,
        note=typed.get("note", ""),
        problems=problems or {},
        refusal=refusal,
        consequence=wording("consequences", action.name),
    )


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Join, with the answer.  Raises Refused, Invalid."""
    acting.admit(opened, typed, _form(opened.facts))
    rows = _rows(opened, typed)
    if problems := _problems(typed, rows):
        raise Invalid(problems)
    said = [
        {"claim": row.index, "stand": row.stand, "amount": row.amount, "note": row.note}
        for row in rows
        if row.stand
    ]
    whole = {"answer": {"way": _way(typed), "said": said}, "note": typed.get("note", "")}
    return acting.attempt(opened, action, typed, fields.read(action, whole))


def _still_ahead(opened: Opened, due: date | None) -> date | None:
    return due if due and due >= opened.today else None


def _way(typed: MultiDict[str, str]) -> str:
    """What was chosen here or on the page before; whoever says no more than that he joins will talk."""
    return typed.get("way") or request.args.get("way") or WAYS[0]


def _rows(opened: Opened, typed: MultiDict[str, str]) -> list[Row]:
    return [
        Row(i, claim, *(typed.get(f"{name}-{i}", "").strip() for name in ("stand", "amount", "note")))
        for i, claim in enumerate(claim_lines(opened))
        if claim.counts
    ]


def _form(facts: Facts) -> Form:
    names = {f"{name}-{i}" for name in ("stand", "amount", "note") for i in range(len(facts.claims))}
    return Form(frozenset({"way", "note", *names}))


def _problems(typed: MultiDict[str, str], rows: list[Row]) -> dict[str, str]:
    """What cannot be read, by the name of its field on the page."""
    problems: dict[str, str] = {}
    if _way(typed) not in WAYS:
        problems["way"] = "not_listed"
    for row in rows:
        if row.stand not in ("", *STANDS):
            problems[f"stand-{row.index}"] = "not_listed"
        elif not row.stand and (row.amount or row.note):
            problems[f"stand-{row.index}"] = "choose_stand"
        if row.stand == "partly":
            check(problems, f"amount-{row.index}", fields.amount, row.amount)
        elif row.stand and row.amount:
            problems[f"amount-{row.index}"] = "amount_only_partly"
        check(problems, f"note-{row.index}", lambda said: fields.text(said, fields.MOST_NOTE), row.note)
    check(problems, "note", fields.text, typed.get("note", ""))
    return problems
