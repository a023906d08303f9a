"""How often codes are texted: exactly so often, however many ask at once and wherever they say they are."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from makers import MONDAY
from sqlalchemy import insert

from mediation.services import limits
from mediation.services.access import send_code
from mediation.services.limits import TooOften, may_text
from mediation.store.db import db
from mediation.store.models import Code, SentMessage
from mediation.web.noting import network_of

HOUR = timedelta(hours=1)
CROWD = limits.MOST_OF_A_NETWORK + 20


@pytest.fixture
def ask(transaction: Any) -> Callable[..., bool]:
    """Ask for a code from a network; whether it was texted."""

    def asked(
        subject: str,
        phone: str = "13800000000",
        at: datetime = MONDAY,
        network: str = "net",
        budget: limits.Budget = limits.OF_CASES,
    ) -> bool:
        try:
            with transaction() as session:
                session.info[limits.NETWORK] = network
                may_text(session, subject, at, phone, budget)
                send_code(session, subject, phone, "{code}", at)
        except TooOften:
            return False
        return True

    return asked


@pytest.fixture
def at_once(app: Flask, ask: Callable[..., bool]) -> Callable[[list[tuple[str, str]]], int]:
    """How many of these are texted when all are asked for at once."""

    def one(asked: tuple[str, str]) -> bool:
        with app.app_context():
            try:
                return ask(*asked)
            finally:
                db.session.remove()

    def all_of_them(asks: list[tuple[str, str]]) -> int:
        with ThreadPoolExecutor(8) as pool:
            return sum(pool.map(one, asks))

    return all_of_them


def test_a_network_gets_thirty_an_hour_to_the_last_one(
    ask: Callable[..., bool], at_once: Callable[[list[tuple[str, str]]], int]
) -> None:
    assert at_once([(f"enter party:{n}", f"138{n:08d}") for n in range(CROWD)]) == limits.MOST_OF_A_NETWORK
    assert ask("enter party:999", "13900000000", network="another")
    assert ask("enter party:998", "13900000001", network=""), "our own machine is a proxy's, or nobody's"
    assert ask("enter party:997", "13900000002", at=MONDAY + HOUR + timedelta(seconds=1))


def test_a_dormitory_files_and_keeps_nobody_of_its_network_from_coming_in(ask: Callable[..., bool]) -> None:
    def files(n: int) -> bool:
        return ask(f"file nobody:{n}", f"138{n:08d}", budget=limits.OF_FILING)

    assert [files(n) for n in range(limits.MOST_FILING_OF_A_NETWORK)] == [True] * 120
    assert not files(999)
    assert ask("enter party:1", "13900000001")
    assert ask("return nobody:1", "13900000002", budget=limits.OF_UNSENT)


def test_no_network_uses_up_the_codes_of_a_day() -> None:
    assert 24 * limits.MOST_FILING_OF_A_NETWORK < limits.OF_FILING.day < limits.OF_CASES.day


def test_codes_to_file_with_are_few_for_each_application_and_phone(ask: Callable[..., bool]) -> None:
    def files(n: int, about: str) -> bool:
        at = MONDAY + n * (limits.PAUSE + timedelta(seconds=1))
        return ask(f"file nobody:{about}", at=at, budget=limits.OF_FILING)

    one = [files(n, "one") for n in range(limits.MOST_IN_AN_HOUR + 1)]
    assert one == [True] * limits.MOST_IN_AN_HOUR + [False]
    rest = limits.MOST_IN_A_DAY - limits.MOST_IN_AN_HOUR
    assert [files(10, str(n)) for n in range(rest + 1)] == [True] * rest + [False]


def test_a_phone_gets_ten_a_day_to_the_last_one(at_once: Callable[[list[tuple[str, str]]], int]) -> None:
    assert at_once([(f"enter party:{n}", "13800000000") for n in range(16)]) == limits.MOST_IN_A_DAY


def test_one_purpose_gets_one_at_a_time(at_once: Callable[[list[tuple[str, str]]], int]) -> None:
    assert at_once([("enter party:1", "13800000000")] * 8) == 1


def test_one_purpose_gets_five_an_hour(ask: Callable[..., bool]) -> None:
    texted = [ask("enter party:1", at=MONDAY + n * timedelta(seconds=61)) for n in range(7)]
    assert texted == [True] * limits.MOST_IN_AN_HOUR + [False] * 2


@pytest.fixture
def made(transaction: Any) -> Callable[..., list[str]]:
    """Codes that were made and texted before, to a phone or to nowhere; the alarms that there are then."""

    def add(count: int, phone: str = "13700000000") -> list[str]:
        code = {"subject": "enter party:1", "digest": "", "made_at": MONDAY, "tries_left": 0}
        with transaction() as session:
            session.execute(insert(Code), [code] * count)
            session.execute(insert(SentMessage), [{"phone": phone, "body": "", "at": MONDAY}] * count)
            return limits.alarms(session, MONDAY)

    return add


def test_what_texts_may_cost_has_an_end_and_an_alarm(
    ask: Callable[..., bool], made: Callable[..., list[str]]
) -> None:
    assert made(limits.NEARLY - 1) == []
    assert len(made(1)) == 1
    assert ask("enter party:2")
    made(limits.MOST_OF_ALL - limits.NEARLY - 1)
    assert not ask("enter party:3", "13800000001", network="another")
    assert ask("enter party:3", "13800000001", at=MONDAY + limits.A_DAY + timedelta(seconds=1))


def test_numbers_that_nobody_has_use_up_nothing_of_what_texts_may_cost(
    ask: Callable[..., bool], made: Callable[..., list[str]]
) -> None:
    assert made(limits.MOST_OF_ALL + 1, limits.NOWHERE) == []
    assert ask("enter party:2")
    assert ask("file nobody:1", budget=limits.OF_FILING, phone="13800000001")


def test_who_has_a_case_gets_his_code_when_applications_have_used_up_theirs(
    ask: Callable[..., bool], made: Callable[..., list[str]]
) -> None:
    made(limits.MOST_OF_ALL - limits.RESERVE - 1)
    assert ask("file nobody:1", budget=limits.OF_FILING)
    assert not ask("file nobody:2", "13800000001", budget=limits.OF_FILING)
    assert ask("enter party:3", "13800000002")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.200", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("::ffff:203.0.113.7", "203.0.113.8", True),
        ("2001:db8:1:2:3::4", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::4", "2001:db8:1:3::4", False),
    ],
)
def test_a_network_is_what_nobody_changes_by_himself(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "", "unix:", "no address"])
def test_our_own_machine_is_no_network(address: str) -> None:
    assert network_of(address) == ""
