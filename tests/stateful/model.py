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
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from knowing import Hand, Known, Who
from ticking import TIMERS, recounted, ticked

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


ACTS: dict[str, Act] = {}
CALLING = ("contact_employer", "contact_again", "correct_party", "remind_signing")
"""What the employer is told of before it has joined."""
PHONE = 11
"""Digits of a number that a text can be sent to."""
BY_AGREEMENT = ("arbitration_review", "judicial_confirmation")
"""Clocks that count from the agreement."""
SLACK = timedelta(minutes=5)
"""A clock may be behind by so much: what happens then happens at the last moment again."""
ALONE = 500_000
"""One person alone corrects so many fen of a case."""


class Dispute(Known):
    """One dispute, and what acts do to it."""

    # --- what is judged ------------------------------------------------------------------------------

    def after(self, name: str, who: Who, hand: Hand, now: datetime) -> "Dispute":
        """The dispute after an act.  Raises No."""
        act = ACTS[name]
        if who[0] == "mediator" and who != self.mediator:
            raise No("hidden")
        if name == "correct_party":
            self.readable(hand)
        if self.moved_at - now > SLACK:
            raise No("clock_back")
        now = max(now, self.moved_at)
        if who[0] not in act.by:
            raise No("not_yours")
        found = self.at(now)
        if found.state not in act.at:
            raise No("not_now")
        found.log += (name,)
        found.moved_at, found.done_until = now, None
        act.do(found, who, hand)
        found._tick()
        found.state = act.to or found.state
        found._followed()
        return found

    def at(self, now: datetime) -> "Dispute":
        """The dispute at that moment: with all that was due by then done."""
        found = copy.copy(self)
        found.now = now
        if found.done_until == now:
            return found
        found.done_until = now
        while (coming := found.coming()) and coming[0].at <= now:
            one = coming[0]
            found.log += (one.name,)
            found.moved_at = now
            found.due = one.day
            TIMERS[one.name].do(found, one.item)
            found._tick()
            found.state = TIMERS[one.name].to or found.state
            found.fired = {**found.fired, (one.name, one.item): one.day}
        return found

    def recounted(self, now: datetime) -> "Dispute":
        """The dispute after a worker began under what is by now the table of holidays."""
        found = self.at(now)
        found.done_until = None
        found.clocks, moved = recounted(found.clocks, now.date())
        if moved:
            found.log += ("recount",)
            found.moved_at = now
            found.moved = {**found.moved, len(found.log): moved}
        return found

    def printed(self, now: datetime) -> "Dispute":
        """The dispute once no paper of it waits; that one was registered stands in its log."""
        found = copy.copy(self)
        if found.waits:
            found.waits = False
            found.log += ("register_paper",)
            found.moved_at = max(found.moved_at, now)
        return found

    def readable(self, hand: Hand) -> None:
        """What is typed of a party is asked before anything else; what waits to be printed stays as it is."""
        key = (hand["party"], hand["detail"])
        values = {self.details.get(key, ""), hand["value"]} - {""}
        a_phone = hand["detail"] == "phone"
        fine = hand["party"] in {party for party, _ in self.details}
        fine = fine and (a_phone or not self.waits) and (not a_phone or len(hand["value"]) == PHONE)
        if not (fine and hand["value"] not in ("", self.details.get(key, ""))) or any(
            value in hand["reason"] for value in values
        ):
            raise No("Invalid")

    def _tick(self) -> None:
        self.clocks = ticked(self.clocks, self.log[-1], self.now.date())

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
        if last == "decline_place" and not self.staying and not self.unconfirmed:
            self.by_itself("lapse", "withdrawn")
            self.ended = True
            self.tell("clerks")
        elif last == "seal":
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

    def joins(self, seat: int) -> None:
        """Whoever was only named takes part, and what he asks for counts."""
        self.unconfirmed -= {seat}
        for worker, head, fen in self.claims:
            if worker == seat:
                self.post("claimed", fen, worker, head)

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
            self.rights_run_again()
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

    def rights_run_again(self) -> None:
        """What is performed again can be brought before others for as long as the agreement said."""
        again = {name: self.clocks[name]._replace(stopped=False) for name in BY_AGREEMENT}
        self.clocks = {**self.clocks, **again}

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


def act(by: str, at: str, to: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An act: by whom and from which states, separated by spaces, and where to ("": the case stays)."""

    def learnt(do: Callable[..., None]) -> Callable[..., None]:
        ACTS[do.__name__.rstrip("_")] = Act(tuple(by.split()), tuple(at.split()), to, do)
        return do

    return learnt


def changed(values: tuple[int, ...], new: dict[int, int]) -> tuple[int, ...]:
    return tuple(new.get(index, value) for index, value in enumerate(values))
