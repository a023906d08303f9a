"""The office against a model of it in plain Python, over thousands of random days."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from acts import ACTS
from house import House
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from machine import RULES, Days, Tally

import mediation.app
from mediation.domain.rules import registry
from mediation.engine.catalogue import gather
from mediation.resources import folder

NOT_DRIVEN: set[str] = set()
"""Acts of the chart that no rule drives yet; each is a gap in what this machine shows."""

Begin = Callable[[], House]


@pytest.fixture(autouse=True)
def _charts_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading them is most of a start, and these days restart a thousand times."""
    charts = gather(folder("workflows"), registry())
    monkeypatch.setattr(mediation.app, "gather", lambda *_: charts)


@pytest.fixture
def begin(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Begin]:
    """An office on an empty database of its own, as often as it is called."""
    numbers = itertools.count()
    with ExitStack() as stack:

        def made() -> House:
            stack.close()  # the database of the example before
            place = tmp_path / str(next(numbers))
            place.mkdir()
            if database_kind == "postgresql":
                url = stack.enter_context(request.getfixturevalue("postgresql_copy")())
            else:
                shutil.copyfile(request.getfixturevalue("sqlite_template"), place / "mediation.sqlite")
                url = f"sqlite:///{place / 'mediation.sqlite'}"
            stack.callback(shutil.rmtree, place)
            return House(url, place / "instance")

        yield made


def run(begin: Begin, examples: int, steps: int) -> Tally:
    """So many random days of so many steps; what they did."""
    tally = Tally()
    run_state_machine_as_test(
        lambda: Days(begin(), tally),
        settings=settings(
            max_examples=examples, stateful_step_count=steps, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
    print(tally.table())
    return tally


def assert_everything_was_tried(tally: Tally, acts: set[str]) -> None:
    """Every act of the chart was done and refused, and every rule ran."""
    driven = acts - NOT_DRIVEN
    assert not driven - set(tally.done), "no random day did these acts: add a rule, or more days"
    assert not driven - {name for name, _ in tally.refused}, "no random day was refused these acts"
    assert not set(RULES) - set(tally.rules), "no random day ran these rules"


def test_every_act_of_the_chart_has_a_rule(engine: object) -> None:
    """A new act fails here until acts.py says what it does, or NOT_DRIVEN that nothing here shows it."""
    chart = engine.workflow.actions
    people = {name for name, action in chart.items() if "system" not in action.by}
    assert people - set(ACTS) - NOT_DRIVEN == set(), "acts without a rule: say in acts.py what they do"
    assert set(ACTS) - people == set(), "rules without an act in the chart"
    assert NOT_DRIVEN & set(ACTS) == set(), "these are driven now"
    assert len(RULES) >= 32


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_two_hundred_random_days_are_as_the_model_has_them(begin: Begin, engine: object) -> None:
    tally = run(begin, 200, 40)
    assert_everything_was_tried(tally, set(engine.workflow.actions))


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_random_days_on_postgresql_are_as_the_model_has_them(begin: Begin) -> None:
    run(begin, 15, 30)


@pytest.mark.long
def test_five_thousand_random_days_are_as_the_model_has_them(begin: Begin, engine: object) -> None:
    tally = run(begin, 5000, 80)
    assert_everything_was_tried(tally, set(engine.workflow.actions))
