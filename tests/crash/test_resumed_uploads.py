"""A file sent in parts to a real server that goes away three times in between: not a byte is lost."""

import hashlib
import http.client
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import makers
import pytest
from flask import Flask
from serving import Server, cookie

from mediation.services import evidence
from mediation.services.offices import Office
from mediation.store.cases import facts_of, party
from mediation.store.models import Case, Upload, UploadPart
from mediation.web.context import visitor_of_party

PART = 64 * 1024


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def server(app: Flask, database_url: str, instance: Path) -> Iterator[Server]:
    assert app
    running = Server(database_url, instance)
    try:
        running.ready()
        yield running
    finally:
        running.stop()


class Phone:
    """Somebody who sends a file in parts, and asks where it stands whenever he got no answer."""

    def __init__(self, server: Server, ref: str, session: str) -> None:
        self.server, self.ref = server, ref
        self.headers = {"Cookie": f"session={session}", "Accept": "application/json"}
        self.resumed = 0

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            line.request(method, path, body or None, {**self.headers, **headers})
            answer = line.getresponse()
            said = answer.read()
            return answer.status, json.loads(said) if said.startswith(b"{") else said
        finally:
            line.close()

    def began(self, size: int) -> str:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, said = self.ask("POST", "/uploads", f"for={self.ref}&size={size}".encode(), **form)
        assert status == 201
        return str(said["upload"])

    def part(self, secret: str, came: int, content: bytes) -> tuple[int, Any]:
        path = f"/uploads/{secret}?for={self.ref}"
        kind = {"Content-Type": "application/octet-stream", "Upload-Offset": str(came)}
        return self.ask("PATCH", path, content[came : came + PART], **kind)

    def stands(self, secret: str) -> int:
        """Where it stands, asked until there is an answer."""
        self.resumed += 1
        for _ in range(600):
            try:
                status, said = self.ask("GET", f"/uploads/{secret}?for={self.ref}")
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
                continue
            assert status == 200
            return int(said["came"])
        raise AssertionError("no answer in a minute")

    def cut_off(self, secret: str, came: int, content: bytes) -> None:
        """Half a part, and the line is dead."""
        head = {"Host": "x", "Cookie": self.headers["Cookie"], "Upload-Offset": came, "Content-Length": PART}
        lines = [f"PATCH /uploads/{secret}?for={self.ref} HTTP/1.1", *(f"{k}: {v}" for k, v in head.items())]
        said = "\r\n".join([*lines, "", ""])
        with socket.create_connection(("127.0.0.1", self.server.port)) as line:
            line.sendall(said.encode() + content[came : came + PART // 2])


def test_a_file_cut_off_three_times_comes_whole(
    server: Server, app: Flask, office: Office, transaction: Any
) -> None:
    with transaction() as session:
        case = makers.make_case(session, office, state="contacting")
        case_id, ref = case.id, case.ref
        mine = cookie(app, _user_id=visitor_of_party(party(case, "worker")).id)
        other = cookie(app, _user_id=visitor_of_party(party(case, "employer")).id)
    frames = (b"\xff\xfb\x90\x00" + bytes(409) + number.to_bytes(4) for number in range(4000))
    content = b"".join(frames)
    phone = Phone(server, ref, mine)
    secret = phone.began(len(content))
    came, cuts = 0, {3: "line", 8: "worker", 14: "master"}
    number = 0
    while came < len(content):
        number += 1
        match cuts.pop(number, ""):
            case "line":
                phone.cut_off(secret, came, content)
                assert phone.stands(secret) == came, "half a part is none"
                continue
            case "worker":
                for pid in server.workers():
                    os.kill(pid, signal.SIGKILL)
                came = phone.stands(secret)
                continue
            case "master":
                server.kill_master()
                came = phone.stands(secret)
                continue
        status, said = phone.part(secret, came, content)
        assert status == 200
        came = said["came"]
    assert phone.resumed == 3
    assert phone.part(secret, 0, content) == (409, {"came": len(content)})
    assert Phone(server, ref, other).ask("GET", f"/uploads/{secret}?for={ref}")[0] == 404
    with transaction() as session:
        kept = b"".join(one.content for one in session.query(UploadPart))
        assert content[:PART] not in kept
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    status, said = phone.ask("POST", f"/cases/{ref}/acts/add_evidence", f"upload={secret}".encode(), **form)
    assert status == 200, said
    with transaction() as session:
        (item,) = facts_of(session.get_one(Case, case_id)).evidence
        assert item.digest == hashlib.sha256(content).hexdigest()
        assert session.query(Upload).count() == session.query(UploadPart).count() == 0
    assert evidence.original(office, item.digest) == content
