"""For whom the way to arbitration is open, in every state, and what he would ask for there."""

from datetime import date, timedelta
from typing import Any

import makers
import pytest
from makers import MONDAY, asked, made, make_facts
from msgspec import structs

from mediation.domain import arbitrating
from mediation.domain.arbitrating import Want, ground, limitation, seats, wants
from mediation.domain.facts import Facts, day
from mediation.domain.folding import chain
from mediation.domain.rules import registry
from mediation.domain.terms import Owed
from mediation.engine.catalogue import gather
from mediation.engine.deciding import Engine
from mediation.resources import folder

LAST = day(MONDAY) + timedelta(days=15)
EARLY, LATE = LAST, LAST + timedelta(days=1)

OPEN = (None, "fifteen_days")
NEVER = (None, None)
ENDED = ("ended", "ended")
TABLE = {
    "draft": NEVER,
    "submitted": OPEN,
    "needs_info": OPEN,
    "contacting": OPEN,
    "accepted": OPEN,
    "scheduled": OPEN,
    "in_meeting": OPEN,
    "adjourned": OPEN,
    "terms_drafted": OPEN,
    "awaiting_signatures": OPEN,
    "agreed": NEVER,
    "performing": NEVER,
    "performed": NEVER,
    "breached": ("breach", "breach"),
    "referred": ENDED,
    "not_agreed": ENDED,
    "rejected": ENDED,
    "withdrawn": ENDED,
    "closed": ENDED,
}
"""Every state: on the last of the fifteen days, and on the day after."""


def in_state(engine: Engine, state: str, workers: int = 2) -> Facts:
    if state == "agreed":
        return structs.replace(make_facts(engine, state="performing", workers=workers), state="agreed")
    return make_facts(engine, state=state, workers=workers)


def test_the_table_has_every_state(engine: Engine) -> None:
    assert set(TABLE) == set(engine.workflow.states)


@pytest.mark.parametrize("state", TABLE)
def test_the_way_is_open_or_not(engine: Engine, state: str) -> None:
    facts = in_state(engine, state)
    assert (ground(facts, 0, EARLY), ground(facts, 0, LATE)) == TABLE[state]
    assert seats(facts, LATE) == ((0, 1) if TABLE[state][1] else ())


@pytest.mark.parametrize("state", TABLE)
def test_what_the_system_has_opened_stays_open_until_there_is_an_agreement(
    engine: Engine, state: str
) -> None:
    """Whatever a later table of holidays makes of the day."""
    told = structs.replace(in_state(engine, state), exit_open=LATE)
    assert ground(told, 0, EARLY) == (TABLE[state][1] if state != "draft" else None)


@pytest.mark.parametrize("state", [state for state in TABLE if state != "draft"])
def test_who_has_left_may_always_go_and_alone(engine: Engine, state: str) -> None:
    facts = structs.replace(in_state(engine, state), left=(1,))
    assert ground(facts, 1, EARLY) == "left"
    assert ground(facts, 0, EARLY) == TABLE[state][0]


@pytest.mark.parametrize(
    ("state", "ended", "why"),
    [("performed", None, None), ("breached", "arbitrate", "breach"), ("withdrawn", "withdraw", "ended")],
)
def test_a_file_that_was_closed_is_as_it_ended(
    engine: Engine, state: str, ended: str | None, why: str | None
) -> None:
    facts = structs.replace(in_state(engine, state), state="closed", ended=ended)
    assert ground(facts, 0, LATE) == why


def test_a_draft_that_was_dropped_was_never_a_dispute(engine: Engine) -> None:
    assert ground(structs.replace(in_state(engine, "draft"), state="closed"), 0, LATE) is None


def test_what_a_court_has_assigned_goes_back_to_the_court(engine: Engine) -> None:
    court = gather(folder("workflows"), registry()).newest("labour_dispute_court").workflow
    assert "exit" not in court.clocks
    facts = structs.replace(in_state(engine, "not_agreed"), left=(1,), exit_open=LATE)
    theirs = {name: run for name, run in facts.clocks.items() if name in court.clocks}
    for state in court.states:
        assert seats(structs.replace(facts, state=state, clocks=theirs), LATE) == ()


# --- what he asks for --------------------------------------------------------------------------------


def test_each_asks_for_his_own_claims(engine: Engine) -> None:
    facts = make_facts(engine, state="not_agreed", workers=2)
    mine = [claim for claim in facts.claims if claim.worker == 1]
    other = structs.replace(facts.claims[0], amount=77)
    facts = structs.replace(facts, claims=(other, *facts.claims[1:]))
    assert [(want.head, want.amount, want.start, want.end) for want in wants(facts, 1, "ended")] == [
        (claim.head, claim.amount, claim.start, claim.end) for claim in mine
    ]
    assert wants(facts, 0, "ended")[0].amount == 77


def test_after_a_breach_he_asks_for_what_was_promised_and_is_not_there(engine: Engine) -> None:
    facts = make_facts(engine, state="breached", workers=2)
    assert facts.terms is not None
    due = facts.terms.payments[0].due
    rows = list(facts.owed)
    rows[0], rows[1] = Owed(0, 120_000), Owed(8_600, 0)
    facts = structs.replace(facts, owed=tuple(rows))
    assert wants(facts, 0, "breach") == (
        Want("wages", 380_000, due=due),
        Want("expenses", 8_600, due=due),
        Want("leave_certificate", due=facts.terms.duties[0].due, duty="出具证明之1"),
    )


def test_who_has_got_everything_has_nothing_to_go_for(engine: Engine) -> None:
    """Of two workers one was paid: the case is in breach for the other."""
    facts = make_facts(engine, state="breached", workers=2)
    assert facts.terms is not None
    paid = [Owed(0, p.amount) if p.worker == 0 else Owed() for p in facts.terms.payments]
    facts = structs.replace(facts, owed=tuple(paid), duties_done=(0,))
    assert seats(facts, LATE) == (1,)


def test_who_left_asks_for_his_claims_whatever_the_others_agreed_to(engine: Engine) -> None:
    facts = structs.replace(make_facts(engine, state="breached", workers=2), left=(1,))
    why = ground(facts, 1, LATE)
    assert why == "left"
    assert [want.amount for want in wants(facts, 1, why)] == [600_000, 12_050]


# --- the year ----------------------------------------------------------------------------------------


def ended_at(engine: Engine, state: str) -> Facts:
    return make_facts(engine, state=state, workers=2)


def test_the_year_runs_anew_from_the_end_of_the_mediation(engine: Engine) -> None:
    facts = ended_at(engine, "not_agreed")
    last = limitation(facts, 0)
    assert last is not None
    assert date(2027, 3, 2) <= last <= date(2027, 3, 5)
    assert limitation(structs.replace(facts, left=(0,)), 0) is None
    assert limitation(structs.replace(facts, left=(0,)), 1) == last


@pytest.mark.parametrize("state", ["submitted", "in_meeting", "rejected", "withdrawn", "breached"])
def test_where_the_case_does_not_know_the_day_none_is_named(engine: Engine, state: str) -> None:
    assert limitation(ended_at(engine, state), 0) is None


def test_the_year_of_an_earlier_end_does_not_hold_for_a_later_one(engine: Engine) -> None:
    played = made(engine, state="not_agreed")
    facts, at = played.facts, played.at

    def do(facts: Facts, action: str, role: str, days: int, **data: Any) -> Facts:
        moment = at + timedelta(days=days)
        ask = asked(action, role=role, at=moment, data=data or makers.in_hand(action, facts, moment))
        return chain(engine, facts, ask)[-1].facts

    closed = do(facts, "close", "admin", 1)
    assert limitation(closed, 0) == limitation(facts, 0), "closing the file changes nothing"
    again = do(do(facts, "reopen", "admin", 1), "withdraw", "worker", 3)
    assert limitation(again, 0) is None
    assert limitation(do(do(facts, "reopen", "admin", 1), "end", "worker", 3), 0) == day(at) + timedelta(
        days=3
    ) + (date(2027, 3, 2) - date(2026, 3, 2))


def test_the_fifteen_days_are_over_on_the_sixteenth(engine: Engine) -> None:
    facts = make_facts(engine, state="contacting")
    assert not arbitrating.days_over(facts, EARLY)
    assert arbitrating.days_over(facts, LATE)
    assert not arbitrating.days_over(make_facts(engine, state="not_agreed"), LATE), "it has ended"
    assert not arbitrating.days_over(make_facts(engine, state="draft"), LATE)
