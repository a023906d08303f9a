"""Made-up cases exercise a chart, and find one in which a case gets stuck."""

import random

import pytest

from mediation.domain.coverage import doubtful, doubts, page, summary
from mediation.domain.exploring import Grid, doubted
from mediation.domain.rules import registry
from mediation.domain.simulating import simulate
from mediation.engine.deciding import Engine
from mediation.engine.loading import parse
from mediation.engine.rare import exceptions
from mediation.resources import folder

SHIPPED = (folder("workflows") / "labour_dispute.yaml").read_text("utf-8")


def walked(engine, cases=300, seed=4):
    return simulate(engine, cases, lambda number: random.Random(f"{seed}/{number}").randrange)  # noqa: S311 - chance


def chance(seed):
    return random.Random(seed).randrange  # noqa: S311 - chance


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
    # What walks seldom come to: the grid of acts has every one.
    assert set(engine.workflow.actions) - done <= {
        *("cure", "arbitrate", "discard", "resume_performance", "book_late_payment"),
        *(
            *("log_attempt", "refuse_correction"),
            "certify_no_answer",
            "approve_rejection",
            "approve_correction",
            "book_payment",
            "name_representatives",
            "recuse",
        ),
    }
    assert sum(count for (act, _), count in tally.done.items() if act == "seal") > 10
    assert {code for _, code in tally.refused} == {"not_yours", "not_now", "unmet"}


def test_the_same_seed_walks_the_same_way_and_another_another(engine):
    first, again, other = walked(engine, 30), walked(engine, 30), walked(engine, 30, seed=2)
    assert first == again
    assert first != other


def changed(*changes):
    text = SHIPPED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Engine(parse(text.encode(), "x.yaml", registry()), registry())


def test_a_state_from_which_a_claim_lets_nobody_go_is_found():
    """Nobody closes what was rejected unless it was sealed, which it never is; undoing is no way on."""
    stuck = changed(
        ("      no_money_owed:", "      every_clause_agreed:"),
        ("    by: admin\n    from: [not_agreed, rejected,", "    by: admin\n    from: ["),
    )
    found = walked(stuck, 100).stuck
    assert found
    assert {state for _, state in found} <= {"rejected", "withdrawn", "not_agreed", "referred", "performed"}


def found_empty(engine, tally):
    """What a check says of a chart."""
    left = doubted(engine, chance("doubts"), tally, doubtful(engine.workflow, tally))
    return list(doubts(engine.workflow, tally, left))


def test_a_claim_that_always_holds_is_a_fault_with_its_line():
    """Terms that promise nothing are not drafted, so whatever is sealed has something to be performed."""
    engine = changed(("    follows: seal\n", "    follows: seal\n    when:\n      something_owed: 没有。\n"))
    line = engine.workflow.marks.line(("actions", "begin_performing", "when", "something_owed"))
    start = f"x.yaml:{line}: action begin_performing: something_owed never failed"
    assert any(said.startswith(start) for said in found_empty(engine, walked(engine, 60)))


def test_a_claim_that_never_holds_is_a_fault():
    engine = changed(("      has_claims: 至少写一项请求，", "      all_signed: 至少写一项请求，"))
    said = found_empty(engine, walked(engine, 20))
    assert any("action submit: all_signed never held" in fault for fault in said)


def test_what_chance_left_in_doubt_is_tried_out(engine, tally):
    """Walks hardly ever ask for these: another mediator adjourns, a pause is paused, a debt is closed."""
    in_doubt = list(doubtful(engine.workflow, tally))
    assert len(in_doubt) > 5
    rare = exceptions(folder("workflows"), [engine])[engine.workflow.name].claims
    assert set(doubted(engine, chance("doubts"), tally, in_doubt)) <= rare


def test_the_summary_counts_every_case_once(engine, tally):
    lines = list(summary(engine.workflow, tally))
    counts = [int(line.split()[0]) for line in lines[1:] if line.split()[0].isdigit()]
    assert sum(counts) == 300
    assert lines[-1] == "  stuck: none"


def test_the_table_has_a_row_for_every_act(engine, tally):
    lines = page([(engine.workflow, tally, Grid())], 300).splitlines()
    assert [line.split("`")[1] for line in lines if line[:3] == "| `"] == 2 * list(engine.workflow.actions)
