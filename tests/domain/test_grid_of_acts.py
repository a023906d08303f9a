"""Every cell of acts × states × refusals is exercised: done where the chart allows it, refused elsewhere."""

import random
from pathlib import Path

from mediation.cli.charts import coverage_of
from mediation.domain.exploring import Grid, explore, untried
from mediation.domain.rules import registry
from mediation.engine.catalogue import gather
from mediation.engine.deciding import Engine
from mediation.engine.loading import parse
from mediation.engine.rare import exceptions
from mediation.resources import folder

CHARTS = folder("workflows")


def fired(engine, never):
    return explore(engine, random.Random("grid").randrange, never)  # noqa: S311 - chance, no secret


def test_every_cell_of_acts_states_and_refusals_is_exercised_and_the_page_says_so():
    """One test, for firing everything takes long; `docs/coverage-of-acts.md` is of today's files."""
    engines = list(gather(CHARTS, registry()))
    never = {name: rare.cells for name, rare in exceptions(CHARTS, engines).items()}
    explored = [(engine, fired(engine, never[engine.workflow.name])) for engine in engines]
    assert [
        cell for engine, grid in explored for cell in untried(engine, grid, never[engine.workflow.name])
    ] == []
    written = (Path(__file__).parents[2] / "docs" / "coverage-of-acts.md").read_text("utf-8")
    assert written == coverage_of(explored), "mediation workflows coverage --out docs/coverage-of-acts.md"


def test_an_act_that_a_claim_never_lets_through_is_an_untried_cell():
    """A case cannot end because nobody applies while somebody does."""
    text = (CHARTS / "labour_dispute_court.yaml").read_text("utf-8")
    claim = "      nobody_applies: 还有人申请。\n"
    assert text.count(claim) == 1
    changed = text.replace(claim, claim + "      somebody_applies: 没有人申请。\n")
    engine = Engine(parse(changed.encode(), "x.yaml", registry()), registry())
    never = {("lapse", "submitted")}
    grid = fired(engine, never)
    assert list(untried(engine, grid)) == ["lapse in submitted was not tried"]
    assert list(untried(engine, grid, never)) == []


def test_a_cell_that_is_said_never_to_come_about_but_did_is_told(engine):
    grid = Grid()
    grid.refused["submit", "closed", "not_now"] += 1
    never = {("submit", "closed"), ("submit", "draft")}
    said = set(untried(engine, grid, never))
    assert "submit in closed came about" in said
    assert not said & {"submit in draft was not tried", "submit in draft came about"}


def test_what_was_never_fired_is_said(engine):
    said = list(untried(engine, Grid()))
    assert "submit in draft was not tried" in said
    assert "submit in closed was not tried" in said
    assert "submit was not tried by employer in every state" in said
    assert "submit: has_claims never failed" in said
