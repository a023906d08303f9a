"""At what moment the system acts: every form that a chart may use, and every one that it may not."""

from dataclasses import replace

import pytest
from little_chart import CHART, registry

from mediation.engine.loading import parse
from mediation.engine.refusals import WorkflowError
from mediation.engine.timings import Timing, timing


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("end of loan", Timing("end", "loan")),
        ("on loan", Timing("on", "loan")),
        ("1 day before loan", Timing("before", "loan", 1)),
        ("30 days before loan", Timing("before", "loan", 30)),
        ("1 day after loan", Timing("after", "loan", 1)),
        ("9999 days after loan", Timing("after", "loan", 9999)),
        ("day 3 of loan", Timing("day", "loan", 3)),
        ("day 1 of accept_or_refuse", Timing("day", "accept_or_refuse", 1)),
        ("on end", Timing("on", "end")),
        ("end of end", Timing("end", "end")),
    ],
)
def test_a_moment_is_read(said, meant):
    assert timing(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "", " ", "loan", "end", "end of", "end of ", "end loan", "on", "on the loan", "End of loan",
        "end of loan ", " end of loan", "end  of loan", "end of loan\n", "end of a loan", "end of lo-an",
        "0 days before loan", "-1 days before loan", "+1 day after loan", "01 days before loan",
        "1.5 days before loan", "1e3 days before loan", "10000 days before loan", "３ days before loan",
        "three days before loan", "days before loan", "3 before loan", "3 days loan", "3 weeks before loan",
        "3 days before", "3 days around loan", "3 working days before loan", "day of loan", "day 0 of loan",
        "day -1 of loan", "day 3 loan", "day 03 of loan", "day ３ of loan", "day 10000 of loan",
        "3 day of loan", "end of 借期", "on loan or end of loan", "before loan",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_a_fault_with_its_line(said):
    with pytest.raises(ValueError, match="is no moment"):
        timing(said)
    faults = faults_of(timed(at=f'"{said}"' if "\n" not in said else '"end of loan\\n"'))
    line = f"lending.yaml:{line_of('    at: ')}: action remind: at"
    assert any(fault.startswith(line) for fault in faults), faults


def test_a_moment_that_is_no_text_is_a_fault():
    for value in ("[end of loan]", "{end: loan}", "", "''"):
        assert any("action remind: at is missing" in fault for fault in faults_of(timed(at=value)))


def timed(*, at="3 days before loan", act="", clock="", days=""):
    """The chart with an act at a moment; more lines for that act, the clock, and at the end."""
    body = (
        "  remind:\n    label: 提醒\n    en: Remind\n    by: system\n    from: out\n"
        f"    at: {at}\n{act}\nclocks:\n"
    )
    text = CHART.replace("\nclocks:\n", f"\n{body}", 1)
    return text.replace("    length: 30\n", f"{clock}    length: 30\n", 1) + days


def line_of(start, text=None):
    """The number of the first line that begins so."""
    lines = (text or timed()).splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


def read(text, **known):
    names = replace(registry(), **known) if known else registry()
    return parse(text.encode(), "lending.yaml", names)


def faults_of(text, **known):
    with pytest.raises(WorkflowError) as refused:
        read(text, **known)
    return refused.value.faults


def test_an_act_at_a_moment_is_read():
    workflow = read(timed())
    assert workflow.actions["remind"].at == Timing("before", "loan", 3)
    assert workflow.clocks["loan"].rungs == ()


def test_a_clock_knows_its_days_at_which_something_is_done():
    assert read(timed(at="day 30 of loan")).clocks["loan"].rungs == (30,)


def with_days(name="party", at="on party"):
    return timed(at=at, days=f"\ndays:\n  {name}: {{label: 聚会, en: Party}}\n")


def test_a_day_that_the_case_names_may_have_an_act():
    assert read(with_days(), days=frozenset({"party"})).days["party"].english == "Party"


def test_a_clock_may_start_with_the_case():
    text = timed().replace("    starts: lend\n", "    starts: start\n")
    assert read(text).clocks["loan"].starts == {"start"}


PAUSED = "    pauses: mark_late\n    resumes: praise\n"

# name: (chart, fault, beginning of the line it must name)
FAULTY = {
    "by people": (
        timed().replace("    by: system\n    from: out\n", "    by: reader\n    from: out\n"),
        "action remind: only the system can act at a moment",
        "    at: ",
    ),
    "by people too": (
        timed().replace("    by: system\n    from: out\n", "    by: [system, reader]\n    from: out\n"),
        "action remind: only the system can act at a moment",
        "    at: ",
    ),
    "with a guard": (
        timed(act="    when:\n      worn_out: 还能用。\n"),
        "action remind: an act at a moment has none",
        "    when:",
    ),
    "with something needed": (
        timed(act="    needs: note\n"),
        "action remind: an act at a moment has none",
        "    needs: note",
    ),
    "with something optional": (
        timed(act="    takes: amount\n"),
        "action remind: an act at a moment has none",
        "    takes: amount",
    ),
    "after another act": (
        timed(act="    follows: lend\n"),
        "action remind: an act at a moment has none",
        "    follows: lend",
    ),
    "at an unknown clock": (
        timed(at="end of lease"),
        "action remind: unknown clock or day 'lease'",
        "    at: end of lease",
    ),
    "at a day beyond the clock": (
        timed(at="day 31 of loan"),
        "action remind: 'loan' has no day 31",
        "    at: day 31",
    ),
    "at day 9 of a clock of five": (
        timed(at="day 9 of loan").replace("length: 30", "length: 5").replace("calendar", "working"),
        "action remind: 'loan' has no day 9",
        "    at: day 9",
    ),
    "at a day of a clock of years": (
        timed(at="day 1 of loan").replace("unit: calendar", "unit: years"),
        "action remind: 'loan' has no day 1",
        "    at: day 1",
    ),
    "at the third of a named day": (
        with_days(at="day 3 of party"),
        "action remind: only the days of a clock can be counted",
        "    at: day 3",
    ),
    "a clock that pauses and never goes on": (
        timed(clock="    pauses: mark_late\n"),
        "clock loan: has pauses but no resumes",
        "    pauses: mark_late",
    ),
    "a clock that goes on and never pauses": (
        timed(clock="    resumes: mark_late\n"),
        "clock loan: has resumes but no pauses",
        "    resumes: mark_late",
    ),
    "an act that pauses and resumes": (
        timed(clock="    pauses: mark_late\n    resumes: [praise, mark_late]\n"),
        "clock loan: 'mark_late' both pauses and resumes it",
        "    resumes: [",
    ),
    "years that are paused": (
        timed(clock=PAUSED).replace("unit: calendar", "unit: years"),
        "clock loan: years cannot be paused",
        "    pauses: mark_late",
    ),
    "paused by an unknown act": (
        timed(clock="    pauses: burn\n    resumes: praise\n"),
        "clock loan: unknown action 'burn'",
        "    pauses: burn",
    ),
    "resumed by the beginning": (
        timed(clock="    pauses: mark_late\n    resumes: start\n"),
        "clock loan: unknown action 'start'",
        "    resumes: start",
    ),
    "stopped by the beginning": (
        timed().replace("[give_back, scrap]", "[give_back, start]"),
        "clock loan: unknown action 'start'",
        "    stops: [",
    ),
    "a day that no case knows": (
        with_days("feast", "on feast"),
        "day feast: no case knows such a day",
        "  feast:",
    ),
    "a day at which nothing is done": (
        with_days(at="on loan"),
        "day party: no act is done at it",
        "  party:",
    ),
    "a day named like a clock": (
        with_days("loan", "on loan"),
        "day loan: has the name of a clock",
        "  loan: {",
    ),
    "a day without its words": (
        timed(at="on party", days="\ndays:\n  party: {label: 聚会}\n"),
        "day party: en is missing",
        "  party:",
    ),
    "a day with a key too many": (
        timed(at="on party", days="\ndays:\n  party: {label: 聚会, en: Party, law: 无}\n"),
        "day party: unknown key 'law'",
        "  party:",
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_contradiction_is_named_with_its_line(name):
    text, said, begins = FAULTY[name]
    faults = faults_of(text, days=frozenset({"party", "loan"}))
    lines = [int(fault.split(":")[1]) for fault in faults if said in fault]
    assert lines, faults
    assert {text.splitlines()[line - 1].startswith(begins) for line in lines} == {True}, faults


def test_everything_wrong_with_one_moment_is_said_at_once():
    text = timed(at="day 3 of lease", act="    needs: note\n    follows: lend\n").replace(
        "    by: system\n    from: out\n", "    by: reader\n    from: out\n"
    )
    said = "\n".join(faults_of(text))
    for expected in (
        "only the system can act",
        "has none",
        "unknown clock or day",
        "only the days of a clock",
    ):
        assert expected in said
