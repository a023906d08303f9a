"""Three hundred open pages in thirty meetings, a hundred messages a second, at the server as it is served.

Every page is a line of its own (server-sent events); messages are posted as forms are.  First everybody
stays; then each page is away for 1 to 4 seconds every few seconds, and half-way one of the two server
processes is killed.

    python benchmarks/rooms.py [--rooms 30] [--pages 10] [--seconds 20] [--rate 100]
"""

import argparse
import asyncio
import json
import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from rooms_served import Seat, Server, meetings

WARM = 3.0
"""Seconds of talk that are not timed, only counted: the first word of a room opens it for each page."""
GRACE = 12.0
"""Seconds after the last message in which everybody may catch up: longer than anybody is away."""


@dataclass
class Heard:
    """What one page heard: each message and when, how often it came twice, how often the page came back."""

    at: dict[str, float] = field(default_factory=dict)
    twice: int = 0
    lines: int = 0
    since: float = 0.0
    last: str = ""
    direct: dict[str, float] = field(default_factory=dict)
    """When a message came that was said while this line was open all the time."""

    def hear(self, word: str, script: "Script") -> None:
        """A message has come."""
        now = time.perf_counter()
        if word in self.at:
            self.twice += 1
            return
        self.at[word] = now
        if word in script.said and script.said[word] > max(self.since, script.timed):
            self.direct[word] = now - script.said[word]


@dataclass
class Script:
    """One run: who says what when, and what became of it."""

    rooms: int
    pages: int
    seconds: float
    rate: int
    away: bool
    said: dict[str, float] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    """Messages that the server has taken, and their rooms."""
    refused: int = 0
    over: bool = False
    timed: float = 0.0
    """From when on it is timed."""


Listen = Callable[[Heard, Script, float], Awaitable[None]]
Say = Callable[[int, str], Awaitable[bool]]


async def page(listen: Listen, heard: Heard, script: Script, chance: random.Random) -> None:
    """A page that is open for a while, away for a while, and comes back."""
    while not script.over:
        stays = chance.uniform(2, 8) if script.away else script.seconds + GRACE
        heard.lines += 1
        heard.since = float("inf")
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError, ConnectionError):
            await listen(heard, script, time.perf_counter() + stays)
        heard.since = float("inf")
        if not script.over:
            await asyncio.sleep(chance.uniform(1, 4) if script.away else chance.uniform(0.1, 0.5))


async def talk(say: Say, script: Script) -> None:
    """Messages at an even pace, each until it is taken."""
    begun = time.perf_counter()
    script.timed = begun + WARM
    number = 0
    saying = []
    while (left := begun + number / script.rate - time.perf_counter()) < script.seconds:
        if number >= script.rate * script.seconds:
            break
        await asyncio.sleep(max(0.0, left))
        saying.append(asyncio.create_task(one(say, script, number % script.rooms, f"m{number:07d}")))
        number += 1
    await asyncio.gather(*saying)


async def one(say: Say, script: Script, room: int, word: str) -> None:
    """Say it; again with the same key where no answer came."""
    for _ in range(30):
        script.said[word] = time.perf_counter()
        try:
            if await asyncio.wait_for(say(room, word), 10):
                script.taken[word] = room
                return
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass
        script.refused += 1
        await asyncio.sleep(0.2)


async def run(
    script: Script, listens: list[list[Listen]], say: Say, kill: Callable[[], None]
) -> dict[str, Any]:
    """Play the script; what was heard of it."""
    heards = [[Heard() for _ in room] for room in listens]
    chance = random.Random(4)  # noqa: S311 - a script that can be played again
    pages = [
        asyncio.create_task(page(listen, heard, script, chance))
        for room, ears in zip(listens, heards, strict=True)
        for listen, heard in zip(room, ears, strict=True)
    ]
    await asyncio.sleep(6)
    if script.away:
        asyncio.get_running_loop().call_later(script.seconds / 2, kill)
    await talk(say, script)
    last = time.perf_counter()
    while time.perf_counter() < last + GRACE and _lost(script, heards):
        await asyncio.sleep(0.2)
    script.over = True
    for task in pages:
        task.cancel()
    await asyncio.gather(*pages, return_exceptions=True)
    return _figures(script, heards)


def _lost(script: Script, heards: list[list[Heard]]) -> int:
    rooms = defaultdict(set)
    for word, room in script.taken.items():
        rooms[room].add(word)
    return sum(len(rooms[number] - heard.at.keys()) for number, room in enumerate(heards) for heard in room)


def _figures(script: Script, heards: list[list[Heard]]) -> dict[str, Any]:
    every = [heard for room in heards for heard in room]
    times = sorted(taken for heard in every for taken in heard.direct.values())
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    return {
        "taken": len(script.taken),
        "due": len(script.taken) * script.pages,
        "lost": _lost(script, heards),
        "twice": sum(heard.twice for heard in every),
        "lines": sum(heard.lines for heard in every),
        "asked again": script.refused,
        "median ms": round(cuts[49] * 1000, 1),
        "p95 ms": round(cuts[94] * 1000, 1),
        "p99 ms": round(cuts[98] * 1000, 1),
    }


# --- our server --------------------------------------------------------------------------------------------


def line(port: int, seat: Seat) -> Listen:
    """The line of one page."""

    async def listen(heard: Heard, script: Script, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            back = f"Last-Event-ID: {heard.last}\r\n" if heard.last else ""
            head = f"GET {seat.url}/stream HTTP/1.0\r\nHost: x\r\nCookie: {seat.cookie}\r\n{back}\r\n"
            writer.write(head.encode())
            async with asyncio.timeout(max(0.0, until - time.perf_counter())):
                if b" 200 " not in await reader.readline():
                    raise ConnectionError
                while row := await reader.readline():
                    _read(row.decode().rstrip("\n"), heard, script)
        finally:
            writer.close()

    return listen


def _read(row: str, heard: Heard, script: Script) -> None:
    if row.startswith("retry:"):
        heard.since = time.perf_counter()
    elif row.startswith("id: "):
        heard.last = row[4:]
    elif row.startswith('data: {"audience"'):
        for word in re.findall(r"m\d{7}", json.loads(row[6:])["html"]):
            heard.hear(word, script)


def sayer(port: int, rooms: list[list[Seat]]) -> Say:
    """How a message is posted: as the form of the page does it."""

    async def say(room: int, word: str) -> bool:
        seat = rooms[room][int(word[1:]) // len(rooms) % 3]
        typed = {"body": word, "audience": "joint", "do": "say", "once": word, "csrf_token": seat.token}
        body = urlencode(typed)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            head = (
                f"POST {seat.url} HTTP/1.0\r\nHost: x\r\nCookie: {seat.cookie}\r\n"
                "Accept: application/json\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            writer.write((head + body).encode())
            answer = await reader.readline()
            await reader.read()
        finally:
            writer.close()
        return b" 200 " in answer

    return say


def ours(given: argparse.Namespace, *, away: bool) -> dict[str, Any]:
    """This project, served by two processes."""
    script = Script(given.rooms, given.pages, given.seconds, given.rate, away)
    with TemporaryDirectory() as folder:
        place = Path(folder)
        known = meetings(place, given.rooms)
        with Server(place) as server:
            rooms = [[server.sit(url, cookie) for cookie in cookies] for url, cookies in known]
            listens = [
                [line(server.port, room[page % len(room)]) for page in range(given.pages)] for room in rooms
            ]
            found = asyncio.run(run(script, listens, sayer(server.port, rooms), server.kill_one))
            return found | server.used()


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rooms", type=int, default=30)
    arguments.add_argument("--pages", type=int, default=10)
    arguments.add_argument("--seconds", type=float, default=20)
    arguments.add_argument("--rate", type=int, default=100)
    given = arguments.parse_args()
    for away in (False, True):
        print("away 1-4 s every 2-8 s, one process killed" if away else "everybody stays")
        print(" ", ours(given, away=away))


if __name__ == "__main__":
    main()
