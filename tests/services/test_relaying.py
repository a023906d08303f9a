"""Texts reach the gateway at least once, whoever dies; nobody is woken, nobody else's phone rings."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import make_case
from plans import Listening, scans
from sqlalchemy import select

from mediation.domain.facts import BEIJING
from mediation.domain.quiet_hours import allowed_from
from mediation.services import gateways, notices, relaying, texting
from mediation.services.gateways import GatewayAddress, Refused, Unsure
from mediation.services.relaying import Fault
from mediation.store.db import db
from mediation.store.models import Handover, Party, SentMessage

DAY = datetime(2026, 3, 2, 10, tzinfo=BEIJING)
NIGHT = datetime(2026, 3, 2, 23, 15, tzinfo=BEIJING)
MORNING = datetime(2026, 3, 3, 8, tzinfo=BEIJING)
MINUTE = timedelta(minutes=1)


class Operator(ThreadingHTTPServer):
    """A gateway on loopback that keeps what it was handed and answers as it is told."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.had, self.heads, self.answers = [], [], iter(())
        self.url = f"http://127.0.0.1:{self.server_port}/texts"


class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = next(self.server.answers, 200)
        if answer in (200, "silent"):
            self.server.had.append(said)
        self.server.heads.append(self.headers.get("Authorization"))
        if answer == "silent":  # it has the text, and the line breaks before it can say so
            self.close_connection = True
            return
        self.send_response(answer)
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def operator():
    server = Operator()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def relayed(transaction, office, operator):
    """One round of the relay; how many texts the gateway took."""
    gateway = gateways.over_http(GatewayAddress(operator.url, "a word"))
    return lambda at=DAY: relaying.relay(transaction, gateway, at)


def say(transaction, *phones, at=DAY, more=()):
    with transaction() as session:
        for number, phone in enumerate(phones):
            texting.text(session, SentMessage(phone=phone, body=f"text {number}", at=at), *more)


def ways(transaction):
    with transaction() as session:
        rows = session.scalars(select(Handover).order_by(Handover.message_id))
        return [(row.tries, row.due_at, row.handed_at, row.fault) for row in rows]


def test_a_text_is_handed_over_once_with_its_number_and_our_token(transaction, operator, relayed):
    say(transaction, "13900000001", "13900000002")
    assert (relayed(), relayed()) == (2, 0)
    assert [(one["to"], one["text"]) for one in operator.had] == [
        ("13900000001", "text 0"),
        ("13900000002", "text 1"),
    ]
    assert len({one["id"] for one in operator.had}) == 2
    assert operator.heads == ["Bearer a word"] * 2
    assert ways(transaction) == [(1, None, DAY.astimezone(UTC), None)] * 2


@pytest.mark.parametrize("answer", [500, 503, 429, 408])
def test_a_gateway_in_trouble_is_asked_again_later_and_later(transaction, operator, relayed, answer):
    say(transaction, "13900000001")
    operator.answers = iter([answer] * 4)
    at, waits = DAY, []
    for _ in range(4):
        assert relayed(at) == 0
        ((_, due, _, fault),) = ways(transaction)
        assert fault is None
        assert relayed(due - timedelta(microseconds=1)) == 0
        waits.append((due - at).total_seconds())
        at = due
    assert waits == [5, 10, 20, 40]
    assert relayed(at) == 1
    assert len(operator.had) == 1


def test_a_text_that_the_gateway_had_without_saying_so_comes_again_under_its_number(
    transaction, operator, relayed
):
    say(transaction, "13900000001")
    operator.answers = iter(["silent"])
    assert relayed() == 0
    assert relayed(DAY + MINUTE) == 1
    assert [one["id"] for one in operator.had] == [operator.had[0]["id"]] * 2


def test_no_lease_ends_while_a_slow_gateway_holds_up_what_was_taken_together(transaction, office):
    """Else another relay would hand over, once more, what the first still has in hand."""
    slowest = 2 * gateways.SECONDS * relaying.AT_ONCE * timedelta(seconds=1)
    say(transaction, *(f"139{number:08d}" for number in range(relaying.AT_ONCE + 1)))
    mine, others = [], []

    def slow(one):
        mine.append(one.number)
        if len(mine) == 1:  # another relay, at the moment at which this one would come to its last
            relaying.relay(transaction, lambda other: others.append(other.number), DAY + slowest)

    assert relaying.relay(transaction, slow, DAY) == relaying.AT_ONCE
    assert len(others) == 1
    assert not set(mine) & set(others)


def test_what_the_gateway_refuses_is_given_up_and_told(transaction, operator, relayed):
    say(transaction, "13900000001")
    operator.answers = iter([400])
    assert relayed() == 0
    assert [way[3] for way in ways(transaction)] == [Fault.REFUSED]
    assert relayed(DAY + timedelta(hours=2)) == 0
    assert operator.had == []
    with transaction() as session:
        assert relaying.alarms(session, DAY + MINUTE) == ["texts that were given up lately: 1"]
        assert relaying.alarms(session, DAY + timedelta(days=3)) == []


def test_a_code_that_opens_nothing_any_more_is_not_sent(transaction, operator, relayed):
    say(transaction, "13900000001", more=[5 * MINUTE])
    assert relayed(DAY + 5 * MINUTE) == 0
    assert [way[3] for way in ways(transaction)] == [Fault.TOO_OLD]
    assert operator.had == []


def test_a_code_for_nobody_goes_nowhere_and_raises_no_alarm(transaction, operator, relayed):
    say(transaction, "")
    assert relayed() == 0
    with transaction() as session:
        assert relaying.alarms(session, DAY + timedelta(hours=1)) == []
    assert operator.had == []


def test_texts_that_nobody_hands_over_are_told(transaction):
    say(transaction, "13900000001")
    with transaction() as session:
        assert relaying.alarms(session, DAY + relaying.LATE) == []
        (alarm,) = relaying.alarms(session, DAY + relaying.LATE + MINUTE)
    assert "mediation relay" in alarm


# --- the hours of the night, and whose phone it is --------------------------------------------------------


@given(st.integers(0, 20 * 365 * 24 * 60))
def test_no_quiet_hour_is_ever_allowed_and_no_day_is_lost(minutes):
    at = DAY + minutes * MINUTE
    then = allowed_from(at)
    local = then.astimezone(BEIJING).time()
    assert (8, 0) <= (local.hour, local.minute) < (21, 30)
    assert timedelta() <= then - at <= timedelta(hours=10, minutes=30)
    assert allowed_from(then) == then


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"), [(7, 59, True), (8, 0, False), (21, 29, False), (21, 30, True), (0, 0, True)]
)
def test_quiet_hours_end_at_eight_and_begin_at_half_past_nine(hour, minute, quiet):
    at = datetime(2026, 3, 2, hour, minute, tzinfo=BEIJING)
    assert (allowed_from(at) != at) is quiet


@pytest.fixture
def noticed(transaction, office):
    """A notice to the workers of a case, composed at night."""
    with transaction() as session:
        make_case(session, office, state="contacting", at=NIGHT - timedelta(days=3))
        assert notices.send(session, office, NIGHT)
        session.query(Handover).delete()
        message = session.scalars(select(SentMessage).order_by(SentMessage.id)).first()
        session.add(Handover(message_id=message.id, due_at=NIGHT, until=NIGHT + texting.A_DAY))
        return message.phone


def test_a_notice_waits_for_the_morning_and_a_code_does_not(transaction, operator, relayed, noticed):
    say(transaction, "13911112222", at=NIGHT)
    assert relayed(NIGHT) == 1
    assert [one["to"] for one in operator.had] == ["13911112222"]
    assert relayed(MORNING - MINUTE) == 0
    assert relayed(MORNING) == 1
    assert operator.had[-1]["to"] == noticed


def test_a_phone_that_was_corrected_in_the_meantime_does_not_ring(transaction, operator, relayed, noticed):
    assert relayed(NIGHT) == 0
    with transaction() as session:
        for party in session.scalars(select(Party)):
            party.phone = "13988887777"
    assert relayed(MORNING) == 0
    assert operator.had == []
    assert [way[3] for way in ways(transaction)] == [Fault.NO_LONGER_THEIRS]


def test_neither_the_relay_nor_its_alarms_read_every_text_there_ever_was(app, transaction, relayed):
    say(transaction, *(f"139{number:08d}" for number in range(30)))
    with app.app_context():
        listening = Listening(db.engine)
    relayed()
    with transaction() as session:
        relaying.alarms(session, DAY + MINUTE)
    asked = [one for one in listening.heard if "handovers" in one[0]]
    assert len(asked) >= 4
    with app.app_context(), db.engine.connect() as connection:
        for statement, values in asked:
            assert scans(connection, statement, values, ("handovers", "sent")) == [], statement


# --- real processes --------------------------------------------------------------------------------------


def start(app, operator):
    settings = {
        "MEDIATION_INSTANCE": str(app.extensions["office"].instance),
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "MEDIATION_SMS_GATEWAY_URL": operator.url,
        "MEDIATION_MIGRATE": "false",
    }
    command = [sys.executable, "-m", "mediation", "relay", "--every", "0.1"]
    return subprocess.Popen(command, env=os.environ | settings)


def through(app, transaction, operator, count, kills, seconds):
    """Say `count` things, let two relays be killed `kills` times; what the operator then has."""
    chance = random.Random(5674)  # noqa: S311 - deaths, no secrets
    say(transaction, *(f"139{number:08d}" for number in range(count)), at=datetime.now(UTC))
    operator.answers = iter(chance.choices([200, 500, "silent"], [8, 1, 1], k=count // 4))
    relays = [start(app, operator) for _ in range(2)]
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(1.0, 2.0))
            one = chance.randrange(2)
            relays[one].send_signal(signal.SIGKILL)
            relays[one].wait(10)
            relays[one] = start(app, operator)
        until = time.monotonic() + seconds
        while time.monotonic() < until and not all(way[2] for way in ways(transaction)):
            time.sleep(0.5)
    finally:
        for one in relays:
            one.kill()
            one.wait(10)
    return Counter(one["id"] for one in operator.had)


def test_relays_that_are_killed_lose_no_text(app, transaction, operator, monkeypatch):
    had = through(app, transaction, operator, 200, 3, 100)
    assert len(had) == 200
    silent = 200 // 4
    assert sum(had.values()) - 200 <= 3 * relaying.AT_ONCE + silent


@pytest.mark.long
def test_relays_that_are_killed_again_and_again_lose_none_of_five_thousand(app, transaction, operator):
    had = through(app, transaction, operator, 5_000, 60, 900)
    assert len(had) == 5_000


def test_a_gateway_that_is_not_there_or_talks_nonsense_is_no_refusal():
    hand = gateways.over_http(GatewayAddress("http://127.0.0.1:9/"))
    with pytest.raises(Unsure):
        hand(gateways.Outgoing(1, "13900000001", "text", DAY))


def test_a_refusal_says_its_number(operator):
    operator.answers = iter([422])
    with pytest.raises(Refused, match="422"):
        gateways.over_http(GatewayAddress(operator.url))(gateways.Outgoing(1, "13900000001", "text", DAY))
