"""Random days at the office: whatever is asked, office and model say the same, and every promise holds.

Each act of the model is a rule of its own, done rightly; twins of it are done wrongly: by the wrong
person, at the wrong time, with the wrong thing in hand.  A refusal must be the one the model gives, and
must leave every row of every table as it was.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import makers
from acts import ACTS
from counting import Tally, step
from hands import everybody, hands
from house import House, Request
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from model import ROOM, Dispute, Hand, Who
from promises import kept

ROUTE = (
    "submit", "contact_employer", "join", "accept", "assign", "convene", "open_meeting", "offer",
    "draft_terms", "mark_clauses", "send_for_signing", "sign", "seal", "record_breach", "report_payment",
    "confirm_payment",
)  # fmt: skip
"""The way of a dispute; an example begins somewhere on it."""
MOST_CASES = 3
ANYTHING = st.data()
FOLLOWING = ["begin_performing", "complete", "cure"]
WORKERS = st.integers(2, 3)
STEPS = st.integers(0, len(ROUTE))


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
        act, case = ACTS[name], self.dispute
        if case.state not in act.at:
            return []
        now = self.soon
        return [
            (who, hand)
            for who in everybody(case)
            if who[0] in act.by
            for hand in hands(name, case, now)
            if case.verdict(name, who, hand, now) == "done"
        ]

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
        expected = case.verdict(name, who, hand, self.now)
        if request.seen != len(case.log) and expected != "hidden":
            expected = "stale"
        found, answer = self.house.ask(request)
        assert found == expected, f"{name} by {who} with {hand} in {case.state}: {found}, not {expected}"
        if found == "done":
            after = case.after(name, who, hand, self.now)
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

    def file_one(self, workers: int, steps: int) -> None:
        heads = ("wages", "expenses")
        claims = tuple((seat, head, 600_000 + seat) for seat in range(workers) for head in heads)
        dispute = Dispute(workers, claims, self.now)
        self.case = self.house.file(dispute, self.now)
        self.disputes[self.case] = dispute
        self.look()
        for name in ROUTE[:steps]:
            self.onwards(name)

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
        for name in FOLLOWING:
            self.by_nobody(name, ("clerk", 0))

    # --- rules beside the acts -----------------------------------------------------------------------

    @initialize(workers=WORKERS, steps=STEPS)
    def file_first(self, workers: int, steps: int) -> None:
        self.file_one(1 if self.alone else workers, steps)

    @step(
        lambda self: len(self.disputes) < MOST_CASES,
        workers=st.integers(1, 3),
        steps=st.integers(0, len(ROUTE)),
    )
    def file_another(self, workers: int, steps: int) -> None:
        self.file_one(1 if self.alone else workers, steps)

    @step(lambda self: len(self.disputes) > 1, data=ANYTHING)
    def turn_to_another(self, data: Any) -> None:
        self.case = data.draw(st.sampled_from(sorted(self.disputes)))

    @step(days=st.sampled_from([1, 4, 16, 40]))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @step()
    def restart(self) -> None:
        """The process ends; another begins on the same files."""
        self.house.restart()
        self.nothing_changed()

    @step(lambda self: self.sent, back=st.integers(1, 3))
    def resend(self, back: int) -> None:
        """The same form again: the same answer, and nothing done."""
        request, answer = self.sent[-back:][0]
        assert self.house.ask(request) == self.still_seen(request, "done", answer)
        self.nothing_changed()

    @step(lambda self: self.sent, back=st.integers(1, 3))
    def resend_changed(self, back: int) -> None:
        """The key of a form that was answered with something else in it."""
        request, _ = self.sent[-back:][0]
        other = replace(request, hand={**request.hand, "note": "另外"})
        assert self.house.ask(other) == self.still_seen(request, "reused", "")
        self.nothing_changed()

    def still_seen(self, request: Request, code: str, answer: str) -> tuple[str, str]:
        """A mediator from whom a case was taken sees nothing of it any more, not even his own answers."""
        gone = request.who[0] == "mediator" and self.disputes[request.case].mediator != request.who
        return ("hidden", "") if gone else (code, answer)

    @step(side=st.sampled_from([("worker", 0), ("employer", 0)]), body=st.sampled_from(["好", "不行"]))
    def say(self, side: Who, body: str) -> None:
        """In the joint room, while it is open."""
        self.now = self.soon
        self.asked += 1
        request = Request(self.case, "say", side, {"body": body}, 0, self.now, f"form {self.asked}")
        expected = "done" if self.dispute.state in ROOM else "RoomClosed"
        found, answer = self.house.ask(request)
        assert found == expected
        if found != "done":
            return self.nothing_changed()
        before = self.rows
        self.look()
        said = [row for row in self.rows["messages"] if row["case_id"] == self.case]
        assert [row["number"] for row in said] == list(range(1, len(said) + 1))
        assert (len(said), said[-1]["body"], said[-1]["role"]) == (int(answer), body, side[0])
        assert len(self.rows["messages"]) == len(before["messages"]) + 1
        self.sent.append((request, answer))
        return None

    @step()
    def send_notices(self) -> None:
        """Everything that waits goes out once."""
        self.house.send_notices(self.now)
        self.look()
        assert all(row["sent_at"] for row in self.rows["outbox"])
        assert self.house.send_notices(self.now) == 0
        self.nothing_changed()

    # --- wrongly -------------------------------------------------------------------------------------

    def wrongly(self, data: Any, kind: str, names: list[str]) -> None:
        """Any act that the model refuses so."""
        name = data.draw(st.sampled_from(names))
        now, case = self.soon, self.dispute
        wrong = [
            (who, hand)
            for who in everybody(case)
            for hand in hands(name, case, now)
            if case.verdict(name, who, hand, now) == kind
        ]
        if wrong:
            assert self.ask(name, *data.draw(st.sampled_from(wrong))) == kind

    @step(data=ANYTHING)
    def illegal_by_others(self, data: Any) -> None:
        self.wrongly(data, "not_yours", list(ACTS))

    @step(data=ANYTHING)
    def illegal_at_another_time(self, data: Any) -> None:
        names = [name for name, act in ACTS.items() if self.dispute.state not in act.at]
        self.wrongly(data, "not_now", names)

    @step(data=ANYTHING)
    def illegal_in_itself(self, data: Any) -> None:
        names = [name for name, act in ACTS.items() if self.dispute.state in act.at]
        if names:
            self.wrongly(data, "unmet", names)

    @step(data=ANYTHING)
    def illegal_by_a_mediator_of_other_cases(self, data: Any) -> None:
        self.wrongly(data, "hidden", list(ACTS))

    @step(data=ANYTHING, off=st.sampled_from([-2, -1, 1]))
    def illegal_with_a_stale_page(self, data: Any, off: int) -> None:
        """What would be done at once, by somebody who saw the case as it was before."""
        names = [name for name in ACTS if self.legal(name)]
        if names:
            name = data.draw(st.sampled_from(names))
            who, hand = data.draw(st.sampled_from(self.legal(name)))
            assert self.ask(name, who, hand, seen=len(self.dispute.log) + off) == "stale"

    @step(lambda self: len(self.disputes) > 1, data=ANYTHING)
    def illegal_by_people_of_another_case(self, data: Any) -> None:
        """A party of one case finds no other, whatever it asks for."""
        other = data.draw(st.sampled_from(sorted(set(self.disputes) - {self.case})))
        name = data.draw(st.sampled_from(list(ACTS)))
        who = data.draw(st.sampled_from([("worker", 0), ("employer", 0)]))
        hand = hands(name, self.dispute, self.now)[0]
        request = Request(self.case, name, who, hand, len(self.dispute.log), self.now, "theirs")
        assert self.house.ask(request, stranger=other) == ("hidden", "")
        self.tally.refused[name, "hidden"] += 1
        self.nothing_changed()

    @step(name=st.sampled_from(FOLLOWING), data=ANYTHING)
    def illegal_what_the_machine_does(self, name: str, data: Any) -> None:
        people = [one for one in everybody(self.dispute) if one[0] != "mediator"]
        self.by_nobody(name, data.draw(st.sampled_from(people)))

    def by_nobody(self, name: str, who: Who) -> None:
        """Nobody can ask for what follows by itself."""
        request = Request(self.case, name, who, {}, len(self.dispute.log), self.soon, "nobody's")
        assert self.house.ask(request) == ("not_yours", "")
        self.tally.refused[name, "not_yours"] += 1
        self.nothing_changed()


def _rightly(name: str) -> Callable[..., None]:
    """The rule of one act: somebody who can do it does it."""

    def perform(self: Office, data: Any) -> None:
        assert self.ask(name, *data.draw(st.sampled_from(self.legal(name)))) == "done"

    perform.__name__ = name
    return step(lambda self: self.legal(name), data=ANYTHING)(perform)


Days = type("Days", (Office,), {name: _rightly(name) for name in ACTS})
"""The office with a rule for every act of the model."""
