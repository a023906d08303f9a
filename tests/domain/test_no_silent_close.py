"""An employer that nobody reaches: whatever anybody else does, the worker ends with something in writing.

Every act of everybody but the employer is tried, one after another, on a case that waits for his answer,
in both charts, early and late; each way out of the open states is held against what the worker has then.
"""

from datetime import timedelta

import makers
import pytest
from msgspec.structs import replace

from mediation.domain.arbitrating import ground
from mediation.domain.facts import day, encode
from mediation.domain.folding import begin, chain
from mediation.domain.outcomes import Paper
from mediation.domain.rules import registry
from mediation.engine.asking import Ask
from mediation.engine.catalogue import gather
from mediation.engine.refusals import Refused, Unmet
from mediation.resources import folder

OTHERS = ("worker", "clerk", "mediator", "admin")
MOMENTS = (timedelta(hours=1), timedelta(days=12), timedelta(days=60))
"""After the contact: while the employer may still answer, after his days, and after every clock."""
FURTHER = 4
"""So many acts one after another: a refusal takes two, the second reader sends it back, and again."""
CHARTS = {
    "labour_dispute": ("submit", "contact_employer"),
    "labour_dispute_court": ("submit", "confirm_assignment"),
}

ENDS = {
    "labour_dispute": {
        ("worker", "certify_no_answer"): "paper",
        ("clerk", "certify_no_answer"): "paper",
        ("admin", "approve_rejection"): "paper",
        ("clerk", "refer"): "receipt",
        ("mediator", "refer"): "receipt",
        ("worker", "end"): "pack",
        ("worker", "withdraw"): "pack",
    },
    "labour_dispute_court": {
        ("worker", "certify_no_answer"): "paper",
        ("clerk", "certify_no_answer"): "paper",
        ("worker", "return_to_court"): "court",
        ("worker", "withdraw"): "own word",
    },
}
"""Who ends such a case by what, and what the worker then has; nothing else ends it (there is one clerk)."""


@pytest.fixture
def chart(request):
    return gather(folder("workflows"), registry()).newest(request.param)


def contacted(engine):
    """A case that waits for its employer's answer."""
    facts, at = begin(engine, makers.make_filing().first_entry(), makers.MONDAY), makers.MONDAY
    for action in CHARTS[engine.workflow.name]:
        at += timedelta(minutes=1)
        actor = makers.actor(makers.ROLES.get(action, "clerk"))
        facts = chain(engine, facts, Ask(action, actor, 1, at, makers.in_hand(action, facts, at)))[-1].facts
    return facts, at


def walked(engine, later):
    """Every link by which anybody moves such a case, `later` after the contact."""
    facts, at = contacted(engine)
    ways, been = [facts], set()
    at += later
    for _ in range(FURTHER):
        at += timedelta(minutes=1)
        onward = []
        for facts in ways:
            for name, action in engine.workflow.actions.items():
                for role in sorted(action.by & set(OTHERS)):
                    ask = Ask(name, makers.actor(role), 1, at, makers.in_hand(name, facts, at))
                    try:
                        links = chain(engine, facts, ask)
                    except Refused:
                        continue
                    yield from ((facts.state, link) for link in links if link.ask.actor.role != "system")
                    came = links[-1].facts
                    key = encode(replace(came, nudge=None, fired={}))
                    if key not in been:
                        been.add(key)
                        onward.append(came)
        ways = onward


def in_hand(engine, link):
    """What the worker has once a case has ended so; empty: nothing."""
    if any(isinstance(outcome, Paper) for outcome in link.move.outcomes):
        return "paper"
    if link.facts.referral is not None:
        return "" if closes(engine, link) else "receipt"
    if ground(link.facts, 0, day(link.ask.at)) is not None:
        return "pack"
    if link.move.target == "returned_to_court":
        return "court"
    return "own word" if link.ask.actor.role == "worker" else ""


def closes(engine, link):
    """Whether an administrator could file the case away at once."""
    ask = Ask("close", makers.actor("admin"), 1, link.ask.at, {})
    try:
        chain(engine, link.facts, ask)
    except Unmet:
        return False
    return True


@pytest.mark.parametrize("chart", CHARTS, indirect=True)
def test_no_way_out_of_an_employers_silence_leaves_the_worker_without_anything_in_writing(chart):
    open_ = {"submitted", "needs_info", "contacting"} & set(chart.workflow.states)
    found = {}
    for later in MOMENTS:
        for source, link in walked(chart, later):
            if source in open_ and link.move.target not in open_:
                found[link.ask.actor.role, link.ask.action] = in_hand(chart, link)
    assert found == ENDS[chart.workflow.name]


def test_a_silence_is_not_passed_on_to_somebody_else_before_it_is_certified(engine):
    def refer(facts, at):
        return chain(engine, facts, makers.asked("refer", role="clerk", at=at, data={"to": "某区总工会"}))

    facts, at = contacted(engine)
    assert refer(facts, at + timedelta(days=1))[-1].facts.state == "referred"
    late = at + MOMENTS[1]
    with pytest.raises(Unmet, match="先出未答复证明"):
        refer(facts, late)
    certified = chain(engine, facts, makers.asked("certify_no_answer", role="worker", at=late))[-1].facts
    assert refer(certified, late)[-1].facts.state == "referred"
