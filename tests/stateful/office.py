"""The office beside its model: whatever is asked, both say the same, and every promise holds.

Each act of the model is a rule of its own, done rightly; twins of it are done wrongly: by the wrong
person, at the wrong time, with the wrong thing in hand.  A refusal must be the one the model gives, and
must leave every row of every table as it was.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import makers
from acts import ACTS, FOLLOWING, TIMERS
from acts_agents import Acting
from counting import Tally
from hands import everybody, hands
from house import House, Request
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from knowing import Hand, Who
from model import Dispute
from promises import kept
from ticking import announce

ROUTE = (
    "submit", "contact_employer", "join", "accept", "assign", "convene", "open_meeting", "offer",
    "draft_terms", "mark_clauses", "send_for_signing", "sign", "seal", "record_breach", "report_payment",
    "confirm_payment",
)  # fmt: skip
"""The way of a dispute; an example begins somewhere on it."""
MOST_DUE = 30
BY_ITSELF = [*FOLLOWING, *TIMERS]
"""What nobody can ask for."""


class Office(RuleBasedStateMachine):
    """An office, the model of every dispute in it, and the one that is on the table now."""

    def __init__(self, house: House, tally: Tally, *, alone: bool = False) -> None:
        super().__init__()
        self.alone = alone  # every worker files for himself, else two or three together
        self.house, self.tally = house, tally
        self.now = makers.MONDAY
        self.disputes: dict[int, Dispute] = {}
        self.case = 0
        self.sent: list[tuple[Request, str]] = []
        self.look()
        self.asked = 0
        self.acted = False
        self.known_of: Any = None
        self.can: dict[str, list[tuple[Who, Hand]]] = {}
        self.table: dict[date, bool] = {}
        announce(self.table)

    @property
    def dispute(self) -> Dispute:
        return self.disputes[self.case]

    def teardown(self) -> None:
        try:
            assert self.house.faults() == []
        finally:
            self.house.end()

    def look(self) -> None:
        """See what is in the database now; every promise holds of it."""
        self.found = self.house.found()
        self.rows = self.house.rows(self.found)
        kept(self.rows, self.disputes)

    def nothing_changed(self) -> None:
        assert self.house.found() == self.found

    # --- asking --------------------------------------------------------------------------------------

    def legal(self, name: str) -> list[tuple[Who, Hand]]:
        """Everybody who can do an act now, with what."""
        now, known = self.soon, (self.dispute, self.soon)
        if self.known_of is None or self.known_of[0] is not known[0] or self.known_of[1] != now:
            self.known_of, self.can = (*known, self.dispute.at(now)), {}
        if name not in self.can:
            self.can[name] = list(self._legal(name, self.known_of[2], now))
        return self.can[name]

    @staticmethod
    def _legal(name: str, case: Dispute, now: datetime) -> Iterator[tuple[Who, Hand]]:
        act = ACTS[name]
        for who in everybody(case) if case.state in act.at else ():
            for hand in hands(name, case, now) if who[0] in act.by else ():
                if case.verdict(name, who, hand, now) == "done":
                    yield who, hand

    @property
    def soon(self) -> datetime:
        return self.now + timedelta(minutes=1)

    def ask(self, name: str, who: Who, hand: Hand, **how: Any) -> str:
        """Ask for an act; what comes of it is what the model says."""
        self.now = self.soon
        self.asked += 1
        case = self.dispute
        request = Request(self.case, name, who, hand, len(case.log), self.now, f"form {self.asked}")
        request = replace(request, **how)
        expected = case.verdict(name, who, hand, request.at)
        if request.seen != len(case.log) and expected != "hidden":
            expected = "stale"
        found, answer = self.house.ask(request)
        assert found == expected, f"{name} by {who} with {hand} in {case.state}: {found}, not {expected}"
        if found == "done":
            after = case.after(name, who, hand, request.at)
            self.disputes[self.case] = after
            assert answer == f"{after.state} {len(after.log)}"
            self.tally.done.update(after.log[len(case.log) :])
            self.sent.append((request, answer))
            self.look()
        else:
            self.tally.refused[name, found] += 1
            self.nothing_changed()
        return found

    def somebody_acts(self, data: Any) -> None:
        """Any act that can be done now, if there is one."""
        legal = {name: found for name in ACTS if (found := self.legal(name))}
        if legal:
            name = data.draw(st.sampled_from(sorted(legal)))
            assert self.ask(name, *data.draw(st.sampled_from(legal[name]))) == "done"

    def file_one(
        self, workers: int, steps: int, *, platform: bool = False, unconfirmed: tuple[int, ...] = ()
    ) -> None:
        """A new dispute, some steps on its way; whom somebody filed for is the first, and unconfirmed."""
        heads = ("wages", "expenses")
        claims = tuple((seat, head, 600_000 + seat) for seat in range(workers) for head in heads)
        dispute = Dispute(workers, claims, self.now, platform, unconfirmed=frozenset(unconfirmed))
        if 0 in unconfirmed:
            filed = Acting(("worker", 0), self.now.date() + timedelta(days=365), None)
            dispute.agents = {"e" * 16: filed}
        self.case = self.house.file(dispute, self.now)
        self.disputes[self.case] = dispute
        self.look()
        for name in ROUTE[:steps]:
            self.onwards(name)

    def file_group(self, workers: int, steps: int, *, platform: bool, named: int) -> None:
        """So many workers, of whom the first named the last ones."""
        last = tuple(range(max(1, workers - named), workers))
        self.file_one(workers, steps, platform=platform, unconfirmed=last)

    def onwards(self, name: str) -> None:
        """An act of the way, by everybody whose turn it is."""
        if name == "record_breach":
            self.now += timedelta(days=30)
        if name in ("mark_clauses", "sign"):
            more = [self.dispute.mediator] if name == "sign" else []
            for who in (*self.dispute.sides, *more):
                self.ask(name, who, hands(name, self.dispute, self.now)[0])
            return
        if self.legal(name):
            self.somebody(name)

    def somebody(self, name: str) -> None:
        """The act by the first who can do it."""
        assert self.ask(name, *self.legal(name)[0]) == "done"

    def everything_wrong(self) -> None:
        """Each act once in each way in which it is refused now; where it is unmet, by everybody."""
        for name in ACTS:
            wrong: dict[Any, tuple[Who, Hand]] = {}
            for who in everybody(self.dispute):
                for hand in hands(name, self.dispute, self.soon):
                    kind = self.dispute.verdict(name, who, hand, self.soon)
                    wrong[kind, who if kind == "unmet" else ""] = who, hand
            for (kind, _), (who, hand) in wrong.items():
                if kind != "done":
                    assert self.ask(name, who, hand) == kind
        for name in BY_ITSELF:
            self.by_nobody(name, ("clerk", 0))

    def by_nobody(self, name: str, who: Who) -> None:
        """Nobody can ask for what follows by itself."""
        request = Request(self.case, name, who, {}, len(self.dispute.log), self.soon, "nobody's")
        assert self.house.ask(request) == ("not_yours", "")
        self.tally.refused[name, "not_yours"] += 1
        self.nothing_changed()

    def by_clock(self) -> None:
        """A worker comes by and does all that is due, in every case."""
        done = self.all_become({number: one.at(self.now) for number, one in self.disputes.items()})
        assert self.house.wake(self.now) == done
        self.look()
        assert self.house.wake(self.now) == 0
        self.nothing_changed()

    def all_become(self, after: dict[int, Dispute]) -> int:
        """What all disputes are from now on; how many entries that took."""
        new = [name for number, one in after.items() for name in one.log[len(self.disputes[number].log) :]]
        self.tally.done.update(new)
        self.disputes = after
        return len(new)

    def holidays(self, table: dict[date, bool]) -> None:
        """A new table is installed; no worker has begun since."""
        self.table = {**self.table, **table}
        announce(self.table)
        self.house.announce(self.table)

    def worker_begins(self) -> None:
        """It does what was due and reckons anew what a new table moves; done again that changes nothing."""
        after = {number: one.recounted(self.now) for number, one in self.disputes.items()}
        moved = [number for number, one in after.items() if len(one.moved) > len(self.disputes[number].moved)]
        self.all_become(after)
        assert self.house.recount(self.now) == len(moved)
        self.look()
        self.by_clock()  # a day that moved may have come
        assert self.house.recount(self.now) == 0
        self.nothing_changed()

    def papers_are_made(self) -> None:
        """Each paper that waits is printed once, with the names that were there when it was sealed."""
        made = self.house.make_papers(self.now)
        assert set(made) == {number for number, one in self.disputes.items() if one.waits}
        for number, text in made.items():
            assert all(name in text for name in self.disputes[number].signed_by)
        self.disputes = {number: one.printed(self.now) for number, one in self.disputes.items()}
        self.look()
        assert self.house.make_papers(self.now) == {}
        self.nothing_changed()

    def silence(self) -> None:
        """Nobody does anything: a worker comes by each time that something is due, until nothing is."""
        for _ in range(MOST_DUE):
            coming = self.dispute.coming()
            if not coming:
                return
            self.now = max(self.now, coming[0].at)
            self.by_clock()
        raise AssertionError("there is always something due")
