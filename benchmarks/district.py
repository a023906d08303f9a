"""Server time of the pages in a small district and in one a hundred times as large, and the ratios.

Both are made in bulk (`mediation generate`) and asked in turns, in one process, through Flask's test
client: no network, everything else real.  `--keep` uses districts that are there already.

    python benchmarks/district.py [--small 10000] [--large 1000000] [--rounds 200] [--keep SMALL LARGE]

SMALL and LARGE are database URLs or instance folders; what is empty is filled first.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from mediation.app import create_app
from mediation.services import anchoring, generating
from mediation.services.notices import short
from mediation.services.opening import make_ready
from mediation.store.db import db, transaction
from mediation.store.models import Case, Entry, Party, Person
from mediation.web.context import visitor_of_staff

WARM = 5
STAFF = ("clerk", "mediator", "admin")


def opened(place: str, scratch: Path) -> Flask:
    """The application of a district."""
    if "://" in place:
        return create_app(scratch / place.rpartition("/")[2].partition("?")[0], DATABASE_URL=place)
    return create_app(Path(place))


def filled(app: Flask, cases: int) -> None:
    """Make the district, unless it is there."""
    with app.app_context():
        if db.session.scalar(select(Case.id).limit(1)):
            return
        at, start = datetime.now(UTC), time.perf_counter()
        make_ready(transaction, at)
        plan = generating.Plan(cases, 10, at)

        def progress(done: int) -> None:
            print(f"{done:,} {done / (time.perf_counter() - start):,.0f}/s", end="\r", file=sys.stderr)

        generating.generate(transaction, app.extensions["office"], plan, progress)
        anchoring.keep(transaction, app.extensions["office"], at, at_once=True)
        took = time.perf_counter() - start
        print(f"{db.engine.dialect.name}: {cases:,} cases made in {took:.0f} s, {cases / took:,.0f}/s")


def clients(app: Flask) -> dict[str, FlaskClient]:
    """A browser for each role; the mediator is the one with most to do."""
    found = {"public": app.test_client()}
    with app.app_context():
        busiest = (
            select(Case.mediator_id)
            .where(Case.state == "performing")
            .group_by(Case.mediator_id)
            .order_by(func.count().desc())
        )
        mediator = db.session.scalars(busiest.limit(1)).one()
        people = {p.role: p for p in db.session.scalars(select(Person).order_by(Person.id.desc()))}
        people["mediator"] = db.session.get_one(Person, int(mediator.removeprefix("person:")))
        for role in STAFF:
            found[role] = app.test_client()
            with found[role].session_transaction() as kept:
                kept["_user_id"] = visitor_of_staff(people[role]).id
    return found


def asked(app: Flask) -> Iterator[tuple[str, str, str]]:
    """What is measured: its name, by whom, and the address."""
    yield "totals page", "public", "/totals"
    yield "home page", "public", "/"
    for role in STAFF:
        yield f"desk of the {role}", role, "/desk"
    with app.app_context():
        case = db.session.scalars(select(Case).where(Case.state == "performing").limit(1)).one()
        person = db.session.scalars(
            select(Party).where(Party.case_id == case.id, Party.side == "worker")
        ).first()
        yield "page of a case", "clerk", f"/cases/{case.ref}"
        words = {
            "number": short(case.number),
            "name, whole": person.name,
            "name, first character": person.name[0],
            "firm, two characters within": case.employer_name[1:3],
            "firm, whole": case.employer_name,
            "phone": person.phone,
            "phone, last four": person.phone[-4:],
            "nobody's name": "\u67e5\u65e0\u6b64\u4eba",
            "nobody's phone": "13999999999",
        }
    for what, word in words.items():
        yield f"search: {what}", "clerk", f"/desk/find?q={word}"
    yield "mediator's search: name", "mediator", f"/desk/find?q={words['name, whole']}"
    yield "mediator's search: nobody", "mediator", f"/desk/find?q={words['nobody' + chr(39) + 's name']}"


def measured(apps: list[Flask], rounds: int) -> None:
    """Print a line for each page."""
    browsers = [clients(app) for app in apps]
    pages = [list(asked(app)) for app in apps]
    print(f"{'ms':36}{'small':>8}{'p99':>8}{'large':>9}{'p99':>8}{'ratio':>8}   rows")
    for one in zip(*pages, strict=True):
        times: list[list[float]] = [[], []]
        rows = [0, 0]
        for turn in range(rounds + WARM):
            for which, (_, who, address) in enumerate(one):
                start = time.perf_counter()
                answer = browsers[which][who].get(address)
                took = time.perf_counter() - start
                assert answer.status_code == 200, address
                if turn >= WARM:
                    times[which].append(took * 1000)
                rows[which] = answer.text.count("<tr")
        middle = [statistics.median(each) for each in times]
        worst = [sorted(each)[int(len(each) * 0.99)] for each in times]
        print(
            f"{one[0][0]:36}{middle[0]:8.2f}{worst[0]:8.2f}{middle[1]:9.2f}{worst[1]:8.2f}"
            f"{middle[1] / middle[0]:8.2f}   {rows[0]}/{rows[1]}"
        )


def main() -> None:
    """Make both districts where they are not there, and measure."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--small", type=int, default=10_000)
    arguments.add_argument("--large", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--keep", nargs=2, metavar=("SMALL", "LARGE"))
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        places = given.keep or [str(folder / "small"), str(folder / "large")]
        apps = [opened(place, folder) for place in places]
        for app, cases in zip(apps, (given.small, given.large), strict=True):
            filled(app, cases)
            with app.app_context():
                entries = db.session.scalar(select(func.count()).select_from(Entry))
                print(f"{db.engine.dialect.name}: {entries:,} entries")
        measured(apps, given.rounds)
        for app in apps:
            with app.app_context():
                db.engine.dispose()


if __name__ == "__main__":
    main()
