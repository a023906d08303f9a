"""Attacks on the codes of the doors: guessed in crowds, asked for all day, taken from others, told apart."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from makers import MONDAY, make_case
from sqlalchemy import event

from mediation.services.entering import Claimed, enter
from mediation.services.limits import MOST_IN_A_DAY
from mediation.services.offices import Office
from mediation.store.db import db
from mediation.store.models import Party
from mediation.web import entering

WORKER, EMPLOYER = "13800000000", "13900000001"
BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


class Clock:
    """What the doors take for now."""

    def __init__(self) -> None:
        self.at = MONDAY + timedelta(days=1)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(entering, "now", clock)
    return clock


@pytest.fixture
def numbers(transaction: Any, office: Office) -> list[str]:
    """Two cases against the same employer."""
    with transaction() as session:
        made = [make_case(session, office, state="contacting", workers=2) for _ in range(2)]
        return [str(case.number) for case in made]


def ask(client: FlaskClient, number: str, phone: str = "") -> int:
    path = "/follow" if phone else "/answer"
    return client.post(path, data={"number": number} | ({"phone": phone} if phone else {})).status_code


def codes(texted: Callable[[str], list[str]], phone: str) -> list[str]:
    """The codes in the texts to a phone, the newest first."""
    return [found[1] for one in texted(phone) if (found := re.search(r"验证码([0-9]{6})", one))]


@BOTH
def test_of_two_hundred_guesses_at_once_five_count(
    client: FlaskClient, numbers: list[str], transaction: Any, texted: Any, clock: Clock
) -> None:
    """The right one comes as the 150th: the code is dead long before."""
    assert ask(client, numbers[0]) == 302
    right = codes(texted, EMPLOYER)[0]
    guesses = [f"{(int(right) + 1 + n) % 10**6:06d}" for n in range(200)]
    guesses[149] = right

    def guess(code: str) -> Any:
        with transaction() as session:
            found = enter(session, Claimed(number=numbers[0]), code, clock.at)
            return "in" if isinstance(found, Party) else found.tries_left

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, guesses))
    assert "in" not in answers
    assert sorted(answers, reverse=True)[:4] == [4, 3, 2, 1]
    assert answers.count(0) == 196


def test_a_code_opens_no_door_but_that_of_its_party(app: Flask, numbers: list[str], texted: Any) -> None:
    one, other, worker = (app.test_client() for _ in range(3))
    assert [ask(one, numbers[0]), ask(other, numbers[1]), ask(worker, numbers[0], WORKER)] == [302] * 3
    theirs, ours = codes(texted, EMPLOYER)[:2]
    assert other.post("/code", data={"code": ours}).status_code == 422
    assert worker.post("/code", data={"code": ours}).status_code == 422
    assert one.post("/code", data={"code": ours}).status_code == 302
    assert other.post("/code", data={"code": theirs}).status_code == 302
    assert one.post("/code", data={"code": ours}).location == "/follow", "used up, and forgotten"


def test_locking_one_party_out_locks_out_nobody_else(app: Flask, numbers: list[str], texted: Any) -> None:
    attacker, worker = app.test_client(), app.test_client()
    ask(attacker, numbers[0])
    for _ in range(10):
        attacker.post("/code", data={"code": "no"})
    assert ask(worker, numbers[0], WORKER) == 302
    assert worker.post("/code", data={"code": codes(texted, WORKER)[0]}).status_code == 302


def test_a_phone_gets_ten_codes_a_day_whatever_they_are_for(
    app: Flask, numbers: list[str], texted: Any, clock: Clock
) -> None:
    """Who asks sees the same afterwards as before, or he would learn which cases have one phone."""
    client = app.test_client()
    asked = [numbers[0], numbers[1], "2026-4711"] * 7
    for number in asked:
        clock.at += timedelta(hours=1)
        assert ask(client, number) == 302
        assert client.get("/code").status_code == 200
    assert len(codes(texted, EMPLOYER)) == MOST_IN_A_DAY
    clock.at += timedelta(days=1)
    assert ask(client, numbers[0]) == 302
    assert len(codes(texted, EMPLOYER)) == MOST_IN_A_DAY + 1
    assert client.post("/code", data={"code": codes(texted, EMPLOYER)[0]}).status_code == 302


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that the pages send meanwhile."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@BOTH
@pytest.mark.parametrize("phone", ["", WORKER])
def test_a_case_that_is_not_there_takes_the_same_work(app: Flask, numbers: list[str], phone: str) -> None:
    """No clock tells known from unknown: the same statements are sent, one by one."""
    work = []
    for number in (numbers[0], "2026-4711"):
        client = app.test_client()
        with counted(app) as sent:
            ask(client, number, phone)
            client.post("/code", data={"code": "no"})
        work.append(sent)
    assert len(work[0]) > 5
    assert work[0] == work[1]
