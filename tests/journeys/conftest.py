"""A real server in a second process and a real browser, on loopback only."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from houses import CHROMIUM, EMPLOYERS, House, People
from playwright.sync_api import Browser, sync_playwright

from mediation.app import create_app
from mediation.services import demo
from mediation.services.opening import make_ready
from mediation.store.db import db, transaction


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    instance = tmp_path_factory.mktemp("house")
    app = create_app(instance)
    with app.app_context():
        make_ready(transaction, datetime.now(UTC))
        accounts = demo.load(transaction, app.extensions["office"], datetime.now(UTC))
        db.session.remove()
        db.engine.dispose()
    (instance / "employers.txt").write_text("\n".join(EMPLOYERS), "utf-8")
    port = _free_port()
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "-c", "python:mediation.serving"),
            *(
                "--bind",
                f"127.0.0.1:{port}",
                "--log-level",
                "warning",
                "mediation.app:create_app()",
            ),
        ],
        env=os.environ
        | {
            "MEDIATION_INSTANCE": str(instance),
            "MEDIATION_SHOW_INBOX": "true",
            "MEDIATION_PROXIES": "1",
            "MEDIATION_EMPLOYER_LIST": "employers.txt",
            "MEDIATION_PUBLIC_URL": f"http://127.0.0.1:{port}",
        },
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _answering(url, server)
        yield House(url, instance, {one.login: one.password for one in accounts})
    finally:
        server.terminate()
        server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answering(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended at its start"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not answer within 90 seconds")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield running
        running.close()


@pytest.fixture(params=[False, True], ids=["without-javascript", "with-javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def people(browser: Browser, house: House, javascript: bool) -> Iterator[People]:
    everybody = People(browser, house, javascript=javascript)
    yield everybody
    everybody.close()
