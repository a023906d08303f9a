"""Makers for the tests: filings, people, and cases driven to any state of the chart by real acts.

    case = make_case(session, office, state="in_meeting", workers=2)
    act(session, office, case, "offer", role="employer", amount=500_000)

The pure ones (`make_facts`, `made`) do the same without a database.  Acts take plain values, as an
entry keeps them: amounts in fen, days and moments as ISO text.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.facts import BEIJING, Facts, day
from mediation.domain.filing import Filing
from mediation.domain.filing import read as read_filing
from mediation.domain.folding import Link, begin, chain
from mediation.engine.asking import Actor, Ask
from mediation.engine.deciding import Engine
from mediation.services.access import add_staff, party_actor, staff_actor
from mediation.services.agents import name_agent
from mediation.services.casework import Step, fire
from mediation.services.filing import start_draft, submit
from mediation.services.offices import Office
from mediation.store.cases import facts_of, party
from mediation.store.models import Base, Case, Person, SecurityEvent

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)
"""When made cases are filed: a working day far from holidays."""
NOW = MONDAY + timedelta(days=1)
"""What the pages take for now in their tests."""


def an_hour_ago() -> datetime:
    """When a case is made at which a server with the real clock acts: nothing in it is overdue."""
    return datetime.now(UTC) - timedelta(hours=1)


PATHS: Mapping[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit",),
    "needs_info": ("submit", "ask_info"),
    "contacting": ("submit", "contact_employer"),
    "accepted": ("submit", "contact_employer", "join", "accept", "assign"),
    "scheduled": ("accepted", "convene"),
    "in_meeting": ("scheduled", "open_meeting"),
    "adjourned": ("in_meeting", "adjourn"),
    "terms_drafted": ("in_meeting", "draft_terms"),
    "awaiting_signatures": ("terms_drafted", "mark_clauses", "send_for_signing"),
    "performing": ("awaiting_signatures", "sign", "seal"),
    "performed": ("performing", "report_payment", "confirm_payment", "confirm_duty"),
    "breached": ("performing", "record_breach"),
    "referred": ("accepted", "refer"),
    "not_agreed": ("accepted", "end"),
    "rejected": ("submit", "reject", "approve_rejection"),
    "withdrawn": ("submit", "withdraw"),
    "closed": ("rejected", "close"),
}
"""How each state is reached: acts, or a state whose own path comes first.

`agreed` is missing: with anything to perform, and the chart wants that, a sealed case goes straight on.
"""

ROLES = {
    "submit": "worker", "give_info": "worker", "withdraw": "worker", "discard": "worker",
    "tell_elements": "worker", "tell_times": "worker",
    "confirm_payment": "worker", "deny_payment": "worker", "confirm_duty": "worker", "end": "worker",
    "ask_info": "clerk", "contact_employer": "clerk", "accept": "clerk", "reject": "clerk",
    "log_attempt": "clerk", "certify_no_answer": "clerk", "approve_rejection": "admin",
    "return_rejection": "admin", "recuse": "mediator", "record_receipt": "clerk",
    "join": "employer", "decline": "employer", "report_payment": "employer",
    "assign": "admin", "seal": "admin", "close": "admin",
    "convene": "mediator", "open_meeting": "mediator", "adjourn": "mediator", "draft_terms": "mediator",
    "amend_terms": "mediator", "send_for_signing": "mediator", "record_breach": "mediator",
    "refer": "mediator", "reopen": "admin", "resume_performance": "admin", "correct_party": "clerk",
    "correct_claim": "clerk", "restate_payment": "clerk", "approve_correction": "admin",
    "refuse_correction": "admin",
    "confirm_place": "worker", "decline_place": "worker", "name_representatives": "clerk",
    "name_agent": "worker", "verify_agent": "clerk", "end_agent": "worker",
}  # fmt: skip
"""Who usually does an act."""

AGENT_PHONE = "13700001111"
NAMES = ("钟某", "罗某", "蒋某兰", "某四", "某五", "某六", "某七", "某八", "某九", "某十")


def path(state: str) -> tuple[str, ...]:
    """Every act from the filing to `state`."""
    found: list[str] = []
    for step in PATHS[state]:
        found += path(step) if step in PATHS else [step]
    return tuple(found)


SPOKEN = {
    "channel": "hotline",
    "contact.phone": "13800138000",
    "contact.name": "周某",
    "what": "wages",
    "amount.wages": "18000",
    "employer.name": "某物业公司",
    "place": "110101010",
    "since": "under_3",
    "story": "干了三个月，工资没发。",
}
"""What somebody tells on the telephone, typed into the page of the desk."""
FILED = SPOKEN | {"language": "mandarin", "agreed": "1", "contact.consent": "1", "file": "1"}
"""The form that files it: read back, and the caller has said yes."""


# --- filings and terms -------------------------------------------------------------------------------


def make_application(*, workers: int = 1, **changes: Any) -> dict[str, Any]:
    """An application in the shape of a dossier; `changes` replace whole fields."""
    people = [
        {
            "name": NAMES[seat % len(NAMES)],
            "phone": f"138{seat:08d}",
            "group": "migrant" if seat == 0 else None,
            "claims": [
                {"head": "wages", "amount": "6000.00", "from": "2025-11-01", "to": "2026-01-31"},
                {"head": "expenses", "amount": "120.50"},
            ],
        }
        for seat in range(workers)
    ]
    return {
        "received": MONDAY.isoformat(),
        "channel": "online",
        "subdistrict": "110101005",
        "category": "pay",
        "workers": people,
        "employer": {
            "name": "某制衣公司",
            "uscc": None,
            "contact": {"name": "人事负责人", "phone": "13900000001"},
        },
        "story": "干了三个月，工资没发。",
        "acts": [],
        **changes,
    }


def make_filing(*, workers: int = 1, **changes: Any) -> Filing:
    """A filing that has been read."""
    return read_filing(make_application(workers=workers, **changes))


def make_terms(*, workers: int = 1, due: str = "2026-04-01", duties: int = 1) -> dict[str, Any]:
    """Terms as an entry keeps them: for each worker 5,000.00 wages and 86.00 expenses."""
    return {
        "payments": [
            {"worker": seat, "head": head, "amount": fen, "due": due}
            for seat in range(workers)
            for head, fen in (("wages", 500_000), ("expenses", 8_600))
        ],
        "duties": [
            {"what": "leave_certificate", "due": due, "text": f"出具证明之{n}"} for n in range(1, duties + 1)
        ],
    }


# --- who, and with what in hand ----------------------------------------------------------------------


def seats(action: str, facts: Facts) -> tuple[tuple[str, int], ...]:
    """Everybody whose turn it is when a path says `action`."""
    if action == "mark_clauses":
        return facts.seats
    if action == "sign":
        return (*facts.seats, ("mediator", 0))
    if action == "confirm_payment":
        return tuple(("worker", seat) for seat in range(facts.workers))
    return ((ROLES[action], 0),)


def in_hand(action: str, facts: Facts, at: datetime, mediator: str = "person:7") -> dict[str, Any]:
    """What an act usually needs."""
    digest = facts.terms.digest if facts.terms else ""
    clauses = len(facts.terms.clauses) if facts.terms else 0
    agree = [{"clause": n, "mark": "agree"} for n in range(clauses)]
    usual: dict[str, dict[str, Any]] = {
        "assign": {"mediator": mediator},
        "convene": {"for": (at + timedelta(days=7)).isoformat()},
        "adjourn": {"for": (at + timedelta(days=7)).isoformat()},
        "open_meeting": {"present": sorted(f"{side}:{seat}" for side, seat in facts.seats)},
        "draft_terms": {"terms": make_terms(workers=facts.workers, due=_in_days(at, 30))},
        "amend_terms": {"terms": make_terms(workers=facts.workers, due=_in_days(at, 45))},
        "mark_clauses": {"marks": {"digest": digest, "said": agree}},
        "sign": {"digest": digest},
        "report_payment": {"amount": facts.terms.total if facts.terms else 1},
        "tell_elements": {"elements": {"wage": "6000", "contract": "no"}},
        "tell_times": {"halfdays": [f"{_in_days(at, 3)}.morning"]},
        "confirm_duty": {"duty": 0},
        "name_representatives": {"representatives": ["worker:0", "worker:1", "worker:2"]},
        "ask_pause": {"pause_for": "appraisal"},
        "add_evidence": {"evidence": evidence(len(facts.evidence) + 1)},
        "open_evidence": {"piece": facts.evidence[0].digest if facts.evidence else "0" * 64},
        "extend": {"until": _in_days(at, 60)},
        "offer": {"amount": 500_000},
        "counter": {"amount": 600_000},
        "end": {"reason": "gap"},
        "decline": {"reason": "unwilling"},
        "reject": {"reason": "out_of_scope", "route": "commission"},
        "return_rejection": {"note": "再问一下"},
        "log_attempt": {"way": "letter" if "call" in facts.tried else "call", "outcome": "no_reply"},
        "ask_info": {"missing": ["dates"]},
        "recuse": {"reason": "knows_a_party"},
        "record_receipt": {"receipt": "接字1号"},
        "refer": {"to": "东城区劳动人事争议仲裁院"},
        "reopen": {"reason": "clicked_wrongly"},
        "resume_performance": {"reason": "clicked_wrongly"},
        "correct_party": {
            "party": "worker:0",
            "detail": "phone",
            "before": "0" * 64,
            "after": "1" * 64,
            "reason": "typed_wrongly",
        },
        "correct_claim": {
            "claim": 0,
            "was": facts.claims[0].amount if facts.claims else 0,
            "right_amount": 50_000,
            "reason": "typed_wrongly",
        },
        "restate_payment": {
            "promised": 0,
            "was": facts.owed[0].paid if facts.owed else 0,
            "right_amount": 0,
            "reason": "bounced",
        },
        "name_agent": {"authority": authority(at)},
        "verify_agent": {"agent": _last_agent(facts), "note": "看了原件"},
        "end_agent": {"agent": _last_agent(facts)},
        "approve_correction": {"reason": "saw_the_proof"},
        "refuse_correction": {"reason": "no_proof"},
    }
    return usual.get(action, {})


def evidence(number: int) -> dict[str, Any]:
    """What the entry of some photo says."""
    digest = f"{number:064x}"
    return {"digest": digest, "kind": "photo", "media": "image/jpeg", "size": 9, "audience": "own"}


def authority(at: datetime, **more: Any) -> dict[str, Any]:
    """What the entry of naming an agent says: a relative with special authority for 90 days."""
    days = {"start": day(at).isoformat(), "end": _in_days(at, 90)}
    return {"ref": secrets.token_hex(8), "kind": "relative", "scope": "special", **days, **more}


def _last_agent(facts: Facts) -> str:
    return facts.authorities[-1].ref if facts.authorities else "0" * 16


def _in_days(at: datetime, days: int) -> str:
    return (day(at) + timedelta(days=days)).isoformat()


def _moments(start: datetime) -> Iterator[datetime]:
    while True:
        start += timedelta(minutes=1)
        yield start


def _later(action: str, at: datetime, facts: Facts) -> datetime:
    """A breach is recorded when the money is overdue, everything else a minute after what came before."""
    if action == "record_breach" and facts.terms is not None:
        last = max(clause.due for clause in facts.terms.clauses)
        return datetime(last.year, last.month, last.day, 10, tzinfo=BEIJING) + timedelta(days=1)
    return at


# --- without a database ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """A case that was played without a database."""

    facts: Facts
    links: tuple[Link, ...]
    start: dict[str, Any]
    at: datetime


def actor(role: str, seat: int = 0) -> Actor:
    """Somebody of a case without a database; the mediator is person:7."""
    number = {"mediator": "person:7", "clerk": "person:2", "admin": "person:1"}.get(role)
    return Actor(role, number or f"party:{role}-{seat}", f"{role} {seat}", seat)


def asked(
    action: str,
    *,
    role: str | None = None,
    seat: int = 0,
    at: datetime = MONDAY,
    seen: int = 1,
    data: Mapping[str, Any] | None = None,
) -> Ask:
    """An ask by the usual role."""
    return Ask(action, actor(role or ROLES[action], seat), seen, at, data or {})


def made(
    engine: Engine,
    *,
    state: str = "in_meeting",
    workers: int = 1,
    terms: Any = None,
    begun: datetime = MONDAY,
) -> Made:
    """A case in `state`, played without a database.  `terms` replace the usual ones."""
    start = make_filing(workers=workers).first_entry()
    facts = begin(engine, start, begun)
    links: list[Link] = []
    moments = _moments(begun)
    at = begun
    for action in path(state):
        for role, seat in seats(action, facts):
            at = _later(action, next(moments), facts)
            data = in_hand(action, facts, at)
            if terms is not None and action == "draft_terms":
                data = {"terms": terms}
            links += chain(engine, facts, Ask(action, actor(role, seat), len(links) + 1, at, data))
            facts = links[-1].facts
    return Made(facts, tuple(links), start, at)


def make_facts(engine: Engine, *, state: str = "in_meeting", workers: int = 1, terms: Any = None) -> Facts:
    """What is known of a case in `state`."""
    return made(engine, state=state, workers=workers, terms=terms).facts


# --- with a database ---------------------------------------------------------------------------------


def make_staff(
    session: Session,
    *,
    role: str = "mediator",
    name: str = "赵调解员",
    login: str | None = None,
    password: str | None = None,
    phone: str = "13700000001",
) -> Person:
    """A member of staff; without a password nobody can log in as him, and no time goes into hashing."""
    login = login or f"{role}-{secrets.token_hex(4)}"
    if password is not None:
        return add_staff(session, MONDAY, login=login, name=name, role=role, phone=phone, password=password)
    key = secrets.token_urlsafe(16)
    person = Person(login=login, name=name, role=role, phone=phone, password="!", session_key=key)
    session.add(person)
    session.flush()
    return person


def staff(session: Session, role: str) -> Actor:
    """The first member of staff with this role, made where there is none."""
    query = select(Person).where(Person.role == role).order_by(Person.id).limit(1)
    names = {"mediator": "赵调解员", "clerk": "李受理员", "admin": "王管理员"}
    person = session.scalars(query).one_or_none() or make_staff(session, role=role, name=names[role])
    return staff_actor(person)


def actor_of(session: Session, case: Case, role: str, seat: int = 0) -> Actor:
    """Somebody who may act in a case: a party of it, its mediator, or staff."""
    if role in ("worker", "employer"):
        return party_actor(party(case, role, seat))
    if role == "mediator" and case.mediator_id is not None:
        return staff_actor(session.get_one(Person, int(case.mediator_id.removeprefix("person:"))))
    return staff(session, role)


def make_case(
    session: Session,
    office: Office,
    *,
    state: str = "in_meeting",
    workers: int = 1,
    at: datetime = MONDAY,
    filing: Filing | None = None,
    terms: Mapping[str, Any] | None = None,
) -> Case:
    """A case in `state`, driven there through the services from its filing at `at`.  The caller commits."""
    filing = filing or make_filing(workers=workers)
    case = start_draft(session, office.catalogue, filing, Actor("worker", "filing", "filing"), at)
    moments = _moments(at)
    for action in path(state):
        facts = facts_of(case)
        for role, seat in seats(action, facts):
            moment = _later(action, next(moments), facts_of(case))
            data = {"terms": dict(terms)} if terms is not None and action == "draft_terms" else None
            act(session, office, case, action, role=role, seat=seat, at=moment, data=data)
    return case


def act(
    session: Session,
    office: Office,
    case: Case,
    action: str,
    *,
    role: str | None = None,
    seat: int = 0,
    at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
    **more: Any,
) -> Step:
    """Do one act on the case as it stands, by whoever usually does it, with what it usually needs.

    `data` replaces what it has in hand, `more` adds to it.  Raises Refused.  The caller commits.
    """
    session.refresh(case)
    role = role or ROLES[action]
    at = at or case.moved_at + timedelta(minutes=1)
    if data is None:
        mediator = staff(session, "mediator").id if action == "assign" else ""
        data = in_hand(action, facts_of(case), at, mediator)
    who = actor_of(session, case, role, seat)
    ask = Ask(action, who, case.revision, at, {**data, **more})
    if action == "submit":
        return submit(session, office, case, ask)
    if action == "name_agent":
        return name_agent(session, office, case.id, ask, "某代理", AGENT_PHONE)
    step = fire(session, office.catalogue, case.id, ask)
    session.refresh(case)
    return step


def due_of(case: Case) -> date:
    """The last day on which something of the agreement of this case is due."""
    terms = facts_of(case).terms
    assert terms is not None, "only a case with terms owes anything"
    return max(clause.due for clause in terms.clauses)


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, to see that nothing changed.

    Not the security events: that somebody looked, or was refused, is what they are there for.
    """
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
        if table is not SecurityEvent.__table__
    }
