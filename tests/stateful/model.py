"""One dispute as a plain man would keep it: a few values, and what each act does to them.

It knows nothing of the engine, the chart or the database; it says again, from the rules of the office,
who may do what when and what comes of it, and the machine beside it compares.  Every value is replaced
and never changed in place, so that a shallow copy of a dispute is a dispute of its own.

A new act is one function:

    @act("mediator", "terms_drafted", to="awaiting_signatures")
    def send_for_signing(case, who, hand):
        case.demand(case.own(who), case.everybody_agrees)
        case.tell("workers", "employer")
"""

import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from ticking import CLOCKS, Clock, Due, Timer, moment, ticked

Who = tuple[str, int]
"""A role and which of them: ("worker", 1), ("mediator", 0)."""
Hand = dict[str, Any]

BEFORE = "submitted needs_info contacting"
TALKING = "accepted scheduled in_meeting adjourned"
WRITING = "terms_drafted awaiting_signatures"
MEDIATING = f"{TALKING} {WRITING}"
OPEN = f"{BEFORE} {MEDIATING}"
OWING = "performing breached"
ROOM = f"scheduled in_meeting adjourned {WRITING}".split()
"""States in which people can talk in the joint room."""


class No(Exception):
    """An act that must be refused, with the code of the refusal."""


class Act(NamedTuple):
    by: tuple[str, ...]
    at: tuple[str, ...]
    to: str
    do: Callable[["Dispute", Who, Hand], None]


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


ACTS: dict[str, Act] = {}
TIMERS: dict[str, Timer] = {}
CALLING = ("contact_employer", "contact_again", "correct_party", "remind_signing")
"""What the employer is told of before it has joined."""
ALONE = 500_000
"""One person alone corrects so many fen of a case."""


@dataclass
class Dispute:
    """What there is to know of one dispute.  Amounts in fen, days in Beijing."""

    workers: int
    claims: tuple[tuple[int, str, int], ...]
    now: datetime
    state: str = "draft"
    log: tuple[str, ...] = ("start",)
    joined: bool = False
    mediator: Who | None = None
    left: frozenset[int] = frozenset()
    offer_of: str = ""
    accepted: date | None = None
    extended: date | None = None
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
    fired: dict[tuple[str, int | None], date] = field(default_factory=dict)
    due: date | None = None
    wish: Wish | None = None
    alone: int = 0
    reversed: frozenset[int] = frozenset()
    former: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.clocks = ticked({}, "start", self.now.date())

    # --- what is judged ------------------------------------------------------------------------------

    def after(self, name: str, who: Who, hand: Hand, now: datetime) -> "Dispute":
        """The dispute after an act.  Raises No."""
        act = ACTS[name]
        if who[0] == "mediator" and who != self.mediator:
            raise No("hidden")
        if who[0] not in act.by:
            raise No("not_yours")
        if self.state not in act.at:
            raise No("not_now")
        found = self.at(now)
        if found.state not in act.at:
            raise No("not_now")
        found.log += (name,)
        act.do(found, who, hand)
        found._tick()
        found.state = act.to or found.state
        found._followed()
        return found

    def at(self, now: datetime) -> "Dispute":
        """The dispute at that moment: with all that was due by then done."""
        found = copy.copy(self)
        found.now = now
        while (coming := found.coming()) and coming[0].at <= now:
            one = coming[0]
            found.log += (one.name,)
            found.due = one.day
            TIMERS[one.name].do(found, one.item)
            found._tick()
            found.state = TIMERS[one.name].to or found.state
            found.fired = {**found.fired, (one.name, one.item): one.day}
        return found

    def coming(self) -> list[Due]:
        """What the office will do by itself as things stand, the first first."""
        found = []
        for name, timer in TIMERS.items():
            for last, known, item in self._days(timer.of) if self.state in timer.states else ():
                unit = CLOCKS[timer.of].unit if timer.of in CLOCKS else ""
                at = moment(timer.edge, timer.days, last, known, self.now.tzinfo, unit)
                if at.date() > known and self.fired.get((name, item), date.min) < last:
                    found.append(Due(at, name, last, item))
        return sorted(found, key=lambda due: due.at)

    def _days(self, of: str) -> list[tuple[date, date, int | None]]:
        """The days that something may hang on, and since when each is known."""
        if of in CLOCKS:
            one = self.clocks.get(of)
            return [(self.last(of), one.began, None)] if one and not one.stopped and not one.paused else []
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
        return (self.extended if of == "working" else None) or self.clocks[of].last

    @property
    def paused(self) -> bool:
        one = self.clocks.get("working")
        return one is not None and not one.stopped and one.paused is not None

    def _tick(self) -> None:
        name, today, was = self.log[-1], self.now.date(), self.clocks.get("working")
        self.clocks = ticked(self.clocks, name, today)
        if name == "resume" and self.extended and was and was.paused:
            self.extended += today - was.paused
        if name == "accept":
            self.extended = None

    def verdict(self, name: str, who: Who, hand: Hand, now: datetime) -> str:
        """ "done", or the code of the refusal."""
        try:
            self.after(name, who, hand, now)
        except No as no:
            return str(no)
        return "done"

    def _followed(self) -> None:
        """What the machine does by itself after an act."""
        last = self.log[-1]
        if last == "seal":
            self.by_itself("begin_performing", "performing")
        elif last in ("confirm_payment", "confirm_duty") and not self.owes_something:
            self.by_itself("complete", "performed")
            self.tell("workers", "employer")
        elif last in ("confirm_payment", "confirm_duty") and self.state == "breached" and not self.overdue:
            self.by_itself("cure", "performing")
        elif last == "ask_pause" and len(self.reasons) == 2 and len({*self.reasons.values()}) == 1:
            self.by_itself("pause", self.state)
            self.tell("workers", "employer", "mediator")
        elif last in ("correct_claim", "restate_payment", "approve_correction"):
            self._corrected()

    def by_itself(self, name: str, state: str) -> None:
        self.log += (name,)
        self.state = state
        self._tick()

    def _corrected(self) -> None:
        """A correction is booked at once, or waits for a second person."""
        wish = self.wish
        assert wish is not None
        size = abs(wish.right - wish.was)
        if not wish.approved and self.alone + size > ALONE:
            self.by_itself("ask_second_person", self.state)
            return
        self.wish = None
        self.alone += 0 if wish.approved else size
        rows = self.claims if wish.kind == "claim" else self.payments
        worker, head = rows[wish.index][:2]
        if wish.kind == "claim":
            rights = changed(tuple(fen for *_, fen in self.claims), {wish.index: wish.right})
            self.claims = tuple((*one[:2], fen) for one, fen in zip(self.claims, rights, strict=True))
            self.by_itself("book_claim", self.state)
        else:
            self.paid = rights = changed(self.paid, {wish.index: wish.right})
            late = self.overdue
            self.by_itself(
                "book_late_payment" if late else "book_payment", "breached" if late else "performing"
            )
        account = "claimed" if wish.kind == "claim" else "paid"
        for place, (_, book, fen, *whose) in enumerate(self.lines):
            if (book, *whose) == (account, worker, head) and place not in self.reversed:
                self.reversed |= {place}
                self.post(f"-{account}", fen, worker, head)
        right = sum(fen for one, fen in zip(rows, rights, strict=True) if one[:2] == (worker, head))
        if right:
            self.post(account, right, worker, head)
        self.tell("workers", seat=worker)
        self.tell("employer")

    # --- what acts say -------------------------------------------------------------------------------

    @staticmethod
    def demand(*claims: object) -> None:
        if not all(claims):
            raise No("unmet")

    def tell(self, *groups: str, seat: int | None = None) -> None:
        """A notice for each group; an employer that has not joined is left in peace until it is called."""
        for group in groups:
            if group != "employer" or self.joined or self.log[-1] in CALLING:
                self.told += ((len(self.log), group, seat, self.log[-1]),)

    def remind(self, *groups: str, seat: int | None = None) -> None:
        """A notice ahead of a day; once that day is over it is not worth saying."""
        if self.due is not None and self.due >= self.now.date():
            self.tell(*groups, seat=seat)

    def tell_other(self, who: Who) -> None:
        self.tell("employer" if who[0] == "worker" else "workers")

    def post(self, account: str, amount: int, worker: int | None = None, head: str | None = None) -> None:
        self.lines += ((len(self.log), account, amount, worker, head),)

    # --- what is asked of it -------------------------------------------------------------------------

    @property
    def staying(self) -> list[int]:
        return [seat for seat in range(self.workers) if seat not in self.left]

    @property
    def sides(self) -> list[Who]:
        return [*(("worker", seat) for seat in self.staying), ("employer", 0)]

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


def act(by: str, at: str, to: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An act: by whom and from which states, separated by spaces, and where to ("": the case stays)."""

    def learnt(do: Callable[..., None]) -> Callable[..., None]:
        ACTS[do.__name__.rstrip("_")] = Act(tuple(by.split()), tuple(at.split()), to, do)
        return do

    return learnt


def changed(values: tuple[int, ...], new: dict[int, int]) -> tuple[int, ...]:
    return tuple(new.get(index, value) for index, value in enumerate(values))
