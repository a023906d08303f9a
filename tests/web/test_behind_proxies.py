"""Who asks, behind a proxy and without one: what anybody may write into a header is not believed."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from makers import MONDAY, make_case
from sqlalchemy import select

from mediation.app import create_app
from mediation.services import limits
from mediation.store.db import db
from mediation.store.models import Code

CROWD = limits.MOST_OF_A_NETWORK + 5


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def asked(app: Flask, transaction: Any, *headers: str) -> tuple[list[int], int]:
    """The answers to a crowd that asks for codes of as many cases, and how many networks were seen."""
    with transaction() as session:
        office = app.extensions["office"]
        numbers = [make_case(session, office, state="contacting").number for _ in range(CROWD)]
    client = app.test_client()
    answers = [
        client.post(
            "/answer",
            data={"number": number},
            headers={"X-Forwarded-For": headers[n % len(headers)].format(n)} if headers else {},
            environ_base={"REMOTE_ADDR": "203.0.113.9"},
        ).status_code
        for n, number in enumerate(numbers)
    ]
    with app.app_context():
        seen = len(set(db.session.scalars(select(Code.network))))
        db.session.remove()
    return answers, seen


def test_a_header_that_anybody_writes_changes_nothing(app: Flask, transaction: Any) -> None:
    answers, seen = asked(app, transaction, "198.51.{}.7")
    assert answers == [302] * limits.MOST_OF_A_NETWORK + [429] * 5
    assert seen == 1


def test_behind_our_proxy_the_header_it_wrote_is_who_asks(app: Flask, transaction: Any) -> None:
    """What the visitor wrote stands before it and is not believed either."""
    behind = create_app(Path(app.instance_path), PROXIES=1, **_database(app))
    behind.extensions["clock"] = lambda: MONDAY
    answers, seen = asked(behind, transaction, "10.0.0.{}, 198.51.100.7")
    assert answers == [302] * limits.MOST_OF_A_NETWORK + [429] * 5
    assert seen == 1
    apart, seen = asked(behind, transaction, "198.51.{}.7")
    assert apart == [302] * CROWD
    assert seen == CROWD + 1


def _database(app: Flask) -> dict[str, Any]:
    names = ("DATABASE_URL", "WTF_CSRF_ENABLED", "TESTING")
    return {name: app.config[name] for name in names if name in app.config}
