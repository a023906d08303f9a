"""Play a dossier through the same services as the pages, at the times it gives."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.documents import boxes
from mediation.domain import fields
from mediation.domain.clocks import deadlines, working_end
from mediation.domain.facts import Facts
from mediation.domain.fields import Invalid
from mediation.domain.filing import read as read_filing
from mediation.domain.money import plain
from mediation.domain.naming import name as read_name
from mediation.domain.terms import Terms
from mediation.engine.asking import Actor, Ask
from mediation.engine.refusals import Refused
from mediation.services import access, papers
from mediation.services.afterwards import Transaction, carry_out
from mediation.services.casework import fire
from mediation.services.filing import WORKFLOW, file_claim
from mediation.services.offices import Office
from mediation.store.cases import facts_of, party
from mediation.store.models import Case, Person

NOT_DATA = {"at", "by", "do"}
STAFF = {"clerk": "dossier-clerk", "admin": "dossier-admin"}


class Stopped(Exception):
    """A dossier that cannot go on: the index of the act (None: the filing), and the reason."""

    def __init__(self, index: int | None, reason: str) -> None:
        super().__init__(reason)
        self.index = index
        self.reason = reason


def play(transaction: Transaction, office: Office, dossier: Any) -> int:
    """Play one dossier, each act in a transaction of its own; the case's row number.

    Raises Stopped; what came before the act that was refused stays.
    """
    if not isinstance(dossier, Mapping) or not isinstance(dossier.get("acts", []), list):
        raise Stopped(None, "a dossier is a JSON object with a list of acts")
    case_id = _file(transaction, office, dossier)
    for index, act in enumerate(dossier.get("acts", [])):
        try:
            with transaction() as session:
                _act(session, office, session.get_one(Case, case_id), act)
        except Stopped as stopped:
            raise Stopped(index, stopped.reason) from None
        except (Refused, Invalid) as refused:
            raise Stopped(index, str(refused)) from None
        carry_out(transaction, office, _moment(act))
    return case_id


def _file(transaction: Transaction, office: Office, dossier: Mapping[str, Any]) -> int:
    try:
        filing = read_filing(dossier)
        at = datetime.fromisoformat(fields.minute(dossier.get("received")))
        with transaction() as session:
            actor = Actor("worker", "filing", filing.workers[0].name, authority=access.BY_DOSSIER)
            case, _ = file_claim(session, office, filing, actor, at, workflow=_workflow(office, dossier))
            case_id = case.id
    except (Invalid, Refused) as refused:
        raise Stopped(None, str(refused)) from None
    except fields.Problem as problem:
        raise Stopped(None, f"received: {problem}") from None
    carry_out(transaction, office, at)
    return case_id


def _workflow(office: Office, dossier: Mapping[str, Any]) -> str:
    """The chart that a dossier asks for.  Raises Stopped."""
    name = dossier.get("workflow", WORKFLOW)
    if name not in {engine.workflow.name for engine in office.catalogue}:
        raise Stopped(None, f"no workflow is called {name!r}")
    return str(name)


def _act(session: Session, office: Office, case: Case, act: Any) -> None:
    """Do one act of a dossier, and first what it takes as given."""
    at = _moment(act)
    name, role = str(act.get("do")), str(act.get("by"))
    data = {key: value for key, value in act.items() if key not in NOT_DATA}
    facts = facts_of(case)
    engine = office.catalogue[case.workflow, case.workflow_version]
    action = engine.workflow.actions.get(name)
    if action is None:
        raise Stopped(None, f"no act is called {name!r}")
    seat = fields_count(data.pop("worker", 0)) if role == "worker" else 0
    actor = replace(_actor(session, case, role, seat, at), authority=access.BY_DOSSIER)
    if name == "assign":
        data["mediator"] = access.staff_actor(_staff(session, "mediator", _name(data.get("mediator")), at)).id
    if name == "open_meeting":
        data.setdefault("present", [f"{side}:{at_seat}" for side, at_seat in facts.seats])
    if name == "sign" and facts.terms is not None:
        data.setdefault("digest", facts.terms.digest)
    if name == "send_for_signing":
        _mark_everything(session, office, case, at)
    read = fields.read(action, data)
    if "terms" in read:
        _printable(fields.terms_from(read["terms"]))
    ask = Ask(name, actor, case.revision, at, read)
    fire(session, office.catalogue, case.id, ask)


def _printable(terms: Terms) -> None:
    """The agreement can be printed as it stands in the dossier.  Raises Invalid."""
    try:
        for said in (terms.overdue, *(duty.text for duty in terms.duties)):
            boxes.clause(said)
    except fields.Problem as problem:
        raise Invalid({"terms": str(problem)}) from None


def fields_count(value: Any) -> int:
    """A seat as a dossier names it.  Raises Stopped."""
    try:
        return fields.count(value)
    except fields.Problem as problem:
        raise Stopped(None, f"worker: {problem}") from None


def _name(value: Any) -> str:
    """The name of a mediator.  Raises Stopped."""
    try:
        found = read_name(value, 40)
    except fields.Problem as problem:
        raise Stopped(None, f"mediator: {problem}") from None
    if not found:
        raise Stopped(None, "mediator: missing")
    return found


def _moment(act: Any) -> datetime:
    if not isinstance(act, Mapping):
        raise Stopped(None, "an act is a JSON object")
    try:
        return datetime.fromisoformat(fields.minute(act.get("at")))
    except fields.Problem as problem:
        raise Stopped(None, f"at: {problem}") from None


def _actor(session: Session, case: Case, role: Any, seat: int, at: datetime) -> Actor:
    if role in ("worker", "employer"):
        try:
            return access.party_actor(party(case, role, seat))
        except LookupError:
            raise Stopped(None, f"this case has no {role} {seat}") from None
    if role in STAFF:
        return access.staff_actor(_staff(session, role, STAFF[role], at))
    if role == "mediator":
        if case.mediator_id is None:
            return access.staff_actor(_staff(session, role, "dossier-mediator", at))
        return access.staff_actor(session.get_one(Person, int(case.mediator_id.removeprefix("person:"))))
    raise Stopped(None, f"nobody is called {role!r}")


def _staff(session: Session, role: str, name: str, at: datetime) -> Person:
    """The member of staff with this name, made for the dossier where there is none."""
    query = select(Person).where(Person.name == name, Person.role == role).order_by(Person.id)
    found = session.scalars(query.limit(1)).one_or_none()
    return found or access.add_staff(
        session, at, login=f"{role}:{name}", name=name, role=role, phone="", password=access.unusable()
    )


def _mark_everything(session: Session, office: Office, case: Case, at: datetime) -> None:
    """Everybody agrees to every clause: a signature stands for that, a dossier does not say it."""
    facts = facts_of(case)
    if facts.terms is None or facts.state != "terms_drafted":
        return
    said = [{"clause": i, "mark": "agree"} for i in range(len(facts.terms.clauses))]
    for side, seat in facts.seats:
        actor = access.party_actor(party(case, side, seat))
        data = {"marks": {"digest": facts.terms.digest, "said": said}}
        fire(session, office.catalogue, case.id, Ask("mark_clauses", actor, case.revision, at, data))
        session.refresh(case)


def outcome(session: Session, office: Office, case_id: int) -> dict[str, Any]:
    """What became of a played case, as `mediation play` prints it."""
    case = session.get_one(Case, case_id)
    facts = facts_of(case)
    engine = office.catalogue[case.workflow, case.workflow_version]
    ends = {timer.clock.name: timer.due for timer in deadlines(engine.workflow, facts)}
    paper = papers.paper_of(session, case.id, "agreement")
    return {
        "case": case.number,
        "state": case.state,
        "claimed": plain(sum(claim.amount for claim in facts.confirmed_claims)),
        "agreed": plain(_agreed(facts)),
        "paid": plain(sum(owed.paid for owed in facts.owed)),
        "agreement": str(papers.path(office, paper.sha256)) if paper else None,
        "received": facts.received.isoformat() if facts.received else None,
        "exit_clock": _iso(ends.get("exit")),
        "working_clock": _iso(working_end(facts)),
        "entries": case.revision,
    }


def _agreed(facts: Facts) -> int:
    return facts.terms.total if facts.terms is not None and facts.sealed is not None else 0


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
