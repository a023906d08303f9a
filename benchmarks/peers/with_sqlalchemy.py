"""SQLAlchemy's ORM by hand; the same with python-statemachine, and with SpiffWorkflow's serializer."""

import time
from typing import Any

from mediation.store.db import transaction
from mediation.store.models import Base, Case, Total
from peers import Act, Chart, Life, allowed

TABLES = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def by_hand() -> Life:
    """Objects in a session."""
    return lambda case_id, acts: [_timed(case_id, act, lambda _case, _act: {}) for act in acts]


def python_statemachine(chart: Chart) -> Life:
    """A machine is built around each case that is loaded, as its documentation shows."""
    from statemachine import State, StateMachine

    sources = {source for sources, _ in chart.transitions.values() for source in sources}
    states = {
        name: State(name, value=name, initial=name == chart.initial, final=name not in sources)
        for name in chart.states
    }
    body: dict[str, Any] = dict(states)
    for name, (origins, target) in chart.transitions.items():
        leads = [states[origin].to(states[target or origin], cond="allowed") for origin in origins]
        body[f"do_{name}"] = leads[0]
        for lead in leads[1:]:
            body[f"do_{name}"] |= lead
    body["allowed"] = lambda machine: allowed(machine.model)
    machine = type("Machine", (StateMachine,), body)

    def decide(case: Case, act: Act) -> dict[str, Any]:
        one = machine(case, state_field="state")
        for name in act.transitions:
            one.send(f"do_{name}")
        return {}

    return lambda case_id, acts: [_timed(case_id, act, decide) for act in acts]


def spiffworkflow(life: list[Act]) -> Life:
    """The process of a case is loaded, moved by a task and stored again, in the place of its facts."""
    from SpiffWorkflow.serializer.json import JSONSerializer
    from SpiffWorkflow.specs.Simple import Simple
    from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
    from SpiffWorkflow.util.task import TaskState
    from SpiffWorkflow.workflow import Workflow

    spec = WorkflowSpec(name="life", addstart=True)
    last = spec.start
    for number, name in enumerate(name for act in life for name in act.transitions):
        task = Simple(spec, f"{number} {name}", manual=True)
        last.connect(task)
        last = task
    serializer = JSONSerializer()
    fresh = Workflow(spec)
    fresh.run_next()
    begun = serializer.serialize_workflow(fresh)

    def decide(case: Case, act: Act) -> dict[str, Any]:
        assert allowed(case)
        # Before its first act a case has the facts of ours: no trigger lets them be changed without an entry.
        process = serializer.deserialize_workflow(begun if act.seen == life[0].seen else case.facts)
        for name in act.transitions:
            task = process.get_next_task(state=TaskState.READY)
            assert task.task_spec.name.endswith(f" {name}")
            task.run()
        return {"facts": serializer.serialize_workflow(process)}

    return lambda case_id, acts: [_timed(case_id, act, decide) for act in acts]


def _timed(case_id: int, act: Act, decide: Any) -> float:
    start = time.perf_counter()
    with transaction() as session:
        case = session.get_one(Case, case_id)
        assert case.revision == act.seen
        for name, value in {**act.case, **decide(case, act)}.items():
            setattr(case, name, value)
        for table, row in act.rows:
            if table == "totals":
                _add(session, row)
                continue
            session.add(TABLES[table](**_own(row, case_id)))
            if table == "entries":
                session.flush()  # the other rows point at it
    return time.perf_counter() - start


def _add(session: Any, row: Any) -> None:
    key = {name: row[name] for name in row if name != "amount"}
    total = session.get(Total, tuple(key.values()))
    if total is None:
        session.add(Total(**row))
    else:
        total.amount += row["amount"]


def _own(row: Any, case_id: int) -> dict[str, Any]:
    return {**row, "case_id": case_id}
