"""The whole audit: what the command says, what a worker looks for at night, what the tests play against."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from mediation.services import audit, audit_files, audit_parties, audit_rows, witnesses
from mediation.services.findings import Finding, Kind
from mediation.services.offices import Office


def examine(session: Session, office: Office, at: datetime, anchors: Path | None = None) -> Iterator[Finding]:
    """Everything that is wrong in this office; `anchors` where its file is not the configured one."""
    yield from audit.examine(session, office.catalogue)
    yield from audit_rows.examine(session)
    yield from audit_parties.examine(session, office)
    yield from witnesses.examine(session, anchors or office.anchors.file, at)
    yield from (Finding(Kind.OTHER, sentence) for sentence in audit_files.findings(session, office))
