"""Random walks through the chart: random acts by random people with random things in hand.

Every choice comes from `pick`, so that a walk can be driven by Hypothesis, which shrinks and replays
it, or by a seeded generator.
"""

from datetime import timedelta

import makers

from mediation.domain.facts import day
from mediation.domain.fields import DETAILS
from mediation.domain.terms import DUTIES, HEADS, MARKS
from mediation.engine.asking import SYSTEM, Ask

ACTORS = (
    *(("worker", seat) for seat in range(3)),
    ("employer", 0), ("mediator", 0), ("clerk", 0), ("admin", 0), ("system", 0),
)  # fmt: skip


class Walker:
    """Makes asks; `pick(n)` chooses a number from 0 to n-1."""

    def __init__(self, engine, pick):
        self.engine = engine
        self.pick = pick
        self.at = makers.MONDAY

    def one_of(self, things):
        things = list(things)
        return things[self.pick(len(things))]

    def ask(self, facts, seen=1):
        """An act that somebody might ask for now: mostly one the chart offers, in mostly sane form."""
        self.at += timedelta(minutes=1 + self.pick(60), days=self.one_of([*[0] * 45, 1, 12, 84]))
        offered = [
            (name, role, seat)
            for name, action in self.engine.workflow.actions.items()
            for role, seat in ACTORS
            if role in action.by and facts.state in action.sources and seat < max(facts.workers, 1)
        ]
        # The ways out are taken more seldom, or no walk would get anywhere.
        going_on = [o for o in offered if o[0] not in _SELDOM]
        ahead = [o for o in offered if o[0] in _AHEAD]
        if offered and self.pick(10):
            name, role, seat = self.one_of(self.one_of([ahead, ahead, going_on, offered]) or offered)
        else:
            name = self.one_of(self.engine.workflow.actions)
            role, seat = self.one_of(ACTORS)
        actor = SYSTEM if role == "system" else makers.actor(role, seat)
        return Ask(name, actor, seen, self.at, self.data(name, facts))

    def data(self, name, facts):
        """What comes with an act: what it usually needs, or something else that can be read."""
        action = self.engine.workflow.actions[name]
        usual = makers.in_hand(name, facts, self.at)
        data = {}
        for field in action.needs:
            data[field] = usual[field] if field in usual and self.pick(6) else self.value(field, facts)
        for field in action.takes:
            if self.pick(4) == 0:
                data[field] = self.value(field, facts)
        return data

    def value(self, field, facts):
        """A value such as the field's reader gives."""
        make = getattr(self, f"_{field}", None)
        return make(facts) if make else "文字"

    def _amount(self, facts):
        return self.one_of([1, 100, 12_345, 500_000, facts.terms.total if facts.terms else 7, 10**13])

    def _until(self, _facts):
        return (day(self.at) + timedelta(days=self.one_of([1, 20, 20, 20, 40]))).replace(day=15).isoformat()

    def _for(self, _facts):
        return (self.at + timedelta(hours=self.one_of([-1, 1, 48]))).isoformat()

    def _worker(self, _facts):
        return self.pick(4)

    _instalment = _worker
    _duty = _worker
    _claim = _worker
    _promised = _worker

    def _was(self, facts):
        return self.one_of([0, 100, *(claim.amount for claim in facts.claims), *(o.paid for o in facts.owed)])

    def _right_amount(self, _facts):
        return self.one_of([0, 1, 50, 12_345, 400_000, 10**9])

    def _party(self, facts):
        return self.one_of(["employer:0", *(f"worker:{seat}" for seat in range(facts.workers + 1))])

    def _detail(self, _facts):
        return self.one_of(DETAILS)

    def _present(self, facts):
        return sorted({f"{side}:{seat}" for side, seat in facts.seats if self.pick(6)})

    def _digest(self, facts):
        return facts.terms.digest if facts.terms and self.pick(4) else "0" * 64

    def _mediator(self, _facts):
        return self.one_of(["person:7", "person:7", "person:8"])

    def _marks(self, facts):
        clauses = len(facts.terms.clauses) if facts.terms else 1
        said = [{"clause": c, "mark": self.one_of(("agree", *MARKS))} for c in range(clauses) if self.pick(4)]
        return {"digest": self._digest(facts), "said": said}

    def _terms(self, facts):
        due = (day(self.at) + timedelta(days=self.one_of([1, 10, 30]))).isoformat()
        payments = [
            {
                "worker": self.pick(facts.workers + (self.pick(8) == 0)),
                "head": self.one_of(HEADS[:4]),
                "amount": self.one_of([1, 100, 100, 9_999, 500_000]),
                "due": due,
            }
            for _ in range(self.pick(4))
        ]
        duties = [{"what": self.one_of(DUTIES), "due": due, "text": "事"} for _ in range(self.pick(2))]
        return {"payments": payments, "duties": duties}


_SELDOM = {
    "end", "withdraw", "reject", "decline", "refer", "discard", "step_out", "leave_terms", "arbitrate",
    "close", "ask_info", "assign", "extend", "amend_terms", "reopen", "resume_performance", "correct_party",
    "correct_claim", "approve_correction", "refuse_correction",
}  # fmt: skip
_AHEAD = {
    "submit", "contact_employer", "join", "accept", "convene", "open_meeting", "draft_terms", "mark_clauses",
    "send_for_signing", "sign", "seal", "report_payment", "confirm_payment", "confirm_duty", "record_breach",
}  # fmt: skip
