"""What the measurement of rooms stands on: meetings in a new office, and the server that serves them."""

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from flask.sessions import SecureCookieSessionInterface

from mediation.app import create_app
from mediation.domain.filing import read as read_filing
from mediation.engine.asking import Actor
from mediation.services import demo
from mediation.services.access import staff_actor
from mediation.services.filing import file_claim
from mediation.services.opening import make_ready
from mediation.services.rehearsing import Cast, walk
from mediation.store.db import db, transaction
from mediation.store.models import Person
from mediation.web.context import visitor_of_party, visitor_of_staff

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Seat:
    """Somebody in a meeting: where, by which cookies, with which token of his forms."""

    url: str
    cookie: str
    token: str


def meetings(place: Path, rooms: int) -> list[tuple[str, list[str]]]:
    """New cases in a meeting: the address of each room, and the session of each of its three people."""
    app = create_app(place)
    sign = SecureCookieSessionInterface().get_signing_serializer(app)
    assert sign is not None
    at = datetime.now(UTC) - timedelta(days=3)
    chance = random.Random(7)  # noqa: S311 - made-up people need no secrecy
    found = []
    with app.app_context():
        make_ready(transaction, at)
        with transaction() as session:
            for row in demo.district()["staff"]:
                demo.add_account(session, row, at)
        for _ in range(rooms):
            with transaction() as session:
                people = session.query(Person).order_by(Person.id).all()
                staff = {person.role: person for person in people}
                cast = Cast(*(staff_actor(staff[role]) for role in ("clerk", "mediator", "admin")))
                filing = read_filing(demo.filing_of(chance, workers=1))
                actor = Actor("worker", "filing", filing.workers[0].name)
                case, _ = file_claim(session, app.extensions["office"], filing, actor, at)
                walk(session, app.extensions["office"], case, "in_meeting", cast)
                known = [visitor_of_party(one).id for one in case.parties]
                known.append(visitor_of_staff(staff["mediator"]).id)
                cookies = [f"session={sign.dumps({'_user_id': one, '_fresh': True})}" for one in known]
                found.append((f"/cases/{case.ref}/meeting", cookies))
        db.session.remove()
        db.engine.dispose()
    return found


class Server:
    """The server as `make run` starts it, two processes of it."""

    def __init__(self, place: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._place = place
        self._spent = 0.0

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "gunicorn", "-c", "python:mediation.serving"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--log-level", "critical"]
        settings = {"MEDIATION_INSTANCE": str(self._place)}
        self._process = subprocess.Popen(
            [*command, "--backlog", "4096", "mediation.app:create_app()"], env=os.environ | settings
        )
        for _ in range(300):
            time.sleep(0.1)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
        self._began = self._cpu()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def sit(self, url: str, cookie: str) -> Seat:
        """Open the page once: the token of its forms, and the session that goes with it."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        asking.request("GET", url, headers={"Cookie": cookie})
        answer = asking.getresponse()
        page = answer.read().decode()
        new = answer.headers.get("Set-Cookie", cookie).partition(";")[0]
        asking.close()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None, answer.status
        return Seat(url, new, found[1])

    def kill_one(self) -> None:
        """One of the processes, whatever it is doing."""
        first, *_ = self._children()
        self._spent += _ticks(first)
        os.kill(first, signal.SIGKILL)

    def used(self) -> dict[str, float]:
        """Seconds of processor, and megabytes of each process that serves."""
        sizes = []
        for child in self._children():
            status = Path(f"/proc/{child}/status").read_text("ascii")
            rss = re.search(r"VmRSS:\s+(\d+) kB", status)
            sizes.append(round(int(rss[1]) / 1024) if rss else 0)
        return {"cpu s": round(self._cpu() - self._began, 1), "MB": max(sizes)}

    def _children(self) -> list[int]:
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text("ascii")
        return [int(one) for one in listed.split()]

    def _cpu(self) -> float:
        return self._spent + sum(_ticks(one) for one in self._children())


def _ticks(process: int) -> float:
    after = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(after[11]) + int(after[12])) / TICKS
