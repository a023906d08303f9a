"""Cases finish on the version they began on, or are moved by a written migration that the log keeps."""

from dataclasses import replace

import makers
import pytest
from makers import act, make_case

from mediation.domain.facts import decode
from mediation.domain.rules import registry
from mediation.domain.versions import MOVE
from mediation.engine.asking import SYSTEM, Ask
from mediation.engine.catalogue import gather
from mediation.engine.refusals import Unknown, WorkflowError
from mediation.resources import folder
from mediation.services.audit import findings
from mediation.services.casework import fire
from mediation.services.opening import make_ready
from mediation.services.upgrading import Order, Unmovable, movable, move
from mediation.store.models import Case

SECOND = (
    ("version: 1", "version: 2"),
    ("label: 改日再谈,", "label: 择日再谈,"),
    ("  scheduled: {", "  fixed: {"),
    ("[accepted, scheduled, in_meeting, adjourned]", "[accepted, fixed, in_meeting, adjourned]"),
    ("[accepted, scheduled, in_meeting, adjourned, terms", "[accepted, fixed, in_meeting, adjourned, terms"),
    (
        "contacting, accepted, scheduled, in_meeting, adjourned",
        "contacting, accepted, fixed, in_meeting, adjourned",
    ),
    ("    to: scheduled\n", "    to: fixed\n"),
    ("    from: [scheduled, adjourned]", "    from: [fixed, adjourned]"),
    ("    from: [accepted, scheduled, adjourned]", "    from: [accepted, fixed, adjourned]"),
    ("  working:\n", "  term:\n"),
    ("before working\n", "before term\n"),
    ("end of working\n", "end of term\n"),
    (
        "  adjourn:\n",
        "  greet:\n    label: 问候\n    en: Greet\n    by: mediator\n    from: talking\n  adjourn:\n",
    ),
)
WAY = (
    "workflow: labour_dispute\nfrom: 1\nto: 2\nreason: 新的名称\n"
    "states: {scheduled: fixed}\nclocks: {working: term}\n"
)


@pytest.fixture
def charts(tmp_path):
    """A folder with the first version, a made-up second one and the way between them."""
    place = tmp_path / "charts"
    (place / "migrations").mkdir(parents=True)
    text = (folder("workflows") / "labour_dispute.yaml").read_text("utf-8")
    (place / "one.yaml").write_text(text, "utf-8")
    for old, new in SECOND:
        assert old in text, old
        text = text.replace(old, new)
    (place / "two.yaml").write_text(text, "utf-8")
    (place / "migrations" / "way.yaml").write_text(WAY, "utf-8")
    return place


@pytest.fixture
def later(office, charts):
    """The office after the second version came."""
    return replace(office, catalogue=gather(charts, registry()))


def order(at=makers.NOW, reason="新的名称"):
    return Order(2, SYSTEM, at, reason)


def moving(transaction, office, case_id):
    with transaction() as session:
        return move(session, office.catalogue, case_id, order())


def audit(transaction, office):
    with transaction() as session:
        return list(findings(session, office.catalogue))


def made(transaction, office, state):
    make_ready(transaction, makers.MONDAY)
    with transaction() as session:
        return make_case(session, office, state=state).id


def test_an_old_case_goes_on_with_its_acts_and_labels_and_a_new_one_with_the_new(transaction, office, later):
    old = made(transaction, office, "scheduled")
    with transaction() as session:
        new = session.get_one(Case, make_case(session, later, state="accepted").id)
        act(session, later, new, "convene")
        session.refresh(new)
        assert (new.workflow_version, new.state) == (2, "fixed")
        fire(session, later.catalogue, new.id, greeting(session, new))
    with transaction() as session:
        case = session.get_one(Case, old)
        with pytest.raises(Unknown):
            fire(session, later.catalogue, old, greeting(session, case))
        act(session, later, case, "open_meeting")
        act(session, later, case, "adjourn")
        session.refresh(case)
        chart = later.catalogue[case.workflow, case.workflow_version].workflow
        assert chart.states[case.state].label == "改日再谈"
        assert later.catalogue["labour_dispute", 2].workflow.states["adjourned"].label == "择日再谈"
    assert audit(transaction, later) == []


def greeting(session, case):
    return Ask("greet", makers.actor_of(session, case, "mediator"), case.revision, makers.NOW)


def test_a_moved_case_goes_on_under_the_new_names_and_its_log_is_one_chain(transaction, office, later):
    case_id = made(transaction, office, "scheduled")
    with transaction() as session:
        before = session.get_one(Case, case_id)
        revision, run = before.revision, decode(before.facts).clocks["working"]
    step = moving(transaction, later, case_id)
    assert (step.state, step.revision) == ("fixed", revision + 1)
    with transaction() as session:
        case = session.get_one(Case, case_id)
        assert (case.workflow_version, case.state, case.revision) == (2, "fixed", revision + 1)
        assert decode(case.facts).clocks["term"] == run
        assert "working" not in decode(case.facts).clocks
        entry = case.log[-1]
        assert (entry.action, entry.source, entry.target) == (MOVE, "scheduled", "fixed")
        assert '"from":1' in entry.data
        assert '"to":2' in entry.data
        assert "新的名称" in entry.data
    assert audit(transaction, later) == []
    with transaction() as session:
        case = session.get_one(Case, case_id)
        act(session, later, case, "open_meeting")
        fire(session, later.catalogue, case_id, greeting(session, case_again(session, case)))
    assert audit(transaction, later) == []


def case_again(session, case):
    session.refresh(case)
    return case


def test_the_audit_sees_a_way_that_was_changed_after_a_case_took_it(transaction, office, later, charts):
    case_id = made(transaction, office, "scheduled")
    moving(transaction, later, case_id)
    (charts / "migrations" / "way.yaml").write_text(WAY.replace("新的名称", "别的"), "utf-8")
    changed = replace(office, catalogue=gather(charts, registry()))
    assert ["another file" in said for said in audit(transaction, changed)] == [True]


def test_the_audit_sees_a_version_that_no_entry_explains(transaction, office, later):
    case_id = made(transaction, office, "in_meeting")
    with transaction() as session:
        session.get_one(Case, case_id).workflow_version = 2
    assert audit(transaction, later)


def test_only_cases_that_go_on_are_moved(transaction, office, later):
    ended, going = made(transaction, office, "closed"), made(transaction, office, "in_meeting")
    with transaction() as session:
        assert movable(session, later.catalogue, "labour_dispute", 2) == [going]
    with pytest.raises(Unmovable, match="has ended"):
        moving(transaction, later, ended)
    moving(transaction, later, going)
    with pytest.raises(Unmovable, match="nobody has written a migration from labour_dispute version 2 to 2"):
        moving(transaction, later, going)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("states: {scheduled: fixed}", "states: {}", "way.yaml:5: state scheduled: the new version has no"),
        ("fixed}", "nowhere}", "way.yaml:5: state scheduled: the new version has no 'nowhere'"),
        ("fixed}", "closed}", "way.yaml:5: state scheduled: 'closed' is final, unlike it"),
        ("{scheduled", "{attic: closed, scheduled", "way.yaml:5: state attic: the old version has none"),
        ("clocks: {working: term}\n", "", "way.yaml:1: clock working: the new version has no 'working'"),
        ("term}", "exit}", "way.yaml:6: clock working: another clock becomes 'exit' too"),
        ("reason: 新的名称\n", "", "way.yaml:1: top: reason is missing"),
        ("to: 2", "to: 3", "way.yaml:3: top: to: there is no labour_dispute version 3"),
        ("to: 2", "to: 1", "way.yaml:3: top: to: version 1 is not later than 1"),
        ("from: 1", "from: one", "way.yaml:2: top: from must be a whole number from 1"),
        ("fixed}", "[fixed]}", "way.yaml:5: state scheduled: must become one word"),
        ("reason", "raeson", "way.yaml:4: top: unknown key 'raeson'"),
    ],
)
def test_a_way_with_a_fault_is_refused_and_nothing_starts(charts, old, new, expected):
    assert old in WAY
    (charts / "migrations" / "way.yaml").write_text(WAY.replace(old, new), "utf-8")
    with pytest.raises(WorkflowError) as refused:
        gather(charts, registry())
    assert any(expected in fault for fault in refused.value.faults), refused.value.faults
