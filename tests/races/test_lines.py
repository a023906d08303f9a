"""Open pages of a meeting before four processes: lines that break, a process that is killed, a restart."""

import json
import re
import threading
import time
from contextlib import suppress
from typing import Any

import pytest
from arena import House
from racing import Server, spelled

ROLES = ("worker", "employer", "mediator")
PATIENCE = 30.0


class Page:
    """A page that listens, and comes back whenever its line ends; it begins where it was."""

    def __init__(self, server: Server, path: str, cookie: str) -> None:
        self._server, self._path, self._cookie = server, path, cookie
        self.heard: list[int] = []
        self.lines = 0
        self._last = ""
        self._line: Any = None
        self._over = False
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def _live(self) -> None:
        while not self._over:
            with suppress(OSError):
                self._listen()
            time.sleep(0.1)

    def _listen(self) -> None:
        with self._server.connect() as line:
            self._line = line
            request = spelled("GET", self._path, cookie=self._cookie).decode()
            head = request.replace("HTTP/1.1", "HTTP/1.0").replace(
                "\r\n\r\n", f"\r\nLast-Event-ID: {self._last}\r\n\r\n"
            )
            line.sendall(head.encode())
            with line.makefile("r", encoding="utf-8") as rows:
                for row in rows:
                    self._read(row.rstrip("\n"))

    def _read(self, row: str) -> None:
        if row.startswith("retry:"):
            self.lines += 1
        elif row.startswith("id: "):
            self._last = row.removeprefix("id: ")
        elif row.startswith('data: {"audience"'):
            said = json.loads(row.removeprefix("data: "))["html"]
            self.heard += [int(found) for found in re.findall(r"word (\d+)", said)]

    def drop(self) -> None:
        """The line breaks."""
        with suppress(OSError):
            self._line.shutdown(2)

    def close(self) -> None:
        self._over = True
        self.drop()
        self._thread.join(5)


class Talk:
    """A meeting of three in which one posts and nine pages listen, on whichever process they came to."""

    def __init__(self, house: House) -> None:
        self.house, number = house, house.case("in_meeting")
        self.path = f"/cases/{house.ref(number)}/meeting"
        cookies = [house.cookie(number, role) for role in ROLES]
        self._cookie, self._typed = house.form(self.path, house.cookie(number, "worker"))
        self.said = 0
        self.pages = [Page(house.server, f"{self.path}/stream", cookie) for cookie in cookies * 3]
        self._until(lambda: all(page.lines for page in self.pages))

    def say(self, times: int = 1) -> None:
        """So many words, each again until it was taken."""
        for _ in range(times):
            typed = self._typed | {
                "body": f"word {self.said}",
                "do": "say",
                "once": f"{self.path} {self.said}",
            }
            until = time.monotonic() + PATIENCE
            while True:
                with suppress(OSError):
                    answer = self.house.server.ask("POST", self.path, typed=typed, cookie=self._cookie)
                    if answer.status == 302:
                        break
                assert time.monotonic() < until, "nobody takes it"
                time.sleep(0.1)
            self.said += 1

    def all_heard(self) -> None:
        """Every page has every word, once and in order."""
        wanted = list(range(self.said))
        self._until(lambda: all(len(page.heard) >= self.said for page in self.pages))
        assert [page.heard for page in self.pages] == [wanted] * len(self.pages)

    def _until(self, true: Any) -> None:
        until = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < until, [page.heard for page in self.pages]
            time.sleep(0.05)

    def close(self) -> None:
        for page in self.pages:
            page.close()


@pytest.fixture
def talk(house: House) -> Any:
    talk = Talk(house)
    yield talk
    talk.close()


def test_a_word_that_one_process_takes_is_heard_at_all_of_them(talk: Talk) -> None:
    talk.say(12)
    talk.all_heard()


def test_lines_that_break_again_and_again_lose_nothing(talk: Talk) -> None:
    for turn in range(6):
        talk.say(2)
        for page in talk.pages[turn % 3 :: 3]:
            page.drop()
        talk.say(2)
    talk.all_heard()
    assert sum(page.lines for page in talk.pages) > len(talk.pages)


def test_a_process_that_is_killed_takes_no_word_with_it(talk: Talk) -> None:
    talk.say(3)
    talk.house.server.kill_one()
    talk.say(3)
    talk.all_heard()


def test_a_server_that_is_started_again_goes_on_where_it_was(talk: Talk) -> None:
    talk.say(3)
    begun = time.monotonic()
    talk.house.server.stop()
    assert time.monotonic() - begun < 5, "it hangs up on its pages and does not wait for them"
    talk.house.server.start()
    talk.say(3)
    talk.all_heard()
