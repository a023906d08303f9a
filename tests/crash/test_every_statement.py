"""A process that is killed at any statement of any act leaves the case wholly before or wholly after.

Every act of the chart is done once for each of its points by a child that dies there; then the
database is opened again, compared row by row with what was before and what should be after, audited,
and asked for the same act once more.  `-m long` does so from every state an act can leave.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import makers
import pytest
from dying import survives
from makers import PATHS, ROLES, act, actor_of, due_of, in_hand, make_case, make_filing, staff
from msgspec import structs
from sqlalchemy.orm import Session
from stages import Stage

from mediation.domain.facts import BEIJING
from mediation.domain.filing import Filing
from mediation.domain.rules import registry
from mediation.engine.asking import Ask
from mediation.engine.catalogue import gather
from mediation.engine.refusals import Refused, Stale
from mediation.resources import folder
from mediation.services.casework import Step, fire, step
from mediation.services.filing import submit
from mediation.store.cases import facts_of
from mediation.store.models import Case
from mediation.store.steps import ENTRY, REPLY, ReplyRow, Sheet

CHART = gather(folder("workflows"), registry()).newest("labour_dispute").workflow
PEOPLES = {name: one for name, one in CHART.actions.items() if "system" not in one.by}
"""What the system does follows on these and is written with them."""

OTHERS = {
    "extend": "worker", "offer": "employer", "counter": "worker", "accept_offer": "worker",
    "reject_offer": "worker", "arbitrate": "worker", "mark_clauses": "worker", "sign": "worker",
    "step_out": "worker", "leave_terms": "worker", "ask_pause": "worker", "resume": "worker",
    "add_evidence": "worker", "open_evidence": "worker",
}  # fmt: skip
"""Who does what makers.ROLES leaves open."""

FIRST = {
    "counter": ("offer",), "accept_offer": ("offer",), "reject_offer": ("offer",),
    "confirm_payment": ("report_payment",), "deny_payment": ("report_payment",),
    "verify_agent": ("name_agent",), "end_agent": ("name_agent",),
    "approve_rejection": ("reject",), "return_rejection": ("reject",),
    "certify_no_answer": ("log_attempt", "log_attempt"),
    "open_evidence": ("add_evidence",), "accept": ("join",), "resume_performance": ("arbitrate",),
    "approve_correction": ("correct_claim",), "refuse_correction": ("correct_claim",),
}  # fmt: skip
"""What must have happened in the state before it."""

ROUND_ABOUT = {
    ("accept", "submitted"): ("contact_employer", "join", "ask_info", "give_info"),
    ("close", "performing"): ("report_payment", "confirm_payment"),
    ("restate_payment", "performing"): ("report_payment", "confirm_payment"),
    ("restate_payment", "breached"): ("report_payment", "confirm_payment"),
}
"""How a case comes to an act in a state from which it is seldom done, and is in that state again."""

EVERYBODY = {
    "resume": {"ask_pause": ("worker", "employer")},
    "seal": {"sign": ("worker", "employer", "mediator")},
    "send_for_signing": {"mark_clauses": ("worker", "employer")},
}
"""What everybody must have done before it."""

USUAL = {
    "offer": "in_meeting", "counter": "in_meeting", "accept_offer": "in_meeting",
    "reject_offer": "in_meeting",
    "draft_terms": "in_meeting", "assign": "accepted", "convene": "accepted", "arbitrate": "breached",
    "end": "in_meeting", "withdraw": "terms_drafted", "refer": "not_agreed", "close": "performed",
    "amend_terms": "awaiting_signatures", "accept": "contacting", "seal": "awaiting_signatures",
    "restate_payment": "performed", "correct_claim": "accepted", "approve_correction": "accepted",
    "add_evidence": "accepted", "open_evidence": "accepted",
    "name_agent": "accepted", "verify_agent": "accepted", "end_agent": "accepted",
}  # fmt: skip
"""Where an act that can leave several states is tried in the short run."""


NAMED = ("confirm_place", "decline_place")
"""Acts of a worker whom only another has named so far."""

WITH_MORE = ("submit", "sign", "correct_party", "add_evidence")
"""Acts whose pages write more than a step, in the transaction of a session."""


@dataclass(frozen=True)
class Trial:
    """An act to be killed in, as its page does it or else the other way."""

    action: str
    source: str
    otherwise: bool = False

    def __str__(self) -> str:
        return f"{self.action}-{self.source}" + "-otherwise" * self.otherwise

    @property
    def alone(self) -> bool:
        """Whether it is a step in a transaction of its own."""
        return (self.action in WITH_MORE) is self.otherwise

    @property
    def role(self) -> str:
        return ROLES.get(self.action) or OTHERS[self.action]

    @property
    def made(self) -> str:
        """The state of the case before what must have happened first."""
        return "breached" if self.action == "resume_performance" else self.source

    @property
    def first(self) -> tuple[str, ...]:
        """What must have happened in this state before it."""
        return ROUND_ABOUT.get((self.action, self.source)) or FIRST.get(self.action, ())

    @property
    def many(self) -> bool:
        """Whether it takes several workers, of whom the second does it."""
        return self.action in ("step_out", "leave_terms", *NAMED)

    @property
    def workers(self) -> int:
        """How many workers the case has."""
        return 10 if self.action == "name_representatives" else 1 + self.many


SHORT = [
    *(
        Trial(name, USUAL.get(name) or next(s for s in PATHS if s in one.sources))
        for name, one in PEOPLES.items()
    ),
    Trial("confirm_payment", "breached"),
]
LEAST = {"sqlite": 7, "postgresql": 5}
"""Begin, read, four rows, commit; or a read and the one statement that writes and is a transaction, each
of them not sent or sent, and the end."""
NEVER = {("restate_payment", "closed"), ("resume_performance", "closed")}
"""The made case that is closed has no agreement."""
EVERY = [
    Trial(name, state)
    for name, one in PEOPLES.items()
    for state in PATHS
    if state in one.sources and (name, state) not in NEVER
]
SAMPLE = [
    Trial("submit", "draft"),
    *(Trial(name, "awaiting_signatures") for name in ("sign", "seal")),
    Trial("restate_payment", "performed"),
]
OTHERWISE = [Trial(name, "awaiting_signatures", otherwise=True) for name in ("sign", "seal")]


def prepare(stage: Stage, trial: Trial) -> tuple[int, Ask]:
    """A case right before the act, kept as "before", and the act."""
    stage.restore("empty")
    with stage.work() as session:
        filing = named(trial) if trial.action in NAMED else None
        case = make_case(session, stage.office, state=trial.made, workers=trial.workers, filing=filing)
        for first in trial.first:
            act(session, stage.office, case, first, role=OTHERS.get(first))
        for first, sides in EVERYBODY.get(trial.action, {}).items():
            for side in sides:
                act(session, stage.office, case, first, role=side)
        ask = asked(session, case, trial)
        case_id = case.id
        staff(session, trial.role) if trial.role in ("clerk", "mediator", "admin") else None
    stage.keep("before")
    return case_id, ask


def named(trial: Trial) -> Filing:
    """An application in which the last worker has not said yet whether it is him."""
    filing = make_filing(workers=trial.workers)
    *others, last = filing.workers
    return structs.replace(filing, workers=(*others, structs.replace(last, confirmed=False)))


def asked(session: Session, case: Case, trial: Trial) -> Ask:
    """The act with what it usually needs."""
    session.refresh(case)
    at = case.moved_at + timedelta(minutes=1)
    if trial.action in ("record_breach", "arbitrate"):
        due = due_of(case)
        at = max(at, datetime(due.year, due.month, due.day, 10, tzinfo=BEIJING) + timedelta(days=1))
    if trial.action == "certify_no_answer":
        at += timedelta(days=60)  # the employer's days are over
    mediator = staff(session, "mediator").id if trial.action == "assign" else ""
    data = in_hand(trial.action, facts_of(case), at, mediator)
    who = actor_of(session, case, trial.role, int(trial.many))
    return Ask(trial.action, who, case.revision, at, data)


def answered(came: Step) -> list[tuple[str, ReplyRow]]:
    """The answer to the form, which must be there with the act and never without it."""
    return [(REPLY, ReplyRow("form", "digest", came.case_id, "/", came.state, makers.NOW))]


def perform(stage: Stage, trial: Trial, case_id: int, ask: Ask) -> None:
    """What a page does when the button is pressed, with an answer beside it."""
    if trial.alone:
        with stage.app.app_context():
            step(stage.office.catalogue, case_id, ask, answered)
        return
    with stage.work() as session:
        if ask.action == "submit":
            submit(session, stage.office, session.get_one(Case, case_id), ask)
        else:
            fire(session, stage.office.catalogue, case_id, ask)


def crashes(stage: Stage, trial: Trial, broken: Callable[[], None] = lambda: None) -> tuple[int, list[str]]:
    """Kill the act at each of its points: how many there were, and what was wrong after which."""
    case_id, ask = prepare(stage, trial)
    before = stage.rows()
    perform(stage, trial, case_id, ask)
    after = stage.rows()
    assert before != after

    def work() -> None:
        broken()
        perform(stage, trial, case_id, ask)

    wrong: list[str] = []
    for fatal in itertools.count(1):
        stage.restore("before")
        if survives(fatal, stage.engine, work):
            print(f"{trial}: {fatal - 1} points")
            return fatal - 1, wrong
        found = stage.rows()
        wrong += [f"point {fatal}: {one}" for one in stage.faults()]
        if found not in (before, after):
            wrong.append(f"point {fatal}: neither before nor after")
            continue
        wrong += [f"point {fatal}: {one}" for one in again(stage, trial, case_id, ask, done=found == after)]
        if stage.rows() != after:
            wrong.append(f"point {fatal}: asked again, it did not come to what it should")
    raise AssertionError("never")


def again(stage: Stage, trial: Trial, case_id: int, ask: Ask, *, done: bool) -> list[str]:
    """Ask for the same once more: done if it was not done, refused as done if it was."""
    try:
        perform(stage, trial, case_id, ask)
    except Stale:
        return [] if done else ["refused as done although it was not"]
    except Refused as refusal:
        return [f"refused: {refusal!r}"]
    return ["done twice"] if done else []


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("trial", SHORT, ids=str)
def test_a_kill_at_any_statement_of_an_act_leaves_it_done_or_not_begun(stage, trial):
    points, wrong = crashes(stage, trial)
    assert wrong == []
    assert points >= LEAST["sqlite"]


def test_there_are_three_hundred_points_on_either_database():
    assert LEAST["sqlite"] * len(SHORT) >= 300
    assert LEAST["postgresql"] * len(EVERY) >= 300, "in the long run"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_commit_in_the_middle_of_a_step_would_be_found(stage):
    """That the search is able to find something: a step that commits between its rows."""

    def commit_between() -> None:
        run = Sheet._run

        def committed(sheet, statement, values):
            run(sheet, statement, values)
            if statement == ENTRY:
                sheet._cursor.execute("COMMIT")
                sheet._cursor.execute("BEGIN IMMEDIATE")

        Sheet._run = committed  # in a child that dies

    _, wrong = crashes(stage, Trial("submit", "draft"), commit_between)
    assert any("neither before nor after" in one for one in wrong)
    assert any("the ledger is not what the log posted" in one for one in wrong)


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("trial", SAMPLE, ids=str)
def test_a_kill_at_any_statement_on_postgresql_leaves_it_done_or_not_begun(stage, trial):
    points, wrong = crashes(stage, trial)
    assert wrong == []
    assert points >= LEAST["postgresql"]


@pytest.mark.parametrize("trial", OTHERWISE, ids=str)
def test_a_kill_in_a_step_taken_the_other_way_leaves_it_done_or_not_begun(stage, trial):
    points, wrong = crashes(stage, trial)
    assert wrong == []
    assert points >= LEAST[stage.engine.dialect.name]


@pytest.mark.long
@pytest.mark.parametrize("trial", EVERY, ids=str)
def test_a_kill_at_any_statement_of_an_act_from_any_state_leaves_it_done_or_not_begun(stage, trial):
    points, wrong = crashes(stage, trial)
    assert wrong == []
    assert points >= LEAST[stage.engine.dialect.name]
