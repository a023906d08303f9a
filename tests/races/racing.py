"""Fifty people at once: keep-alive connections whose last byte is held back, and what they were answered."""

import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PATIENCE = 90
"""Seconds for one answer: this machine may be busy with other things."""


@dataclass(frozen=True)
class Answered:
    """What one client was answered."""

    status: int
    location: str
    text: str
    cookie: str

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found


class Server:
    """Four processes behind one address; they can be stopped and started again."""

    def __init__(self, instance: Path, database_url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        settings = {"MEDIATION_INSTANCE": str(instance), "DATABASE_URL": database_url}
        self._env = os.environ | settings | {"MEDIATION_MIGRATE": "false"}

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "-c", "python:mediation.serving"),
                *(
                    "--bind",
                    f"127.0.0.1:{self.port}",
                    "--preload",
                    "--workers",
                    "4",
                    "--threads",
                    "16",
                    "--keep-alive",
                    "60",
                ),
                *(
                    "--timeout",
                    "120",
                    "--graceful-timeout",
                    "2",
                    "--log-level",
                    "error",
                    "mediation.app:create_app()",
                ),
            ],
            env=self._env,
            start_new_session=True,
        )
        for _ in range(600):
            assert self._process.poll() is None, "the server ended at its start"
            try:
                self.ask("GET", "/verify")
            except ConnectionError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server did not answer within a minute")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(40)

    def kill(self) -> None:
        """All processes at once, whatever they are doing."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(40)

    def kill_one(self) -> None:
        """One of the processes; another is begun in its place."""
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text("ascii")
        os.kill(int(listed.split()[0]), signal.SIGKILL)

    def connect(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def ask(self, method: str, path: str, **how: Any) -> Answered:
        """One request on a connection of its own."""
        with self.connect() as line:
            line.sendall(spelled(method, path, **how))
            return read(line)

    def at_once(self, requests: Sequence[bytes]) -> list[Answered]:
        """Send all of them, released together: the last byte of each waits for all the others."""
        lines = [self.connect() for _ in requests]
        try:
            for line in lines:  # warmed: accepted by a worker, which has answered on it
                line.sendall(spelled("GET", "/static/crest.svg"))
            assert {read(line).status for line in lines} == {200}
            for line, request in zip(lines, requests, strict=True):
                line.sendall(request[:-1])
            for line, request in zip(lines, requests, strict=True):
                line.sendall(request[-1:])
            return [read(line) for line in lines]
        finally:
            for line in lines:
                line.close()


def spelled(
    method: str,
    path: str,
    *,
    typed: Mapping[str, Any] | None = None,
    cookie: str = "",
    accept: str = "text/html",
    key: str = "",
) -> bytes:
    """A request as bytes."""
    body = urlencode(typed, doseq=True).encode() if typed is not None else b""
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Accept: {accept}"]
    head += [f"Cookie: session={cookie}"] if cookie else []
    head += [f"Idempotency-Key: {key}"] if key else []
    if typed is not None:
        head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


def read(line: socket.socket) -> Answered:
    """The answer on a connection."""
    answer = HTTPResponse(line)
    try:
        answer.begin()
        text = answer.read().decode("utf-8", "replace")
    finally:
        answer.close()
    cookie = re.search(r"session=([^;]*)", answer.headers.get("Set-Cookie", ""))
    return Answered(answer.status, answer.headers.get("Location", ""), text, cookie[1] if cookie else "")


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form in the page's middle."""
    tags = re.findall(r'<input type="hidden"[^>]*>', page.partition("<main")[2])
    pairs = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags]
    return {name[1]: html.unescape(value[1]) for name, value in pairs if name and value}
