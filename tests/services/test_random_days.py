"""Random days at the office: whatever people ask for, the books add up and what is refused leaves nothing.

Each day is a seed; it is in the name of the test and says all that is needed to see the day again.
"""

import random
from dataclasses import replace

import makers
import pytest
from makers import make_case
from sqlalchemy import select

from mediation.domain.facts import decode, encode
from mediation.domain.making import Maker
from mediation.domain.simulating import Tally, Walks, later
from mediation.engine.refusals import Refused
from mediation.services.audit import findings
from mediation.services.casework import fire
from mediation.services.opening import make_ready
from mediation.store.models import Case, Entry
from mediation.store.totals import fold, hot

STATES = ("in_meeting", "terms_drafted", "awaiting_signatures", "performing", "breached")
STEPS = 60


@pytest.mark.parametrize("seed", range(2))
def test_a_random_day_keeps_the_books(transaction, office, seed):
    chance = random.Random(seed)  # noqa: S311 - a day at the office needs no secrecy
    make_ready(transaction, makers.MONDAY)
    with transaction() as session:
        cases = [make_case(session, office, state=state, workers=chance.randint(1, 3)).id for state in STATES]
    engine = office.catalogue.newest("labour_dispute")
    walks, maker = Walks(engine, Tally()), Maker(chance.randrange)
    at = makers.MONDAY
    moved = refused = 0
    for _ in range(STEPS):
        case_id = chance.choice(cases)
        with transaction() as session:
            before = makers.everything(session)
            case = session.get_one(Case, case_id)
            facts = decode(case.facts)
            at = later(engine, facts, max(at, case.moved_at), chance.randrange)
            ask = by_people_of(session, case, walks.ask(facts, at, maker, [facts.state]))
        try:
            with transaction() as session:
                fire(session, office.catalogue, case_id, ask)
            moved += 1
        except Refused:
            refused += 1
            with transaction() as session:
                assert makers.everything(session) == before, f"refused {ask.action} changed something"
    assert moved > 5
    assert refused > 5
    with transaction() as session:
        assert list(findings(session, office.catalogue)) == []
        assert hot(session) == fold(session)
        for case in session.scalars(select(Case)):
            log = session.scalars(select(Entry).where(Entry.case_id == case.id).order_by(Entry.number)).all()
            assert case.revision == len(log)
            assert case.state == log[-1].target == decode(case.facts).state
            assert encode(decode(case.facts)) == case.facts
            assert [entry.source for entry in log[1:]] == [entry.target for entry in log[:-1]]


def by_people_of(session, case, ask):
    """The same ask by the people that this case really has."""
    facts = decode(case.facts)
    who = makers.actor_of(session, case, ask.actor.role, min(ask.actor.seat, facts.workers - 1))
    data = ask.data
    if ask.action == "assign":
        data = {**data, "mediator": makers.staff(session, "mediator").id}
    return replace(ask, actor=who, data=data, seen=case.revision)
