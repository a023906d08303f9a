"""A form that is sent again to four processes: at once, after a restart, after a lost answer."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from arena import House
from makers import FILED
from racing import Answered, spelled
from sqlalchemy import func, select

from mediation.store.models import Case, Message

TWENTY = 20
AGREE = {f"mark-{clause}": "agree" for clause in range(3)}
STATED = {"stated": ["read", "willing", "binding"], "code": "?"}


@dataclass(frozen=True)
class Route:
    """A form that changes a case."""

    state: str
    role: str
    path: str
    typed: dict[str, Any] = field(default_factory=dict)


ROUTES = {
    "filing": Route("", "clerk", "/desk/oral", FILED),
    "act": Route("in_meeting", "worker", "acts/offer", {"amount": "5000"}),
    "marks": Route("terms_drafted", "employer", "acts/mark_clauses", AGREE),
    "sign": Route("awaiting_signatures", "worker", "acts/sign", STATED),
    "message": Route("in_meeting", "employer", "meeting", {"body": "好"}),
}


class Filled:
    """A form of a route, filled in and ready to be sent any number of times."""

    def __init__(self, house: House, route: Route) -> None:
        self._house = house
        self._case = house.case(route.state) if route.state else None
        self.path = route.path
        if self._case is not None:
            self.path = f"/cases/{house.ref(self._case)}/{route.path}"
            cookie = house.cookie(self._case, route.role)
        else:
            cookie = house.staff_cookie(route.role)
        self._cookie, typed = house.form(self.path, cookie)
        self._typed = typed | route.typed
        if self._case is not None and self._typed.get("code") == "?":
            self._typed["code"] = house.code(self._case, route.role)
        self._before = self._count()

    def spelled(self) -> bytes:
        return spelled("POST", self.path, typed=self._typed, cookie=self._cookie)

    def send(self) -> Answered:
        return self._house.server.ask("POST", self.path, typed=self._typed, cookie=self._cookie)

    def effects(self) -> int:
        """How often the form was done."""
        return self._count() - self._before

    def _count(self) -> int:
        if self._case is None:
            return filings(self._house)
        with self._house.transaction() as session:
            said = select(func.count()).select_from(Message).where(Message.case_id == self._case)
            return session.get_one(Case, self._case).revision + (session.scalar(said) or 0)


def filings(house: House) -> int:
    """How many cases there are."""
    with house.transaction() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


@pytest.mark.parametrize("name", ROUTES)
def test_twenty_at_once_are_one_effect_and_one_answer(house: House, name: str) -> None:
    form = Filled(house, ROUTES[name])
    answers = house.server.at_once([form.spelled()] * TWENTY)
    assert {(one.status, one.location) for one in answers} == {(302, answers[0].location)}
    assert form.effects() == 1


def test_after_the_server_was_killed_and_after_a_lost_answer_everything_was_done_once(house: House) -> None:
    before = filings(house)
    forms = {name: Filled(house, route) for name, route in ROUTES.items()}
    answers = {name: form.send() for name, form in forms.items()}
    lost = {name: Filled(house, route) for name, route in ROUTES.items()}
    for form in lost.values():
        with house.server.connect() as line:
            line.sendall(form.spelled())
    house.server.kill()  # before, in or after the commit of any of them; nobody reads an answer
    house.server.start()
    for name, form in forms.items():
        again = form.send()
        assert (again.status, again.location) == (302, answers[name].location), name
    for name, form in lost.items():
        assert form.send().status == 302, name
        assert form.send().status == 302, name
    for name, form in (*forms.items(), *lost.items()):
        if name != "filing":
            assert form.effects() == 1, name
    assert filings(house) == before + 2 + 2 * (len(ROUTES) - 1)
