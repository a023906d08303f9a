"""A server of several worker processes that can be killed, and clients who write down what it promised."""

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from makers import FILED

from mediation.web.context import visitor_of_staff

WORKERS = 4


class Server:
    """gunicorn on loopback, in processes of its own."""

    def __init__(self, url: str, instance: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "MEDIATION_INSTANCE": str(instance),
            "DATABASE_URL": url,
            "MEDIATION_WTF_CSRF_ENABLED": "false",
        }
        self.log = instance / "server.log"
        self.start()

    def start(self) -> None:
        """Start the master; it starts the workers."""
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}"]
        shape = ["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", "4"]
        with self.log.open("ab") as log:
            self.master = subprocess.Popen(
                [*command, *shape, "--log-level", "warning", "mediation.app:create_app()"],
                env=self._env,
                stderr=log,
                stdout=log,
            )
            # Timers, papers and notices, as in service; it may be there twice for a while.
            self.helper = subprocess.Popen(
                [sys.executable, "-m", "mediation", "work", "--every", "1"],
                env=self._env,
                stderr=log,
                stdout=log,
            )

    def workers(self) -> list[int]:
        """The process numbers of the workers."""
        try:
            said = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text()
        except OSError:
            return []
        return [int(number) for number in said.split()]

    def kill_worker(self, chance: random.Random) -> bool:
        """Kill any one worker; False if there is none just now."""
        workers = self.workers()
        if workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
        return bool(workers)

    def kill_master(self) -> None:
        """Kill the master and whoever does the regular work, and start others; the orphans free the port."""
        orphans = self.workers()
        self.helper.kill()
        self.helper.wait()
        self.master.kill()
        self.master.wait()
        until = time.monotonic() + 30
        while any(Path(f"/proc/{pid}").exists() for pid in orphans) and time.monotonic() < until:
            time.sleep(0.05)
        self.start()

    def ready(self, patience: float = 60) -> float:
        """Seconds until it has all its worker processes and answers twice as often as it has workers."""
        began = time.monotonic()
        while time.monotonic() < began + patience:
            assert self.master.poll() is None, self.log.read_text()[-2_000:]
            try:
                full = len(self.workers()) == WORKERS
                if full and all(self.ask("GET", "/totals")[0] == 200 for _ in range(2 * WORKERS)):
                    return time.monotonic() - began
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)
        raise AssertionError(self.log.read_text()[-2_000:])

    def ask(self, method: str, place: str, cookie: str = "", /, **typed: str) -> tuple[int, str, str]:
        """Status, place and page of an answer.  Raises OSError or HTTPException if there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": f"session={cookie}", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, place, urllib.parse.urlencode(typed) if typed else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read().decode()
        finally:
            connection.close()

    def stop(self) -> None:
        """End it in order."""
        self.helper.kill()
        self.helper.wait()
        self.master.terminate()
        try:
            self.master.wait(20)
        except subprocess.TimeoutExpired:
            self.master.kill()
            self.master.wait()


def cookie(app: Flask, **kept: Any) -> str:
    """The cookie of a browser that the server knows."""
    serializer = app.session_interface.get_signing_serializer(app)
    return str(serializer.dumps(kept))


def staff_cookie(app: Flask, person: Any, **kept: Any) -> str:
    """The cookie of a member of staff."""
    return cookie(app, _user_id=visitor_of_staff(person).id, **kept)


@dataclass
class Deed:
    """What a client meant to do, and what it was told: ok, fail (refused), or info (no answer)."""

    name: str
    kind: str
    case: str
    seen: int = 0
    told: str = "info"


@dataclass
class Client:
    """Somebody who acts on the same few cases as the others and files new ones, and remembers all of it."""

    server: Server
    number: int
    refs: list[str]
    clerk: str
    browser: str
    seed: int
    journal: list[Deed] = field(default_factory=list)

    def work(self, done: threading.Event) -> None:
        """One deed after the other until it is `done`."""
        chance = random.Random(self.seed + self.number)  # noqa: S311 - to be replayed, not to be secret
        while not done.is_set():
            name = f"deed {self.number}-{len(self.journal)}"
            try:
                if chance.random() < 0.3:
                    self._file(name)
                else:
                    self._contact(name, chance.choice(self.refs))
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)  # no answer: the deed stays as it was written down before

    def _contact(self, name: str, ref: str) -> None:
        place = f"/cases/{ref}/acts/contact_employer"
        status, _, page = self.server.ask("GET", place, self.clerk)
        found = re.search(r'name="seen" value="(\d+)"', page)
        if status != 200 or not found:
            return
        deed = Deed(name, "contact", ref, int(found[1]))
        self.journal.append(deed)
        status, _, _ = self.server.ask("POST", place, self.clerk, seen=found[1], note=name)
        deed.told = {302: "ok", 409: "fail"}.get(status, "info")

    def _file(self, name: str) -> None:
        """File once, however often the form must be sent for an answer."""
        deed = Deed(name, "file", "")
        self.journal.append(deed)
        for _ in range(20):
            try:
                status, place, _ = self.server.ask(
                    "POST", "/desk/oral", self.browser, **{**FILED, "once": name, "story": name}
                )
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
                continue
            if status == 302:
                deed.told, deed.case = "ok", place.rsplit("/", 1)[1]
                return
