"""Look for every registered paper on the disk and say what is missing or no longer what was registered."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from mediation.services import papers
from mediation.services.offices import Office
from mediation.store.models import Case, Job, Paper

_END = b"%%EOF"


def findings(session: Session, office: Office) -> Iterator[str]:
    """Yield a sentence for every paper that cannot be shown as it was registered.

    Files that nobody has registered are no finding: a maker who died before his commit leaves one.
    """
    for paper in session.scalars(select(Paper).order_by(Paper.id)):
        fault = _fault(session, paper, papers.path(office, paper.sha256))
        if fault:
            yield f"{paper.number}: paper {paper.id} ({paper.kind}): {fault}"
    yield from _unregistered(session)


def _fault(session: Session, paper: Paper, place: Path) -> str:
    """What is wrong with the file of a paper; "" if it is exactly the registered bytes."""
    try:
        with place.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return "its file is missing"
    except OSError as error:
        return f"its file cannot be read: {error.strerror}"
    if digest == paper.sha256:
        return ""
    other = papers.by_sha256(session, digest)
    if other is not None:
        return f"its file is that of paper {other.id} ({other.number})"
    return "its file was changed" if _ended(place) else "its file is truncated"


def _ended(place: Path) -> bool:
    """Whether a file has the end that every paper has."""
    return place.read_bytes()[-16:].rstrip().endswith(_END)


def _unregistered(session: Session) -> Iterator[str]:
    """Jobs that are done and whose paper the register does not have."""
    same = and_(Paper.case_id == Job.case_id, Paper.entry == Job.entry, Paper.kind == Job.kind)
    query = select(Job, Case.number).join(Case, Case.id == Job.case_id).outerjoin(Paper, same)
    for job, number in session.execute(query.where(Job.done_at.is_not(None), Paper.id.is_(None))):
        yield f"{number}: the {job.kind} of entry {job.entry} was made and is not in the register"
