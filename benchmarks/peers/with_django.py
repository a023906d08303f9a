"""Django's ORM with django-viewflow's FSM and with django-fsm-2, on models of our own tables."""

import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.db import connections, models, transaction
from sqlalchemy import URL, BigInteger, Date, DateTime, Integer

from mediation.store.models import Base
from mediation.store.sqlite import dbapi, pragmas
from peers import Act, Chart, Life, allowed


def connect(url: URL) -> None:
    """Let Django use the database at `url`, with the driver and the settings that we use."""
    if url.get_backend_name() == "sqlite":
        options = {
            "init_command": "".join(f"PRAGMA {pragma};" for pragma in pragmas()),
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
        }
        given = {"ENGINE": "django.db.backends.sqlite3", "NAME": url.database, "OPTIONS": options}
    else:
        given = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.database,
            "USER": url.username or "",
            "PASSWORD": url.password or "",
            "HOST": url.host or url.query.get("host", ""),
            "PORT": url.port or "",
            "CONN_MAX_AGE": None,
        }
    if not settings.configured:
        # Django takes Python's own SQLite; it gets the library that everybody here uses.
        sys.modules["sqlite3.dbapi2"] = dbapi()
        sys.modules["sqlite3"] = sys.modules[dbapi().__name__.partition(".")[0]]
        settings.configure(DATABASES={}, USE_TZ=True, INSTALLED_APPS=[])
        django.setup()
    connections.close_all()
    connections.settings = connections.configure_settings({"default": given})
    if hasattr(connections._connections, "default"):  # Django expects one database a process
        del connections["default"]


def disconnect() -> None:
    """Close what was opened."""
    connections.close_all()


def django_fsm(chart: Chart) -> Life:
    """Transitions are methods of the model."""
    from django_fsm import FSMField, transition

    body: dict[str, Any] = {"state": FSMField()}
    for name, (sources, target) in chart.transitions.items():
        decorate = transition(field=body["state"], source=sources, target=target, conditions=[allowed])
        body[f"do_{name}"] = decorate(_nothing(f"do_{name}"))
    tables = _tables("fsm", body)

    def decide(case: Any, act: Act) -> None:
        for name in act.transitions:
            getattr(case, f"do_{name}")()

    return lambda case_id, acts: [_timed(tables, case_id, act, decide) for act in acts]


def viewflow_fsm(chart: Chart) -> Life:
    """A flow is made around each case that is loaded."""
    from viewflow import fsm

    state = fsm.State(chart.states, default=chart.initial)
    body: dict[str, Any] = {"state": state, "__init__": lambda flow, case: setattr(flow, "case", case)}
    body["_get"] = state.getter()(lambda flow: flow.case.state)
    body["_set"] = state.setter()(lambda flow, value: setattr(flow.case, "state", value))
    for name, (sources, target) in chart.transitions.items():
        method = _nothing(f"do_{name}")
        for source in sources:
            guards = [lambda flow: allowed(flow.case)]
            method = state.transition(source=source, target=target or source, conditions=guards)(method)
        body[f"do_{name}"] = method
    flow = type("Flow", (), body)
    tables = _tables("viewflow", {})

    def decide(case: Any, act: Act) -> None:
        one = flow(case)
        for name in act.transitions:
            getattr(one, f"do_{name}")()

    return lambda case_id, acts: [_timed(tables, case_id, act, decide) for act in acts]


def _nothing(name: str) -> Callable[..., None]:
    def method(_self: Any) -> None:
        """The rows are written by whoever calls."""

    method.__name__ = name
    return method


def _tables(label: str, case: dict[str, Any]) -> dict[str, Any]:
    """A model of each table that a step writes; `case` has fields and methods for that of the cases."""
    names = ("cases", "entries", "ledger", "outbox", "jobs", "totals")
    return {name: _model(label, name, case if name == "cases" else {}) for name in names}


def _model(label: str, name: str, more: dict[str, Any]) -> Any:
    table = Base.metadata.tables[name]
    meta = type("Meta", (), {"app_label": label, "db_table": name, "managed": False})
    body: dict[str, Any] = {"__module__": __name__, "Meta": meta}
    for column in table.columns:
        if column.name == "id":
            body["id"] = models.BigAutoField(primary_key=True)
        elif column.name not in more:
            body[column.name] = _field(column)
    keys = [column.name for column in table.primary_key]
    if len(keys) > 1:
        body["pk"] = models.CompositePrimaryKey(*keys)
    return type(f"{label}_{name}", (models.Model,), {**body, **more})


def _field(column: Any) -> Any:
    kind = getattr(column.type, "impl", column.type)
    if isinstance(kind, (Integer, BigInteger)):
        return models.BigIntegerField(null=column.nullable)
    if isinstance(kind, DateTime):
        return models.DateTimeField(null=column.nullable)
    if isinstance(kind, Date):
        return models.DateField(null=column.nullable)
    return models.TextField(null=column.nullable)


def _timed(tables: dict[str, Any], case_id: int, act: Act, decide: Callable[[Any, Act], None]) -> float:
    start = time.perf_counter()
    with transaction.atomic():
        case = tables["cases"].objects.get(id=case_id)
        decide(case, act)
        assert case.state == act.case["state"]
        mine = tables["cases"].objects.filter(id=case_id, revision=act.seen)
        assert mine.update(**act.case) == 1
        for table, row in act.rows:
            if table == "totals":
                _add(tables["totals"], row)
            else:
                tables[table].objects.create(**{**row, "case_id": case_id})
    return time.perf_counter() - start


def _add(totals: Any, row: Any) -> None:
    key = {name: row[name] for name in row if name != "amount"}
    if not totals.objects.filter(**key).update(amount=models.F("amount") + row["amount"]):
        totals.objects.create(**row)
