"""Made-up cases exercise a chart, and find one in which a case gets stuck."""

import random

import pytest

from mediation.domain.coverage import doubts, page, summary
from mediation.domain.exploring import Grid
from mediation.domain.rules import registry
from mediation.domain.simulating import simulate
from mediation.engine.deciding import Engine
from mediation.engine.loading import parse
from mediation.resources import folder

SHIPPED = (folder("workflows") / "labour_dispute.yaml").read_text("utf-8")


def walked(engine, cases=300, seed=1):
    return simulate(engine, cases, lambda number: random.Random(f"{seed}/{number}").randrange)  # noqa: S311 - chance


@pytest.fixture(scope="module")
def tally(engine):
    return walked(engine)


def test_made_up_cases_end_everywhere_and_none_is_stuck(engine, tally):
    assert sum(tally.ended.values()) == len(tally.acts) == 300
    assert tally.stuck == []
    assert tally.states == set(engine.workflow.states)
    assert tally.ended["closed"] > 60


def test_made_up_cases_do_nearly_every_act_and_hear_every_kind_of_refusal(engine, tally):
    done = {act for act, _ in tally.done}
    assert set(engine.workflow.actions) - done <= {"cure", "arbitrate", "discard", "resume_performance"}
    assert sum(count for (act, _), count in tally.done.items() if act == "seal") > 10
    assert {code for _, code in tally.refused} == {"not_yours", "not_now", "unmet"}


def test_the_same_seed_walks_the_same_way_and_another_another(engine):
    first, again, other = walked(engine, 30), walked(engine, 30), walked(engine, 30, seed=2)
    assert first == again
    assert first != other


def changed(old, new):
    assert old in SHIPPED
    return Engine(parse(SHIPPED.replace(old, new).encode(), "x.yaml", registry()), registry())


def test_a_state_from_which_a_claim_lets_nobody_go_is_found():
    """Nobody closes what was rejected unless it was sealed, which it never is; undoing is no way on."""
    stuck = changed(
        "from: [agreed, performing, performed, referred, not_agreed, rejected, withdrawn]\n    to: closed\n"
        "    takes: [note]\n    when:\n      no_money_owed:",
        "from: [agreed, performing, performed, referred, not_agreed, rejected, withdrawn]\n    to: closed\n"
        "    takes: [note]\n    when:\n      every_clause_agreed:",
    )
    found = walked(stuck, 60).stuck
    assert found
    assert {state for _, state in found} <= {"rejected", "withdrawn", "not_agreed", "referred", "performed"}


def test_a_claim_that_always_holds_is_a_warning_with_its_line(engine, tally):
    said = list(doubts(engine.workflow, tally))
    lines = enumerate(SHIPPED.splitlines(), 1)
    line = next(n for n, text in lines if text.startswith("      something_owed:"))
    assert (
        f"labour_dispute.yaml:{line}: action begin_performing: something_owed never failed"
        " in 300 made-up cases" in said
    )
    assert not any("employer_joined" in warning for warning in said)


def test_a_claim_that_never_holds_is_a_warning():
    engine = changed(
        "      has_claims: 至少写一项请求，再提交。", "      all_signed: 至少写一项请求，再提交。"
    )
    said = list(doubts(engine.workflow, walked(engine, 20)))
    assert any("action submit: all_signed never held in 20 made-up cases" in warning for warning in said)


def test_the_summary_counts_every_case_once(engine, tally):
    lines = list(summary(engine.workflow, tally))
    counts = [int(line.split()[0]) for line in lines[1:] if line.split()[0].isdigit()]
    assert sum(counts) == 300
    assert lines[-1] == "  stuck: none"


def test_the_table_has_a_row_for_every_act(engine, tally):
    lines = page([(engine.workflow, tally, Grid())], 300).splitlines()
    assert [line.split("`")[1] for line in lines if line[:3] == "| `"] == 2 * list(engine.workflow.actions)
