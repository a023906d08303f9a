"""The whole audit: what the command says, what a worker looks for at night, what the tests play against."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from mediation.documents.authority import ROOT_FILE, roots
from mediation.services import (
    audit,
    audit_evidence,
    audit_files,
    audit_parties,
    audit_rows,
    events,
    witnesses,
)
from mediation.services.findings import Finding, Kind
from mediation.services.offices import Office
from mediation.store import logbook


def examine(session: Session, office: Office, at: datetime, anchors: Path | None = None) -> Iterator[Finding]:
    """Everything that is wrong in this office; `anchors` where its file is not the configured one."""
    yield from audit.examine(session, office.catalogue)
    yield from audit_rows.examine(session)
    yield from audit_parties.examine(session, office)
    yield from witnesses.examine(session, anchors or office.anchors.file, at, _roots(office))
    yield from events.examine(session)
    yield from (Finding(Kind.OTHER, sentence) for sentence in audit_files.findings(session, office))
    yield from (Finding(Kind.MISSING, sentence) for sentence in audit_evidence.findings(session, office))


def examine_since(
    session: Session, office: Office, at: datetime, first: datetime | int, anchors: Path | None = None
) -> tuple[list[Finding], str]:
    """The same for cases with an entry since `first`, a moment or a size of the tree; what was left out.

    The tree and its anchors are held against each other whole: what is older cannot be rewritten unseen,
    but whether it still says what the tree knows is not asked.
    """
    of = logbook.since(session, first)
    found = [
        *audit.examine(session, office.catalogue, of),
        *witnesses.examine(session, anchors or office.anchors.file, at, _roots(office)),
        *events.examine(session),
    ]
    cases = logbook.left_out(session, of)
    return found, (
        f"Not checked: cases without an entry since then: {cases}; people, stories, files of papers and"
        " evidence, openings, rows that belong to nothing."
    )


def _roots(office: Office) -> tuple[bytes, ...] | None:
    """The certificates that our anchors are signed under; None before there are keys."""
    return roots(office.keys) if (office.keys / ROOT_FILE).exists() else None
