"""A made-up district: staff of every role and cases in every state, filed through the same services."""

import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.facts import BEIJING
from mediation.domain.filing import GROUPS, SUBDISTRICTS
from mediation.domain.filing import read as read_filing
from mediation.engine.asking import Actor
from mediation.resources import folder
from mediation.services.access import add_staff, staff_actor
from mediation.services.afterwards import Transaction, settle
from mediation.services.filing import file_claim, start_draft
from mediation.services.offices import Office
from mediation.services.rehearsing import ROADS, Cast, walk
from mediation.store.models import Person

CASES_EACH = 2
"""Cases per state, drafts included: a few dozen in all."""


class AlreadyThere(Exception):
    """Somebody works here already: made-up cases must never get among real ones."""


@dataclass(frozen=True, slots=True)
class Account:
    """How one of the demo staff logs in; the password is known nowhere else."""

    login: str
    role: str
    name: str
    password: str


@cache
def district() -> Mapping[str, Any]:
    """The people of the demo district."""
    source = (folder("workflows") / "_demo.yaml").read_text("utf-8")
    found: Mapping[str, Any] = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 - text only
    return found


def load(transaction: Transaction, office: Office, at: datetime, seed: int = 17) -> list[Account]:
    """Load the district as of `at`, one case a transaction.  Raises AlreadyThere."""
    with transaction() as session:
        if session.scalars(select(Person.id).where(Person.login.not_like("%:%"))).first() is not None:
            raise AlreadyThere  # logins with a colon are those of played dossiers
        accounts = [add_account(session, row, at) for row in district()["staff"]]
    chance = random.Random(seed)  # noqa: S311 - made-up people need no secrecy
    for round_ in range(CASES_EACH):
        for state in ("draft", *ROADS):
            with transaction() as session:
                filed = _filed(at, chance) - timedelta(days=_age(state, chance) + round_)
                _case(session, office, state, chance, filed)
    settle(transaction, office, at)
    return accounts


def add_account(session: Session, row: Mapping[str, str], at: datetime) -> Account:
    """Store one of the demo staff with a new password.  The caller commits."""
    password = secrets.token_urlsafe(9)
    add_staff(session, at, **row, password=password)
    return Account(row["login"], row["role"], row["name"], password)


def _filed(at: datetime, chance: random.Random) -> datetime:
    """Some moment in the office hours of that day."""
    return at.astimezone(BEIJING).replace(hour=chance.randint(9, 16), minute=chance.randint(0, 59))


def _age(state: str, chance: random.Random) -> int:
    """Days ago that a case now in `state` was filed: the further along, the longer."""
    road = len(ROADS.get(state, ()))
    late = 45 if state == "breached" else 0
    return road + late + 1 + chance.randint(1, 3) + (chance.randint(0, 40) if state == "closed" else 0)


def _case(session: Session, office: Office, state: str, chance: random.Random, at: datetime) -> None:
    filing = read_filing(filing_of(chance, workers=3 if chance.random() < 0.15 else 1))
    actor = Actor("worker", "filing", filing.workers[0].name)
    if state == "draft":
        start_draft(session, office.catalogue, filing, actor, at)
        return
    case, _ = file_claim(session, office, filing, actor, at)
    walk(session, office, case, state, _cast(session, chance))


def _cast(session: Session, chance: random.Random) -> Cast:
    query = select(Person).where(Person.active).order_by(Person.id)
    staff = [staff_actor(person) for person in session.scalars(query)]
    by_role = {role: [a for a in staff if a.role == role] for role in ("clerk", "mediator", "admin")}
    return Cast(*(chance.choice(by_role[role]) for role in ("clerk", "mediator", "admin")))


def filing_of(chance: random.Random, workers: int) -> dict[str, Any]:
    """A made-up filing in the shape of a dossier."""
    known = district()
    category = chance.choice(sorted(known["stories"]))
    return {
        "channel": chance.choice(("online", "online", "hotline", "counter")),
        "subdistrict": chance.choice(SUBDISTRICTS),
        "category": category,
        "workers": [
            {
                "name": chance.choice(known["workers"]),
                "phone": f"138{chance.randrange(10**8):08d}",
                "group": chance.choice((*GROUPS, "", "")),
                "claims": [
                    {"head": head, "amount": f"{chance.randrange(8, 400) * 100 + 50}.00"}
                    for head in known["heads"][category]
                ],
            }
            for _ in range(workers)
        ],
        "employer": {
            "name": chance.choice(known["employers"]),
            "contact": {
                "name": chance.choice(known["contacts"]),
                "phone": f"139{chance.randrange(10**8):08d}",
            },
        },
        "story": known["stories"][category],
    }
