"""The chart of a labour dispute: who may do what from where, against a table kept here by hand."""

import makers
import pytest
from makers import MONDAY
from msgspec import structs

from mediation.domain.words import vocabulary
from mediation.engine.asking import SYSTEM, Ask
from mediation.engine.refusals import NotNow, NotYours, Refused, Unmet

TALKING = "accepted scheduled in_meeting adjourned"
MEDIATING = f"{TALKING} terms_drafted awaiting_signatures"
BEFORE = "submitted needs_info contacting"
OPEN = f"{BEFORE} {MEDIATING}"
STAYS = ""
FILED = f"{OPEN} agreed performing performed breached referred not_agreed rejected withdrawn closed"

# act: by whom, from where, to where
EXPECTED = {
    "submit": ("worker clerk", "draft", "submitted"),
    "discard": ("worker", "draft", "closed"),
    "ask_info": ("clerk", "submitted contacting", "needs_info"),
    "give_info": ("worker", "needs_info", "submitted"),
    "tell_elements": ("worker", f"{BEFORE} {TALKING}", STAYS),
    "tell_times": ("worker employer", f"contacting {TALKING}", STAYS),
    "contact_employer": ("clerk", "submitted contacting", "contacting"),
    "join": ("employer", "contacting", STAYS),
    "decline": ("employer", "contacting accepted", "not_agreed"),
    "accept": ("clerk", "submitted contacting", "accepted"),
    "reject": ("clerk", BEFORE, STAYS),
    "approve_rejection": ("clerk admin", BEFORE, "rejected"),
    "return_rejection": ("clerk admin", BEFORE, STAYS),
    "log_attempt": ("clerk", "contacting", STAYS),
    "certify_no_answer": ("worker clerk", "contacting", "not_agreed"),
    "recuse": ("mediator", "accepted scheduled adjourned", STAYS),
    "record_receipt": ("mediator clerk admin", "referred", STAYS),
    "assign": ("admin", MEDIATING, STAYS),
    "convene": ("mediator", TALKING, "scheduled"),
    "open_meeting": ("mediator", "scheduled adjourned", "in_meeting"),
    "adjourn": ("mediator", "in_meeting", "adjourned"),
    "extend": ("worker employer", MEDIATING, STAYS),
    "ask_pause": ("worker employer", MEDIATING, STAYS),
    "add_evidence": ("worker employer", f"{OPEN} performing breached", STAYS),
    "open_evidence": ("worker employer", f"{OPEN} performing breached", STAYS),
    "pause": ("system", MEDIATING, STAYS),
    "resume": ("worker employer mediator", MEDIATING, STAYS),
    "warn_draft": ("system", "draft", STAYS),
    "expire_draft": ("system", "draft", "closed"),
    "remind_acceptance": ("system", "submitted contacting", STAYS),
    "call_employer": ("system", "contacting", STAYS),
    "contact_again": ("system", "contacting", STAYS),
    "visit_employer": ("system", "contacting", STAYS),
    "no_answer": ("system", "contacting", STAYS),
    "open_exit": ("system", OPEN, STAYS),
    "remind_meeting": ("system", "scheduled adjourned", STAYS),
    "warn_working": ("system", MEDIATING, STAYS),
    "working_over": ("system", MEDIATING, STAYS),
    "remind_signing": ("system", "awaiting_signatures", STAYS),
    "lapse_signing": ("system", "awaiting_signatures", "terms_drafted"),
    "remind_payment": ("system", "performing", STAYS),
    "payment_day": ("system", "performing", STAYS),
    "ask_arrival": ("system", "performing breached", STAYS),
    "warn_limitation": ("system", "not_agreed", STAYS),
    "offer": ("worker employer", TALKING, STAYS),
    "counter": ("worker employer", TALKING, STAYS),
    "accept_offer": ("worker employer", TALKING, STAYS),
    "reject_offer": ("worker employer", TALKING, STAYS),
    "draft_terms": ("mediator", TALKING, "terms_drafted"),
    "amend_terms": ("mediator", "terms_drafted awaiting_signatures", "terms_drafted"),
    "mark_clauses": ("worker employer", "terms_drafted", STAYS),
    "send_for_signing": ("mediator", "terms_drafted", "awaiting_signatures"),
    "sign": ("worker employer mediator", "awaiting_signatures", STAYS),
    "seal": ("admin", "awaiting_signatures", "agreed"),
    "begin_performing": ("system", "agreed", "performing"),
    "report_payment": ("employer", "performing breached", STAYS),
    "confirm_payment": ("worker", "performing breached", STAYS),
    "deny_payment": ("worker", "performing breached", STAYS),
    "confirm_duty": ("worker", "performing breached", STAYS),
    "record_breach": ("mediator", "performing", "breached"),
    "complete": ("system", "performing breached", "performed"),
    "cure": ("system", "breached", "performing"),
    "end": ("worker employer mediator", OPEN, "not_agreed"),
    "withdraw": ("worker", OPEN, "withdrawn"),
    "step_out": ("worker", f"{BEFORE} {TALKING}", STAYS),
    "leave_terms": ("worker", "terms_drafted awaiting_signatures", "adjourned"),
    "confirm_place": ("worker", f"{BEFORE} {TALKING}", STAYS),
    "decline_place": ("worker", OPEN, STAYS),
    "lapse": ("system", "submitted", "withdrawn"),
    "name_representatives": ("clerk mediator", f"{BEFORE} {TALKING}", STAYS),
    "name_agent": ("worker employer", f"{OPEN} performing breached", STAYS),
    "verify_agent": ("clerk mediator admin", f"{OPEN} performing breached", STAYS),
    "end_agent": ("worker employer clerk mediator admin", f"{OPEN} performing breached", STAYS),
    "arbitrate": ("worker employer", "performing breached", "referred"),
    "refer": ("mediator clerk", f"submitted contacting {TALKING} not_agreed breached", "referred"),
    "close": ("admin", "agreed performing performed referred not_agreed rejected withdrawn", "closed"),
    "reopen": ("admin", "not_agreed rejected withdrawn referred closed", "submitted"),
    "resume_performance": ("admin", "referred closed", "performing"),
    "correct_party": ("clerk admin", FILED, STAYS),
    "correct_claim": ("clerk admin", FILED, STAYS),
    "restate_payment": ("clerk admin", "performing breached performed closed", STAYS),
    "approve_correction": ("clerk mediator admin", FILED, STAYS),
    "refuse_correction": ("clerk mediator admin", FILED, STAYS),
    "book_claim": ("system", FILED, STAYS),
    "book_payment": ("system", "performing breached performed closed", "performing"),
    "ask_second_person": ("system", FILED, STAYS),
    "book_late_payment": ("system", "performing breached performed closed", "breached"),
}
UNDOING = {
    "reopen", "resume_performance", "correct_party", "correct_claim", "restate_payment",
    "approve_correction", "refuse_correction", "book_claim", "book_payment", "book_late_payment",
    "ask_second_person",
}  # fmt: skip
ROLES = ("worker", "employer", "mediator", "clerk", "admin", "system")
STATES = (*makers.PATHS, "agreed")


@pytest.fixture(scope="module")
def cases(engine):
    """What is known of a case in every state."""
    found = {state: makers.make_facts(engine, state=state) for state in makers.PATHS}
    return found | {"agreed": structs.replace(found["performing"], state="agreed")}


def test_the_chart_has_the_acts_and_states_of_the_table_and_no_others(engine):
    assert set(engine.workflow.actions) == set(EXPECTED)
    assert set(engine.workflow.states) == set(STATES)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_act_is_where_the_table_has_it(engine, name):
    action = engine.workflow.actions[name]
    by, sources, target = EXPECTED[name]
    assert (action.by, action.sources, action.target or STAYS) == (
        set(by.split()),
        set(sources.split()),
        target,
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", EXPECTED)
def test_everybody_gets_the_answer_of_the_table_in_every_state(engine, cases, name, state):
    by, sources, target = EXPECTED[name]
    facts = cases[state]
    for role in ROLES:
        actor = SYSTEM if role == "system" else makers.actor(role)
        ask = Ask(name, actor, 1, MONDAY, makers.in_hand(name, facts, MONDAY))
        expected = NotYours if role not in by.split() else NotNow if state not in sources.split() else None
        assert answer(engine, ask, facts) == (expected or target or state)


def answer(engine, ask, facts):
    """The kind of refusal, or the state an act leads to; it may still lack something."""
    try:
        return engine.decide(ask, facts).target
    except Unmet as unmet:
        return all(unmet.reasons) and (EXPECTED[ask.action][2] or facts.state)
    except Refused as refused:
        return type(refused)


def test_nobody_but_the_machine_can_do_what_follows_by_itself(engine, cases):
    for state, facts in cases.items():
        for role in ROLES[:-1]:
            names = {c.action.name for c in engine.choices(facts, makers.actor(role), MONDAY)}
            assert names == {
                n
                for n, (by, sources, _) in EXPECTED.items()
                if role in by.split() and state in sources.split()
            }


def test_a_closed_case_stays_closed_but_for_what_undoes(engine, cases):
    assert {name for name, action in engine.workflow.actions.items() if action.undo} == UNDOING
    for name in EXPECTED.keys() - UNDOING:
        for role in ROLES:
            with pytest.raises((NotYours, NotNow)):
                engine.decide(Ask(name, makers.actor(role), 1, MONDAY, {}), cases["closed"])


def ways_out(engine, facts, role, seat=0):
    """The acts that let somebody out of the mediation, and where they lead."""
    found = {}
    for name in ("end", "withdraw", "step_out", "leave_terms"):
        ask = makers.asked(name, role=role, seat=seat, data={"reason": "to_arbitration"})
        try:
            found[name] = engine.decide(ask, facts).target
        except Refused:
            continue
    return found


@pytest.mark.parametrize("state", OPEN.split())
def test_a_single_worker_and_the_employer_can_leave_at_every_step_until_the_seal(engine, cases, state):
    assert ways_out(engine, cases[state], "worker") == {"end": "not_agreed", "withdraw": "withdrawn"}
    assert ways_out(engine, cases[state], "employer") == {"end": "not_agreed"}


@pytest.mark.parametrize("state", OPEN.split())
def test_of_several_workers_the_first_ends_it_for_all_and_each_leaves_for_himself(engine, state):
    facts = makers.make_facts(engine, state=state, workers=3)
    written = state in ("terms_drafted", "awaiting_signatures")
    alone = {"leave_terms": "adjourned"} if written else {"step_out": state}
    assert ways_out(engine, facts, "worker", 0) == {"end": "not_agreed", "withdraw": "withdrawn", **alone}
    for seat in (1, 2):
        assert ways_out(engine, facts, "worker", seat) == alone
    gone = structs.replace(facts, left=(0, 2))
    assert ways_out(engine, gone, "worker", 1) == {"end": "not_agreed", "withdraw": "withdrawn"}
    assert ways_out(engine, gone, "worker", 0) == {}


def test_leaving_has_no_condition_but_whose_leaving_it_is(engine):
    actions = engine.workflow.actions
    assert {c.guard for c in actions["withdraw"].when} == {"speaks_for_workers", "still_in"}
    assert {c.guard for c in actions["end"].when} == {
        "speaks_for_workers",
        "still_in",
        "own_case_if_assigned",
        "mediation_has_begun",  # of a mediator alone
    }
    for name in ("step_out", "leave_terms"):
        assert {c.guard for c in actions[name].when} == {"still_in", "others_stay"}
    assert engine.workflow.groups["open"] == set(OPEN.split())


def test_another_mediator_does_nothing_in_a_case_that_is_not_his(engine, cases):
    for state, facts in cases.items():
        for name, (by, sources, _) in EXPECTED.items():
            if "mediator" not in by.split() or state not in sources.split():
                continue
            stranger = structs.replace(facts, mediator="person:8")
            with pytest.raises(Refused, match="这件案子由另一位调解员办理"):
                engine.decide(
                    makers.asked(name, role="mediator", data=makers.in_hand(name, facts, MONDAY)), stranger
                )


def test_nobody_sees_one_label_on_two_states_or_on_two_buttons(engine):
    labels = [state.label for state in engine.workflow.states.values()]
    assert len(labels) == len(set(labels))
    for state in engine.workflow.states:
        for role in ROLES:
            acts = engine.workflow.actions.values()
            shown = [a.label for a in acts if role in a.by and state in a.sources]
            assert len(shown) == len(set(shown)), (state, role)


def test_the_clocks_have_the_lengths_of_the_law(engine):
    found = {
        clock.name: (clock.period.length, clock.period.unit, min(clock.starts - UNDOING or clock.starts))
        for clock in engine.workflow.clocks.values()
    }
    assert found == {
        "accept_or_refuse": (3, "working", "submit"),
        "exit": (15, "calendar", "submit"),
        "working": (15, "calendar", "accept"),
        "draft": (90, "calendar", "start"),
        "contact": (5, "working", "contact_employer"),
        "signing": (3, "working", "send_for_signing"),
        "second_look": (3, "working", "ask_second_person"),
        "arbitration_review": (15, "calendar", "seal"),
        "judicial_confirmation": (30, "calendar", "seal"),
        "limitation": (1, "years", "certify_no_answer"),
    }


def test_the_vocabulary_has_both_languages_for_every_word():
    for kind, words in vocabulary().items():
        for code, said in words.items():
            assert set(said) == {"zh", "en"}, (kind, code)
            assert all(said.values()), (kind, code)
