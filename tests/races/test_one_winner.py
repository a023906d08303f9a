"""Fifty clients ask for the same act, or for acts that exclude each other: one moves the case.

All the others are told where the case stands now, who moved it and when; nobody sees an error of ours.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import makers
import pytest
from arena import House
from racing import Answered, spelled

from mediation.domain.facts import BEIJING
from mediation.domain.rules import registry
from mediation.engine.catalogue import gather
from mediation.resources import folder
from mediation.store.cases import facts_of
from mediation.store.models import Case

CLIENTS = 50
ROUNDS = int(os.environ.get("RACE_ROUNDS", "10"))
"""How often the long run holds each race."""
PAGES = 6
"""So many of the clients read pages; the others are programs, whose answers can be compared whole."""

Typed = Mapping[str, Any]


@dataclass(frozen=True)
class Bid:
    """An act that some of the clients ask for."""

    act: str
    role: str
    typed: Typed = field(default_factory=dict)


@dataclass(frozen=True)
class Race:
    """Where the case stands, what was done in it, and what is asked for at once."""

    state: str
    acts: tuple[tuple[str, dict[str, Any]], ...]
    bids: tuple[Bid, ...]
    made: dict[str, Any]


def race(state: str, *bids: Bid, acts: tuple[Any, ...] = (), **made: Any) -> Race:
    return Race(state, tuple(_spelled(one) for one in acts), bids, made)


def _spelled(one: Any) -> tuple[str, dict[str, Any]]:
    """An act, an act and who does it, or an act and how it is done."""
    if isinstance(one, str):
        return one, {}
    name, how = one
    return name, how if isinstance(how, dict) else {"role": how}


SIGNED = (("sign", "worker"), ("sign", "employer"), ("sign", "mediator"))
MARKED = (("mark_clauses", "worker"), ("mark_clauses", "employer"))
SOON = {"for_day": "2090-06-01", "for_time": "14:00"}
ROWS = {"payments-0-head": "wages", "payments-0-amount": "5000", "payments-0-due": "2099-06-01"}
AGO = {"at": makers.an_hour_ago() - timedelta(days=60)}
"""Long enough ago for the made agreement to be overdue."""
LOOKED = {"reason": "saw_the_proof"}
CLAIM = {"claim": "0", "right_amount": "5000", "reason": "typed_wrongly"}
BOUNCED = {"promised": "0", "right_amount": "0", "reason": "bounced"}
OFFERED = (("offer", "employer"),)
SOME_PAID = ("report_payment", {"data": {"amount": 100_000}})
PAID = ("report_payment", "confirm_payment")
NAME = {"party": "worker:0", "detail": "name", "value": "钟大某", "reason": "typed_wrongly"}
AGREE = {f"mark-{clause}": "agree" for clause in range(3)}
STATED = {"stated": ["read", "willing", "binding"], "code": "?"}
END = Bid("end", "worker", {"reason": "gap"})

PAIRS = {
    "end-sign": race("awaiting_signatures", END, Bid("sign", "employer", STATED)),
    "seal-withdraw": race(
        "awaiting_signatures", Bid("seal", "admin"), Bid("withdraw", "worker"), acts=SIGNED
    ),
    "assign-assign": race(
        "accepted", Bid("assign", "admin", {"mediator": "first"}), Bid("assign", "admin", {"mediator": "?"})
    ),
    "confirm-deny": race(
        "performing",
        Bid("confirm_payment", "worker"),
        Bid("deny_payment", "worker"),
        acts=("report_payment",),
    ),
    "assign-end": race("in_meeting", Bid("assign", "admin", {"mediator": "?"}), END),
    "confirm-restate": race(
        "performing",
        Bid("confirm_payment", "worker"),
        Bid("restate_payment", "clerk", BOUNCED),
        acts=(SOME_PAID, "confirm_payment", SOME_PAID),
    ),
    "leave_terms-sign": race(
        "awaiting_signatures", Bid("leave_terms", "worker"), Bid("sign", "employer", STATED), workers=2
    ),
    "end-send_for_signing": race("terms_drafted", END, Bid("send_for_signing", "mediator"), acts=MARKED),
}
FEW = {
    "accept": race("contacting", Bid("accept", "clerk"), acts=("join",)),
    "sign": race("awaiting_signatures", Bid("sign", "worker", STATED)),
    "close": race("performed", Bid("close", "admin")),
}
NO_RACE = {"add_evidence", "confirm_place", "decline_place", "name_representatives", "recuse"}
"""Who is named answers for nobody else; representatives need ten workers (test_applying_for_others).
What is handed in does not depend on what was seen: whoever comes second is not late (test_evidence).
Whoever has stepped aside does not find the case any more: it is not there for him, rather than moved."""
TODAY = datetime.now(BEIJING).date()
AGENT = {
    "agent_name": "某代理", "agent_phone": makers.AGENT_PHONE, "kind": "relative", "scope": "special",
    "start": TODAY.isoformat(), "end": (TODAY + timedelta(days=90)).isoformat(),
}  # fmt: skip
REST = {
    "log_attempt": race("contacting", Bid("log_attempt", "clerk", {"way": "call", "outcome": "no_reply"})),
    "certify_no_answer": race("contacting", Bid("certify_no_answer", "worker"), **AGO),
    "approve_rejection": race("submitted", Bid("approve_rejection", "admin"), acts=("reject",)),
    "return_rejection": race(
        "submitted", Bid("return_rejection", "admin", {"note": "再问"}), acts=("reject",)
    ),
    "record_receipt": race("referred", Bid("record_receipt", "clerk", {"receipt": "接1号"})),
    "name_agent": race("accepted", Bid("name_agent", "worker", AGENT)),
    "verify_agent": race(
        "accepted",
        Bid("verify_agent", "clerk", {"agent": "?", "note": "看过"}),
        acts=("name_agent",),
        at=makers.an_hour_ago(),
    ),
    "end_agent": race("accepted", Bid("end_agent", "worker", {"agent": "?"}), acts=("name_agent",)),
    "contact_employer": race("submitted", Bid("contact_employer", "clerk")),
    "ask_info": race("submitted", Bid("ask_info", "clerk")),
    "give_info": race("needs_info", Bid("give_info", "worker")),
    "tell_elements": race("submitted", Bid("tell_elements", "worker", {"wage": "6000"})),
    "tell_times": race("accepted", Bid("tell_times", "worker", {"any": "yes"})),
    "reject": race("submitted", Bid("reject", "clerk", {"reason": "out_of_scope", "route": "commission"})),
    "join": race("contacting", Bid("join", "employer")),
    "refer": race("contacting", Bid("refer", "clerk", {"to": "仲裁院"})),
    "withdraw": race("contacting", Bid("withdraw", "worker")),
    "assign": race("accepted", Bid("assign", "admin", {"mediator": "first"})),
    "convene": race("accepted", Bid("convene", "mediator", SOON)),
    "open_meeting": race(
        "scheduled", Bid("open_meeting", "mediator", {"present": ["worker:0", "employer:0"]})
    ),
    "adjourn": race("in_meeting", Bid("adjourn", "mediator", SOON)),
    "offer": race("in_meeting", Bid("offer", "employer", {"amount": "5000"})),
    "accept_offer": race("in_meeting", Bid("accept_offer", "worker"), acts=OFFERED),
    "draft_terms": race("in_meeting", Bid("draft_terms", "mediator", ROWS)),
    "mark_clauses": race("terms_drafted", Bid("mark_clauses", "worker", AGREE)),
    "send_for_signing": race("terms_drafted", Bid("send_for_signing", "mediator"), acts=MARKED),
    "seal": race("awaiting_signatures", Bid("seal", "admin"), acts=SIGNED),
    "report_payment": race("performing", Bid("report_payment", "employer", {"amount": "100"})),
    "confirm_payment": race("performing", Bid("confirm_payment", "worker"), acts=("report_payment",)),
    "record_breach": race("performing", Bid("record_breach", "mediator"), **AGO),
    "end": race("in_meeting", END),
    "submit": race("draft", Bid("submit", "worker")),
    "discard": race("draft", Bid("discard", "worker")),
    "counter": race(
        "in_meeting", Bid("counter", "worker", {"amount": "7000"}), acts=(("offer", "employer"),)
    ),
    "reject_offer": race("in_meeting", Bid("reject_offer", "worker"), acts=OFFERED),
    "extend": race("accepted", Bid("extend", "worker", {"until": "2090-06-01"})),
    "ask_pause": race("accepted", Bid("ask_pause", "worker", {"pause_for": "appraisal"})),
    "open_evidence": race(
        "accepted", Bid("open_evidence", "worker", {"piece": f"{1:064x}"}), acts=(("add_evidence", "worker"),)
    ),
    "resume": race(
        "accepted", Bid("resume", "worker"), acts=(("ask_pause", "worker"), ("ask_pause", "employer"))
    ),
    "step_out": race("accepted", Bid("step_out", "worker"), workers=2),
    "leave_terms": race("terms_drafted", Bid("leave_terms", "worker"), workers=2),
    "amend_terms": race("awaiting_signatures", Bid("amend_terms", "mediator", ROWS)),
    "confirm_duty": race("performing", Bid("confirm_duty", "worker", {"duty": "0"})),
    "arbitrate": race("breached", Bid("arbitrate", "worker"), **AGO),
    "resume_performance": race(
        "breached",
        Bid("resume_performance", "admin", {"reason": "clicked_wrongly"}),
        acts=(("arbitrate", "worker"),),
        **AGO,
    ),
    "reopen": race("withdrawn", Bid("reopen", "admin", {"reason": "both_willing"})),
    "correct_claim": race("accepted", Bid("correct_claim", "clerk", CLAIM)),
    "correct_party": race("accepted", Bid("correct_party", "clerk", NAME)),
    "approve_correction": race(
        "accepted", Bid("approve_correction", "mediator", LOOKED), acts=("correct_claim",)
    ),
    "refuse_correction": race(
        "accepted", Bid("refuse_correction", "mediator", {"reason": "no_proof"}), acts=("correct_claim",)
    ),
    "restate_payment": race("performing", Bid("restate_payment", "clerk", BOUNCED), acts=PAID),
    "accept-decline": race(
        "contacting",
        Bid("accept", "clerk"),
        Bid("decline", "employer", {"reason": "unwilling"}),
        acts=("join",),
    ),
    "sign-sign": race("awaiting_signatures", Bid("sign", "worker", STATED), Bid("sign", "employer", STATED)),
}


def run(house: House, wanted: Race) -> None:
    """One round: fifty requests for one case, released together."""
    case_id = house.case(wanted.state, *wanted.acts, **wanted.made)
    before = house.now(case_id)[1]
    forms = [ready(house, case_id, bid) for bid in wanted.bids]
    requests, roles = [], []
    for number in range(CLIENTS):
        path, cookie, typed = forms[number % len(forms)]
        accept = "text/html" if number >= CLIENTS - PAGES else "application/json"
        roles.append(wanted.bids[number % len(forms)].role)
        key = f"case {case_id} client {number}"  # another person's click, not a repetition
        requests.append(spelled("POST", path, typed=typed, cookie=cookie, accept=accept, key=key))
    answers = house.server.at_once(requests)
    won = [number for number, one in enumerate(answers) if one.status in (200, 302)]
    assert len(won) == 1, sorted((one.status, one.text[:200]) for one in answers)
    judge(house, case_id, before, roles[won[0]], [one for n, one in enumerate(answers) if n != won[0]])


def ready(house: House, case_id: int, bid: Bid) -> tuple[str, str, dict[str, Any]]:
    """The filled form of a bid: where it goes, whose session it needs, what it says."""
    path = f"/cases/{house.ref(case_id)}/acts/{bid.act}"
    cookie, typed = house.form(path, house.cookie(case_id, bid.role))
    typed.pop("once")
    typed |= bid.typed
    if typed.get("code") == "?":
        typed["code"] = house.code(case_id, bid.role)
    if "agent" in typed:
        with house.transaction() as session:
            typed["agent"] = facts_of(session.get_one(Case, case_id)).authorities[0].ref
    if "mediator" in typed:
        typed["mediator"] = mediator(house, fresh=typed["mediator"] == "?")
    return path, cookie, typed


def mediator(house: House, *, fresh: bool) -> str:
    with house.transaction() as session:
        if fresh:
            return f"person:{makers.make_staff(session).id}"
        return makers.staff(session, "mediator").id


def judge(house: House, case_id: int, before: int, winner: str, losers: list[Answered]) -> None:
    """Every loser was told the same, and it is what the case says of itself."""
    assert {one.status for one in losers} == {409}
    state, revision = house.now(case_id)
    mine = [entry for entry in house.log(case_id) if entry.number > before]
    assert [entry.role for entry in mine if entry.role != "system"] == [winner]
    # The paper of a seal is registered right after it, in the log too: some are told before, some after.
    steps = {revision, revision - sum(entry.action == "register_paper" for entry in mine)}
    told = {"code": "stale", "state": state, "by_role": winner, "at": mine[0].at.isoformat()}
    programs = [one for one in losers if one.text.startswith("{")]
    assert len(programs) >= CLIENTS - PAGES - 1
    assert all(one.said in [told | {"version": step} for step in steps] for one in programs)
    pages = [one.text for one in losers if not one.text.startswith("{")]
    assert all("这件案子刚刚有了变化" in page for page in pages)
    assert all(any(f"办到了第 {step} 步" in page for step in steps) for page in pages)
    house.in_order(case_id)


@pytest.mark.parametrize("name", [*FEW, *PAIRS])
def test_of_fifty_clients_one_moves_the_case_and_the_others_are_told_who(house: House, name: str) -> None:
    run(house, (FEW | PAIRS)[name])


@pytest.mark.long
@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize("name", [*FEW, *PAIRS, *REST])
def test_of_fifty_clients_one_moves_the_case_whatever_the_act(house: House, name: str, turn: int) -> None:
    assert turn >= 0
    run(house, (FEW | PAIRS | REST)[name])


def test_every_act_of_people_is_raced_for() -> None:
    chart = gather(folder("workflows"), registry()).newest("labour_dispute").workflow
    asked_for = {bid.act for one in (FEW | PAIRS | REST).values() for bid in one.bids} | NO_RACE
    assert asked_for == {name for name, act in chart.actions.items() if "system" not in act.by}
