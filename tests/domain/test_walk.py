"""Whatever anybody asks for in whatever order, a case stays in order."""

import random
from collections import Counter

import makers
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json

from mediation.domain.facts import decode, encode
from mediation.domain.folding import advance, begin, chain
from mediation.domain.making import Maker
from mediation.domain.outcomes import Posting, Reversal
from mediation.domain.simulating import Tally, Walks, later
from mediation.engine.asking import Ask
from mediation.engine.refusals import Refused

STEPS = 60
GETTING_FAR = ("draft", "in_meeting", "terms_drafted", "awaiting_signatures", "performing", "breached")


@settings(max_examples=60)
@given(choices=st.data(), workers=st.integers(1, 3), state=st.sampled_from(GETTING_FAR))
def test_a_walk_through_the_chart_keeps_every_promise(engine, choices, workers, state):
    walk(engine, lambda n: choices.draw(st.integers(0, n - 1)), state, workers)


def test_many_walks_reach_all_that_the_chart_has(engine):
    """Walks that are refused everything would keep every promise too: these must get everywhere."""
    done = Counter()
    for seed in range(350):
        chance = random.Random(seed)  # noqa: S311 - a walk needs no secrecy
        state, workers = chance.choice(GETTING_FAR), chance.randint(1, 3)
        try:
            log = walk(engine, chance.randrange, state, workers)
        except AssertionError as broken:
            raise AssertionError(f"walk {seed} from {state} with {workers} workers: {broken}") from broken
        done.update(link.move.action for link in log)
    assert done["seal"] >= 4
    assert done["complete"] >= 4
    # A few that walks from here seldom come to; the grid of acts has every one.
    assert len(set(engine.workflow.actions) - set(done)) <= 14


def walk(engine, pick, state, workers):
    """A walk of STEPS asks from a case in `state`, looked at after every act; what was done."""
    made = makers.made(engine, state=state, workers=workers)
    walks, maker, seen = Walks(engine, Tally()), Maker(pick), [state]
    facts, log, at = made.facts, list(made.links), made.at
    for _ in range(STEPS):
        at = later(engine, facts, at, pick)
        ask = walks.ask(facts, at, maker, seen)
        before = encode(facts)
        try:
            links = chain(engine, facts, ask)
        except Refused:
            if encode(facts) != before:
                raise AssertionError("a refused act changed what is known") from None
            continue
        check_links(engine, facts, links)
        log += links
        facts = links[-1].facts
        seen += [facts.state] * (facts.state not in seen)
        check_money(facts, log)
        check_seal(facts, links)
        check_way_out(engine, facts)
    check_replay(engine, made.start, log, facts)
    return log[len(made.links) :]


def check_links(engine, facts, links):
    """Each act begins where the one before ended, and where the chart lets it."""
    state = facts.state
    by_people = [link for link in links if link.ask.actor.role != "system"]
    assert len(by_people) <= 1, "the system only comes before and after"
    for link in links:
        action = engine.workflow.actions[link.move.action]
        assert link.move.source == state
        assert state in action.sources
        assert link.move.target == (action.target or state)
        assert link.facts.state == link.move.target
        assert link.ask.actor.role in action.by
        state = link.move.target


def check_money(facts, log):
    """Nothing is paid that was not promised, and what was posted and not reversed is what is known."""
    standing = Counter()
    for link in log:
        for outcome in link.move.outcomes:
            if isinstance(outcome, Posting):
                assert outcome.amount > 0
                standing[outcome.account, outcome.worker, outcome.head] += outcome.amount
            elif isinstance(outcome, Reversal):
                assert outcome.amount == standing.pop((outcome.account, outcome.worker, outcome.head))
    posted = Counter()
    for (account, _, _), amount in standing.items():
        posted[account] += amount
    submitted = facts.received is not None
    sealed = facts.sealed is not None
    assert posted["claimed"] == (sum(claim.amount for claim in facts.claims) if submitted else 0)
    assert posted["agreed"] == (facts.terms.total if sealed else 0)
    assert posted["paid"] == sum(owed.paid for owed in facts.owed)
    assert posted["settled_cases"] == sealed
    assert posted["settled_workers"] == (len(facts.staying) if sealed else 0)
    if sealed:
        for payment, owed in zip(facts.terms.payments, facts.owed, strict=True):
            assert owed.reported >= 0
            assert owed.paid >= 0
            assert owed.reported + owed.paid <= payment.amount
            assert payment.worker in facts.staying


def check_seal(facts, links):
    """Nothing is sealed unless every seat and the mediator have signed, and agreed to, the same terms."""
    if not any(link.move.action == "seal" for link in links):
        return
    signed = {(s.side, s.seat): s for s in facts.signatures}
    assert set(signed) == {*facts.seats, ("mediator", 0)}
    assert {s.digest for s in signed.values()} == {facts.terms.digest}
    assert signed["mediator", 0].id == facts.mediator
    said = {(m.side, m.seat, m.clause): m.mark for m in facts.marks}
    for side, seat in facts.seats:
        for clause in range(len(facts.terms.clauses)):
            assert said[side, seat, clause] == "agree"


def check_way_out(engine, facts):
    """While nothing is sealed, every worker still in it and the employer have an act that lets them out."""
    if facts.state not in engine.workflow.groups["open"]:
        return
    for role, seat in facts.seats:
        open_acts = {
            choice.action.name
            for choice in engine.choices(facts, makers.actor(role, seat), makers.MONDAY)
            if choice.open
        }
        wanted = {"end", "withdraw", "step_out", "leave_terms"} if role == "worker" else {"end"}
        assert open_acts & wanted, (role, seat, facts.state)


def check_replay(engine, start, log, facts):
    """What is known survives being written down, and is the fold of the log as the log keeps it."""
    assert decode(encode(facts)) == facts
    assert encode(decode(encode(facts))) == encode(facts)
    again = begin(engine, json.decode(json.encode(start)), makers.MONDAY)
    for link in log:
        data = json.decode(json.encode(link.said))
        again = advance(engine, again, Ask(link.ask.action, link.ask.actor, 1, link.ask.at, data)).facts
    assert encode(again) == encode(facts)
