"""Random days at the office: whatever is asked, office and model say the same, and every promise holds.

Each act of the model is a rule of its own, done rightly; twins of it are done wrongly (`wrongs`).  A
refusal must be the one the model gives, and must leave every row of every table as it was.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from acts import ACTS
from counting import step
from house import Request
from hypothesis import strategies as st
from hypothesis.stateful import initialize
from knowing import Who
from model import ROOM
from office import ROUTE, Office
from wrongs import ANYTHING, Wrongs

from mediation.domain.rooms import Room, private
from mediation.services.talks import WHILE

__all__ = ["ROUTE", "Days"]
MOST_CASES = 3
WORKERS = st.integers(2, 3)
STEPS = st.integers(0, len(ROUTE))


class Rules(Wrongs):
    """The rules beside the acts."""

    @initialize(workers=WORKERS, steps=STEPS, platform=st.booleans(), named=st.integers(0, 2))
    def file_first(self, workers: int, steps: int, platform: bool, named: int) -> None:
        self.file_group(1 if self.alone else workers, steps, platform=platform, named=named)

    @step(
        lambda self: len(self.disputes) < MOST_CASES,
        workers=st.integers(1, 3),
        steps=st.integers(0, len(ROUTE)),
        platform=st.booleans(),
        named=st.integers(0, 2),
    )
    def file_another(self, workers: int, steps: int, platform: bool, named: int) -> None:
        self.file_group(1 if self.alone else workers, steps, platform=platform, named=named)

    @step(lambda self: len(self.disputes) > 1, data=ANYTHING)
    def turn_to_another(self, data: Any) -> None:
        self.case = data.draw(st.sampled_from(sorted(self.disputes)))

    @step(days=st.sampled_from([1, 4, 16, 40]))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @step(days=st.integers(1, 12), hours=st.integers(0, 23), woken=st.booleans())
    def downtime(self, days: int, hours: int, woken: bool) -> None:
        """No worker ran for a while; then one does, or somebody acts first: it comes to the same."""
        self.now += timedelta(days=days, hours=hours)
        if woken:
            self.by_clock()

    @step()
    def wake(self) -> None:
        """A worker comes by when the next thing is due, in whichever case."""
        coming = [due.at for one in self.disputes.values() for due in one.coming()]
        self.now = max([self.now, min(coming, default=self.now)])
        self.by_clock()

    @step(days=st.dictionaries(st.integers(-10, 30), st.booleans(), min_size=1, max_size=6))
    def new_holidays(self, days: dict[int, bool]) -> None:
        """Days past and to come are declared worked or not."""
        self.holidays({self.now.date() + timedelta(days=more): works for more, works in days.items()})

    @step(lambda self: self.table)
    def recount(self) -> None:
        """A worker begins, maybe long after a table was announced."""
        self.worker_begins()

    @step(lambda self: any(one.waits for one in self.disputes.values()))
    def make_papers(self) -> None:
        self.papers_are_made()

    @step(data=ANYTHING, minutes=st.sampled_from([1, 3, 6, 90]))
    def clock_behind(self, data: Any, minutes: int) -> None:
        """Somebody acts on a machine whose clock was set back; the others are right."""
        names = [name for name in ACTS if self.legal(name)]
        if names:
            name = data.draw(st.sampled_from(names))
            who, hand = data.draw(st.sampled_from(self.legal(name)))
            self.ask(name, who, hand, at=self.now - timedelta(minutes=minutes))

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
        """To everybody in a meeting, to the mediator before and between meetings."""
        self.now = self.soon
        self.asked += 1
        audience = Room.JOINT if self.dispute.state in WHILE else private(side[0])
        hand = {"audience": audience, "body": body}
        request = Request(self.case, "say", side, hand, 0, self.now, f"form {self.asked}")
        expected = "done" if self.dispute.state in ROOM and side in self.dispute.sides else "RoomClosed"
        found, answer = self.house.ask(request)
        assert found == expected
        if found != "done":
            return self.nothing_changed()
        before = self.rows
        self.look()
        said = [
            row for row in self.rows["messages"] if (row["case_id"], row["audience"]) == (self.case, audience)
        ]
        assert [row["number"] for row in said] == list(range(1, len(said) + 1))
        assert (len(said), said[-1]["body"], said[-1]["role"]) == (int(answer), "", side[0])
        assert body.encode() not in said[-1]["sealed"]
        assert len(self.rows["messages"]) == len(before["messages"]) + 1
        self.sent.append((request, answer))
        return None

    @step()
    def send_notices(self) -> None:
        """Everything that waits goes out once; what the clock did at night in the morning."""
        self.house.send_notices(self.now)
        self.look()
        late = [row for row in self.rows["outbox"] if not row["sent_at"]]
        assert all(row["not_before"] > self.now for row in late)
        assert self.house.send_notices(self.now) == 0
        self.nothing_changed()


def _rightly(name: str) -> Callable[..., None]:
    """The rule of one act: somebody who can do it does it."""

    def perform(self: Office, data: Any) -> None:
        assert self.ask(name, *data.draw(st.sampled_from(self.legal(name)))) == "done"

    perform.__name__ = name
    return step(lambda self: self.legal(name), data=ANYTHING)(perform)


Days = type("Days", (Rules,), {name: _rightly(name) for name in ACTS})
"""The office with a rule for every act of the model."""
