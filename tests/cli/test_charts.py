"""workflows publish, simulate, coverage and move."""

import shutil

import pytest

from mediation.resources import folder


@pytest.fixture
def charts(tmp_path):
    place = tmp_path / "charts"
    place.mkdir()
    for name in ("labour_dispute.yaml", "_rare.yaml"):
        shutil.copy(folder("workflows") / name, place)
    return place


def test_a_version_is_published_once_and_then_stands_still(mediation, fails, charts):
    publish = ("workflows", "publish", "labour_dispute", "1", "--in", charts)
    assert mediation(*publish).out.startswith("labour_dispute version 1 is published: sha256 ")
    assert "already" in fails(*publish)
    chart = charts / "labour_dispute.yaml"
    chart.write_text(chart.read_text("utf-8") + "# a remark\n", "utf-8")
    assert "a change needs a new version" in fails("workflows", "check", charts)
    assert "a change needs a new version" in fails(*publish)


def test_a_version_that_is_not_there_is_not_published(fails, charts):
    said = fails("workflows", "publish", "labour_dispute", "2", "--in", charts)
    assert said == "there is no labour_dispute version 2"
    assert fails("workflows", "publish", "labour_dispute", "none", "--in", charts)


def test_a_check_of_a_sound_chart_says_what_it_is_and_nothing_else(mediation, charts):
    answer = mediation("workflows", "check", charts)
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.startswith("labour_dispute version 1: 19 states, ")
    assert len(answer.out.splitlines()) == 1


def test_a_claim_that_nothing_can_make_fail_fails_the_check(fails, charts):
    chart = charts / "labour_dispute.yaml"
    text = chart.read_text("utf-8")
    assert text.count("    follows: seal\n") == 1
    empty = "    follows: seal\n    when:\n      something_owed: 没有要履行的内容。\n"
    chart.write_text(text.replace("    follows: seal\n", empty), "utf-8")
    assert "action begin_performing: something_owed never failed" in fails("workflows", "check", charts)


def test_an_exception_for_what_no_act_claims_is_a_fault(fails, charts):
    (charts / "_rare.yaml").write_text("labour_dispute:\n  seal own_case: why not\n", "utf-8")
    said = fails("workflows", "check", charts)
    assert said == "_rare.yaml:2: top: no act of labour_dispute has the claim or the state 'seal own_case'"


def test_made_up_cases_are_counted_and_the_same_seed_says_the_same(mediation, fails):
    simulate = ("workflows", "simulate", "labour_dispute", "--cases", "20", "--seed", "7")
    answer = mediation(*simulate)
    assert answer.status == 0
    assert answer.out.startswith("labour_dispute version 1: 20 cases, median ")
    assert mediation(*simulate).out == answer.out
    assert fails("workflows", "simulate", "hotline") == "there is no workflow hotline"
    assert fails("workflows", "simulate", "--cases", "0")


def test_a_chart_in_which_cases_get_stuck_fails(mediation, charts):
    chart = charts / "labour_dispute.yaml"
    text = chart.read_text("utf-8")
    assert text.count("      no_money_owed:") == 1
    text = text.replace("      no_money_owed:", "      every_clause_agreed:")
    # Nor is it undone again and again, which would keep a case busy for ever.
    text = text.replace("    by: admin\n    from: [not_agreed, rejected,", "    by: admin\n    from: [")
    chart.write_text(text, "utf-8")
    answer = mediation("workflows", "simulate", "--cases", "100", "--in", charts)
    assert answer.status == 1
    assert "of seed 1 is stuck: " in answer.err


def test_moving_wants_one_case_or_all_a_reason_and_a_way(mediation, fails):
    move = ("workflows", "move", "--to", "2")
    assert "name one case or say --all" in fails(*move, "--reason", "law")
    assert "name one case or say --all" in fails(*move, "2026-1", "--all", "--reason", "law")
    assert "give a reason" in fails(*move, "--all", "--reason", " ")
    assert fails(*move, "--all")
    assert fails(*move, "2026-1", "--reason", "law") == "there is no case 2026-1"
    assert fails(*move, "--all", "--reason", "law", "--by", "nobody") == "nobody logs in as 'nobody'"
    assert mediation(*move, "--all", "--reason", "law").out == "moved 0 of 0 cases to version 2\n"
