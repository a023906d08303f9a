"""Offices to be crashed."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from stages import PostgresqlStage, SqliteStage, Stage


@pytest.fixture
def seed() -> int:
    """Where the chance of this test begins: printed when it fails, given again as CRASH_SEED."""
    given = os.environ.get("CRASH_SEED")
    begun = int(given) if given else random.randrange(1 << 32)  # noqa: S311 - to be replayed
    print(f"CRASH_SEED={begun}")
    return begun


@pytest.fixture
def stage(
    database_kind: str, database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Stage]:
    """An office with open books and no case, kept as "empty"."""
    if database_kind == "sqlite":
        made: Stage = SqliteStage(tmp_path / "mediation.sqlite", tmp_path / "instance")
        made.open()
        yield made
        made.leave()
        return
    name = database_url.partition("?")[0].rpartition("/")[2]
    held = PostgresqlStage(request.getfixturevalue("postgresql"), database_url, name, tmp_path / "instance")
    held.open()
    yield held
    held.close()
