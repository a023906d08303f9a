"""Servers killed at random while people work: what they were told is there, once, and nothing else is.

Each client writes down what it is about to do, and what it was told: done (`ok`), refused (`fail`), or
nothing (`info`).  Afterwards every `ok` is in the log exactly once, no `fail` is, an `info` may be once,
and there is nothing in the log that nobody meant to do.
"""

import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest
from makers import an_hour_ago, make_case, staff
from msgspec import json
from serving import Client, Deed, Server, staff_cookie
from sqlalchemy import select

from mediation.services.afterwards import settle
from mediation.store.models import Case, Entry, OutgoingNotice, Person

CLIENTS = 8
SECONDS = int(os.environ.get("CRASH_SECONDS", "300"))
"""How long the long run lasts."""
READY = 15
"""Seconds within which a killed server must answer again, on a machine that has a core to spare."""

ALLOWED = {"ok": (1,), "fail": (0,), "info": (0, 1)}
"""How often a deed may be found, by what its client was told."""


def prepared(stage):
    """Cases that everybody works on, and a clerk."""
    stage.restore("empty")
    with stage.work() as session:
        refs = [make_case(session, stage.office, state="contacting", at=an_hour_ago()).ref for _ in range(3)]
        staff(session, "clerk")
    with stage.work() as session:
        person = session.scalars(select(Person).where(Person.role == "clerk")).one()
        clerk, *desks = (staff_cookie(stage.app, person, browser=f"browser {n}") for n in range(-1, CLIENTS))
    stage.leave()
    return refs, clerk, desks


def trouble(stage, kill, seconds, seed):
    """Let clients work while `kill` does its worst: their journal, and how long it was down."""
    chance = random.Random(seed)  # noqa: S311 - to be replayed, not to be secret
    refs, clerk, desks = prepared(stage)
    server, done, waits = Server(stage.url, stage.office.instance), Event(), []
    clients = [Client(server, n, refs, clerk, desk, seed) for n, desk in enumerate(desks)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        try:
            server.ready()
            working = [pool.submit(client.work, done) for client in clients]
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                waits.append(kill(server, chance))
            waits.append(server.ready())
            done.set()
            for one in working:
                one.result(60)
        finally:
            done.set()
            server.stop()
    journal = [deed for client in clients for deed in client.journal]
    print(len(journal), "deeds:", dict(Counter(f"{d.kind} {d.told}" for d in journal)))
    print(f"killed {len(waits) - 1} times, all there again after {max(waits):.1f} s at most")
    return journal, waits


def workers(pause):
    """Kill a worker now and then."""

    def kill(server, chance):
        time.sleep(chance.expovariate(1 / pause))
        server.kill_worker(chance)
        return 0.0  # the others answer

    return kill


def masters_too(pause):
    """Now and then the master."""

    def kill(server, chance):
        if chance.random() > 0.1:
            return workers(pause)(server, chance)
        server.kill_master()
        return server.ready()

    return kill


def accused(stage, journal):
    """Everything that contradicts the journal."""
    with stage.work() as session:
        query = select(Entry, Case.ref).join(Case, Case.id == Entry.case_id)
        rows = session.execute(query.where(Entry.action == "contact_employer")).all()
        noted = [(json.decode(entry.data).get("note"), (ref, entry.number - 1)) for entry, ref in rows]
        filed = session.execute(select(Case.story, Case.ref).where(Case.story.contains("\ndeed "))).all()
    found = [one for one in noted if one[0]] + [(story.splitlines()[-1], (ref, 0)) for story, ref in filed]
    times, where = Counter(name for name, _ in found), dict(found)
    wrong = [f"nobody meant {name}" for name in times.keys() - {deed.name for deed in journal}]
    for deed in journal:
        if times[deed.name] not in ALLOWED[deed.told]:
            wrong.append(f"{deed}: {times[deed.name]} times")
        elif deed.told == "ok" and where[deed.name] != (deed.case, deed.seen):
            wrong.append(f"{deed}: found at {where[deed.name]}")
    return wrong


def judge(stage, journal, waits):
    assert accused(stage, journal) == []
    assert stage.faults() == []
    settle(stage.work, stage.office, datetime.now(UTC))
    with stage.work() as session:
        assert session.scalars(select(OutgoingNotice.id).where(OutgoingNotice.sent_at.is_(None))).all() == []
    assert max(waits) <= READY * max(1.0, os.getloadavg()[1] / (os.cpu_count() or 1))
    assert sum(deed.told == "ok" for deed in journal) >= 20, "too little work to judge by"
    assert len(waits) > 4, "too few kills to judge by"


def test_workers_killed_at_random_lose_and_double_nothing(stage, seed):
    judge(stage, *trouble(stage, workers(1.2), 15, seed))


@pytest.mark.long
def test_minutes_of_killed_workers_masters_and_regular_work_lose_and_double_nothing(stage, seed):
    judge(stage, *trouble(stage, masters_too(1.2), SECONDS, seed))


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_journal_accuses_a_server_that_loses_doubles_or_invents(stage):
    """That the oracle is able to find something."""
    stage.restore("empty")
    with stage.work() as session:
        case = make_case(session, stage.office, state="contacting", at=an_hour_ago())
        case.story, ref = "told\ndeed 0-0", case.ref
    true = Deed("deed 0-0", "file", ref, told="ok")
    assert accused(stage, [true]) == []
    assert accused(stage, []) == ["nobody meant deed 0-0"]
    assert len(accused(stage, [true, Deed("deed 0-1", "contact", ref, 3, "ok")])) == 1
    assert len(accused(stage, [Deed("deed 0-0", "file", ref, told="fail")])) == 1
    assert len(accused(stage, [Deed("deed 0-0", "file", "elsewhere", told="ok")])) == 1
    with stage.work() as session:
        other = make_case(session, stage.office, state="contacting", at=an_hour_ago())
        other.story = "told\ndeed 0-0"
    assert len(accused(stage, [true])) == 1
