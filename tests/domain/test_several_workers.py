"""Several workers in one case: everybody agrees, signs and leaves for himself."""

from datetime import timedelta

import makers
from playing import Play, payment, terms

GONE = ("您已经退出本案了。",)
LAST = ("本案只剩您一位劳动者，要退出就点“结束调解，去仲裁”。",)


def test_who_has_left_is_no_longer_asked(engine):
    play = Play(engine, workers=3)
    play.act("step_out", "worker", 1, note="x")
    assert play.facts.staying == (0, 2)
    assert play.facts.seats == (("worker", 0), ("worker", 2), ("employer", 0))
    assert play.facts.state == "in_meeting"
    for act, data in (
        ("offer", {"amount": 1}),
        ("extend", {"until": "2026-09-01"}),
        ("step_out", {"note": "x"}),
    ):
        assert play.refused(act, "worker", 1, **data) == GONE
    assert play.refused("draft_terms", terms=terms(payment(1))) == ("协议里写了本案没有的劳动者。",)
    play.act("draft_terms", terms=terms(payment(0), payment(2)))
    marks = {"digest": play.facts.terms.digest, "said": [{"clause": 0, "mark": "agree"}]}
    assert play.refused("mark_clauses", "worker", 1, marks=marks) == GONE
    for side, seat in play.facts.seats:
        play.act("mark_clauses", side, seat)
    play.act("send_for_signing")
    assert play.refused("sign", "worker", 1) == GONE
    for side, seat in (*play.facts.seats, ("mediator", 0)):
        play.act("sign", side, seat)
    play.act("seal")
    counted = [
        o.amount for o in play.links[-2].move.outcomes if getattr(o, "account", "") == "settled_workers"
    ]
    assert counted == [2]
    late = play.at + timedelta(days=90)
    assert play.refused("arbitrate", "worker", 1, at=late) == GONE
    assert play.refused("confirm_duty", "worker", 1, duty=0)[0] == GONE[0]


def test_the_last_one_cannot_leave_the_group_but_end_it(engine):
    play = Play(engine, workers=2)
    play.act("step_out", "worker", 0, note="x")
    assert play.refused("step_out", "worker", 1, note="x") == LAST
    assert play.refused("end", "worker", 1, reason="to_arbitration") == ()
    assert play.facts.state == "not_agreed"


def test_when_the_first_leaves_the_next_one_speaks(engine):
    play = Play(engine, workers=3)
    for_all = ("本案还有别的劳动者，您可以只替自己退出。",)
    assert play.refused("withdraw", "worker", 1, note="x") == for_all
    play.act("step_out", "worker", 0, note="x")
    assert play.refused("withdraw", "worker", 2, note="x") == for_all
    assert play.refused("withdraw", "worker", 0, note="x") == for_all + GONE
    assert play.refused("withdraw", "worker", 1, note="x") == ()


def test_terms_written_for_all_fall_when_one_leaves(engine):
    play = Play(engine, "awaiting_signatures", workers=3)
    for side, seat in (*play.facts.seats, ("mediator", 0)):
        play.act("sign", side, seat)
    play.act("leave_terms", "worker", 2, note="x")
    assert play.facts.state == "adjourned"
    assert (play.facts.terms, play.facts.marks, play.facts.signatures) == (None, (), ())
    assert play.facts.clocks["signing"].stopped is not None
    play.act("draft_terms", terms=terms(payment(0), payment(1)))
    assert play.refused("send_for_signing") == ("每一条都要双方点“同意”，才能送签。",)


def test_what_a_worker_claimed_stays_claimed_when_he_leaves(engine):
    play = Play(engine, workers=2)
    before = play.facts.claims
    play.act("step_out", "worker", 1, note="x")
    assert play.facts.claims == before
    assert makers.make_facts(engine, workers=2).claims == before


def test_an_overdue_promise_can_be_taken_to_arbitration_by_either_side(engine):
    for role in ("worker", "employer"):
        play = Play(engine, "performing")
        assert play.refused("arbitrate", role, note="x") == ("还没有到期没付的钱或者到期没办的事。",)
        breached = Play(engine, "breached")
        assert breached.refused("arbitrate", role, note="x") == ()
        assert breached.facts.state == "referred"
        assert breached.refused("close") == ()
