"""Acts that undo: the one way out of a final state, always with a reason, and no part of the usual way."""

import pytest
from little_chart import CHART, NOON, Book, asked, registry

from mediation.engine.asking import Ask, Registry
from mediation.engine.checking import spread
from mediation.engine.deciding import Engine
from mediation.engine.loading import parse
from mediation.engine.refusals import NotNow, Unmet, WorkflowError

FIND = """\
  find_again:
    label: 找回
    en: Find again
    undo: "yes"
    by: librarian
    from: gone
    to: shelved
    needs: [reason]
"""
RESTORE = """\
  restore:
    label: 还原
    en: Restore
    undo: "yes"
    by: system
    from: shelved
    to: lent
    follows: find_again
    when:
      worn_out: 还能用。
"""


def names(**measured):
    known = registry()
    return Registry(known.roles, known.fields | {"reason"}, known.guards, known.effects, measured)


def chart(*acts, old="", new="", **measured):
    text = CHART.replace("\nclocks:", "".join(acts) + "\nclocks:")
    assert old in text
    return parse(text.replace(old, new, 1).encode(), "lending.yaml", names(**measured))


def faults(*acts, old="", new="", **measured):
    with pytest.raises(WorkflowError) as refused:
        chart(*acts, old=old, new=new, **measured)
    return refused.value.faults


def test_only_what_undoes_leaves_a_final_state():
    workflow = chart(FIND)
    assert workflow.actions["find_again"].undo
    assert not workflow.actions["scrap"].undo
    move = Engine(workflow, names()).decide(asked("find_again", reason="-"), Book("gone"))
    assert (move.source, move.target) == ("gone", "shelved")
    with pytest.raises(NotNow):
        Engine(workflow, names()).decide(asked("lend"), Book("gone"))
    [fault] = faults(FIND, old='    undo: "yes"\n')
    assert fault.endswith("action find_again: leaves the final state 'gone'")


def test_whoever_undoes_says_why():
    [fault] = faults(FIND, old="    needs: [reason]\n")
    assert fault.endswith("action find_again: undoes, and needs no reason")
    [fault] = faults(FIND, old="    needs: [reason]\n", new="    takes: [reason]\n")
    assert fault.endswith("action find_again: undoes, and needs no reason")


def test_the_system_undoes_only_right_after_somebody_has():
    assert chart(FIND, RESTORE).actions["restore"].undo
    found = faults(FIND, RESTORE, old="    follows: find_again", new="    follows: [find_again, give_back]")
    assert found == ["lending.yaml:76: action restore: undoes, and follows 'give_back', which does not"]


@pytest.mark.parametrize("said", ["no way", "true", "[]", "Yes"])
def test_undo_is_yes_or_no(said):
    found = faults(FIND, old='undo: "yes"', new=f"undo: {said}")
    assert any("undo must be yes or no" in fault for fault in found)


def test_what_undoes_is_no_way_out_of_a_dead_end_and_reaches_nothing():
    """A chart in which something must be undone for a case to go on is at fault."""
    dead = 'gone: {label: 注销, en: Gone, final: "yes"}\n  lost: {label: 丢失, en: Lost}'
    lose = (
        FIND.replace("find_again", "lose")
        .replace('    undo: "yes"\n', "")
        .replace("    needs: [reason]\n", "")
    )
    lose = lose.replace("from: gone", "from: shelved").replace("to: shelved", "to: lost")
    back = FIND.replace("from: gone", "from: lost")
    found = faults(lose, back, old='gone: {label: 注销, en: Gone, final: "yes"}', new=dead)
    assert any("state lost: nothing leaves it, and it is not final" in fault for fault in found)
    workflow = chart(FIND)
    assert spread(workflow, {"gone"}) == {"gone"}


def small(measure):
    limit = int(measure)
    return lambda _book, ask: ask.data.get("amount", 0) <= limit


def test_a_guard_can_have_a_measure_that_is_part_of_the_chart():
    say = "    when:\n      small 100: 太多了。\n"
    workflow = chart(FIND + say, small=small)
    engine = Engine(workflow, names(small=small))
    assert engine.decide(asked("find_again", reason="-", amount=100), Book("gone")).target == "shelved"
    with pytest.raises(Unmet, match="太多了"):
        engine.decide(asked("find_again", reason="-", amount=101), Book("gone"))
    action = workflow.actions["find_again"]
    assert dict(engine.claims(action, Book("gone"), Ask("find_again", asked("lend").actor, 1, NOON, {}))) == {
        "small 100": True
    }
    assert workflow.digest != chart(FIND + say.replace("100", "101"), small=small).digest


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("small", "unknown guard 'small'"),
        ("tiny 100", "unknown guard 'tiny 100'"),
        ("well_kept 100", "unknown guard 'well_kept 100'"),
        ("small much", "'small much': invalid literal"),
    ],
)
def test_a_measure_that_is_none_is_a_fault_with_its_line(said, fault):
    [found] = faults(FIND + f"    when:\n      {said}: 太多了。\n", small=small)
    assert found.startswith("lending.yaml:")
    assert f"action find_again: when {said}: {fault}" in found or fault in found
