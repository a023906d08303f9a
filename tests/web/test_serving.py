"""The settings that gunicorn serves us with, in a real server."""

import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

APP = """
import gc


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{gc.get_freeze_count()} {environ['wsgi.multithread']}".encode()]
"""


def test_a_worker_looks_no_more_through_what_it_loaded_and_has_threads(tmp_path):
    (tmp_path / "small.py").write_text(APP)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "-c", "python:mediation.serving", "--bind", address]
    server = subprocess.Popen([*command, "--pythonpath", str(tmp_path), "--log-level", "error", "small:app"])
    try:
        frozen, threaded = _answer(f"http://{address}/").split()
    finally:
        server.terminate()
        server.wait(20)
    assert int(frozen) > 1_000
    assert threaded == "True"


def _answer(url: str) -> str:
    for _ in range(300):
        try:
            with urlopen(url) as said:
                return said.read().decode()
        except URLError:
            time.sleep(0.1)
    raise AssertionError("no answer in half a minute")
