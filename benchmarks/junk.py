"""Five thousand junk applications while twenty honest ones are filled in, at the server as it is served.

Those who send junk have 500 phones of their own, from which they read the codes, and 500 networks; each
sends as fast as it is answered.  The honest read a page for a second and answer it.

    python benchmarks/junk.py [--junk 5000] [--senders 8]
"""

import argparse
import http.client
import itertools
import os
import re
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

HONEST, PHONES = 20, 500
GOAL = 2.0
"""Seconds within which 95 of 100 honest pages are there."""
ANSWERS = {
    "what": {"what": "wages"},
    "employer": {"name": "某物业公司", "phone": "13900139000"},
    "place": {"place": "110101010"},
    "when": {"since": "under_3"},
    "amount": {"amount.wages": "一万八"},
    "story": {"story": "干了三个月，工资没发。"},
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Browser:
    """One visitor: cookies, a connection that is kept, and the token of its forms."""

    def __init__(self, port: int, address: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._address = address
        self.cookies: dict[str, str] = {}
        self._token = ""
        self.times: list[float] = []

    def ask(self, method: str, path: str, typed: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "X-Forwarded-For": self._address} | (FORM if typed is not None else {})
        body = urlencode((typed or {}) | {"csrf_token": self._token}) if typed is not None else None
        began = time.perf_counter()
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        page = answer.read().decode()
        self.times.append(time.perf_counter() - began)
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if found := re.search(r'name="csrf_token" value="([^"]+)"', page):
            self._token = found[1]
        return answer.status, answer.headers.get("Location") or "", page

    def close(self) -> None:
        self._line.close()


def code_for(database: Path, phone: str) -> str:
    """What the holder of a phone reads on it."""
    with sqlite3.connect(database, timeout=60) as connection:
        query = "SELECT body FROM sent WHERE phone = ? ORDER BY id DESC LIMIT 1"
        row = connection.execute(query, (phone,)).fetchone()
    connection.close()
    found = re.search(r"验证码(\d{6})", row[0]) if row else None
    return found[1] if found else ""


def apply(visitor: Browser, database: Path, phone: str, pause: float, *, looks: bool) -> tuple[int, str]:
    """One application from the first page to the last: the status of the last answer, and where it leads."""
    visitor.ask("GET", "/apply")
    visitor.ask("POST", "/apply", {"anew": "1"})
    contact = {"name": "周某", "phone": phone, "consent": "1"}
    for step, said in (ANSWERS | {"contact": contact}).items():
        if looks:
            visitor.ask("GET", f"/apply/{step}")
            time.sleep(pause)
        status, where, _ = visitor.ask("POST", f"/apply/{step}", said)
        if status != 302:
            return status, where
    if looks:
        visitor.ask("GET", "/apply/check")
        time.sleep(pause)
    once = f"{phone}-{time.monotonic_ns()}"
    status, where, _ = visitor.ask("POST", "/apply/check", {"code": code_for(database, phone), "once": once})
    if status == 302 and looks:
        status = 302 if visitor.ask("GET", where)[0] == 200 else 0
    return status, where


@contextmanager
def served(place: Path) -> Iterator[int]:
    """The server as `make run` starts it, behind one proxy: its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served_as = "--workers 2 --threads 16 --log-level warning mediation.app:create_app()"
    command = [sys.executable, "-m", "gunicorn", "-c", "python:mediation.serving"]
    command += ["--bind", f"127.0.0.1:{port}", *served_as.split()]
    settings = {"MEDIATION_INSTANCE": str(place), "MEDIATION_PROXIES": "1"}
    server = subprocess.Popen(command, env=os.environ | settings)
    try:
        for _ in range(300):
            time.sleep(0.1)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def flood(port: int, database: Path, junk: int, senders: int, done: threading.Event) -> Counter[int]:
    """Send junk from several threads at once until it is all sent; what came of each."""
    came: Counter[int] = Counter()
    numbers = itertools.count()

    def send() -> None:
        while not done.is_set() and (number := next(numbers)) < junk:
            of = number % PHONES
            visitor = Browser(port, f"198.{18 + of // 250}.{of % 250}.7")
            came[apply(visitor, database, f"1360000{of:04d}", 0, looks=False)[0]] += 1
            visitor.close()

    with ThreadPoolExecutor(senders) as pool:
        for sender in [pool.submit(send) for _ in range(senders)]:
            sender.result()
    return came


def honest(port: int, database: Path, number: int, started: float, spread: float) -> tuple[int, list[float]]:
    """One worker, who begins somewhere in the time of the flood."""
    time.sleep(max(0, started + spread * number / HONEST - time.monotonic()))
    visitor = Browser(port, f"192.0.{number}.7")
    status, _ = apply(visitor, database, f"1380000{number:04d}", 1.0, looks=True)
    visitor.close()
    return status, visitor.times


def alone(port: int, database: Path) -> float:
    """The median of a page of an honest worker when there is nobody else."""
    visitor = Browser(port, "192.0.99.7")
    assert apply(visitor, database, "13900009999", 0, looks=True)[0] == 302
    visitor.close()
    return statistics.median(visitor.times)


def main() -> None:
    """Measure and print; status 1 if an honest worker was refused or waited too long."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--junk", type=int, default=5000)
    arguments.add_argument("--senders", type=int, default=8)
    arguments.add_argument("--spread", type=float, default=60, help="seconds over which the honest begin")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as port:
        database = Path(folder, "mediation.sqlite")
        quiet = alone(port, database)
        done, started = threading.Event(), time.monotonic()
        with ThreadPoolExecutor(HONEST + 1) as pool:
            sending = pool.submit(flood, port, database, given.junk, given.senders, done)
            each = [pool.submit(honest, port, database, n, started, given.spread) for n in range(HONEST)]
            answers = [one.result() for one in each]
            came = sending.result()
        seconds = time.monotonic() - started
    times = sorted(second for _, found in answers for second in found)
    p95 = times[int(len(times) * 0.95)]
    filed = sum(status == 302 for status, _ in answers)
    sent = sum(came.values())
    other = sent - came[302] - came[429]
    print(f"junk: {sent} applications in {seconds:.0f} s: {came[302]} filed,", end=" ")
    print(f"{came[429]} over a limit, {other} without a code")
    print(
        f"honest: {filed} of {HONEST} filed; with nobody else a page takes {quiet * 1e3:.0f} ms, now", end=" "
    )
    print(
        f"{statistics.median(times) * 1e3:.0f} ms, p95 {p95 * 1e3:.0f} ms, longest {times[-1] * 1e3:.0f} ms"
    )
    sys.exit(filed < HONEST or p95 > GOAL)


if __name__ == "__main__":
    main()
