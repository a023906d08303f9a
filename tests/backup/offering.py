"""Writes with receipts: offers made in cases that are in meeting, each a commit of its own."""

import sys
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

import makers
from sqlalchemy import select

from mediation.app import create_app
from mediation.services.opening import make_ready
from mediation.store import db as store
from mediation.store.models import Case, Entry


@contextmanager
def writer(app, cases=10):
    """`with writer(app) as offer: offer()` makes an offer; its receipt: number of the entry, its hash."""
    office = app.extensions["office"]
    with app.app_context():
        make_ready(store.transaction, makers.MONDAY)
        made = []
        for _ in range(cases):
            with store.transaction() as session:
                made.append(makers.make_case(session, office).id)
        begun = makers.MONDAY + timedelta(days=1)
        numbers = count(1)

        def offer():
            number = next(numbers)
            with store.transaction() as session:
                case = session.get_one(Case, made[number % cases])
                at = begun + timedelta(seconds=number)
                makers.act(session, office, case, "offer", role="employer", amount=100_000 + number, at=at)
            with store.reading() as session:
                newest = select(Entry.id, Entry.hash).order_by(Entry.id.desc()).limit(1)
                return tuple(session.execute(newest).one())

        yield offer


def receipts(connection):
    """Every entry in a database, as receipts, oldest first; `connection` is any driver's."""
    return [tuple(row) for row in connection.execute("SELECT id, hash FROM entries ORDER BY id").fetchall()]


def main(instance, url):
    """Write until standard input is closed, each receipt a line."""
    app = create_app(Path(instance), TESTING=True, MIGRATE=False, DATABASE_URL=url)
    with writer(app, 4) as offer:
        print("ready", flush=True)
        while sys.stdin.readable():
            print(*offer(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
