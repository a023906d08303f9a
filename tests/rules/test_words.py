"""Every word in both languages, one word per idea, and each in the glossary."""

import ast
import re
from collections.abc import Iterable
from functools import cache
from typing import get_args

import pytest
from tree import ROOT, modules, nodes

from mediation.domain import applying, filing, halfdays, money, oral, terms
from mediation.domain.rules import ROLES, registry
from mediation.domain.words import vocabulary
from mediation.engine.catalogue import gather
from mediation.engine.workflow import Workflow
from mediation.resources import folder

CHINESE = re.compile("[\u4e00-\u9fff]")
WORKFLOWS = [engine.workflow for engine in gather(folder("workflows"), registry())]
KINDS: dict[str, Iterable[str]] = {
    "heads": terms.HEADS,
    "duties": terms.DUTIES,
    "marks": terms.MARKS,
    "ways": terms.WAYS,
    "stands": terms.STANDS,
    "halfday_parts": halfdays.PARTS,
    "categories": filing.CATEGORIES,
    "channels": filing.CHANNELS,
    "spoken_in": oral.LANGUAGES,
    "groups": filing.GROUPS,
    "subdistricts": filing.PLACES,
    "dispute_kinds": applying.KINDS,
    "since": applying.SINCE,
    "apply_steps": applying.STEPS,
    "roles": ROLES,
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_vocabulary_has_exactly_the_codes_of_the_code(kind: str) -> None:
    assert set(vocabulary()[kind]) == set(KINDS[kind])


def test_the_district_has_seventeen_subdistricts() -> None:
    assert len(set(filing.SUBDISTRICTS)) == 17


@pytest.mark.parametrize(
    ("kind", "code"), [(kind, code) for kind, words in vocabulary().items() for code in words]
)
def test_every_word_is_there_in_chinese_and_in_english(kind: str, code: str) -> None:
    word = vocabulary()[kind][code]
    assert set(word) == {"zh", "en"}
    assert word["zh"].strip()
    assert word["en"].strip()
    assert not CHINESE.search(word["en"])


def test_every_problem_a_field_can_have_is_a_sentence() -> None:
    raised = {
        node.args[0].value
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Problem"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(raised) > 5
    codes = raised | {f"not_an_amount.{reason}" for reason in get_args(money.Reason)}
    assert codes <= set(vocabulary()["problems"])


def labels(workflow: Workflow) -> Iterable[tuple[str, str, str]]:
    for state in workflow.states.values():
        yield state.name, state.label, state.english
    for action in workflow.actions.values():
        yield action.name, action.label, action.english
    for clock in workflow.clocks.values():
        yield clock.name, clock.label, clock.english


@pytest.mark.parametrize(
    ("name", "chinese", "english"), [label for workflow in WORKFLOWS for label in labels(workflow)]
)
def test_every_state_act_and_clock_has_its_words(name: str, chinese: str, english: str) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
    assert CHINESE.search(chinese)
    assert english
    assert not CHINESE.search(english)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_every_refusal_is_a_chinese_sentence(workflow: Workflow) -> None:
    for action in workflow.actions.values():
        for condition in action.when:
            assert re.search("[\u4e00-\u9fff].*。$", condition.sentence), (action.name, condition.guard)


@cache
def glossary() -> dict[str, dict[str, str]]:
    """section → code name → 中文."""
    found: dict[str, dict[str, str]] = {}
    for part in re.split(r"^## ", (ROOT / "docs" / "glossary.md").read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        rows = [
            [cell.strip() for cell in line.split("|")[1:-1]] for line in body.splitlines() if line[:1] == "|"
        ]
        assert all(len(row) == 4 for row in rows), f"a row of {title} has not four cells"
        assert len({row[0] for row in rows}) == len(rows), f"a word of {title} stands there twice"
        found[title] = {row[0].strip("`"): row[1] for row in rows[2:]}
    return found


@pytest.mark.parametrize("section", ["States", "Acts", "Clocks"])
def test_the_glossary_has_every_state_act_and_clock_with_the_words_of_the_chart(section: str) -> None:
    charted = {
        name: part.label
        for workflow in WORKFLOWS
        for name, part in {
            "States": workflow.states,
            "Acts": workflow.actions,
            "Clocks": workflow.clocks,
        }[section].items()
    }
    assert glossary()[section] == charted


def test_the_glossary_has_every_group_of_states_and_every_role() -> None:
    assert set(glossary()["Groups of states"]) == {name for w in WORKFLOWS for name in w.groups}
    assert glossary()["Nouns"].keys() >= ROLES
