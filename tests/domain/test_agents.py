"""What an agent may do, against a table kept here by hand: scope × act × time."""

from datetime import timedelta

import makers
import pytest
from makers import MONDAY, authority
from playing import Play

from mediation.domain import agents
from mediation.domain.authorities import named
from mediation.domain.facts import BEIJING
from mediation.domain.folding import advance
from mediation.engine.asking import Actor, Ask
from mediation.engine.refusals import Unmet

GENERAL = ("reject_offer", "extend", "add_evidence", "ask_pause")
SPECIAL = (
    "decline",
    "certify_no_answer",
    "offer",
    "counter",
    "accept_offer",
    "mark_clauses",
    "sign",
    "withdraw",
    "end",
    "confirm_payment",
)
ONESELF = ("name_agent", "end_agent", "confirm_place", "decline_place")
TIMES = {"before": -1, "first": 0, "valid": 30, "last": 90, "expired": 91}
"""Days after the first of the authority."""


def agent(ref="a" * 16, role="worker", seat=0):
    return Actor(role, f"agent:{ref}", "代理人", seat)


@pytest.fixture
def play(engine):
    return Play(engine, state="in_meeting")


def give(play, scope="special", verified=True, **more):
    """An authority that the worker has given, checked or not."""
    play.act("name_agent", "worker", authority=authority(play.at, **{"ref": "a" * 16, "scope": scope} | more))
    ref = play.facts.authorities[-1].ref
    if verified:
        play.act("verify_agent", "clerk", agent=ref, note="看了原件")
    return ref


def code(play, action, at=None, **who):
    ask = Ask(action, agent(**who), 1, at or play.at)
    return agents.against(play.facts, ask)


@pytest.mark.parametrize("scope", ["general", "special"])
@pytest.mark.parametrize("action", [*GENERAL, *SPECIAL, *ONESELF])
def test_a_scope_reaches_as_far_as_the_table_says(play, scope, action):
    give(play, scope)
    expected = None
    if action in ONESELF:
        expected = "oneself"
    elif action in SPECIAL and scope == "general":
        expected = "special"
    assert code(play, action) == expected


@pytest.mark.parametrize("when", TIMES)
@pytest.mark.parametrize("scope", ["general", "special"])
def test_an_authority_counts_from_its_first_day_to_its_last_in_beijing(play, scope, when):
    give(play, scope)
    midnight = play.at.astimezone(BEIJING).replace(hour=0, minute=0, second=0)
    start = midnight + timedelta(days=TIMES[when])
    within = when in ("first", "valid", "last")
    for at in (start, start + timedelta(hours=23, minutes=59, seconds=59)):
        assert code(play, "extend", at) == (None if within else "over")


@pytest.mark.parametrize(
    "wrong",
    [{"ref": "f" * 16}, {"role": "employer"}, {"seat": 1}],
    ids=["another", "other side", "other seat"],
)
def test_it_counts_for_whoever_gave_it_and_nobody_else(play, wrong):
    give(play)
    assert code(play, "extend", **wrong) == "over"


def test_unchecked_and_ended_ones_count_for_nothing(play):
    ref = give(play, verified=False)
    assert code(play, "extend") == "over"
    play.act("verify_agent", "mediator", agent=ref, note="看了原件")
    assert code(play, "extend") is None
    play.act("end_agent", "worker", agent=ref)
    assert code(play, "extend") == "over"


def test_the_deciding_itself_refuses_what_an_agent_lacks(engine, play):
    give(play, "general")
    ask = Ask("offer", agent(), 1, play.at + timedelta(minutes=1), {"amount": 1})
    with pytest.raises(Unmet) as refused:
        advance(engine, play.facts, ask)
    assert "特别授权" in refused.value.reasons[0]


def test_to_admit_a_claim_takes_a_special_authority(play):
    give(play, "general")
    said = {"way": "talk", "said": [{"claim": 0, "stand": "dispute"}]}
    ask = Ask("join", agent(), 1, play.at, {"answer": said})
    assert agents.against(play.facts, ask) is None
    said["said"] = [{"claim": 0, "stand": "partly", "amount": 1}]
    assert agents.against(play.facts, ask) == "special"
    said |= {"said": [], "way": "pay_at_once"}
    assert agents.against(play.facts, ask) == "special"


def test_what_an_agent_signs_is_signed_for_his_party(engine):
    play = Play(engine, state="awaiting_signatures")
    ref = give(play)
    link = advance(
        engine, play.facts, Ask("sign", agent(ref), 1, play.at, makers.in_hand("sign", play.facts, play.at))
    )
    assert [(one.side, one.seat, one.id) for one in link.facts.signatures] == [("worker", 0, f"agent:{ref}")]


def test_two_at_a_time_and_a_third_once_one_is_out(play):
    first = give(play)
    give(play, verified=False, ref="b" * 16)
    assert play.refused("name_agent", "worker", authority=authority(play.at))
    play.act("name_agent", "employer", authority=authority(play.at))
    play.act("end_agent", "worker", agent=first)
    play.act("name_agent", "worker", authority=authority(play.at))


@pytest.mark.parametrize("wrong", [{"end": "2020-01-01"}, {"start": "2199-01-01"}, {"end": "2099-12-31"}])
def test_days_that_do_not_fit_are_refused(play, wrong):
    said = play.refused("name_agent", "worker", authority=authority(play.at) | wrong)
    assert said[0].startswith("委托的日子不对")


def test_the_paper_is_ones_own_and_one_was_seen(play):
    paper = makers.evidence(1)
    play.act("add_evidence", "employer", evidence=paper)
    theirs = authority(play.at, document=paper["digest"])
    assert play.refused("name_agent", "worker", authority=theirs) == ("没有这份材料，先把委托书交上来。",)
    play.act("add_evidence", "worker", evidence=makers.evidence(2))
    ref = give(play, verified=False, document=makers.evidence(2)["digest"])
    play.act("verify_agent", "clerk", agent=ref)
    other = give(play, verified=False, ref="c" * 16)
    assert play.refused("verify_agent", "clerk", agent=other)
    assert play.refused("verify_agent", "clerk", agent=ref, note="x"), "it is checked already"


def test_nobody_ends_what_another_has_given_but_staff_may(play):
    ref = give(play)
    assert play.refused("end_agent", "employer", agent=ref)
    play.act("end_agent", "clerk", agent=ref)


@pytest.mark.parametrize(
    "wrong",
    [{"ref": "x"}, {"kind": "friend"}, {"scope": "all"}, {"start": "tomorrow"}, {"verified": "person:1"},
     {"side": "employer"}, {"ended": "2026-01-01T00:00:00Z"}, {"document": "1"}],
)  # fmt: skip
def test_what_is_not_said_by_the_party_cannot_be_said_by_it(wrong):
    with pytest.raises(LookupError):
        named(authority(MONDAY) | wrong, LookupError())
