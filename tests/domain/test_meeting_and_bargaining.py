"""From the first call to the offers: joining, accepting, meeting, prolonging, bargaining."""

from datetime import date, datetime, timedelta

import pytest
from makers import MONDAY
from msgspec import structs
from playing import Play

from mediation.domain.clocks import deadlines, due, next_due, working_end
from mediation.domain.facts import BEIJING
from mediation.engine.refusals import NotNow


def test_a_case_is_accepted_only_when_the_employer_has_joined(engine):
    for state in ("submitted", "contacting"):
        play = Play(engine, state)
        assert play.refused("accept") == ("单位还没有同意参加调解，双方都愿意才能受理。",)
    play.act("join")
    assert play.refused("accept") == ()
    assert play.facts.accepted == play.at.date()


def test_the_employer_joins_once(engine):
    play = Play(engine, "contacting")
    play.act("join")
    assert play.refused("join") == ("您已经答应参加调解了。",)


def test_an_application_without_a_claim_is_not_submitted(engine):
    play = Play(engine, "draft")
    play.facts = structs.replace(play.facts, claims=())
    assert play.refused("submit") == ("至少写一项请求，再提交。",)


def test_a_meeting_is_fixed_for_later_than_now(engine):
    play = Play(engine, "accepted")
    assert play.refused("convene", **{"for": play.at.isoformat()}) == ("开会时间要在现在之后。",)
    assert play.refused("convene", **{"for": (play.at + timedelta(days=2)).isoformat()}) == ()
    assert play.facts.meeting == play.at + timedelta(days=2) - timedelta(minutes=1)


def test_the_same_moment_in_another_zone_is_the_same_moment(engine):
    play = Play(engine, "accepted")
    play.act("convene", at=datetime(2026, 3, 5, 9, 0, tzinfo=BEIJING), **{"for": "2026-03-05T01:01:00+00:00"})
    assert play.facts.meeting == datetime(2026, 3, 5, 9, 1, tzinfo=BEIJING)
    play = Play(engine, "accepted")
    at = datetime(2026, 3, 5, 9, 0, tzinfo=BEIJING)
    assert play.refused("convene", at=at, **{"for": "2026-03-05T01:00:00+00:00"})


@pytest.mark.parametrize(
    "present",
    [[], ["worker:0"], ["employer:0"], ["worker:0", "worker:1"], ["worker:0", "employer:0", "worker:7"]],
)
def test_a_meeting_opens_only_with_both_sides_and_nobody_else(engine, present):
    play = Play(engine, "scheduled", workers=2)
    assert play.refused("open_meeting", present=present)
    assert play.refused("open_meeting", present=["employer:0", "worker:1"]) == ()


def test_an_opened_meeting_is_no_longer_an_appointment(engine):
    play = Play(engine, "scheduled")
    assert play.facts.meeting is not None
    play.act("open_meeting")
    assert play.facts.meeting is None


# --- the end of the mediation --------------------------------------------------------------------------


def test_the_end_moves_only_when_both_sides_have_named_the_same_day(engine):
    play = Play(engine)
    before = working_end(play.facts)
    play.act("extend", "worker", until="2026-05-01")
    assert working_end(play.facts) == before
    play.act("extend", "employer", until="2026-05-06")
    assert working_end(play.facts) == before
    play.act("extend", "worker", until="2026-05-06")
    assert working_end(play.facts) == date(2026, 5, 6)


def test_one_side_cannot_prolong_alone_however_often_it_asks(engine):
    play = Play(engine, workers=2)
    before = working_end(play.facts)
    play.act("extend", "worker", 0, until="2026-05-06")
    play.act("extend", "worker", 1, until="2026-05-06")
    play.act("extend", "worker", 0, until="2026-05-06")
    assert working_end(play.facts) == before


def test_after_a_prolongation_both_sides_must_agree_anew(engine):
    play = Play(engine)
    for role in ("worker", "employer"):
        play.act("extend", role, until="2026-05-06")
    play.act("extend", "worker", until="2026-06-01")
    assert working_end(play.facts) == date(2026, 5, 6)
    play.act("extend", "employer", until="2026-06-01")
    assert working_end(play.facts) == date(2026, 6, 1)


def test_a_prolongation_is_later_than_the_end_that_holds(engine):
    play = Play(engine)
    end = working_end(play.facts)
    for until in (end, end - timedelta(days=1)):
        assert play.refused("extend", "worker", until=until.isoformat()) == (
            "新的日期要晚于现在的调解期限。",
        )
    assert play.refused("extend", "worker", until=(end + timedelta(days=1)).isoformat()) == ()


def test_the_exit_to_arbitration_is_never_moved(engine):
    play = Play(engine)
    before = due(play.facts.clocks["exit"])
    for role in ("worker", "employer"):
        play.act("extend", role, until="2026-05-06")
    assert due(play.facts.clocks["exit"]) == before
    assert play.facts.clocks["exit"].stopped is None


# --- clocks --------------------------------------------------------------------------------------------


def running(play):
    return {name for name, run in play.facts.clocks.items() if run.stopped is None}


def test_the_clocks_of_a_case_start_and_stop_with_its_acts(engine):
    play = Play(engine, "draft")
    assert running(play) == {"draft"}
    assert next_due(play.facts) == date(2026, 6, 1), "ninety days end on a Sunday"
    play.act("submit")
    assert running(play) == {"accept_or_refuse", "exit"}
    play.act("contact_employer")
    play.act("join")
    play.act("accept")
    assert running(play) == {"exit", "working"}
    for act in ("assign", "convene", "open_meeting", "draft_terms"):
        play.act(act)
    for role in ("worker", "employer"):
        play.act("mark_clauses", role)
    play.act("send_for_signing")
    assert running(play) == {"exit", "working", "signing"}
    play.act("amend_terms")
    assert running(play) == {"exit", "working"}
    for role in ("worker", "employer"):
        play.act("mark_clauses", role)
    play.act("send_for_signing")
    assert running(play) == {"exit", "working", "signing"}
    for role in ("worker", "employer", "mediator"):
        play.act("sign", role)
    play.act("seal")
    assert running(play) == {"arbitration_review", "judicial_confirmation"}


def test_a_clock_counts_from_the_day_in_beijing(engine):
    play = Play(engine, "draft", begun=datetime(2026, 9, 1, 9, 0, tzinfo=BEIJING))
    play.act("submit", at=datetime(2026, 9, 18, 16, 30, tzinfo=BEIJING).astimezone(tz=None))
    assert play.facts.received == date(2026, 9, 18)
    late = Play(engine, "draft", begun=datetime(2026, 9, 1, 9, 0, tzinfo=BEIJING))
    late.act("submit", at=datetime.fromisoformat("2026-09-18T16:30:00+00:00"))
    assert late.facts.received == date(2026, 9, 19)


def test_the_two_clocks_of_the_example_of_the_law(engine):
    play = Play(engine, "draft", begun=datetime(2026, 9, 1, 9, 0, tzinfo=BEIJING))
    play.act("submit", at=datetime(2026, 9, 18, 16, 40, tzinfo=BEIJING))
    ends = {
        timer.clock.name: timer.due
        for timer in deadlines(engine.workflow, play.facts)
        if timer.stopped is None
    }
    assert ends == {"accept_or_refuse": date(2026, 9, 22), "exit": date(2026, 10, 8)}
    assert next_due(play.facts) == date(2026, 9, 22)


@pytest.mark.parametrize(("act", "role"), [("end", "worker"), ("end", "employer"), ("decline", "employer")])
def test_a_failed_mediation_starts_the_limitation_anew(engine, act, role):
    play = Play(engine, "accepted")
    play.act(act, role)
    assert running(play) == {"limitation"}
    assert due(play.facts.clocks["limitation"]).year == MONDAY.year + 1


def test_nothing_runs_in_a_closed_case(engine):
    for state in ("performed", "not_agreed", "rejected", "withdrawn", "referred"):
        play = Play(engine, state)
        if state == "referred":
            play.act("record_receipt")
        play.act("close")
        assert running(play) - {"limitation"} == set()


# --- bargaining ------------------------------------------------------------------------------------------

NONE_WAITS = ("对方没有等您答复的方案。",)
ONE_WAITS = ("对方的方案还等着您答复，可以同意、不同意，或者还一个数。",)


@pytest.mark.parametrize(("one", "other"), [("worker", "employer"), ("employer", "worker")])
def test_an_offer_is_answered_by_the_other_side(engine, one, other):
    play = Play(engine)
    play.act("offer", one, amount=500_000)
    assert (play.facts.offer.by, play.facts.offer.amount) == (one, 500_000)
    for answer in ("accept_offer", "reject_offer"):
        assert play.refused(answer, one) == NONE_WAITS
    assert play.refused("counter", one, amount=400_000) == NONE_WAITS
    assert play.refused("offer", other, amount=600_000) == ONE_WAITS
    play.act("counter", other, amount=600_000)
    assert (play.facts.offer.by, play.facts.offer.amount) == (other, 600_000)
    play.act("accept_offer", one)
    assert play.facts.offer is None
    assert play.facts.settled_at == 600_000


def test_a_rejected_offer_waits_no_longer(engine):
    play = Play(engine)
    play.act("offer", "employer", amount=500_000)
    play.act("reject_offer", "worker")
    assert play.facts.offer is None
    assert play.facts.settled_at is None
    for answer in ("accept_offer", "reject_offer"):
        assert play.refused(answer, "worker") == NONE_WAITS
    assert play.refused("counter", "worker", amount=1) == NONE_WAITS
    assert play.refused("offer", "worker", amount=600_000) == ()


def test_a_side_may_better_its_own_offer(engine):
    play = Play(engine)
    play.act("offer", "employer", amount=500_000)
    play.act("offer", "employer", amount=550_000)
    assert play.facts.offer.amount == 550_000


def test_nobody_bargains_over_terms_that_are_written(engine):
    play = Play(engine, "terms_drafted")
    for act, data in (("offer", {"amount": 1}), ("counter", {"amount": 1}), ("accept_offer", {"note": "x"})):
        with pytest.raises(NotNow):
            play.act(act, "worker", **data)
