"""What there is to know of one dispute as a plain man would keep it, and what can be read off it."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from ticking import CLOCKS, DAY, TIMERS, Clock, Due, Timer, moment, ticked

Who = tuple[str, int]
"""A role and which of them: ("worker", 1), ("mediator", 0)."""
Hand = dict[str, Any]


class Payment(NamedTuple):
    worker: int
    head: str
    fen: int
    due: date


class Wish(NamedTuple):
    """A correction that waits: of a claim or a payment, and whether a second person has agreed."""

    kind: str
    index: int
    was: int
    right: int
    by: Who
    approved: bool = False


LONGER = 15
"""Days by which a mediation of platform work may be drawn out."""
NAMES = ("钟某", "罗某", "蒋某兰", "某四", "某五", "某六", "某七", "某八", "某九", "某十")


def filed(workers: int) -> dict[tuple[str, str], str]:
    """What is on record of the parties of a new case."""
    found = {(f"worker:{n}", "name"): NAMES[n] for n in range(workers)}
    found |= {(f"worker:{n}", "phone"): f"138{n:08d}" for n in range(workers)}
    return found | {("employer:0", "name"): "某制衣公司", ("employer:0", "phone"): "13900000001"}


@dataclass
class Known:
    """What there is to know of one dispute.  Amounts in fen, days in Beijing.

    `details` is what is on record of whom, `said` all that ever was; `waits` whether a paper is still to
    be printed, `signed_by` the names that it must show; `moved` the days that a new table moved, by entry.
    """

    workers: int
    claims: tuple[tuple[int, str, int], ...]
    now: datetime
    platform: bool = False
    details: dict[tuple[str, str], str] = field(default_factory=dict)
    state: str = "draft"
    log: tuple[str, ...] = ("start",)
    joined: bool = False
    mediator: Who | None = None
    recused: frozenset[Who] = frozenset()
    refused_by: Who | None = None
    phoned: bool = False
    wrote: bool = False
    receipt: str = ""
    left: frozenset[int] = frozenset()
    unconfirmed: frozenset[int] = frozenset()
    declined: frozenset[int] = frozenset()
    offer_of: str = ""
    accepted: date | None = None
    named: dict[str, date] = field(default_factory=dict)
    terms: Hand | None = None
    agreed: frozenset[tuple[Who, Any]] = frozenset()
    signed: frozenset[Who] = frozenset()
    sealed: bool = False
    ended: bool = False
    reported: tuple[int, ...] = ()
    paid: tuple[int, ...] = ()
    references: frozenset[str] = frozenset()
    duties_done: frozenset[int] = frozenset()
    lines: tuple[tuple[int, str, int, int | None, str | None], ...] = ()
    told: tuple[tuple[int, str, int | None, str], ...] = ()
    clocks: dict[str, Clock] = field(default_factory=dict)
    meeting: date | None = None
    convened: date | None = None
    sealed_on: date | None = None
    reasons: dict[str, str] = field(default_factory=dict)
    times: dict[Who, tuple[date, ...]] = field(default_factory=dict)
    """The days on which somebody could come to a meeting, none where he said that none suits."""
    evidence: dict[tuple[Who, str], bool] = field(default_factory=dict)
    """What was handed in, by whom and digest: whether the other side may see it."""
    agents: dict[str, Any] = field(default_factory=dict)
    """Whoever was named to act for a party, by the reference of his authority, in that order."""
    fired: dict[tuple[str, int | None], date] = field(default_factory=dict)
    due: date | None = None
    done_until: datetime | None = None
    moved_at: datetime = field(init=False)
    wish: Wish | None = None
    alone: int = 0
    reversed: frozenset[int] = frozenset()
    said: frozenset[str] = frozenset()
    waits: bool = False
    signed_by: frozenset[str] = frozenset()
    moved: dict[int, dict[str, date]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.moved_at = self.now
        self.clocks = ticked({}, "start", self.now.date())
        self.details = self.details or filed(self.workers)
        self.said = frozenset(self.details.values())

    # --- its clocks ----------------------------------------------------------------------------------

    def coming(self) -> list[Due]:
        """What the office will do by itself as things stand, the first first."""
        found = []
        for name, timer in TIMERS.items():
            for day, known, item in self._days(timer) if self.state in timer.states else ():
                at = moment(timer.edge, timer.days, day, self.now.tzinfo)
                if at.date() > known and self.fired.get((name, item), date.min) < day:
                    found.append(Due(at, name, day, item))
        return sorted(found, key=lambda due: due.at)

    def _days(self, timer: Timer) -> list[tuple[date, date, int | None]]:
        """The days that something may hang on, and since when each is known."""
        of = timer.of
        if of in CLOCKS:
            one = self.clocks.get(of)
            if one is None or not one.runs:
                return []
            return [(dict(one.rungs)[timer.days] if timer.edge == "day" else self.last(of), one.known, None)]
        if of == "meeting":
            return [(self.meeting, self.convened, None)] if self.meeting and self.convened else []
        known = self.sealed_on
        open_ones = {
            i: p
            for i, p in enumerate(self.payments)
            if known and (self.room(i) if of == "payment" else p.fen > self.paid[i])
        }
        order = sorted(open_ones, key=lambda i: (open_ones[i].due, i))
        return [(open_ones[i].due, known, i) for i in order if known]

    def last(self, of: str) -> date:
        """The last day of a clock; of the mediation the later one that both have named."""
        return self.clocks[of].until or self.clocks[of].last

    @property
    def longest(self) -> date:
        """The last day that both sides may name where the law sets one: for new forms of employment."""
        one = self.clocks["working"]
        return one.began + (one.length + LONGER) * DAY if self.platform else date.max

    @property
    def paused(self) -> bool:
        one = self.clocks.get("working")
        return one is not None and not one.stopped and one.paused is not None

    # --- what is asked of it -------------------------------------------------------------------------

    @property
    def staying(self) -> list[int]:
        out = self.left | self.unconfirmed | self.declined
        return [seat for seat in range(self.workers) if seat not in out]

    def only_named(self, seat: int) -> bool:
        """Whether somebody else named him and he has not said that he applies too."""
        return seat in self.unconfirmed | self.declined

    @property
    def collective(self) -> bool:
        """Ten or more who ask for the same."""
        heads = {head for _, head, _ in self.claims}
        staying = self.staying
        return any(len({w for w, h, _ in self.claims if h == head and w in staying}) >= 10 for head in heads)

    @property
    def sides(self) -> list[Who]:
        return [*(("worker", seat) for seat in self.staying), ("employer", 0)]

    @property
    def silent(self) -> list[Who]:
        """Who has not said when he could come to a meeting, or only named days that are over."""
        today = self.now.date()
        said = {who for who, days in self.times.items() if not days or max(days) > today}
        return [who for who in self.sides if who not in said]

    def is_in(self, who: Who) -> bool:
        return who[0] != "worker" or who[1] in self.staying

    def speaks(self, who: Who) -> bool:
        return who[0] != "worker" or self.staying[:1] == [who[1]]

    def own(self, who: Who) -> bool:
        return who[0] != "mediator" or who == self.mediator

    @property
    def payments(self) -> list[Payment]:
        rows = self.terms["payments"] if self.terms else []
        return [Payment(r["worker"], r["head"], r["amount"], date.fromisoformat(r["due"])) for r in rows]

    @property
    def duties(self) -> list[Hand]:
        return list(self.terms["duties"]) if self.terms else []

    @property
    def clauses(self) -> list[tuple[str, int]]:
        """Each clause with how many like it come before: so two equal ones are told apart."""
        written = [json.dumps(c, sort_keys=True) for c in [*self.terms["payments"], *self.terms["duties"]]]
        return [(clause, written[:place].count(clause)) for place, clause in enumerate(written)]

    @property
    def digest(self) -> str:
        """SHA-256 of the terms as JSON: keys in order, what is empty left out."""
        if self.terms is None:
            return "0" * 64
        said = {key: value for key, value in self.terms.items() if value or key == "payments"}
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def everybody_agrees(self) -> bool:
        return self.agreed >= {(who, clause) for who in self.sides for clause in self.clauses}

    def room(self, index: int) -> int:
        """What can still be reported of a payment."""
        return self.payments[index].fen - self.paid[index] - self.reported[index]

    def rows(self, worker: int | None, instalment: int | None) -> list[int]:
        """The payments that are meant: all of a worker (or of everybody) by due day, or his n-th."""
        if not self.paid:
            return []
        mine = [i for i, p in enumerate(self.payments) if worker in (None, p.worker)]
        if instalment is not None:
            return mine[instalment : instalment + 1]
        return sorted(mine, key=lambda i: self.payments[i].due)

    def shares(self, rows: list[int], fen: int) -> dict[int, int]:
        """How a sum is set against payments: each in its turn as far as it goes."""
        found = {}
        for index in rows:
            part = min(fen, self.room(index))
            if part > 0:
                found[index] = part
                fen -= part
        return found

    @property
    def owes_money(self) -> bool:
        return any(p.fen > paid for p, paid in zip(self.payments, self.paid, strict=False))

    @property
    def owes_something(self) -> bool:
        return self.owes_money or len(self.duties_done) < len(self.duties)

    @property
    def overdue(self) -> bool:
        today = self.now.date()
        late = [p.due < today for p, paid in zip(self.payments, self.paid, strict=False) if p.fen > paid]
        undone = [d for i, d in enumerate(self.duties) if i not in self.duties_done]
        return any(late) or any(date.fromisoformat(duty["due"]) < today for duty in undone)
