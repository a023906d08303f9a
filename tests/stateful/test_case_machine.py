"""The office against a model of it in plain Python, over thousands of random days."""

from datetime import date, timedelta
from typing import Any

import pytest
from acts import ACTS, FOLLOWING, TIMERS
from counting import RULES, Tally
from hands import hands
from house import Begin
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from machine import ROUTE, Days

NOT_DRIVEN: set[str] = set()
"""Acts of the chart that no rule drives yet; each is a gap in what this machine shows."""

TO_THE_END = ("confirm_payment", "report_payment", "confirm_payment", "confirm_payment", "confirm_duty")
"""From the end of the way of a dispute, a breach half made good, until nothing is owed."""


def run(begin: Begin, examples: int, steps: int, *, alone: bool = False, **how: Any) -> Tally:
    """So many random days of so many steps; what they did."""
    tally = Tally()
    run_state_machine_as_test(
        lambda: Days(begin(), tally, alone=alone),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=[HealthCheck.too_slow],
            **how,
        ),
    )
    print(tally.table())
    return tally


def assert_every_act_was_tried(tally: Tally, acts: set[str]) -> None:
    """Every act of the chart was done, and refused."""
    driven = acts - NOT_DRIVEN
    assert driven - set(tally.done) == set(), "acts that nobody did"
    assert driven - {name for name, _ in tally.refused} == set(), "acts that nobody was refused"


def test_every_act_of_the_chart_has_a_rule(engine: object) -> None:
    """A new act fails here until acts.py says what it does, or NOT_DRIVEN that nothing here shows it."""
    chart = engine.workflow.actions
    people = {name for name, action in chart.items() if "system" not in action.by}
    assert people - set(ACTS) - NOT_DRIVEN == set(), "acts without a rule: say in acts.py what they do"
    assert set(ACTS) - people == set(), "rules without an act in the chart"
    assert set(chart) - people == {*FOLLOWING, *TIMERS}, "what the office does by itself"
    assert NOT_DRIVEN & set(ACTS) == set(), "these are driven now"
    assert len(RULES) >= 32


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_every_act_is_done_and_refused_as_the_model_has_it(begin: Begin, engine: object) -> None:
    """No chance: each act wherever it leads on, and in every state each act refused in every way."""
    tally = Tally()
    seen: set[str] = set()
    begun: set[str] = set()
    for steps in range(len(ROUTE) + 1):
        office = Days(begin(), tally)
        ways: list[tuple[str, ...]] = [(), TO_THE_END] if steps == len(ROUTE) else [()]
        for way in ways:
            office.file_one(2, steps)
            for name in way:
                office.somebody(name)
            unseen = office.dispute.state not in seen
            seen.add(office.dispute.state)
            if unseen:
                office.everything_wrong()
            new = [name for name in ACTS if office.legal(name) and name not in begun]
            ways += [(*way, name) for name in new]
            begun.update(new)
            if unseen:
                office.silence()
        office.teardown()
    both_sides_pause(begin, tally)
    two_people_correct(begin, tally)
    clocks_are_behind(begin, tally)
    platform_work_is_drawn_out(begin, tally)
    names_are_corrected_after_the_seal(begin, tally)
    holidays_move_days(begin, tally)
    some_were_only_named(begin, tally)
    somebody_filed_for_another(begin, tally)
    ten_have_representatives(begin, tally)
    nobody_answers(begin, tally)
    print(tally.table())
    assert seen >= {state for act in ACTS.values() for state in act.at} - {"agreed"}
    assert_every_act_was_tried(tally, set(engine.workflow.actions))
    assert {kind for _, kind in tally.refused} == {
        "not_yours",
        "not_now",
        "unmet",
        "hidden",
        "Invalid",
        "clock_back",
    }


def some_were_only_named(begin: Begin, tally: Tally) -> None:
    """Who was only named takes no part before he says that he applies too."""
    office = Days(begin(), tally)
    office.file_one(3, 1, unconfirmed=(1, 2))
    office.everything_wrong()
    assert office.ask("confirm_place", ("worker", 2), {}) == "done"
    for name in ROUTE[1 : ROUTE.index("sign")]:
        office.onwards(name)
    office.everything_wrong()
    assert office.ask("decline_place", ("worker", 1), {}) == "done"
    office.everything_wrong()
    office.onwards("sign")
    office.somebody("seal")
    office.teardown()


def somebody_filed_for_another(begin: Begin, tally: Tally) -> None:
    """Nothing goes on before the worker says so himself, or somebody has checked the paper of his agent."""
    checked, named = {"agent": "e" * 16, "note": "看了原件"}, {"agent": "e" * 16}
    for way in ("verify_agent", "confirm_place", "decline_place", "end_agent"):
        office = Days(begin(), tally)
        office.file_one(1, 1, unconfirmed=(0,))
        office.everything_wrong()
        assert office.ask("contact_employer", ("clerk", 0), {}) == "unmet"
        if way in ("verify_agent", "end_agent"):
            assert office.ask(way, ("clerk", 0), checked if way == "verify_agent" else named) == "done"
        else:
            assert office.ask(way, ("worker", 0), {}) == "done"
        office.everything_wrong()
        goes_on = way in ("verify_agent", "confirm_place")
        assert bool(office.legal("contact_employer")) is goes_on
        assert (office.dispute.state == "withdrawn") is (way == "decline_place")
        office.teardown()
    office = Days(begin(), tally)
    office.file_one(2, 1, unconfirmed=(0,))
    for name in ROUTE[1 : ROUTE.index("mark_clauses")]:
        office.onwards(name)
    assert office.ask("verify_agent", office.dispute.mediator, checked) == "unmet"
    office.teardown()


def ten_have_representatives(begin: Begin, tally: Tally) -> None:
    """Ten with a common claim have representatives, nine have none."""
    office = Days(begin(), tally)
    office.file_one(10, 1)
    office.somebody("name_representatives")
    office.somebody("step_out")
    assert office.legal("name_representatives") == []
    office.teardown()


def nobody_answers(begin: Begin, tally: Tally) -> None:
    """An employer that is silent to the end: certified then, after a call and a letter, and not before."""
    office = Days(begin(), tally)
    office.file_one(2, ROUTE.index("contact_employer") + 1)
    assert office.ask("certify_no_answer", ("clerk", 0), {}) == "unmet"
    office.now += timedelta(days=10)
    assert office.ask("certify_no_answer", ("clerk", 0), {}) == "unmet"
    assert office.ask("log_attempt", ("clerk", 0), {"way": "call", "outcome": "no_reply"}) == "done"
    assert office.ask("certify_no_answer", ("clerk", 0), {}) == "unmet"
    assert office.ask("log_attempt", ("clerk", 0), {"way": "letter", "outcome": "returned"}) == "done"
    assert office.ask("refer", ("clerk", 0), {"to": "仲裁院"}) == "unmet"
    office.everything_wrong()
    assert office.ask("certify_no_answer", ("clerk", 0), {}) == "done"
    office.silence()
    office.teardown()


def both_sides_pause(begin: Begin, tally: Tally) -> None:
    """The time of the mediation stands still, and nothing falls due, until somebody lets it go on."""
    office = Days(begin(), tally)
    office.file_one(2, ROUTE.index("accept") + 1)
    office.ask("extend", ("worker", 0), {"until": "2026-06-01"})
    office.ask("extend", ("employer", 0), {"until": "2026-06-01"})
    for who in (("worker", 1), ("employer", 0)):
        office.ask("ask_pause", who, {"pause_for": "appraisal"})
    assert office.dispute.paused
    office.now += timedelta(days=40)
    office.somebody("resume")
    office.silence()
    office.teardown()


def clocks_are_behind(begin: Begin, tally: Tally) -> None:
    """What somebody does on a machine whose clock was set back, by less and by more than is overlooked."""
    office = Days(begin(), tally)
    office.file_one(2, ROUTE.index("draft_terms") + 1)
    for who in office.dispute.sides:
        marks, last = hands("mark_clauses", office.dispute, office.now)[0], office.dispute.moved_at
        assert office.ask("mark_clauses", who, marks, at=last - timedelta(minutes=6)) == "clock_back"
        assert office.ask("mark_clauses", who, marks, at=last - timedelta(minutes=4)) == "done"
    office.somebody("send_for_signing")
    office.teardown()


def platform_work_is_drawn_out(begin: Begin, tally: Tally) -> None:
    """New forms of employment: to the fifteenth day more and no further, and nothing stands still."""
    office = Days(begin(), tally)
    office.file_one(2, ROUTE.index("accept") + 1, platform=True)
    sides = (("worker", 0), ("employer", 0))
    longest = office.dispute.longest
    for who in sides:
        too_late = {"until": (longest + timedelta(days=1)).isoformat()}
        assert office.ask("extend", who, too_late) == "unmet"
        assert office.ask("ask_pause", who, {"pause_for": "appraisal"}) == "unmet"
        assert office.ask("extend", who, {"until": longest.isoformat()}) == "done"
    assert office.dispute.last("working") == longest == date(2026, 4, 1)
    assert office.legal("extend") == []
    office.everything_wrong()
    office.silence()
    office.teardown()


def names_are_corrected_after_the_seal(begin: Begin, tally: Tally) -> None:
    """Not while the paper waits to be printed; then the record has the name, the paper the one before."""
    office = Days(begin(), tally)
    office.file_one(2, ROUTE.index("seal") + 1)
    right = [
        {"party": party, "detail": detail, "value": value, "reason": "typed wrongly"}
        for party, detail, value in (
            ("employer:0", "name", "某服装厂"),
            ("worker:1", "name", "罗某某"),
            ("employer:0", "uscc", "91110101MA0000000X"),
        )
    ]
    for hand in right:
        assert office.ask("correct_party", ("clerk", 0), hand) == "Invalid"
    office.everything_wrong()
    office.papers_are_made()
    signed = office.dispute.signed
    for hand in right:
        assert office.ask("correct_party", ("clerk", 0), hand) == "done"
    assert office.dispute.signed == signed
    office.papers_are_made()
    office.everything_wrong()
    office.teardown()


def holidays_move_days(begin: Begin, tally: Tally) -> None:
    """Days that run move, each by an entry; what was due before comes first, what is over stays."""
    office = Days(begin(), tally)
    for steps in ("contact_employer", "accept", "send_for_signing", "seal"):
        office.file_one(2, ROUTE.index(steps) + 1)
    office.now += timedelta(days=1, hours=1)
    today = office.now.date()
    office.holidays({today + timedelta(days=n): n in (4, 5) for n in (1, 2, 4, 5, 14, 15, 30)})
    office.worker_begins()
    assert [len(one.moved) for one in office.disputes.values()] == [1, 1, 1, 1]
    assert "call_employer" in office.disputes[min(office.disputes)].log
    office.now += timedelta(days=2)
    office.holidays({today + timedelta(days=n): True for n in range(-3, 30)})
    office.worker_begins()
    office.now += timedelta(days=20)
    exits = [one.clocks["exit"].last for one in office.disputes.values()]
    assert min(exits) < office.now.date()
    office.holidays({today + timedelta(days=n): n % 3 == 0 for n in range(60)})
    office.worker_begins()
    assert [one.clocks["exit"].last for one in office.disputes.values()] == exits
    for number in office.disputes:
        office.case = number
        office.silence()
    office.teardown()


def two_people_correct(begin: Begin, tally: Tally) -> None:
    """A large sum waits for somebody else, who agrees or does not; a small one is booked at once."""
    office = Days(begin(), tally)
    office.file_one(2, ROUTE.index("seal") + 1)
    large = {"claim": 0, "was": 600_000, "right_amount": 1_300_000, "reason": "typed wrongly"}
    for name in ("refuse_correction", "approve_correction"):
        office.ask("correct_claim", ("clerk", 0), large)
        assert office.dispute.log[-1] == "ask_second_person"
        office.everything_wrong()
        assert office.ask(name, ("admin", 0), {"reason": "seen"}) == "done"
    for name in ("report_payment", "confirm_payment", "restate_payment"):
        office.somebody(name)
    assert office.dispute.log[-1] == "book_payment"
    for name in ("report_payment", "confirm_payment"):
        office.somebody(name)
    office.now += timedelta(days=100)
    office.somebody("restate_payment")
    assert office.dispute.log[-1] == "book_late_payment"
    office.teardown()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_person_who_comes_after_a_downtime_finds_done_what_was_due(begin: Begin) -> None:
    """The time for signing ended while no worker ran: who comes first cannot sign any more."""
    office = Days(begin(), Tally())
    office.file_one(1, ROUTE.index("send_for_signing") + 1)
    office.now += timedelta(days=10)
    sign = {"digest": office.dispute.digest}
    assert office.ask("sign", ("worker", 0), sign) == "not_now"
    office.somebody("mark_clauses")
    assert "lapse_signing" in office.dispute.log
    office.teardown()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_draft_is_warned_of_and_ends_though_every_process_ended(begin: Begin) -> None:
    """When it wakes is in its row: what begins anew finds it there."""
    office = Days(begin(), Tally())
    office.file_one(1, 0)
    office.house.restart()
    office.silence()
    assert office.dispute.log == ("start", "warn_draft", "expire_draft")
    office.teardown()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_clock_some_minutes_behind_bears_the_last_moment_and_beyond_that_nothing(begin: Begin) -> None:
    clocks_are_behind(begin, Tally())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_mediation_stands_still_when_both_sides_say_so(begin: Begin) -> None:
    both_sides_pause(begin, Tally())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_platform_work_is_prolonged_to_its_last_day_and_never_paused(begin: Begin) -> None:
    platform_work_is_drawn_out(begin, Tally())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_paper_keeps_the_names_that_were_signed(begin: Begin) -> None:
    names_are_corrected_after_the_seal(begin, Tally())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_new_table_of_holidays_moves_what_runs_and_nothing_that_is_over(begin: Begin) -> None:
    holidays_move_days(begin, Tally())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_large_correction_waits_for_somebody_else(begin: Begin) -> None:
    two_people_correct(begin, Tally())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_falls_due_at_midnight_is_told_in_the_morning(begin: Begin) -> None:
    office = Days(begin(), Tally())
    office.file_one(1, ROUTE.index("send_for_signing") + 1)
    while "lapse_signing" not in office.dispute.log:
        office.now = max(office.now, office.dispute.coming()[0].at)
        office.by_clock()
    assert office.now.hour == 0
    told = [row for row in office.rows["outbox"] if row["template"] == "lapse_signing"]
    assert told
    assert all(row["not_before"] == office.now.replace(hour=8) for row in told)
    office.teardown()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_who_has_left_is_refused_everything_that_is_left_to_the_others(begin: Begin) -> None:
    office = Days(begin(), Tally())
    office.file_one(3, ROUTE.index("offer"))
    office.somebody("step_out")
    for name in ROUTE[ROUTE.index("offer") :]:
        office.onwards(name)
        office.everything_wrong()
    office.teardown()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_who_was_only_named_takes_no_part_before_he_says_so(begin: Begin) -> None:
    some_were_only_named(begin, Tally())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_somebody_files_for_another_waits_for_him_or_for_the_paper(begin: Begin) -> None:
    somebody_filed_for_another(begin, Tally())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_ten_with_a_common_claim_have_representatives(begin: Begin) -> None:
    ten_have_representatives(begin, Tally())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_silence_is_certified_after_an_attempt_and_never_passed_on_instead(begin: Begin) -> None:
    nobody_answers(begin, Tally())


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "together"])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_some_random_days_are_as_the_model_has_them(begin: Begin, alone: bool) -> None:
    """In two halves, for two processors; thousands of days in the long run."""
    run(begin, 120, 40, alone=alone)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_random_days_on_postgresql_are_as_the_model_has_them(begin: Begin) -> None:
    run(begin, 50, 40)


@pytest.mark.long
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "together"])
def test_thousands_of_random_days_are_as_the_model_has_them(begin: Begin, engine: Any, alone: bool) -> None:
    tally = run(begin, 2500, 80, alone=alone, derandomize=False)
    if alone:  # nobody can leave a group of one
        tally.done.update(["step_out", "leave_terms", "confirm_place", "decline_place"])
        tally.rules.update(["step_out", "leave_terms", "confirm_place", "decline_place"])
    tally.done.update(["name_representatives"])  # ten workers are in a test of their own
    tally.rules.update(["name_representatives"])
    assert_every_act_was_tried(tally, set(engine.workflow.actions))
    assert set(RULES) - set(tally.rules) == set(), "rules that never ran"
