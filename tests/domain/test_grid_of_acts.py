"""Every cell of acts × states × refusals is exercised: done where the chart allows it, refused elsewhere."""

import random
from pathlib import Path

from mediation.cli.charts import coverage_of
from mediation.domain.exploring import Grid, explore, untried
from mediation.domain.rules import registry
from mediation.engine.catalogue import gather
from mediation.engine.deciding import Engine
from mediation.engine.loading import parse
from mediation.resources import folder

NEVER = {
    # A breach is cured the moment that nothing is late, and to restate what was paid makes nothing timely.
    "book_payment in breached was not tried",
}
"""What cannot come about in the charts that we have."""


def fired(engine):
    return explore(engine, random.Random("grid").randrange)  # noqa: S311 - chance, no secret


def test_every_cell_of_acts_states_and_refusals_is_exercised_and_the_page_says_so():
    """One test, for firing everything takes long; `docs/coverage-of-acts.md` is of today's files."""
    explored = [(engine, fired(engine)) for engine in gather(folder("workflows"), registry())]
    assert {cell for engine, grid in explored for cell in untried(engine, grid)} - NEVER == set()
    written = (Path(__file__).parents[2] / "docs" / "coverage-of-acts.md").read_text("utf-8")
    assert written == coverage_of(explored), "mediation workflows coverage --out docs/coverage-of-acts.md"


def test_an_act_that_a_claim_never_lets_through_is_an_untried_cell():
    """Nobody can close what was withdrawn: it would have to be agreed first."""
    text = (folder("workflows") / "labour_dispute_court.yaml").read_text("utf-8")
    changed = text.replace("      no_money_owed:", "      every_clause_agreed:")
    assert changed != text
    engine = Engine(parse(changed.encode(), "x.yaml", registry()), registry())
    assert "close in withdrawn was not tried" in set(untried(engine, fired(engine)))


def test_what_was_never_fired_is_said(engine):
    said = list(untried(engine, Grid()))
    assert "submit in draft was not tried" in said
    assert "submit in closed was not tried" in said
    assert "submit was not tried by employer in every state" in said
    assert "submit: has_claims never failed" in said
