"""Making papers: from a sealed case to registered bytes, after the commit, once."""

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from mediation.documents import agreement, office_paper
from mediation.documents.agreement import (
    AgreementPaper,
    PaperClaim,
    PaperDuty,
    PaperEmployer,
    PaperPayment,
    PaperRoot,
    PaperSignature,
    PaperWorker,
    Role,
)
from mediation.documents.authority import create, roots
from mediation.documents.office_paper import OfficePaper
from mediation.documents.signing import certify, inspect
from mediation.domain.events import Event, What
from mediation.domain.facts import BEIJING, Facts, day, decode
from mediation.domain.registering import REGISTER, Registered
from mediation.domain.words import word
from mediation.engine.catalogue import Catalogue
from mediation.engine.merkle import grown
from mediation.services import events, office_papers
from mediation.services.agents import agents_of
from mediation.services.casework import log
from mediation.services.noting import noted
from mediation.services.offices import Office, Transaction
from mediation.store import durable, tree
from mediation.store.cases import facts_of, party
from mediation.store.models import Anchor, Case, Entry, Job, Paper, Person
from mediation.store.steps import CaseRow, Sheet

LEASE = timedelta(minutes=2)
LONGEST_LEASE = timedelta(hours=6)


def check_code(number: str, digest: str) -> str:
    """The code printed on a paper, such as 7K3M-92QD: from its number and the digest of its terms.

    The same paper has the same code wherever it is made; nobody finds it without the terms.
    """
    letters = base64.b32encode(hashlib.sha256(f"{number}\n{digest}".encode()).digest()).decode()
    # 0 and 1 are not in base 32; O and I look like them.
    plain = letters.replace("O", "8").replace("I", "9")
    return f"{plain[:4]}-{plain[4:8]}"


def claim_jobs(session: Session, at: datetime, most: int = 10) -> list[int]:
    """Take papers that wait to be made, for a lease; their job numbers.  The caller commits.

    A job whose maker died or failed is taken again when its lease has run out; the lease doubles
    each time, so that a paper that cannot be printed does not keep everybody busy.
    """
    waiting = Job.done_at.is_(None) & or_(Job.leased_until.is_(None), Job.leased_until < at)
    taken = []
    newest = tree.last_anchor(session)
    rows = session.execute(select(Job.id, Job.attempts).where(waiting).order_by(Job.id).limit(most))
    for number, attempts in rows.all():
        lease = min(LEASE * 2 ** min(attempts, 16), LONGEST_LEASE)
        claim = update(Job).where(Job.id == number, waiting)
        if attempts == 0 and newest is not None:
            claim = claim.values(anchor=newest.number)  # once: a second printing says the same
        done = session.execute(claim.values(leased_until=at + lease, attempts=attempts + 1))
        if cast("CursorResult[Any]", done).rowcount == 1:
            taken.append(number)
    return taken


@dataclass(frozen=True, slots=True)
class Plan:
    """A paper about to be made: everything that printing needs, read from the database."""

    job: int
    case_id: int
    entry: int
    kind: str
    sealed: datetime | None
    paper: AgreementPaper | OfficePaper

    @property
    def digest(self) -> str:
        """The digest of the agreed terms; the hash of the entry for what the office states alone."""
        return self.paper.digest if isinstance(self.paper, OfficePaper) else self.paper.terms_digest


def plan(session: Session, office: Office, job_id: int) -> Plan:
    """Read what the paper of a job will say."""
    job = session.get_one(Job, job_id)
    case = session.get_one(Case, job.case_id)
    facts = facts_of(case)
    if job.kind in office_papers.KINDS:
        stated = office_papers.office_paper(session, office, job, case)
        code = check_code(stated.number, stated.digest)
        url = f"{office.organisation.public_url}/v/{code}"
        stated = replace(stated, check_code=code, verify_url=url, root=root_of(session, job))
        return Plan(job.id, case.id, job.entry, job.kind, stated.decided, stated)
    paper = replace(agreement_paper(session, office, case, facts), root=root_of(session, job))
    return Plan(job.id, case.id, job.entry, job.kind, facts.sealed, paper)


def root_of(session: Session, job: Job) -> PaperRoot | None:
    """What the paper of a job says of the tree; None if nothing was anchored when it was begun."""
    if job.anchor is None:
        return None
    anchor = session.get_one(Anchor, job.anchor)
    return PaperRoot(anchor.root, anchor.size, anchor.at)


def rooted(session: Session, paper: Paper) -> bool:
    """Whether the root on a registered paper, if it shows one, is that of the tree as it stands here."""
    same = (Job.case_id == paper.case_id) & (Job.entry == paper.entry) & (Job.kind == paper.kind)
    shown = session.scalars(select(Job).where(same)).one_or_none()
    root = root_of(session, shown) if shown else None
    return root is None or grown(tree.hashes(session, root.size)).root.hex() == root.root


def printed(plan: Plan, office: Office) -> bytes:
    """Print and seal a paper; takes a good part of a second and needs no database."""
    authority = create(office.keys, office.organisation.name)
    paper = plan.paper
    pdf = office_paper.render(paper) if isinstance(paper, OfficePaper) else agreement.render(paper)
    return certify(pdf, authority, at=plan.sealed, reason=office.organisation.seal_line)


def register(session: Session, office: Office, plan: Plan, pdf: bytes, at: datetime) -> Paper:
    """Keep the bytes and enter them in the register and in the log.  The caller commits.

    If another maker was first, his paper stands and ours is forgotten.
    """
    sheet = Sheet.under(session)
    row = sheet.read(plan.case_id)  # a second maker waits here, and then sees the first one's paper
    assert row is not None, "a case with a paper to be made"  # noqa: S101 - the job's foreign key
    there = paper_of(session, plan.case_id, plan.kind)
    if there is not None and there.entry == plan.entry:
        return there
    made = Paper(
        case_id=plan.case_id,
        entry=plan.entry,
        kind=plan.kind,
        number=plan.paper.number,
        check_code=plan.paper.check_code,
        sha256=hashlib.sha256(pdf).hexdigest(),
        terms_digest=plan.digest,
        made_at=at,
    )
    put(office.papers, made.sha256, pdf)
    session.add(made)
    session.get_one(Job, plan.job).done_at = at
    about = f"case:{plan.case_id} entry:{plan.entry}"
    events.record(session, Event(What.PAPER_SEALED, events.SYSTEM, about, plan.case_id), at)
    session.flush()  # the register refuses a second paper for the same entry here
    note(sheet, office.catalogue, row, made, at)
    return made


def note(sheet: Sheet, catalogue: Catalogue, row: CaseRow, paper: Paper, at: datetime) -> None:
    """Enter a registered paper in the log of its case, read from the same sheet.  The caller commits."""
    facts = decode(row.facts)
    said = Registered(paper.entry, paper.kind, paper.sha256).said()
    # A clock that was set back keeps nobody from his paper: the entry bears the last moment.
    entry = noted(row, REGISTER, facts.state, said, max(at, row.moved_at).astimezone(UTC))
    log(sheet, catalogue[row.workflow, row.workflow_version], row, facts, [entry])


def adopt(transaction: Transaction, office: Office, at: datetime) -> int:
    """Enter in the log the papers that were registered before it kept them; how many.

    Only those whose bytes bear our seal: whoever has nothing but the database cannot get one in here.
    """
    entered = (Entry.case_id == Paper.case_id, Entry.action == REGISTER, Entry.data.contains(Paper.sha256))
    with transaction() as session:
        query = select(Paper.id).where(~select(Entry.id).where(*entered).exists())
        waiting = [one for one in session.scalars(query.order_by(Paper.id)) if _genuine(session, office, one)]
    for number in waiting:
        with transaction() as session:
            paper, sheet = session.get_one(Paper, number), Sheet.under(session)
            row = sheet.read(paper.case_id)
            known = session.scalars(
                select(Paper.id).where(Paper.id == number, select(Entry.id).where(*entered).exists())
            )
            if row is not None and known.first() is None:
                note(sheet, office.catalogue, row, paper, at)
    return len(waiting)


def _genuine(session: Session, office: Office, number: int) -> bool:
    sha256 = session.get_one(Paper, number).sha256
    try:
        content = path(office, sha256).read_bytes()
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == sha256 and inspect(content, roots(office.keys)).genuine


def paper_of(session: Session, case_id: int, kind: str) -> Paper | None:
    """The newest registered paper of this kind of a case."""
    query = select(Paper).where(Paper.case_id == case_id, Paper.kind == kind).order_by(Paper.id.desc())
    return session.scalars(query.limit(1)).one_or_none()


def by_sha256(session: Session, sha256: str) -> Paper | None:
    """The registered paper that is exactly these bytes."""
    return session.scalars(select(Paper).where(Paper.sha256 == sha256)).one_or_none()


def by_check_code(session: Session, code: str) -> Paper | None:
    """The registered paper that bears this code, however it was typed."""
    plain = "".join(c for c in code.upper() if c.isascii() and c.isalnum())
    query = select(Paper).where(Paper.check_code == f"{plain[:4]}-{plain[4:]}")
    return session.scalars(query).one_or_none()


def path(office: Office, sha256: str) -> Path:
    """Where the bytes with this digest lie."""
    return office.papers / sha256[:2] / f"{sha256}.pdf"


def put(folder: Path, sha256: str, content: bytes) -> None:
    """Write a file under its digest, whole or not at all, and down to the disk, its name included."""
    durable.write(folder / sha256[:2] / f"{sha256}.pdf", content)


def agreement_paper(session: Session, office: Office, case: Case, facts: Facts) -> AgreementPaper:
    """The agreement of a case as the paper says it."""
    assert facts.terms is not None and case.number is not None and facts.received is not None  # noqa: S101,PT018 - drafted only in a numbered case
    digest = facts.terms.digest
    code = check_code(case.number, digest)
    organisation = office.organisation
    names = {seat: party(case, "worker", seat).name for seat in range(facts.workers)}
    employer = party(case, "employer")
    return AgreementPaper(
        organisation=organisation.name,
        seal_line=organisation.seal_line,
        number=case.number,
        check_code=code,
        verify_url=f"{organisation.public_url}/v/{code}",
        category=word("categories", facts.category),
        received=facts.received,
        accepted=facts.accepted,
        workers=tuple(_worker(case, facts, seat) for seat in facts.staying),
        employer=PaperEmployer(employer.name, employer.uscc, employer.contact),
        mediator=_mediator(session, facts),
        matter=case.story,
        payments=tuple(
            PaperPayment(names[p.worker], word("heads", p.head), p.amount, p.due, word("methods", "bank"))
            for p in facts.terms.payments
        ),
        duties=tuple(PaperDuty(d.text or word("duties", d.what), d.due) for d in facts.terms.duties),
        overdue=facts.terms.overdue or None,
        signatures=tuple(_signatures(session, case, facts)),
        sealed_on=day(facts.sealed) if facts.sealed else None,
        terms_digest=digest,
    )


def _worker(case: Case, facts: Facts, seat: int) -> PaperWorker:
    one = party(case, "worker", seat)
    claims = tuple(
        PaperClaim(word("heads", c.head), c.amount, c.start, c.end) for c in facts.claims if c.worker == seat
    )
    return PaperWorker(one.name, f"{one.phone[:3]}****{one.phone[-4:]}", claims)


def _mediator(session: Session, facts: Facts) -> str:
    assert facts.mediator is not None  # noqa: S101 - terms are drafted by the assigned mediator
    return session.get_one(Person, int(facts.mediator.removeprefix("person:"))).name


def _signatures(session: Session, case: Case, facts: Facts) -> list[PaperSignature]:
    order = {"worker": 0, "employer": 1, "mediator": 2}
    agents = {f"agent:{one.ref}": one.name for one in agents_of(session, case)}
    found = []
    rows = sorted(facts.signatures, key=lambda s: (order[s.side], s.seat))
    for number, one in enumerate(rows, 1):
        if one.side == "mediator":
            name = _mediator(session, facts)
        else:
            signer = party(case, one.side, one.seat)
            name = signer.contact or signer.name  # a worker has no contact
        how = word("methods", "agent" if one.id in agents else one.side)
        mark = f"S-{one.digest[:4].upper()}-{number:02d}"
        at, agent = one.at.astimezone(BEIJING), agents.get(one.id, "")
        found.append(PaperSignature(cast("Role", one.side), name, at, how, mark, agent))
    return found
