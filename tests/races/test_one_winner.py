"""Fifty clients ask for the same act, or for acts that exclude each other: one moves the case.

All the others are told where the case stands now, who moved it and when; nobody sees an error of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import makers
import pytest
from arena import House
from racing import Answered, spelled

CLIENTS = 50
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


def race(state: str, *bids: Bid, acts: tuple[Any, ...] = ()) -> Race:
    done = [(name, {}) if isinstance(name, str) else (name[0], {"role": name[1]}) for name in acts]
    return Race(state, tuple(done), bids)


SIGNED = (("sign", "worker"), ("sign", "employer"), ("sign", "mediator"))
MARKED = (("mark_clauses", "worker"), ("mark_clauses", "employer"))
SOON = {"for_day": "2090-06-01", "for_time": "14:00"}
ROWS = {"payments-0-head": "wages", "payments-0-amount": "5000", "payments-0-due": "2099-06-01"}
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
    "end-send_for_signing": race("terms_drafted", END, Bid("send_for_signing", "mediator"), acts=MARKED),
}
FEW = {
    "accept": race("contacting", Bid("accept", "clerk"), acts=("join",)),
    "sign": race("awaiting_signatures", Bid("sign", "worker", STATED)),
    "close": race("performed", Bid("close", "admin")),
}
REST = {
    "contact_employer": race("submitted", Bid("contact_employer", "clerk")),
    "ask_info": race("submitted", Bid("ask_info", "clerk")),
    "give_info": race("needs_info", Bid("give_info", "worker")),
    "reject": race("submitted", Bid("reject", "clerk", {"reason": "out_of_scope"})),
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
    "accept_offer": race("in_meeting", Bid("accept_offer", "worker"), acts=(("offer", "employer"),)),
    "draft_terms": race("in_meeting", Bid("draft_terms", "mediator", ROWS)),
    "mark_clauses": race("terms_drafted", Bid("mark_clauses", "worker", AGREE)),
    "send_for_signing": race("terms_drafted", Bid("send_for_signing", "mediator"), acts=MARKED),
    "seal": race("awaiting_signatures", Bid("seal", "admin"), acts=SIGNED),
    "report_payment": race("performing", Bid("report_payment", "employer", {"amount": "100"})),
    "confirm_payment": race("performing", Bid("confirm_payment", "worker"), acts=("report_payment",)),
    "record_breach": race("performing", Bid("record_breach", "mediator")),
    "end": race("in_meeting", END),
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
    case_id = house.case(wanted.state, *wanted.acts)
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
    told = {"code": "stale", "state": state, "version": revision, "by_role": winner}
    told["at"] = mine[0].at.isoformat()
    programs = [one for one in losers if one.text.startswith("{")]
    assert len(programs) >= CLIENTS - PAGES - 1
    assert [one.said for one in programs] == [told] * len(programs)
    pages = [one.text for one in losers if not one.text.startswith("{")]
    assert all("这件案子刚刚有了变化" in page for page in pages)
    assert all(f"办到了第 {revision} 步" in page for page in pages)
    house.in_order(case_id)


@pytest.mark.parametrize("name", [*FEW, *PAIRS])
def test_of_fifty_clients_one_moves_the_case_and_the_others_are_told_who(house: House, name: str) -> None:
    run(house, (FEW | PAIRS)[name])


@pytest.mark.long
@pytest.mark.parametrize("turn", range(10))
@pytest.mark.parametrize("name", [*FEW, *PAIRS, *REST])
def test_of_fifty_clients_one_moves_the_case_whatever_the_act(house: House, name: str, turn: int) -> None:
    assert turn >= 0
    run(house, (FEW | PAIRS | REST)[name])
