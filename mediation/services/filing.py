"""Filing a dispute: the case, its people and the first entries of its log."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from mediation.domain.clocks import ends, next_due
from mediation.domain.facts import day, encode
from mediation.domain.filing import FiledBy, Filing
from mediation.domain.folding import begin, named
from mediation.domain.reach import Reach
from mediation.domain.timing import next_wake
from mediation.domain.versions import CHART
from mediation.engine.asking import Actor, Ask
from mediation.engine.catalogue import Catalogue
from mediation.engine.workflow import START
from mediation.services.casework import Step, fire, hashed, hold, kept
from mediation.services.fingerprints import key_of, of_case
from mediation.services.offices import Office
from mediation.store.models import Agent, AgentSide, Case, Entry, Party, Sequence
from mediation.store.steps import EntryRow

WORKFLOW = "labour_dispute"
KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Of the key in a link, which is also typed off a letter: no two that look alike, one case."""
KEY_LENGTH = 9
"""2 ** 44 keys, and a text stays one message; a case takes a code besides."""


def start_draft(  # noqa: PLR0913 - the chart is named by those alone who want another than the usual
    session: Session,
    catalogue: Catalogue,
    filing: Filing,
    actor: Actor,
    at: datetime,
    *,
    workflow: str = WORKFLOW,
) -> Case:
    """Store a filing as a draft on the newest version of `workflow`, with its first entry.

    The caller commits.  Raises KeyError where there is no such workflow.
    """
    engine = catalogue.newest(workflow)
    data = filing.first_entry() | {CHART: engine.workflow.digest}
    facts = begin(engine, data, at)
    data |= named(ends({}, facts.clocks))
    case = Case(
        ref=secrets.token_urlsafe(16),
        workflow=engine.workflow.name,
        workflow_version=engine.workflow.version,
        state=facts.state,
        revision=1,
        facts=encode(facts),
        head="",
        subdistrict=filing.subdistrict,
        employer_name=filing.employer.name,
        story=filing.story,
        moved_at=at,
        due_on=next_due(facts),
        wakes_at=next_wake(engine, facts),
    )
    session.add(case)
    session.flush()  # the entry's row needs the case's number
    case.parties += _parties(filing)
    if filing.filed_by:
        store_agent(session, _agent(case, filing.filed_by))
    entry = _first_entry(case, data, actor, at)
    case.head = entry.hash
    session.add(entry)
    session.flush()  # the step that follows reads these rows by plain statements
    return case


def file_claim(  # noqa: PLR0913 - as above
    session: Session,
    office: Office,
    filing: Filing,
    actor: Actor,
    at: datetime,
    *,
    workflow: str = WORKFLOW,
) -> tuple[Case, Step]:
    """File a dispute in one go: draft, number, submission.  The caller commits.

    Raises KeyError where there is no such workflow, Refused.
    """
    case = start_draft(session, office.catalogue, filing, actor, at, workflow=workflow)
    return case, submit(session, office, case, Ask("submit", actor, case.revision, at))


def submit(session: Session, office: Office, case: Case, ask: Ask) -> Step:
    """Submit a draft: it gets its number and its clocks start.  The caller commits.  Raises Refused.

    The entry keeps the number, and fingerprints of story and parties: what is on record of them can be
    held against it ever after.
    """
    hold(session, office.catalogue, case.id, ask.seen)  # first of all: see there
    year = day(ask.at).year
    number = office.organisation.number(year, next_number(session, f"case {year}"))
    said = {**ask.data, "number": number, "prints": of_case(key_of(office), case)}
    step = fire(session, office.catalogue, case.id, replace(ask, data=said))
    case.number = number
    session.flush()  # what is sent next quotes the number
    session.refresh(case)
    case.received_at = case.moved_at
    session.flush()
    return step


def next_number(session: Session, name: str, count: int = 1) -> int:
    """The next number under `name`, or the last of the next `count`.

    Without gaps: they are given back if the transaction is undone.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    statement = (
        insert(Sequence)
        .values(name=name, last=count)
        .on_conflict_do_update(index_elements=["name"], set_={"last": Sequence.last + count})
    )
    session.execute(statement)
    return int(session.scalars(select(Sequence.last).where(Sequence.name == name)).one())


def stored(reach: Reach | None) -> str | None:
    """How a worker can be called, as his row keeps it."""
    return msgspec.json.encode(reach).decode() if reach else None


def reach_of(one: Party) -> Reach | None:
    """How this party can be called, if it said so."""
    return msgspec.json.decode(one.reach, type=Reach) if one.reach else None


def new_key() -> str:
    """The key of a new link."""
    return "".join(secrets.choice(KEY_LETTERS) for _ in range(KEY_LENGTH))


def store_agent(session: Session, one: Agent) -> None:
    """Store whoever acts for a party, on its side of the case; the table of sides has the last word.

    The caller commits.  Raises IntegrityError where this phone acts for the other side.
    """
    if session.get(AgentSide, (one.case_id, one.phone)) is None:
        session.add(AgentSide(case_id=one.case_id, phone=one.phone, side=one.side))
        session.flush()  # before the agent, whose row points at it
    session.add(one)
    session.flush()


def _agent(case: Case, filed_by: FiledBy) -> Agent:
    authority = filed_by.authority
    return Agent(
        ref=authority.ref,
        case_id=case.id,
        side=authority.side,
        seat=authority.seat,
        name=filed_by.name,
        phone=filed_by.phone,
        key=new_key(),
    )


def _parties(filing: Filing) -> list[Party]:
    found = [
        Party(
            side="worker",
            seat=seat,
            name=worker.name,
            phone=worker.phone,
            group=worker.group,
            reach=stored(worker.reach),
            key=new_key(),
        )
        for seat, worker in enumerate(filing.workers)
    ]
    employer = filing.employer
    found.append(
        Party(
            side="employer",
            seat=0,
            name=employer.name,
            phone=employer.phone,
            uscc=employer.uscc,
            contact=employer.contact,
            key=new_key(),
        )
    )
    return found


def _first_entry(case: Case, data: Mapping[str, Any], actor: Actor, at: datetime) -> Entry:
    row = EntryRow(
        case_id=case.id,
        number=1,
        action=START,
        source="",
        target=case.state,
        role=actor.role,
        actor_id=actor.id,
        seat=actor.seat,
        at=at,
        data=kept(data),
        before="",
        authority=actor.authority,
    )
    return Entry(**hashed(row)._asdict())
