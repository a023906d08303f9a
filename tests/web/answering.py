"""Somebody who applies step by step, page by page."""

import re
from typing import Any

from flask.testing import FlaskClient
from reading import fields, words
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from mediation.domain.applying import STEPS
from mediation.store.db import db
from mediation.store.models import SentMessage

PHONE = "13800138000"
HIDDEN = ("csrf_token", "once", "change", "sure")
ANSWERS: dict[str, dict[str, Any]] = {
    "what": {"what": ["wages"]},
    "employer": {"name": "某物业公司", "phone": "13900139000"},
    "place": {"place": "110101010"},
    "when": {"since": "under_3"},
    "amount": {"amount.wages": "一万八"},
    "story": {"story": "干了三个月，工资没发。"},
    "contact": {"name": "周某", "phone": PHONE, "consent": "1"},
}
VAGUE: dict[str, dict[str, Any]] = {
    "what": {"what": ["wages", "insurance", "no_contract"]},
    "employer": {"unknown": "1"},
    "place": {"place": "110101000"},
    "when": {"since": "unclear"},
    "amount": {"unclear.wages": "1", "unclear.insurance": "1", "unclear.no_contract": "1"},
    "story": {},
    "contact": {"name": "周某", "phone": PHONE, "consent": "1"},
}

ODD = {
    "million": "a" * 10**6,
    "emoji": "😀👨‍👩‍👧🇨🇳",
    "nul": "\0",
    "twice": ["1", "1", "x"],
    "two_languages": "\u202e18000\u202c",
}
"""What no field takes but a story, which may have the faces and the marks of direction."""


def answer(client: FlaskClient, step: str, said: dict[str, Any]) -> TestResponse:
    """Open a question, answer it, and send it, with all that the page sends beside."""
    page = client.get(f"/apply/{step}")
    assert page.status_code == 200, step
    hidden = {name: value for name, value in fields(page).items() if name in HIDDEN}
    return client.post(f"/apply/{step}", data=MultiDict(hidden | said))


def begin(client: FlaskClient) -> None:
    assert client.post("/apply", data=fields(client.get("/apply"))).status_code == 302


def go(client: FlaskClient, upto: str | None = None, answers: dict[str, dict[str, Any]] = ANSWERS) -> None:
    """Begin and answer every question before `upto`, or all."""
    begin(client)
    for step in STEPS[: STEPS.index(upto)] if upto else STEPS:
        assert answer(client, step, answers[step]).status_code == 302, step


def return_code(page: TestResponse) -> str:
    found = re.search(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", words(page))
    assert found, "the page shows no return code"
    return found.group()


def proof(client: FlaskClient, phone: str = PHONE) -> str:
    """The newest code that was texted to the phone of ANSWERS, or another, or nothing."""
    with client.application.app_context():
        query = select(SentMessage.body).where(SentMessage.phone == phone).order_by(SentMessage.id.desc())
        found = (re.search(r"验证码(\d{6})", body) for body in db.session.scalars(query))
        return next((one[1] for one in found if one), "")


def ready(client: FlaskClient) -> dict[str, str]:
    """The list of answers as somebody sends it who has read the code on his phone."""
    typed = fields(client.get("/apply/check"))
    return typed | ({"code": proof(client)} if "code" in typed else {})


def send(client: FlaskClient, **said: str) -> TestResponse:
    return client.post("/apply/check", data=ready(client) | said)
