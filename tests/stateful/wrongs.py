"""Acts done wrongly: by the wrong person, at the wrong time, with the wrong thing in hand."""

from typing import Any

from acts import ACTS
from counting import step
from hands import everybody, hands
from house import Request
from hypothesis import strategies as st
from office import BY_ITSELF, Office

ANYTHING = st.data()


class Wrongs(Office):
    """Rules that must be refused, each as the model refuses it."""

    def wrongly(self, data: Any, kind: str, names: list[str]) -> None:
        """Any act that the model refuses so."""
        name = data.draw(st.sampled_from(names))
        now, case = self.soon, self.dispute.at(self.soon)
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
        names = [name for name, act in ACTS.items() if self.dispute.at(self.soon).state not in act.at]
        self.wrongly(data, "not_now", names)

    @step(data=ANYTHING)
    def illegal_in_itself(self, data: Any) -> None:
        names = [name for name, act in ACTS.items() if self.dispute.at(self.soon).state in act.at]
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

    @step(name=st.sampled_from(BY_ITSELF), data=ANYTHING)
    def illegal_what_the_machine_does(self, name: str, data: Any) -> None:
        people = [one for one in everybody(self.dispute) if one[0] != "mediator"]
        self.by_nobody(name, data.draw(st.sampled_from(people)))
