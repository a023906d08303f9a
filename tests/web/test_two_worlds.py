"""Two worlds that differ in nothing but a side's private talk: the other side finds no difference anywhere.

Both begin as copies of one office and play one script at the same moments.  In one of them one side talks
in private with the mediator, who makes notes, and keeps drafts; in the other nobody does.
"""

import random
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from listening import Ear
from makers import NOW
from reading import filled, still
from test_who_sees_what import crawl
from visiting import Played

from mediation.app import create_app
from mediation.domain.rooms import PLACES, Room, private
from mediation.services import talks
from mediation.services.pulses import heads
from mediation.store.db import db
from mediation.store.models import Case, SentMessage

SCRIPTS = 20
STEPS = 24
MOMENT = timedelta(seconds=7)
"""Between two steps: longer than the notice of a move."""
OTHER = {"worker": "employer", "employer": "worker"}
WORDS = ("一万八就签", "最多三千", "他偷过东西", "canary", "我不想再见到他们", "¥3,000.00", "<b>急</b>", "行")
OWN = ("Set-Cookie", "Date")
"""Headers that are another at each answer."""
Step = tuple[str, ...]


class World(Played):
    """A copy of an office in which a case is in a meeting."""

    def __init__(self, case: Played, place: Path) -> None:
        shutil.copytree(case.app.instance_path, place / "instance")
        shutil.copyfile(case.app.extensions["database"], place / "mediation.sqlite")
        settings = {"TESTING": True, "WTF_CSRF_ENABLED": False, "MIGRATE": False}
        url = f"sqlite:///{place / 'mediation.sqlite'}"
        self.app: Flask = create_app(place / "instance", DATABASE_URL=url, **settings)
        self.transaction = self._work
        self.office = self.app.extensions["office"]
        self.id, self.ref = case.id, case.ref
        self.at: datetime = NOW
        self.app.extensions["clock"] = lambda: self.at

    def _work(self) -> Any:
        return _Work(self.app)

    def play(self, step: Step, *, talks_in_private: bool) -> None:
        """One step; those in private only in the world where they are."""
        kind, *what = step
        self.at += MOMENT
        if kind == "move":
            self._send("mediator", f"/meeting/move?to={what[0]}", minutes="10")
        elif kind == "say":
            self._send(what[0], "/meeting", body=what[1])
        elif kind == "offer":
            self._send(what[0], "/acts/offer", amount=what[1])
        elif talks_in_private:
            role, audience, body, do = what
            self._send(role, f"/meeting?of={audience}", body=body, audience=audience, do=do)

    def _send(self, role: str, page: str, **typed: str) -> None:
        client = self.by(role)
        answer = client.post(self.url(page), data=filled(client.get(self.url(page))) | typed)
        assert answer.status_code == 302, (role, page, typed, answer.text)

    def seen(self, role: str) -> dict[str, Any]:
        """Whatever somebody of this role can get: every page with its headers, his texts, a new stream."""
        client, found = self.by(role), {}
        for path, _ in crawl(client, self.url(), self.url("/meeting")):
            with client.get(path) as answer:
                said = {name: value for name, value in answer.headers if name not in OWN}
                body = still(answer) if answer.mimetype == "text/html" else answer.data
                found[path] = (answer.status_code, said, body)
        with client.get(self.url("/meeting/stream"), buffered=False) as answer:
            pieces = answer.iter_encoded()
            found["stream"] = (dict(answer.headers), next(pieces), next(pieces))
        with self.transaction() as session:
            phones = [one.phone for one in session.get_one(Case, self.id).parties if one.side == role]
            texts = session.query(SentMessage).filter(SentMessage.phone.in_(phones)).order_by(SentMessage.id)
            found["texts"] = [(one.body, one.at) for one in texts]
        return found


class _Work:
    """A piece of work in the database of one world."""

    def __init__(self, app: Flask) -> None:
        self._context = app.app_context()

    def __enter__(self) -> Any:
        self._context.push()
        return db.session()

    def __exit__(self, *_: object) -> None:
        db.session.rollback()
        self._context.pop()


def script(chance: random.Random, side: str) -> list[Step]:
    """A meeting: moves, what is said to all, offers; and in private on one side, and by the mediator."""
    steps: list[Step] = []
    talk = Room.JOINT
    own, other = private(side), private(OTHER[side])
    while len(steps) < STEPS:
        kind = chance.choice(("move", "say", "offer", "private", "private", "private"))
        body = f"{chance.choice(WORDS)} {chance.randrange(10**6)}"
        if kind == "move":
            talk = chance.choice([one for one in PLACES if one is not talk])
            steps.append(("move", talk))
        elif kind == "say" and talk in (Room.JOINT, other):
            roles = ("mediator", *OTHER) if talk is Room.JOINT else ("mediator", OTHER[side])
            steps.append(("say", chance.choice(roles), body))
        elif kind == "private":
            may = [("mediator", Room.TEAM, "say"), (side, own, "keep"), ("mediator", own, "keep")]
            # Words to a side go out where it is alone with the mediator, or waits.
            may += [(side, own, "say"), ("mediator", own, "say")] * (talk is not Room.JOINT)
            role, audience, do = chance.choice(may)
            steps.append(("private", role, audience, body, do))
    return steps


@pytest.fixture
def database_kind() -> str:
    """Files that can be copied; who reads what is the same on both databases."""
    return "sqlite"


@pytest.fixture
def worlds(app: Flask, transaction: Any, database_url: str, tmp_path: Path) -> Iterator[tuple[World, World]]:
    case = Played(app, transaction, state="in_meeting")
    app.extensions["database"] = database_url.removeprefix("sqlite:///")
    with app.app_context():
        db.engine.dispose()  # what is still in the log of the file goes into the file
    two = World(case, tmp_path / "talks"), World(case, tmp_path / "silent")
    yield two
    for world in two:
        world.app.extensions["live"].close()
        with world.app.app_context():
            db.engine.dispose()


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Where two readings differ."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def play(worlds: tuple[World, World], side: str, seed: str) -> None:
    """Play a script in both worlds; the other side looks at everything again and again."""
    chance = random.Random(seed)  # noqa: S311 - a script that can be played again
    steps = script(chance, side)
    ears = [Ear(world.by(OTHER[side]), world.url("/meeting/stream")) for world in worlds]
    for number, step in enumerate(steps):
        for world, talking in zip(worlds, (True, False), strict=True):
            world.play(step, talks_in_private=talking)
        if number % 8 == 7:
            talking, silent = (world.seen(OTHER[side]) for world in worlds)
            assert differences(talking, silent) == [], (seed, steps[: number + 1])
    public = sum(step[0] == "say" for step in steps)
    for ear in ears:
        ear.wait(public)
    assert ears[0].said() == ears[1].said()
    for world, ear in zip(worlds, ears, strict=True):
        world.app.extensions["live"].close()
        assert ear.ended.wait(5)


@pytest.mark.parametrize("side", OTHER)
@pytest.mark.parametrize("seed", range(SCRIPTS // 2))
def test_the_other_side_cannot_tell_whether_there_was_a_private_talk(
    worlds: tuple[World, World], seed: int, side: str
) -> None:
    play(worlds, side, f"{seed} {side}")


@pytest.mark.long
@pytest.mark.parametrize("side", OTHER)
@pytest.mark.parametrize("seed", range(1_000, 1_100))
def test_nor_in_two_hundred_meetings(worlds: tuple[World, World], seed: int, side: str) -> None:
    play(worlds, side, f"{seed} {side}")


def test_the_comparison_finds_a_difference(worlds: tuple[World, World]) -> None:
    """A word that was said to all in one world alone is on pages of the other side, and in its stream."""
    talking, silent = worlds
    talking.play(("say", "worker", "只在这里"), talks_in_private=True)
    silent.at = talking.at
    found = differences(talking.seen("employer"), silent.seen("employer"))
    assert "stream" in found
    assert talking.url("/meeting") in found


def test_the_scripts_have_private_talks_in_them(worlds: tuple[World, World]) -> None:
    talking = worlds[0]
    chance = random.Random("0 worker")  # noqa: S311 - a script that can be played again
    for step in script(chance, "worker"):
        talking.play(step, talks_in_private=True)
    with talking.transaction() as session:
        found = heads(session, [talking.id])[talking.id]
        assert found[Room.WORKER] > 0
        assert found[Room.TEAM] > 0
        assert talks.standing(session, talking.id, "in_meeting", talking.at).room in PLACES
