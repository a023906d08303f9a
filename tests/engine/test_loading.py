"""A workflow file is read as a whole or refused with everything that is wrong with it."""

import hashlib
import re

import pytest
from little_chart import CHART, registry

from mediation.engine.catalogue import gather
from mediation.engine.loading import parse
from mediation.engine.refusals import WorkflowError


def changed(*pairs):
    """The chart with each first text replaced by the second."""
    text = CHART
    for old, new in pairs:
        assert text.count(old) >= 1, f"the chart no longer says {old!r}"
        text = text.replace(old, new, 1)
    return text


def faults_of(source):
    with pytest.raises(WorkflowError) as refused:
        parse(source if isinstance(source, bytes) else source.encode(), "lending.yaml", registry())
    assert str(refused.value) == "\n".join(refused.value.faults)
    assert all(re.match(r"lending\.yaml:[1-9][0-9]*: ", fault) for fault in refused.value.faults)
    assert not any("\n" in fault for fault in refused.value.faults), "one line a fault"
    return refused.value.faults


# name: (what was changed, what must be among the faults)
MALFORMED = {
    "a misspelt key on top": ((("initial:", "inital:"),), "top: unknown key 'inital'"),
    "no initial state": ((("initial: shelved\n", ""),), "top: initial is missing"),
    "no name": ((("workflow: lending\n", ""),), "top: workflow is missing"),
    "an empty title": ((("title: 借书", "title: ' '"),), "top: title is missing"),
    "a misspelt key of an act": (
        (("    then: write", "    than: write"),),
        "action praise: unknown key 'than'",
    ),
    "a misspelt key of a state": (
        (("{label: 借出, en", "{label: 借出, eng"),),
        "state lent: unknown key 'eng'",
    ),
    "a misspelt key of a clock": ((("    starts:", "    start:"),), "clock loan: unknown key 'start'"),
    "an act said twice": ((("  mark_late:", "  lend:"),), "lend is said twice"),
    "a key of an act said twice": ((("    to: lent\n", "    to: lent\n    to: late\n"),), "to is said twice"),
    "a state said twice": ((("  late: {", "  lent: {"),), "lent is said twice"),
    "an unknown initial state": ((("initial: shelved", "initial: attic"),), "initial: unknown state 'attic'"),
    "an unknown source": (
        (("    from: shelved\n", "    from: attic\n"),),
        "action lend: unknown state or group 'attic'",
    ),
    "an unknown target": (
        (("    to: late\n", "    to: attic\n"),),
        "action mark_late: unknown state 'attic'",
    ),
    "a group as target": ((("    to: late\n", "    to: out\n"),), "action mark_late: unknown state 'out'"),
    "two targets": (
        (("    to: late\n", "    to: [late, gone]\n"),),
        "action mark_late: to must be one state",
    ),
    "an unknown state in a group": (
        (("out: [lent, late]", "out: [lent, attic]"),),
        "group out: unknown state 'attic'",
    ),
    "a group named like a state": ((("  out: [", "  lent: ["),), "group lent: has the name of a state"),
    "an unknown role": ((("by: librarian", "by: caretaker"),), "action lend: unknown role 'caretaker'"),
    "an act of nobody": ((("    by: librarian\n", ""),), "action lend: nobody may do it"),
    "an act from nowhere": ((("    from: shelved\n", ""),), "action lend: leaves from no state"),
    "an unknown guard": ((("well_kept:", "well_read:"),), "action lend: unknown guard 'well_read'"),
    "an unknown effect": ((("then: write_down", "then: sing"),), "action praise: unknown effect 'sing'"),
    "an unknown field": ((("needs: [note]", "needs: [stamp]"),), "action lend: unknown field 'stamp'"),
    "a field both needed and optional": (
        (("needs: [note]", "needs: [note]\n    takes: note"),),
        "action lend: 'note' is both needed and optional",
    ),
    "a field named twice": (
        (("needs: [note]", "needs: [note, note]"),),
        "action lend: needs names 'note' twice",
    ),
    "following an unknown act": (
        (("follows: give_back", "follows: burn"),),
        "action notice_wear: unknown action 'burn'",
    ),
    "following by a person": (
        (("by: system", "by: librarian"),),
        "action notice_wear: only the system can follow another act",
    ),
    "leaving a final state": (
        (("    from: lent\n", "    from: [lent, gone]\n"),),
        "action mark_late: leaves the final state 'gone'",
    ),
    "a state nobody reaches": (
        (("  gone: {", "  attic: {label: 阁楼, en: Attic, final: 'yes'}\n  gone: {"),),
        "state attic: cannot be reached",
    ),
    "a dead end": (
        (('en: Gone, final: "yes"}', "en: Gone}"),),
        "state gone: nothing leaves it, and it is not final",
    ),
    "a condition without its sentence": (
        (("书坏了。", "''"),),
        "action lend: when well_kept has no sentence",
    ),
    "a sentence that is a list": ((("书坏了。", "[书, 坏]"),), "action lend: when well_kept has no sentence"),
    "conditions as a list": (
        (("    when:\n      worn_out: 还能用。\n", "    when: [worn_out]\n"),),
        "action notice_wear: must be a mapping",
    ),
    "no label": ((("    label: 借出\n", ""),), "action lend: label is missing"),
    "no English": ((("    en: Lend\n", ""),), "action lend: en is missing"),
    "a label that is a list": (
        (("    label: 归还", "    label: [归, 还]"),),
        "action give_back: label is missing",
    ),
    "a version that is no number": (
        (("version: 1", "version: one"),),
        "top: version must be a whole number from 1",
    ),
    "version nought": ((("version: 1", "version: 0"),), "top: version must be a whole number from 1"),
    "a fraction of a day": (
        (("length: 30", "length: 0.5"),),
        "clock loan: length must be a whole number from 1",
    ),
    "a negative length": (
        (("length: 30", "length: -3"),),
        "clock loan: length must be a whole number from 1",
    ),
    "a length in other digits": (
        (("length: 30", "length: ３０"),),
        "clock loan: length must be a whole number from 1",
    ),
    "an unknown unit": (
        (("unit: calendar", "unit: moons"),),
        "clock loan: unit must be working, calendar or years",
    ),
    "a unit that is a list": (
        (("unit: calendar", "unit: [calendar]"),),
        "clock loan: unit must be working, calendar or years",
    ),
    "a clock that never starts": ((("    starts: lend\n", ""),), "clock loan: never starts"),
    "a clock stopped by an unknown act": (
        (("[give_back, scrap]", "[burn]"),),
        "clock loan: unknown action 'burn'",
    ),
    "a clock without its article": ((("    law: 借阅规则 第1条\n", ""),), "clock loan: law is missing"),
    "final spelled otherwise": ((('final: "yes"', "final: perhaps"),), "state gone: final must be yes or no"),
    "final as a list": ((('final: "yes"', "final: [yes]"),), "state gone: final must be yes or no"),
    "states as a list": ((("states:\n", "states: []\nstates_:\n"),), "states: must be a mapping"),
    "a state that is a word": ((("{label: 逾期, en: Late}", "late"),), "state late: must be a mapping"),
    "an act that is a word": ((("clocks:", "  burn: now\n\nclocks:"),), "action burn: must be a mapping"),
    "roles as a mapping": (
        (("by: librarian", "by: {librarian: true}"),),
        "by must be a word or a list of words",
    ),
    "a key that is a list": ((("groups:", "? [a, b]\n: c\ngroups:"),), "a key must be a word"),
    "a tab": ((("    label: 归还", "\tlabel: 归还"),), "lending.yaml:"),
    "an open bracket": ((("[lent, late]", "[lent, late"),), "lending.yaml:"),
    "an unknown alias": ((("    from: out", "    from: *out"),), "undefined alias"),
    "a tag that makes things": ((("title: 借书", "title: !!python/object:os.system 借书"),), ""),
    "a group that no act leaves from": (
        (("groups:\n", "groups:\n  kept: [shelved]\n"),),
        "group kept: no act leaves from it",
    ),
    "an empty group": ((("out: [lent, late]", "out: []"),), "group out: names no state"),
    "a ring that no final state ends": (
        (
            (
                "  gone: {",
                "  attic: {label: 阁楼, en: Attic}\n  cellar: {label: 地窖, en: Cellar}\n  gone: {",
            ),
            (
                "  give_back:",
                (
                    "  hide: {label: 藏, en: Hide, by: reader, from: [lent, cellar], to: attic}\n"
                    "  seek: {label: 找, en: Seek, by: reader, from: attic, to: cellar}\n"
                    "  give_back:"
                ),
            ),
        ),
        "state cellar: a dead end: no final state can be reached from it",
    ),
    "a clock that nothing stops": (
        (("    stops: [give_back, scrap]\n", ""),),
        "clock loan: no act stops it; if that is meant, say `stops: never`",
    ),
    "a clock never stopped that acts stop": (
        (("stops: [give_back, scrap]", "stops: [give_back, never]"),),
        "clock loan: 'never' stands beside acts that stop it",
    ),
    "a clock started and stopped by one act": (
        (("stops: [give_back, scrap]", "stops: [give_back, lend]"),),
        "clock loan: 'lend' both starts and stops it",
    ),
    "an act of the system that follows nothing": (
        (("    follows: give_back\n", ""),),
        "action notice_wear: only the system may do it, and it follows no act",
    ),
    "following an act that leads elsewhere": (
        (("follows: give_back", "follows: mark_late"),),
        "action notice_wear: 'mark_late' leads to no state that it leaves from",
    ),
    "an act that leaves only a state nobody reaches": (
        (
            ("  gone: {", "  attic: {label: 阁楼, en: Attic}\n  gone: {"),
            (
                "  give_back:",
                "  seek: {label: 找, en: Seek, by: reader, from: attic, to: lent}\n  give_back:",
            ),
        ),
        "action seek: no state that it leaves from can be reached",
    ),
    "a length that no calendar covers": (
        (("length: 30", "length: 100000"), ("unit: calendar", "unit: working")),
        "clock loan: length is more than 2500",
    ),
    "a length of 22 digits": (
        (("length: 30", "length: 1000000000000000000000"),),
        "clock loan: length is more than 3660",
    ),
    "a length of 5000 digits": (
        (("length: 30", f"length: {'9' * 5000}"),),
        "clock loan: length is more than 3660",
    ),
    "five million calendar days": (
        (("length: 30", "length: 5000000"),),
        "clock loan: length is more than 3660",
    ),
    "9999 years": (
        (("length: 30", "length: 9999"), ("unit: calendar", "unit: years")),
        "clock loan: length is more than 20",
    ),
    "a version of 30 digits": ((("version: 1", f"version: {'1' * 30}"),), "top: version is more than 9999"),
    "an act whose name is a path": (
        (("  praise:", "  praise/high:"),),
        "action praise/high: 'praise/high' is no name",
    ),
    "a state whose name is a path": (
        (
            ("  late: {", "  late/very: {"),
            ("[lent, late]", "[lent, late/very]"),
            ("to: late\n", "to: late/very\n"),
        ),
        "state late/very: 'late/very' is no name",
    ),
    "a group with a space in its name": (
        (("  out: [", "  out there: ["),),
        "group out there: 'out there' is no name",
    ),
    "a clock whose name is too long": (
        (("  loan:", f"  {'loan' * 20}:"),),
        f"'{'loan' * 20}' is no name",
    ),
    "a workflow whose name leads elsewhere": (
        (("workflow: lending", "workflow: ../../etc"),),
        "top: '../../etc' is no name",
    ),
    "a label that nobody sees": (
        (("label: 归还", 'label: "\\u200b\\u200b"'),),
        "action give_back: label has a character that nobody sees: U+200B",
    ),
    "a label of two lines": (
        (("label: 归还", 'label: "归\\n还"'),),
        "action give_back: label has a character that nobody sees: U+000A",
    ),
    "a label written backwards": (
        (("{label: 逾期, en: Late}", '{label: "逾\\u202e期", en: Late}'),),
        "state late: label has a character that nobody sees: U+202E",
    ),
    "a sentence with something unseen": (
        (("书坏了。", '"书坏\\0了。"'),),
        "action lend: the sentence has a character that nobody sees: U+0000",
    ),
    "English without a Latin letter": (
        (("en: Give back", "en: 归还"),),
        "action give_back: en is no English: '归还'",
    ),
    "a state in Chinese twice": (
        (("{label: 逾期, en: Late}", "{label: 逾期, en: 逾期}"),),
        "state late: en is no English: '逾期'",
    ),
    "two acts with one label in one state": (
        (("label: 好评", "label: 归还"),),
        "action give_back: has the label of act 'praise', and librarian sees both in 'late'",
    ),
    "two states with one label": (
        (("{label: 逾期, en: Late}", "{label: 借出, en: Late}"),),
        "state late: has the label of state 'lent'",
    ),
    "two documents": ((("groups:", "---\ngroups:"),), "lending.yaml:"),
}


@pytest.mark.parametrize("name", [name for name in MALFORMED if name != "a tag that makes things"])
def test_a_malformed_chart_is_refused_and_its_fault_named(name):
    pairs, expected = MALFORMED[name]
    assert any(expected in fault for fault in faults_of(changed(*pairs))), faults_of(changed(*pairs))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"", "lending.yaml:1: top: must be a mapping"),
        (b"# nothing but a comment\n", "lending.yaml:1: top: must be a mapping"),
        (b"- a\n- b\n", "lending.yaml:1: top: must be a mapping"),
        (b"just a sentence", "lending.yaml:1: top: must be a mapping"),
        (b"{}", "lending.yaml:1: top: workflow is missing"),
        (b"\xff\xfe\x00w", "lending.yaml:"),
        (CHART.encode("gb18030"), "lending.yaml:"),
        (b"a: &a [*a]\n", "lending.yaml:"),
        (b"states: &s {a: *s}\n", "lending.yaml:"),
        (b"a: " + b"[" * 20_000, "lending.yaml:"),
        (b"{a: " * 5_000, "lending.yaml:"),
        (b"a: \x00\n", "lending.yaml:"),
    ],
    ids=[
        "empty", "comment", "list on top", "sentence", "empty mapping", "not UTF-8", "GB 18030",
        "recursive list", "recursive mapping", "deep nesting", "deep mappings", "NUL",
    ],
)  # fmt: skip
def test_a_file_that_is_no_chart_at_all_is_refused_in_one_line_a_fault(source, expected):
    assert any(expected in fault for fault in faults_of(source))


def test_a_tag_makes_nothing():
    """Tags are not obeyed: everything is text."""
    workflow = parse(changed(*MALFORMED["a tag that makes things"][0]).encode(), "lending.yaml", registry())
    assert workflow.title == "借书"


def test_every_fault_of_a_file_is_named_at_once():
    pairs = [
        ("workflow: lending\n", ""),
        ("initial: shelved", "initial: attic"),
        ("by: librarian", "by: caretaker"),
        ("well_kept:", "well_read:"),
        ("then: write_down", "then: sing"),
        ("needs: [note]", "needs: [stamp]"),
        ("书坏了。", "''"),
        ("unit: calendar", "unit: moons"),
        ("    to: late\n", "    to: cellar\n"),
        ("    law: 借阅规则 第1条\n", ""),
    ]
    said = "\n".join(faults_of(changed(*pairs)))
    for expected in (
        "workflow is missing",
        "unknown state 'attic'",
        "unknown role 'caretaker'",
        "unknown guard 'well_read'",
        "unknown effect 'sing'",
        "unknown field 'stamp'",
        "has no sentence",
        "unit must be",
        "unknown state 'cellar'",
        "law is missing",
    ):
        assert expected in said


# a name of MALFORMED: the line of the file that its fault must name
LINES = {
    "a misspelt key on top": "inital: shelved",
    "no initial state": "workflow: lending",
    "a misspelt key of an act": "    than: write_down",
    "a misspelt key of a state": "  lent: {label: 借出, eng: Lent}",
    "a state said twice": "  lent: {label: 逾期, en: Late}",
    "a key of an act said twice": "    to: late",
    "an unknown initial state": "initial: attic",
    "an unknown source": "    from: attic",
    "an unknown target": "    to: attic",
    "an unknown state in a group": "  out: [lent, attic]",
    "an unknown role": "    by: caretaker",
    "an act of nobody": "  lend:",
    "an unknown guard": "      well_read: 书坏了。",
    "an unknown effect": "    then: sing",
    "an unknown field": "    needs: [stamp]",
    "leaving a final state": "    from: [lent, gone]",
    "a condition without its sentence": "      well_kept: ''",
    "no label": "  lend:",
    "version nought": "version: 0",
    "a fraction of a day": "    length: 0.5",
    "an unknown unit": "    unit: moons",
    "a clock stopped by an unknown act": "    stops: [burn]",
    "a state nobody reaches": "  attic: {label: 阁楼, en: Attic, final: 'yes'}",
    "a dead end": "  gone: {label: 注销, en: Gone}",
    "a ring that no final state ends": "  cellar: {label: 地窖, en: Cellar}",
    "a group that no act leaves from": "  kept: [shelved]",
    "an empty group": "  out: []",
    "a clock that nothing stops": "  loan:",
    "a clock never stopped that acts stop": "    stops: [give_back, never]",
    "a clock started and stopped by one act": "    stops: [give_back, lend]",
    "an act of the system that follows nothing": "    by: system",
    "following an act that leads elsewhere": "    follows: mark_late",
    "a length that no calendar covers": "    length: 100000",
    "a length of 22 digits": "    length: 1000000000000000000000",
    "five million calendar days": "    length: 5000000",
    "9999 years": "    length: 9999",
    "a version of 30 digits": f"version: {'1' * 30}",
    "an act whose name is a path": "  praise/high:",
    "a state whose name is a path": "  late/very: {label: 逾期, en: Late}",
    "a workflow whose name leads elsewhere": "workflow: ../../etc",
    "a label that nobody sees": '    label: "\\u200b\\u200b"',
    "a label of two lines": '    label: "归\\n还"',
    "English without a Latin letter": "    en: 归还",
    "two acts with one label in one state": "    label: 归还",
    "two states with one label": "  late: {label: 借出, en: Late}",
    "an act that leaves only a state nobody reaches": (
        "  seek: {label: 找, en: Seek, by: reader, from: attic, to: lent}"
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_a_fault_is_named_with_the_line_it_stands_on(name):
    pairs, expected = MALFORMED[name]
    text = changed(*pairs)
    named = {int(fault.split(":")[1]) for fault in faults_of(text) if expected in fault}
    assert [text.splitlines()[line - 1] for line in named] == [LINES[name]]


def test_a_clock_that_is_meant_never_to_stop_says_so():
    text = changed(("stops: [give_back, scrap]", "stops: never"))
    clock = parse(text.encode(), "lending.yaml", registry()).clocks["loan"]
    assert clock.endless
    assert clock.stops == set()


def test_a_fault_is_named_once():
    faults = faults_of(changed(("initial: shelved", "initial: attic"), ("by: librarian", "by: caretaker")))
    assert len(faults) == len(set(faults))


@pytest.mark.parametrize(
    "word", ["on", "no", "yes", "off", "012", "1e3", "null", "2026-03-02", "0x1F", "True"]
)
def test_words_that_yaml_takes_for_something_else_stay_text(word):
    text = CHART.replace("lent", word).replace("    to: late\n", "    to: late\n    takes: []\n")
    workflow = parse(text.encode(), "lending.yaml", registry())
    assert word in workflow.states
    assert workflow.actions["lend"].target == word
    assert workflow.groups["out"] == {word, "late"}


def test_a_version_with_a_leading_nought_is_the_number_it_shows():
    assert parse(changed(("version: 1", "version: 012")).encode(), "x.yaml", registry()).version == 12


def test_the_chart_says_what_its_file_says():
    workflow = parse(CHART.encode(), "lending.yaml", registry())
    assert (workflow.name, workflow.version, workflow.title, workflow.initial) == (
        "lending",
        1,
        "借书",
        "shelved",
    )
    assert workflow.digest == hashlib.sha256(CHART.encode()).hexdigest()
    lend = workflow.actions["lend"]
    assert lend.by == {"librarian"}
    assert lend.sources == {"shelved"}
    assert [(c.guard, c.sentence) for c in lend.when] == [
        ("well_kept", "书坏了。"),
        ("not_reserved", "有人预约了。"),
    ]
    assert lend.then == ("write_down", "count_loans")
    assert workflow.actions["praise"].sources == {"shelved", "lent", "late"}
    assert workflow.actions["praise"].target is None
    assert workflow.states["gone"].final
    assert not workflow.states["lent"].final
    assert [act.name for act in workflow.followers("give_back")] == ["notice_wear"]
    assert workflow.followers("lend") == ()
    loan = workflow.clocks["loan"]
    assert (loan.starts, loan.stops, loan.period.length, loan.period.unit) == (
        {"lend"},
        {"give_back", "scrap"},
        30,
        "calendar",
    )


def test_a_folder_names_the_faults_of_all_its_files_and_starts_nothing(tmp_path):
    (tmp_path / "a.yaml").write_text(changed(("by: librarian", "by: caretaker")))
    (tmp_path / "b.yaml").write_text(changed(("well_kept:", "well_read:"), ("version: 1", "version: 2")))
    (tmp_path / "c.yaml").write_text(changed(("version: 1", "version: 3")))
    (tmp_path / "d.yaml").write_bytes(b"\xff")
    with pytest.raises(WorkflowError) as refused:
        gather(tmp_path, registry())
    said = str(refused.value)
    assert "a.yaml:19: action lend: unknown role 'caretaker'" in said
    assert "b.yaml:24: action lend: unknown guard 'well_read'" in said
    assert "d.yaml:1: " in said
    assert "c.yaml" not in said


def test_two_files_cannot_be_the_same_version_of_a_chart(tmp_path):
    (tmp_path / "a.yaml").write_text(CHART)
    (tmp_path / "b.yaml").write_text(CHART)
    with pytest.raises(WorkflowError, match=r"b.yaml:2: top: is lending version 1, and so is a.yaml"):
        gather(tmp_path, registry())


def test_a_folder_without_a_chart_is_a_fault(tmp_path):
    (tmp_path / "_words.yaml").write_text("not: a chart")
    with pytest.raises(WorkflowError, match="no workflow file"):
        gather(tmp_path, registry())


def test_new_cases_start_on_the_newest_version_and_old_ones_keep_theirs(tmp_path):
    for version in (1, 2, 10):
        (tmp_path / f"v{version}.yaml").write_text(changed(("version: 1", f"version: {version}")))
    (tmp_path / "_words.yaml").write_text("not: a chart")
    charts = gather(tmp_path, registry())
    assert charts.newest("lending").workflow.version == 10
    assert charts["lending", 2].workflow.version == 2
    assert len(list(charts)) == 3
    with pytest.raises(KeyError):
        charts.newest("burying")
