"""What was promised is paid, reported, confirmed, denied, overdue, cured and closed."""

from datetime import datetime

import pytest
from playing import Play, duty, payment, terms

from mediation.domain.facts import BEIJING
from mediation.domain.owing import unpaid
from mediation.engine.refusals import NotNow

TOO_MUCH = ("这笔钱比还没付的多，核对一下数目。",)
REPORTED = ("这个流水号登记过了，同一笔转账不用再登记。",)
NO_SUCH = ("协议里没有这一笔。",)
NOT_REPORTED = ("单位还没有登记付款。",)
LATE = datetime(2026, 4, 2, 9, 0, tzinfo=BEIJING)
ON_THE_DAY = datetime(2026, 4, 1, 23, 59, tzinfo=BEIJING)


@pytest.fixture
def play(engine):
    """One worker; three payments, the latest due first in the terms."""
    given = terms(
        payment(amount=300, due="2026-06-01"),
        payment(amount=100, due="2026-04-01"),
        payment(amount=200, due="2026-05-01"),
    )
    return Play(engine, "performing", terms=given)


@pytest.fixture
def pair(engine):
    """Two workers with two payments each, interleaved."""
    given = terms(
        payment(0, 100, "2026-04-01"),
        payment(1, 1_000, "2026-04-01"),
        payment(0, 200, "2026-05-01"),
        payment(1, 2_000, "2026-05-01"),
    )
    return Play(engine, "performing", workers=2, terms=given)


def posted(play):
    """What the last act posted as paid."""
    outcomes = play.links[-1].move.outcomes
    return [(o.amount, o.worker) for o in outcomes if type(o).__name__ == "Posting"]


def told(link):
    return [(o.to, o.seat) for o in link.move.outcomes if type(o).__name__ == "Notice"]


def test_a_report_is_set_against_payments_in_the_order_they_are_due(play):
    play.act("report_payment", amount=250)
    assert play.owed == [(0, 0), (100, 0), (150, 0)]
    play.act("report_payment", amount=60)
    assert play.owed == [(10, 0), (100, 0), (200, 0)]


def test_one_transfer_is_reported_once_whatever_else_the_report_says(play):
    play.act("report_payment", amount=100, reference="B1")
    assert play.facts.references == ("B1",)
    assert play.refused("report_payment", amount=50, reference="B1") == REPORTED
    assert play.refused("report_payment", amount=100, instalment=0, reference="B1") == REPORTED
    play.act("report_payment", amount=50, reference="B2")
    play.act("report_payment", amount=50)
    play.act("report_payment", amount=50)
    assert play.facts.references == ("B1", "B2")


def test_a_transfer_that_did_not_arrive_is_not_reported_again_under_its_number(play):
    play.act("report_payment", amount=100, reference="B1")
    play.act("deny_payment")
    assert play.refused("report_payment", amount=100, reference="B1") == REPORTED
    play.act("report_payment", amount=100)


def test_more_than_is_owed_cannot_be_reported(play):
    assert play.refused("report_payment", amount=601) == TOO_MUCH
    play.act("report_payment", amount=600)
    assert play.refused("report_payment", amount=1) == TOO_MUCH


def test_what_is_reported_is_not_paid_until_the_worker_says_so(play):
    play.act("report_payment", amount=600)
    assert unpaid(play.facts) == 600
    assert play.act("confirm_payment") == ["complete"]
    assert unpaid(play.facts) == 0
    assert play.facts.state == "performed"


def test_a_confirmation_covers_everything_reported_and_not_yet_confirmed(play):
    play.act("report_payment", amount=100)
    play.act("report_payment", amount=150)
    assert play.act("confirm_payment") == []
    assert play.owed == [(0, 0), (0, 100), (0, 150)]
    assert sorted(posted(play)) == [(100, 0), (150, 0)]
    assert play.refused("confirm_payment", instalment=0) == NOT_REPORTED


def test_a_part_can_be_paid_and_confirmed_and_the_rest_later(play):
    for amount in (30, 70, 1):
        play.act("report_payment", amount=amount)
        play.act("confirm_payment")
        assert sum(sum_ for sum_, _ in posted(play)) == amount
    assert play.owed == [(0, 0), (0, 100), (0, 1)]
    assert play.refused("report_payment", amount=500) == TOO_MUCH
    play.act("report_payment", amount=499)
    assert play.act("confirm_payment") == ["complete"]


def test_nothing_unreported_is_confirmed_or_denied(play):
    for act in ("confirm_payment", "deny_payment"):
        assert play.refused(act) == NOT_REPORTED


def test_a_denied_payment_is_owed_again(play):
    play.act("report_payment", amount=100)
    play.act("confirm_payment")
    play.act("report_payment", amount=50)
    play.act("deny_payment", note="没收到")
    assert play.owed == [(0, 0), (0, 100), (0, 0)]
    assert posted(play) == []
    assert play.refused("report_payment", amount=501) == TOO_MUCH
    assert play.refused("report_payment", amount=500) == ()


@pytest.mark.parametrize(("instalment", "place"), [(0, 0), (1, 1), (2, 2)])
def test_an_instalment_is_counted_in_the_order_of_the_terms(play, instalment, place):
    play.act("report_payment", amount=50, instalment=instalment)
    assert [index for index, (reported, _) in enumerate(play.owed) if reported] == [place]


def test_an_instalment_takes_no_more_than_itself(play):
    assert play.refused("report_payment", amount=101, instalment=1) == TOO_MUCH
    assert play.refused("report_payment", amount=1, instalment=3) == NO_SUCH + TOO_MUCH


def test_instalments_are_counted_among_the_payments_of_that_worker(pair):
    pair.act("report_payment", worker=1, instalment=1, amount=2_000)
    assert pair.owed == [(0, 0), (0, 0), (0, 0), (2_000, 0)]
    assert pair.refused("report_payment", worker=1, instalment=2, amount=1)
    pair.act("report_payment", worker=0, instalment=1, amount=200)
    assert pair.owed == [(0, 0), (0, 0), (200, 0), (2_000, 0)]
    pair.act("confirm_payment", "worker", 1, instalment=1)
    assert pair.owed == [(0, 0), (0, 0), (200, 0), (0, 2_000)]
    assert posted(pair) == [(2_000, 1)]


def test_a_worker_answers_only_for_his_own_money(pair):
    pair.act("report_payment", worker=1, amount=3_000)
    assert pair.refused("confirm_payment", "worker", 0, note="x") == NOT_REPORTED
    assert pair.refused("deny_payment", "worker", 0, note="x") == NOT_REPORTED
    # Naming the other one in the form changes nothing.
    assert pair.refused("confirm_payment", "worker", 0, worker=1) == NOT_REPORTED
    pair.act("confirm_payment", "worker", 1, worker=0)
    assert pair.owed == [(0, 0), (0, 1_000), (0, 0), (0, 2_000)]


def test_money_for_one_worker_is_never_set_against_another(pair):
    assert pair.refused("report_payment", worker=0, amount=301) == TOO_MUCH
    pair.act("report_payment", worker=0, amount=300)
    assert pair.owed == [(100, 0), (0, 0), (200, 0), (0, 0)]
    assert pair.refused("report_payment", worker=2, amount=1) == NO_SUCH + TOO_MUCH


def test_only_those_whose_money_was_reported_are_told(pair):
    pair.act("report_payment", amount=1_050)
    assert told(pair.links[-1]) == [("workers", 0), ("workers", 1)]
    pair.act("report_payment", worker=1, amount=100)
    assert told(pair.links[-1]) == [("workers", 1)]


# --- overdue ------------------------------------------------------------------------------------------


def test_a_breach_is_recorded_from_the_day_after_the_due_day(play):
    not_yet = ("还没有到期没付的钱或者到期没办的事。",)
    assert play.refused("record_breach", at=ON_THE_DAY) == not_yet
    assert play.refused("record_breach", at=LATE) == ()
    assert play.facts.state == "breached"


def test_reported_money_is_still_overdue_until_the_worker_has_it(play):
    play.act("report_payment", amount=600)
    assert play.refused("record_breach", at=LATE) == ()


def test_a_breach_is_cured_when_what_is_overdue_has_been_paid(play):
    play.act("record_breach", at=LATE)
    play.act("report_payment", amount=99)
    assert play.act("confirm_payment") == []
    assert play.facts.state == "breached"
    play.act("report_payment", amount=1)
    assert play.act("confirm_payment") == ["cure"]
    assert play.facts.state == "performing"


def test_a_breach_whose_everything_is_paid_is_performed(play):
    play.act("record_breach", at=LATE)
    play.act("report_payment", amount=600)
    assert play.act("confirm_payment") == ["complete"]
    assert play.facts.state == "performed"


def test_a_duty_can_be_overdue_and_cured_like_money(engine):
    play = Play(engine, "performing", terms=terms(duty(), duty(due="2026-09-01", text="退还证件")))
    play.act("record_breach", at=LATE)
    assert play.act("confirm_duty", duty=0) == ["cure"]
    assert play.act("confirm_duty", duty=1) == ["complete"]
    assert play.facts.state == "performed"


def test_a_duty_is_confirmed_once_and_only_if_it_was_promised(engine):
    play = Play(engine, "performing", terms=terms(payment(), duty()))
    no_duty = ("协议里没有这件等着办的事。",)
    assert play.refused("confirm_duty", duty=1) == no_duty
    play.act("confirm_duty", duty=0)
    assert play.refused("confirm_duty", duty=0) == no_duty
    assert play.facts.state == "performing"


def test_performance_is_complete_only_with_money_and_duties(engine):
    play = Play(engine, "performing", terms=terms(payment(amount=100), duty()))
    play.act("report_payment", amount=100)
    assert play.act("confirm_payment") == []
    assert play.act("confirm_duty", duty=0) == ["complete"]


def test_the_system_does_nothing_that_nobody_gave_cause_for(engine):
    play = Play(engine, "performing")
    play.act("report_payment", amount=1)
    assert [link.move.action for link in play.links[-2:]] == ["begin_performing", "report_payment"]


# --- closing ------------------------------------------------------------------------------------------

MONEY_OPEN = ("还有钱没有确认到账，不能结案。",)


def test_a_case_is_not_closed_while_money_is_owed(play):
    assert play.refused("close") == MONEY_OPEN
    play.act("report_payment", amount=600)
    assert play.refused("close") == MONEY_OPEN


def test_a_case_may_be_closed_with_a_duty_that_nobody_confirmed(engine):
    play = Play(engine, "performing", terms=terms(payment(amount=100), duty()))
    play.act("report_payment", amount=100)
    play.act("confirm_payment")
    assert play.refused("close") == ()
    assert play.facts.state == "closed"


def test_a_breached_case_is_referred_before_it_is_closed(engine):
    play = Play(engine, "breached")
    with pytest.raises(NotNow):
        play.act("close", note="x")
    play.act("refer")
    assert play.refused("close") == ("接手的机构还没给回执，登记了回执再结案。",)
    play.act("record_receipt")
    assert play.refused("close") == ()


@pytest.mark.parametrize("state", ["performed", "referred", "not_agreed", "rejected", "withdrawn"])
def test_a_case_that_has_ended_is_closed(engine, state):
    play = Play(engine, state)
    if state == "referred":
        play.act("record_receipt")
    assert play.refused("close") == ()


@pytest.mark.parametrize(
    ("act", "role", "reason"),
    [("end", "worker", "gap"), ("decline", "employer", "unwilling"), ("withdraw", "worker", "withdraw")],
)
def test_why_a_case_ended_is_known(engine, act, role, reason):
    play = Play(engine, "accepted")
    play.act(act, role)
    assert play.facts.ended == reason
