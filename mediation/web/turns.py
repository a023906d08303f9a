"""Whose move it is, how far a case has come, and how its state looks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mediation.domain import halfdays, owing
from mediation.domain.facts import Facts
from mediation.engine.deciding import Choice

Seat = tuple[str, int]

STEPS = ("received", "contacting", "fixing", "meeting", "signing")
"""The fixed way of a case that succeeds; a case that ends otherwise shows its end instead."""

_STEP = {
    "submitted": 0, "needs_info": 0, "contacting": 1, "accepted": 2, "scheduled": 3, "in_meeting": 3,
    "adjourned": 3, "terms_drafted": 4, "awaiting_signatures": 4,
}  # fmt: skip
SEALED = ("agreed", "performing", "performed", "breached")
ENDED = ("not_agreed", "rejected", "withdrawn", "referred", "returned_to_court")
_TONES = {"performed": "ok", "agreed": "ok", "performing": "ok", "needs_info": "w", "breached": "e"}

PREFERRED = (
    "confirm_assignment", "give_info", "join", "approve_rejection", "accept",
    "certify_no_answer", "log_attempt", "contact_employer", "assign", "seal",
    "sign", "send_for_signing",
    "mark_clauses", "confirm_payment", "report_payment", "record_breach", "open_meeting", "convene",
    "draft_terms", "confirm_duty", "close", "accept_offer", "counter", "reject_offer", "offer",
)  # fmt: skip
"""What the page puts first, if it is open.  Answers to an offer look alike: nobody is pushed to accept."""
LAST = (
    "extend", "end", "return_to_court", "withdraw", "step_out", "leave_terms", "arbitrate", "enforce",
    "recuse", "return_rejection", "reject", "decline_assignment", "refer", "discard",
    "name_agent", "end_agent",
)  # fmt: skip
"""Ways out and around, after everything else."""
TO_FIX = ("contacting", "accepted")
"""Before a meeting was fixed."""
ASIDE = ("tell_elements", "tell_times", "add_evidence", "open_evidence")
"""What the page offers where it is about that: nobody's next step."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the tracker: `code` of the vocabulary (or a state's label), and where it stands."""

    code: str
    where: str


def tone(state: str) -> str:
    """The colour class of a state's tag."""
    return _TONES.get(state, "")


def steps(state: str, reached: Iterable[str], label: str) -> list[Step]:
    """The five steps; `reached` are the states the case has been in, `label` says its state in words."""
    if state in _STEP:
        here = _STEP[state]
        return [Step(code, _where(i, here)) for i, code in enumerate(STEPS)]
    been = list(reached)
    if any(one in SEALED for one in been):
        done = [Step(code, "past") for code in STEPS]
        return [*done, Step(label, "end")] if state in ENDED else done
    far = max((_STEP[one] for one in been if one in _STEP), default=0)
    return [*(Step(code, "past") for code in STEPS[: far + 1]), Step(label, "end")]


def _where(index: int, here: int) -> str:
    return "past" if index < here else "here" if index == here else "ahead"


def turns(facts: Facts, today: date) -> frozenset[Seat]:
    """Who is to act now; nobody when the case is closed.

    While a meeting is to be fixed that is also whoever has not said when he could come; nobody waits for
    him, for the mediator may fix it without that.
    """
    silent = halfdays.unanswered(facts, today) if choosing(facts) else ()
    return _moves(facts, today).union(silent)


def choosing(facts: Facts) -> bool:
    """Whether a meeting is to be fixed: both sides will talk, and no time is known."""
    return facts.joined and facts.state in TO_FIX


def _moves(facts: Facts, today: date) -> frozenset[Seat]:
    match facts.state:
        case "accepted" | "scheduled" | "adjourned" | "in_meeting":
            return _talking(facts)
        case "terms_drafted":
            return _marking(facts)
        case "awaiting_signatures":
            return _signing(facts)
        case "performing" | "breached":
            return _owing(facts, today)
    answered = facts.joined or facts.nudge == "no_answer"
    role = "clerk" if facts.state == "contacting" and answered else _WAITS.get(facts.state)
    return frozenset({(role, 0)} if role else ())


_WAITS = {
    "draft": "worker", "submitted": "clerk", "needs_info": "worker", "contacting": "employer",
    "agreed": "admin", "performed": "admin", "referred": "admin", "not_agreed": "admin",
    "rejected": "admin", "withdrawn": "admin", "returned_to_court": "admin",
}  # fmt: skip


def _talking(facts: Facts) -> frozenset[Seat]:
    if facts.mediator is None:
        return frozenset({("admin", 0)})
    if facts.offer is not None:
        other = "employer" if facts.offer.by == "worker" else "worker"
        return frozenset(seat for seat in facts.seats if seat[0] == other)
    if facts.state == "in_meeting" and facts.settled_at is None:
        return frozenset({*facts.seats, ("mediator", 0)})
    return frozenset({("mediator", 0)})


def _marking(facts: Facts) -> frozenset[Seat]:
    clauses = len(facts.terms.clauses) if facts.terms else 0
    silent = {
        seat
        for seat in facts.seats
        if len({m.clause for m in facts.marks if (m.side, m.seat) == seat}) < clauses
    }
    return frozenset(silent or {("mediator", 0)})


def _signing(facts: Facts) -> frozenset[Seat]:
    signed = {(one.side, one.seat) for one in facts.signatures}
    return frozenset({*facts.seats, ("mediator", 0)} - signed or {("admin", 0)})


def _owing(facts: Facts, today: date) -> frozenset[Seat]:
    rows = owing.payments_of(facts, None)
    asked = {("worker", payment.worker) for _, payment, owed in rows if owed.reported}
    unsaid = any(owed.paid + owed.reported < payment.amount for _, payment, owed in rows)
    if unsaid or owing.open_duties(facts):
        asked.add(("employer", 0))
    if facts.state == "performing" and owing.overdue(facts, today):
        asked.add(("mediator", 0))
    return frozenset(asked)


def arranged(choices: Iterable[Choice]) -> tuple[list[Choice], list[Choice]]:
    """Open choices: what belongs to the work, the preferred first, and the ways out.

    What undoes is in neither, nor what stands aside: they are no next step of anybody's.
    """
    found = [c for c in choices if c.open and not c.action.undo and c.action.name not in ASIDE]
    main = [choice for choice in found if choice.action.name not in LAST]
    meeting = any(choice.action.name == "adjourn" for choice in main)
    main.sort(key=lambda c: _rank(c.action.name, meeting=meeting))
    return main, [choice for choice in found if choice.action.name in LAST]


def _rank(name: str, *, meeting: bool) -> int:
    if meeting and name == "convene":
        return len(PREFERRED)  # who is in a meeting adjourns; another date is not the next step
    return PREFERRED.index(name) if name in PREFERRED else len(PREFERRED)
