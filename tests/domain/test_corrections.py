"""What a correction does to what is known, whoever asks for what in whatever order."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import makers
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from playing import Play, payment, terms

from mediation.domain import corrections
from mediation.domain.facts import decode, encode
from mediation.domain.outcomes import Posting, Reversal
from mediation.domain.rules import registry
from mediation.engine.refusals import Refused

ALONE = 500_000
RESTATE = {"promised": 0, "was": 0, "right_amount": 0, "reason": "bounced"}


@pytest.fixture(scope="module")
def start(engine):
    """Two workers; payments that share a head, and one that is large."""
    given = terms(
        payment(0, 400_000, "2026-04-01"),
        payment(0, 300_000, "2026-05-01"),
        payment(1, 900_000, "2026-04-01", "overtime"),
    )
    return makers.made(engine, state="performing", workers=2, terms=given)


def again(engine, start):
    """The same case once more, from where it stands."""
    play = Play.__new__(Play)
    play.engine, play.start, play.facts, play.at = engine, start, start.facts, start.at + timedelta(days=1)
    play.links = list(start.links)
    return play


MOVES = st.one_of(
    st.tuples(st.just("pay"), st.integers(0, 2), st.integers(1, 900_000)),
    st.tuples(st.just("restate"), st.integers(0, 2), st.integers(0, 900_000)),
    st.tuples(st.just("approve"), st.sampled_from(["clerk", "admin", "mediator"]), st.none()),
    st.tuples(st.just("refuse"), st.sampled_from(["clerk", "admin"]), st.none()),
    st.tuples(st.just("close"), st.none(), st.none()),
)


@given(moves=st.lists(MOVES, max_size=25), late=st.booleans())
def test_whatever_is_paid_and_restated_what_is_posted_is_what_is_known(engine, start, moves, late):
    play = again(engine, start)
    if late:
        play.at += timedelta(days=400)
    for kind, what, amount in moves:
        try:
            do(play, kind, what, amount)
        except Refused:
            continue
        check(play)


def do(play, kind, what, amount):
    match kind:
        case "pay":
            worker, own = ((0, 0), (0, 1), (1, 0))[what]
            play.act("report_payment", worker=worker, instalment=own, amount=amount)
            play.act("confirm_payment", seat=worker, instalment=own)
        case "restate":
            was = play.facts.owed[what].paid
            play.act("restate_payment", **RESTATE | {"promised": what, "was": was, "right_amount": amount})
        case "approve":
            play.act("approve_correction", role=what)
        case "refuse":
            play.act("refuse_correction", role=what)
        case "close":
            play.act("close")


def check(play):
    facts = play.facts
    standing, alone = posted(play.links)
    assert alone == facts.corrected_alone <= ALONE, "one person alone changes no more"
    for (account, worker, head), amount in standing.items():
        if account == "paid":
            assert amount == corrections.standing_of_head(facts, "payment", worker, head)
    for promised, owed in zip(facts.terms.payments, facts.owed, strict=True):
        assert 0 <= owed.paid <= owed.paid + owed.reported <= promised.amount
    if facts.state in ("performed", "closed"):
        assert sum(owed.paid for owed in facts.owed) == facts.terms.total
    assert decode(encode(facts)) == facts


def posted(links):
    """What stands in the accounts after all reversals, and how much was changed by one person alone."""
    standing, alone = Counter(), 0
    for before, link in pairwise([None, *links]):
        for outcome in link.move.outcomes:
            if isinstance(outcome, Posting):
                standing[outcome.account, outcome.worker, outcome.head] += outcome.amount
            elif isinstance(outcome, Reversal):
                stood = standing.pop((outcome.account, outcome.worker, outcome.head))
                assert outcome.amount == stood, "all that stands, and nothing twice"
                one = before.facts.pending
                assert one.approved != one.by
                alone += 0 if one.approved else one.size
    return standing, alone


def test_facts_written_before_there_were_corrections_are_read_and_written_as_they_were(engine, start):
    said = encode(start.facts)
    assert "pending" not in said
    assert "corrected_alone" not in said
    assert encode(decode(said)) == said
    with_one = structs.replace(start.facts, pending=corrections.Pending("claim", 0, 1, 2, "person:1"))
    assert '"pending":{' in encode(with_one), "what the desk looks for"
    assert '"pending":{' not in encode(structs.replace(start.facts, ended='"pending":{'))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"was": 1}, "这一笔现在不是这个数了"),
        ({"promised": 9}, "这一笔现在不是这个数了"),
        ({"promised": 1}, "这一笔现在不是这个数了"),
        ({"right_amount": 400_000}, "新的数目和原来的一样"),
        ({"right_amount": 400_001}, "只能往少里改"),
    ],
)
def test_a_restatement_aims_at_what_stands_there(engine, start, changed, sentence):
    play = again(engine, start)
    assert any("还没有确认到账的钱" in s for s in play.refused("restate_payment", **RESTATE))
    do(play, "pay", 0, 400_000)
    [said] = play.refused("restate_payment", **RESTATE | {"was": 400_000} | changed)
    assert sentence in said


def test_a_case_that_went_elsewhere_is_resumed_before_its_money_is_restated(engine, start):
    play = again(engine, start)
    do(play, "pay", 0, 400_000)
    play.at += timedelta(days=400)
    play.act("arbitrate", role="worker")
    play.act("close")
    [said] = play.refused("restate_payment", **RESTATE | {"was": 400_000})
    assert "先恢复履行" in said
    play.act("resume_performance")
    assert (play.facts.state, play.facts.ended) == ("performing", None)
    assert play.act("restate_payment", **RESTATE | {"was": 400_000}) == ["book_late_payment"]
    assert play.facts.state == "breached"


def test_a_correction_that_no_longer_fits_cannot_be_approved(engine, start):
    play = again(engine, start)
    for which, amount in ((0, 400_000), (1, 300_000), (2, 600_000)):
        do(play, "pay", which, amount)
    assert play.act("restate_payment", **RESTATE | {"promised": 2, "was": 600_000}) == ["ask_second_person"]
    do(play, "pay", 2, 300_000)
    [said] = play.refused("approve_correction")
    assert "又变了" in said
    play.act("refuse_correction")
    assert play.facts.clocks["second_look"].stopped is not None


@pytest.mark.parametrize("measure", ["", "much", "-1", "0", "5000.001"])
def test_the_limit_of_the_chart_is_an_amount(measure):
    with pytest.raises((ValueError, KeyError)):
        registry().guard(f"alone_up_to {measure}")


def test_a_reopening_leaves_the_worker_the_days_he_had(engine):
    play = Play(engine, "not_agreed")
    before = play.facts.clocks
    play.act("reopen", at=play.at + timedelta(days=30))
    after = play.facts.clocks
    assert after["exit"] == structs.replace(before["exit"], stopped=None)
    assert after["accept_or_refuse"].started > before["accept_or_refuse"].started
    assert after["working"] == before["working"], "it begins anew when both are willing again"
    assert after["limitation"].stopped is not None
    for name in ("contact_employer", "join", "accept"):
        play.act(name)
    assert play.facts.clocks["working"].started > before["working"].started
    assert play.facts.clocks["working"].stopped is None


def test_a_reason_to_pause_that_both_had_before_stops_no_clock_after_a_reopening(engine):
    play = Play(engine, "accepted")
    play.act("ask_pause", role="worker", pause_for="papers")
    play.act("ask_pause", role="employer", pause_for="papers")
    play.act("end", role="employer", reason="gap")
    play.act("reopen")
    for name in ("contact_employer", "join", "accept"):
        play.act(name)
    play.act("ask_pause", role="worker", pause_for="papers")
    assert play.facts.clocks["working"].paused is None


def test_nothing_that_bound_nobody_outlives_a_reopening(engine):
    play = Play(engine, "awaiting_signatures")
    play.act("sign", role="worker")
    play.act("end", role="employer", reason="gap")
    play.act("reopen")
    facts = play.facts
    assert (facts.terms, facts.marks, facts.signatures, facts.offer, facts.meeting) == (
        None,
        (),
        (),
        None,
        None,
    )
    assert (facts.named_ends, facts.settled_at, facts.ended, facts.joined) == ({}, None, None, False)
    assert facts.mediator == "person:7"
    assert msgspec.to_builtins(facts.claims)
