"""What the system does by itself, killed at any statement: done or not begun, and done the next time."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import makers
import other_holidays
import pytest
from dying import survives
from makers import PATHS, make_case
from stages import Stage

from mediation.domain.rules import registry
from mediation.domain.timing import pending
from mediation.engine.asking import SYSTEM
from mediation.engine.catalogue import gather
from mediation.resources import folder
from mediation.services import recounting, upgrading, waking
from mediation.services.upgrading import Order
from mediation.store.cases import facts_of
from mediation.store.models import Case

CHART = gather(folder("workflows"), registry()).newest("labour_dispute").workflow
TIMED = {name: act for name, act in CHART.actions.items() if act.at}
SHORT = [(name, next(state for state in PATHS if state in act.sources)) for name, act in TIMED.items()]
EVERY = [(name, state) for name, act in TIMED.items() for state in PATHS if state in act.sources]
IMPOSSIBLE = {("ask_arrival", "breached")}
"""The made case that is breached has had its days."""


@dataclass(frozen=True)
class Deed:
    """Something that the system does to the one case of a stage."""

    stage: Stage
    work: Callable[[], object]


def crashed(deed: Deed) -> tuple[int, list[str]]:
    """Kill the deed at each of its points: how many there were, and what was wrong after which."""
    stage = deed.stage
    stage.keep("before")
    before = stage.rows()
    deed.work()
    after = stage.rows()
    assert before != after
    wrong: list[str] = []
    for fatal in itertools.count(1):
        stage.restore("before")
        if survives(fatal, stage.engine, deed.work):
            return fatal - 1, wrong
        found = stage.rows()
        wrong += [f"point {fatal}: {one}" for one in stage.faults()]
        if found not in (before, after):
            wrong.append(f"point {fatal}: neither before nor after")
            continue
        deed.work()  # the next round
        if stage.rows() != after:
            wrong.append(f"point {fatal}: the next round did not come to what it should")
    raise AssertionError("never")


def made(stage: Stage, state: str) -> int:
    stage.restore("empty")
    with stage.work() as session:
        return make_case(session, stage.office, state=state).id


def timer(stage: Stage, action: str, state: str) -> Deed:
    """The timer, and whatever is due before it: one transaction."""
    case_id = made(stage, state)
    with stage.work() as session:
        engine = stage.office.catalogue.newest("labour_dispute")
        coming = pending(engine, facts_of(session.get_one(Case, case_id)))
        due: datetime = next(one.at for one in coming if one.action == action)

    def work() -> None:
        with stage.work() as session:
            waking.act(session, stage.office, case_id, due)

    return Deed(stage, work)


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(("action", "state"), SHORT)
def test_a_kill_at_any_statement_of_a_timer_leaves_it_done_or_not_begun(stage, action, state):
    points, wrong = crashed(timer(stage, action, state))
    assert wrong == []
    assert points >= 5, "begin, read, change, entry, commit"


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_kill_in_what_two_timers_write_on_postgresql(stage):
    points, wrong = crashed(timer(stage, "lapse_signing", "awaiting_signatures"))
    assert wrong == []
    assert points >= 4, "read, the one statement that writes, commit before and behind"


@pytest.mark.long
@pytest.mark.parametrize(("action", "state"), [one for one in EVERY if one not in IMPOSSIBLE])
def test_a_kill_at_any_statement_of_a_timer_in_any_state(stage, action, state):
    points, wrong = crashed(timer(stage, action, state))
    assert wrong == []
    assert points >= 4


def test_a_kill_at_any_statement_of_a_recount(stage, monkeypatch):
    made(stage, "contacting")
    other_holidays.announce(monkeypatch, other_holidays.EARLY_SPRING)
    points, wrong = crashed(Deed(stage, lambda: recounting.recount(stage.work, stage.office, makers.MONDAY)))
    monkeypatch.undo()
    assert wrong == []
    assert points >= 4


def test_a_kill_at_any_statement_of_a_move_to_another_version(stage, tmp_path):
    """The chart goes on as version 2 with other words; a case in the middle of it is moved."""
    case_id = made(stage, "accepted")
    charts = tmp_path / "charts"
    (charts / "migrations").mkdir(parents=True)
    chart = (folder("workflows") / "labour_dispute.yaml").read_text("utf-8")
    (charts / "one.yaml").write_text(chart, "utf-8")
    (charts / "two.yaml").write_text(chart.replace("version: 1", "version: 2"), "utf-8")
    way = "workflow: labour_dispute\nfrom: 1\nto: 2\nreason: 新的措辞\n"
    (charts / "migrations" / "way.yaml").write_text(way, "utf-8")
    stage.office = replace(stage.office, catalogue=gather(charts, registry()))
    order = Order(2, SYSTEM, makers.NOW, "新的措辞")

    def work() -> None:
        with stage.work() as session:
            if session.get_one(Case, case_id).workflow_version == 1:
                upgrading.move(session, stage.office.catalogue, case_id, order)

    points, wrong = crashed(Deed(stage, work))
    assert wrong == []
    assert points >= 4
