"""Somebody who listens to a stream of a room in a test: a browser with its own thread."""

import json
import threading
import time
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

PATIENCE = 10.0


@dataclass(frozen=True)
class Event:
    """One event of a stream as a browser reads it."""

    kind: str
    id: str
    data: dict[str, Any]


class Ear:
    """What a browser hears from the moment it begins to listen, until it is told to stop."""

    def __init__(self, client: FlaskClient, url: str, **how: Any) -> None:
        self.raw = ""
        self.ended = threading.Event()
        self.status = 0
        self._began = threading.Event()
        self._stop = False
        self._thread = threading.Thread(target=self._listen, args=(client, url, how), daemon=True)
        self._thread.start()
        assert self._began.wait(PATIENCE)

    def _listen(self, client: FlaskClient, url: str, how: dict[str, Any]) -> None:
        answer = client.get(url, buffered=False, **how)
        self.status = answer.status_code
        try:
            for piece in answer.iter_encoded():
                self.raw += piece.decode()
                if "retry:" in self.raw:
                    self._began.set()
                if self._stop:
                    break
        finally:
            answer.close()
            self._began.set()
            self.ended.set()

    @property
    def events(self) -> list[Event]:
        """What was heard so far."""
        return [_event(text) for text in self.raw.split("\n\n") if text.startswith("event:")]

    def said(self) -> list[str]:
        """The messages heard so far, as the page writes them."""
        return [one.data["html"] for one in self.events if one.kind == "said"]

    def wait(self, number: int, kind: str = "said") -> list[Event]:
        """The first so many events of a kind, once they are there."""
        until = time.monotonic() + PATIENCE
        while len(found := [one for one in self.events if one.kind == kind]) < number:
            assert time.monotonic() < until, f"{len(found)} of {number}: {self.raw[-500:]}"
            time.sleep(0.01)
        return found

    def close(self) -> None:
        """Listen no more, at the next sound."""
        self._stop = True


def _event(text: str) -> Event:
    lines = dict(line.partition(": ")[::2] for line in text.split("\n"))
    return Event(lines["event"], lines["id"], json.loads(lines["data"]))
