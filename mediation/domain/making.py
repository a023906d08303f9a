"""Made-up things in hand for any act, from the fields it needs: mostly sane, sometimes not."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from mediation.domain import authorities, corrections, owing
from mediation.domain.choosing import DETAILS, ONE_OF, PAUSES, SOME_OF
from mediation.domain.clocks import working_end
from mediation.domain.facts import Facts, day
from mediation.domain.halfdays import PARTS, HalfDay, offered
from mediation.domain.terms import DUTIES, HEADS, MARKS, STANDS, WAYS
from mediation.engine.workflow import Action

REASONS = ("unwilling", "gap", "time_up", "refuses_to_sign", "self_settled", "unreachable", "other", "?")

Making = Callable[[Facts, datetime], Any]


class Maker:
    """Makes what comes with an act; `pick(n)` chooses a number from 0 to n-1."""

    def __init__(self, pick: Callable[[int], int]) -> None:
        self.pick = pick
        self._makers: Mapping[str, Making] = {
            "after": lambda _facts, _at: "1" * 64,
            "agent": self._agent,
            "amount": self._amount,
            "answer": self._answer,
            "authority": self._authority,
            "before": lambda _facts, _at: "0" * 64,
            "claim": lambda facts, _at: self.pick(len(facts.claims) + 1),
            "detail": lambda _facts, _at: DETAILS[self.pick(len(DETAILS))],
            "digest": lambda facts, _at: self._digest(facts),
            "duty": self._duty,
            "evidence": self._evidence,
            "for": lambda _facts, at: (at + timedelta(hours=-1 if self._wrong() else 48)).isoformat(),
            "halfdays": self._halfdays,
            "instalment": lambda _facts, _at: self.pick(2),
            "marks": self._marks,
            "piece": self._piece,
            "pause_for": lambda _facts, _at: PAUSES[self.pick(2)],
            "party": lambda facts, _at: f"worker:{self.pick(facts.workers + 1)}",
            "present": self._present,
            "promised": lambda facts, _at: self.pick(len(facts.owed) + 1),
            "mediator": self._mediator,
            "reason": lambda _facts, _at: REASONS[self.pick(len(REASONS))],
            "representatives": self._representatives,
            "terms": self._terms,
            "until": self._until,
            "worker": lambda facts, _at: self.pick(facts.workers),
        }

    def in_hand(self, action: Action, facts: Facts, at: datetime) -> dict[str, Any]:
        """What the act needs, and now and then what it may take, as a reader would have read it."""
        wanted = [*action.needs, *(field for field in action.takes if self.pick(4) == 0)]
        found = {field: self._value(field, facts, at) for field in wanted}
        return found | self._amounts(found, facts) if "right_amount" in found else found

    def _value(self, field: str, facts: Facts, at: datetime) -> Any:
        if field in SOME_OF:
            return [code for code in SOME_OF[field] if self.pick(3) == 0]
        if field in self._makers:
            return self._makers[field](facts, at)
        return ONE_OF[field][self.pick(len(ONE_OF[field]))] if field in ONE_OF else "text"

    def _amounts(self, found: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
        """What stands where a correction is aimed at, and something else that is right."""
        about = corrections.aim(found)
        stands = corrections.stands(facts, *about) if about else None
        right = (0, (stands or 0) // 2, stands or 0, 100 * self.pick(9_999))[self.pick(4)]
        return {"was": 1 if stands is None or self._wrong() else stands, "right_amount": right}

    def _wrong(self) -> bool:
        """Now and then people err."""
        return self.pick(10) == 0

    def _amount(self, facts: Facts, _at: datetime) -> int:
        rows = owing.chosen(facts, None, None) if facts.sealed else []
        left = sum(payment.amount - owed.paid - owed.reported for _, payment, owed in rows)
        if self._wrong():
            return 10**13
        return (left if self.pick(3) else left // 2) or 100 * (1 + self.pick(9_999))

    def _agent(self, facts: Facts, _at: datetime) -> str:
        """Mostly one who is not out yet."""
        found = [one.ref for one in facts.authorities if one.ended is None or self._wrong()]
        return found[self.pick(len(found))] if found else "0" * 16

    def _authority(self, facts: Facts, at: datetime) -> dict[str, Any]:
        known = [one.ref for one in facts.authorities]
        papers = [item.digest for item in facts.evidence]
        return {
            "ref": known[0] if known and self._wrong() else f"{self.pick(1_000_000):016x}",
            "kind": authorities.KINDS[self.pick(len(authorities.KINDS))],
            "scope": authorities.SCOPES[self.pick(2)],
            "start": day(at).isoformat(),
            "end": (day(at) + timedelta(days=-1 if self._wrong() else 90)).isoformat(),
            **({"document": papers[self.pick(len(papers))]} if papers and self.pick(2) else {}),
        }

    def _mediator(self, facts: Facts, _at: datetime) -> str:
        """Mostly the first who has not stepped aside."""
        if facts.recused and self._wrong():
            return facts.recused[0]
        return f"person:{7 + len(facts.recused) + (self.pick(3) == 0)}"

    def _answer(self, facts: Facts, _at: datetime) -> dict[str, Any]:
        claims = len(facts.claims) + self._wrong()
        said = [{"claim": claim, "stand": STANDS[0 if self.pick(2) else 2]} for claim in range(claims)]
        return {"way": WAYS[self.pick(len(WAYS))], "said": said}

    def _digest(self, facts: Facts) -> str:
        return "0" * 64 if facts.terms is None or self._wrong() else facts.terms.digest

    def _duty(self, facts: Facts, _at: datetime) -> int:
        duties = owing.open_duties(facts)
        return self.pick(3) if not duties or self._wrong() else duties[self.pick(len(duties))]

    def _evidence(self, _facts: Facts, _at: datetime) -> dict[str, Any]:
        same = f"{self.pick(9):064x}"  # few, so that somebody hands in the same twice
        return {"digest": same, "kind": "photo", "media": "image/jpeg", "size": 1, "audience": "own"}

    def _piece(self, facts: Facts, _at: datetime) -> str:
        known = [item.digest for item in facts.evidence]
        return known[self.pick(len(known))] if known else "0" * 64

    def _halfdays(self, _facts: Facts, at: datetime) -> list[str]:
        some = HalfDay(day(at), PARTS[0]) if self._wrong() else offered(at)[self.pick(30)]
        return [] if self.pick(10) == 0 else [some.code]

    def _marks(self, facts: Facts, _at: datetime) -> dict[str, Any]:
        clauses = len(facts.terms.clauses) if facts.terms else 1
        words = [MARKS[self.pick(len(MARKS))] if self.pick(25) == 0 else "agree" for _ in range(clauses)]
        said = [{"clause": clause, "mark": mark} for clause, mark in enumerate(words)]
        return {"digest": self._digest(facts), "said": said}

    def _present(self, facts: Facts, _at: datetime) -> list[str]:
        everybody = sorted(f"{side}:{seat}" for side, seat in facts.seats)
        return everybody[:1] if self._wrong() else everybody

    def _representatives(self, facts: Facts, _at: datetime) -> list[str]:
        return [f"worker:{seat}" for seat in facts.staying[: 2 if self._wrong() else 3]]

    def _terms(self, facts: Facts, at: datetime) -> dict[str, Any]:
        if self._wrong():
            return {"payments": [], "duties": []}
        seats = [facts.workers] if self._wrong() else facts.staying
        payments = [
            {
                "worker": seat,
                "head": HEADS[self.pick(4)],
                "amount": 100 * (1 + self.pick(10_000)),
                "due": self._due(at),
            }
            for seat in seats
            for _ in range(1 + (self.pick(3) == 0))
        ]
        duty = {"what": DUTIES[self.pick(len(DUTIES))], "due": self._due(at), "text": "-"}
        promised = self.pick(12)  # now and then there are duties and no money
        return {"payments": payments if promised else [], "duties": [duty] * (promised % 3 == 0)}

    def _due(self, at: datetime) -> str:
        return (day(at) + timedelta(days=(5, 30, 90)[self.pick(3)])).isoformat()

    def _until(self, facts: Facts, at: datetime) -> str:
        """Mostly the day that the other side named, or both would never meet."""
        if facts.named_ends and self.pick(3):
            return max(facts.named_ends.values()).isoformat()
        days = -5 if self._wrong() else 30 if self._wrong() else 15
        later = (working_end(facts) or day(at)) + timedelta(days=days)
        return later.isoformat()
