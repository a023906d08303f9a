"""A browser for the page tests, and what was texted to whom."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from makers import NOW, make_staff
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from visiting import browser

from mediation.store.models import SentMessage
from mediation.web.context import visitor_of_staff


@pytest.fixture(autouse=True)
def _the_day_after(app: Flask) -> None:
    """What the pages take for now goes on from the day after the made-up cases began.

    By the real clock everything in them would be long over, and the system would have acted on it.
    """
    began = time.monotonic()
    app.extensions["clock"] = lambda: NOW + timedelta(seconds=time.monotonic() - began)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser with cookies of its own."""
    return app.test_client()


@pytest.fixture
def texted(transaction: Callable[[], AbstractContextManager[Session]]) -> Callable[[str], list[str]]:
    """What was texted to a phone, the newest first."""

    def read(phone: str) -> list[str]:
        query = select(SentMessage.body).where(SentMessage.phone == phone).order_by(SentMessage.id.desc())
        with transaction() as session:
            return list(session.scalars(query))

    return read


@pytest.fixture
def stored(transaction: Any) -> Callable[[type], int]:
    """How many rows a table has."""

    def count(model: type) -> int:
        with transaction() as session:
            return int(session.scalar(select(func.count()).select_from(model)))

    return count


@pytest.fixture
def agent(app: Flask, transaction: Any) -> Callable[[str], FlaskClient]:
    """The browser of a member of staff with this role, each time somebody else."""

    def come(role: str = "clerk") -> FlaskClient:
        with transaction() as session:
            known_as = str(visitor_of_staff(make_staff(session, role=role)).id)
        return browser(app, known_as)

    return come
