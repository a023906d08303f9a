"""What a member of staff has to do next, the most urgent first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediation.domain import halfdays, ladder, owing
from mediation.domain.characters import composed
from mediation.domain.clocks import deadlines
from mediation.domain.facts import Facts, day
from mediation.domain.fields import Problem, text
from mediation.domain.ladder import Rung
from mediation.engine.asking import Actor
from mediation.engine.deciding import Engine
from mediation.services import alerting
from mediation.services.attempts import attempts_of
from mediation.services.notices import short
from mediation.store import finding
from mediation.store.cases import facts_of, of_many, pending, waiting
from mediation.store.crowds import crowds
from mediation.store.db import db
from mediation.store.models import Case
from mediation.web import interests, oral, register, turns
from mediation.web.context import current_actor, now, office
from mediation.web.undoing import SECOND_LOOK
from mediation.web.wording import wording

desk = Blueprint("desk", __name__)
desk.add_url_rule("/desk/oral", "oral", oral.page, methods=["GET", "POST"])
desk.add_url_rule("/desk/oral/<ref>", "oral_filed", oral.filed)
desk.add_url_rule("/desk/oral/<ref>/record.pdf", "oral_record", oral.record_pdf)
desk.add_url_rule("/desk/contacts", "contacts", register.show)
desk.add_url_rule("/desk/contacts", "add_contact", register.add, methods=["POST"])
desk.add_url_rule("/desk/contacts/event", "contact_event", register.happened, methods=["POST"])
desk.add_url_rule("/desk/interests", "interests", interests.show)
desk.add_url_rule("/desk/interests", "declare_interest", interests.declare, methods=["POST"])
desk.add_url_rule("/desk/interests/over", "withdraw_interest", interests.withdraw, methods=["POST"])

MOST = 100
FOUND = 50
YEARS = 11
"""How far back a number without its year is looked for."""
LONGEST_NUMBER = 20
BEFORE = ("submitted", "needs_info", "contacting")
MEDIATING = (
    "accepted", "scheduled", "in_meeting", "adjourned", "terms_drafted", "awaiting_signatures",
)  # fmt: skip
OWING = ("performing", "breached")
TO_CLOSE = ("performed", *turns.ENDED)
RIGHTS = ("arbitration_review", "judicial_confirmation", "limitation")
"""Clocks that run for the parties: their end is nothing that staff could miss."""
SECOND, COLLECTIVE = "second", "collective"
GROUPS = ("overdue", "today", "soon", "later")
SOON = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One case on the desk."""

    ref: str
    number: str
    workers: str
    employer: str
    label: str
    tone: str
    left: int | None
    verb: str
    url: str
    waits_for: tuple[str, ...]
    nudge: str = ""
    times: str = ""
    """Where nobody is left who has not said when he could come: whether a meeting can be fixed."""
    collective: bool = False
    rung: Rung | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that are due in the same time."""

    name: str
    rows: list[Row]


@desk.get("/desk")
def show() -> ResponseReturnValue:
    """The cases that wait for the visitor, by when they are due."""
    actor = current_actor()
    rows = with_rungs(actor, work_of(actor))
    looks = [second_look(actor, case) for case in to_approve(actor)]
    groups = [Group(SECOND, looks)] if looks else []
    if first := with_rungs(actor, collective(actor)):
        groups.append(Group(COLLECTIVE, first))
        rows = [one for one in rows if one.ref not in {other.ref for other in first}]
    return render_template(
        "desk/show.html",
        role=actor.role,
        count=len(rows) + len(first),
        most=MOST,
        groups=[*groups, *grouped(rows)],
        crowds=crowds(db.session(), now()) if actor.role != "mediator" else [],
        watch=alerting.watch(db.session(), office(), now()) if actor.role == "admin" else None,
    )


@desk.get("/desk/find")
def find() -> ResponseReturnValue:
    """Cases by number, name or phone, among those the visitor may open."""
    actor = current_actor()
    asked = _asked(request.args.get("q", ""))
    rows = [row(actor, case) for case in search(actor, asked)] if asked else []
    return render_template("desk/find.html", asked=asked, rows=rows, most=FOUND)


def _asked(typed: str) -> str:
    """What to look for; what no case could contain looks for nothing."""
    try:
        return composed(text(typed, 100))
    except Problem:
        return ""


def work_of(actor: Actor) -> list[Case]:
    """The cases that this member of staff works on now."""
    session, today = db.session(), day(now())
    if actor.role == "clerk":
        return waiting(session, actor, BEFORE, MOST)
    if actor.role == "mediator":
        return waiting(session, actor, (*MEDIATING, *OWING), MOST)
    ready = waiting(session, actor, ("awaiting_signatures",), MOST)
    return [
        *waiting(session, actor, MEDIATING, MOST, unassigned=True),
        *(case for case in ready if ("admin", 0) in turns.turns(facts_of(case), today)),
        *waiting(session, actor, TO_CLOSE, MOST),
    ]


def collective(actor: Actor) -> list[Case]:
    """Collective cases that this member of staff works on, the next due first: they go before all others."""
    states = {"clerk": BEFORE, "mediator": (*MEDIATING, *OWING)}.get(actor.role, MEDIATING)
    found = of_many(db.session(), actor, states, day(now()), MOST)
    return [case for case in found if facts_of(case).collective]


def to_approve(actor: Actor) -> list[Case]:
    """Cases with a correction that somebody else has asked for, the next due first."""
    states = {state for engine in office().catalogue for state in engine.workflow.states}
    found = pending(db.session(), actor, sorted(states), day(now()), MOST)
    return [case for case in found if second_act(actor, facts_of(case))]


def second_act(actor: Actor, facts: Facts) -> str:
    """The act by which `actor` is the second person for what somebody else has asked for; none: nothing."""
    if facts.pending and facts.pending.by != actor.id:
        return SECOND_LOOK[0]
    one = facts.rejection if facts.state in BEFORE and actor.role in ("clerk", "admin") else None
    return "approve_rejection" if one and one.by != actor.id else ""


def second_look(actor: Actor, case: Case) -> Row:
    """A line of the desk that leads to the second look at a correction or a refusal."""
    one = row(actor, case)
    url = url_for("cases.act", ref=one.ref, name=second_act(actor, facts_of(case)))
    return replace(one, verb=wording("pieces", SECOND), url=url)


def search(actor: Actor, asked: str) -> list[Case]:
    """Cases whose number, firm, people or phones contain what was asked; wildcards mean themselves."""
    return finding.search(db.session(), actor, finding.Asked(asked, tuple(_numbers(asked))), FOUND)


def _numbers(asked: str) -> Iterator[str]:
    """The case numbers that people may mean: 2026-000128, or 128 of one of the last years."""
    yield asked
    year, dash, serial = asked.rpartition("-")
    if len(asked) > LONGEST_NUMBER or not serial.isdecimal() or not (year.isdecimal() or not dash):
        return
    this_year = day(now()).year
    years = [int(year)] if dash else range(this_year, this_year - YEARS, -1)
    yield from (office().organisation.number(one, int(serial)) for one in years)


def grouped(rows: list[Row]) -> list[Group]:
    """Rows by time; in each group first where staff has to call, then by what is left; no empty groups."""
    found: dict[str, list[Row]] = {name: [] for name in GROUPS}
    for one in sorted(rows, key=lambda one: (not one.nudge, one.left is None, one.left or 0, one.number)):
        found[_when(one.left)].append(one)
    return [Group(name, members) for name, members in found.items() if members]


def row(actor: Actor, case: Case) -> Row:
    """A case as a line of the desk, with the next act of its reader."""
    at, facts = now(), facts_of(case)
    today = day(at)
    engine = office().catalogue[case.workflow, case.workflow_version]
    main, _ = turns.arranged(engine.choices(facts, actor, at))
    moves = turns.turns(facts, today)
    verb = main[0].action if main and (actor.role, 0) in moves else None
    due = due_of(engine, facts)
    return Row(
        case.ref,
        short(case.number),
        _names(case),
        case.employer_name,
        engine.workflow.states[facts.state].label,
        turns.tone(facts.state),
        (due - today).days if due else None,
        verb.label if verb else "",
        url_for("cases.act", ref=case.ref, name=verb.name) if verb else "",
        tuple(sorted({role for role, _ in moves})),
        nudge_of(engine, facts),
        times_of(facts, at),
        facts.collective,
    )


def with_rungs(actor: Actor, cases: list[Case]) -> list[Row]:
    """Cases as lines of the desk, each that waits for its employer with what is to be tried next."""
    silent = [case.id for case in cases if case.state == "contacting"]
    tried = attempts_of(db.session(), silent) if silent else {}
    today, found = day(now()), []
    for case in cases:
        ways = [(one.on, one.way) for one in tried.get(case.id, ())]
        climbed = ladder.rungs(facts_of(case), ways, today)
        found.append(replace(row(actor, case), rung=ladder.next_rung(climbed)))
    return found


def nudge_of(engine: Engine, facts: Facts) -> str:
    """What the system has asked staff to do, in the words of the chart, until somebody acts."""
    act = engine.workflow.actions.get(facts.nudge or "")
    return act.label if act else ""


def times_of(facts: Facts, at: datetime) -> str:
    """`common` or `none`: what came of it when everybody has answered about the meeting to be fixed."""
    if not turns.choosing(facts) or halfdays.unanswered(facts, day(at)):
        return ""
    return "common" if halfdays.common(facts, at) else "none"


def due_of(engine: Engine, facts: Facts) -> date | None:
    """The day by which staff should have moved the case: its own clocks, and what the agreement promises."""
    clocks = deadlines(engine.workflow, facts)
    running = [t for t in clocks if t.stopped is None and t.paused is None]
    days = [t.due for t in running if t.clock.name not in RIGHTS]
    if facts.terms is not None and facts.sealed is not None:
        days += [p.due for _, p, owed in owing.payments_of(facts, None) if owed.paid < p.amount]
        days += [facts.terms.duties[i].due for i in owing.open_duties(facts)]
    return min(days, default=None)


def _when(left: int | None) -> str:
    if left is None or left > SOON:
        return "later"
    return "overdue" if left < 0 else "today" if left == 0 else "soon"


def _names(case: Case) -> str:
    workers = [one.name for one in case.parties if one.side == "worker"]
    return workers[0] if len(workers) == 1 else f"{workers[0]} +{len(workers) - 1}"
