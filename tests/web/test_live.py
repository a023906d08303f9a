"""A room as it goes on: who hears what on an open page, and when it hangs up."""

from typing import Any

import pytest
from flask import Flask
from listening import Ear
from reading import filled
from visiting import Played

from mediation.domain.rooms import Room


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="in_meeting")


def say(case: Played, role: str, body: str) -> None:
    client = case.by(role)
    typed = filled(client.get(case.url("/meeting")))
    assert client.post(case.url("/meeting"), data=typed | {"body": body}).status_code == 302


def test_what_is_said_is_heard(case: Played) -> None:
    ears = {role: Ear(case.by(role), case.url("/meeting/stream")) for role in ("worker", "employer", "mediator")}
    say(case, "worker", "我要回我的工资")
    for ear in ears.values():
        (event,) = ear.wait(1)
        assert "我要回我的工资" in event.data["html"]
        assert event.data["audience"] == Room.JOINT
