"""What somebody should look at: anchors that are overdue, and what the audit of the last night found."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from mediation.domain.facts import BEIJING
from mediation.services import auditing, limits, relaying, spare, witnesses
from mediation.services.findings import Finding, Kind, status
from mediation.services.offices import Office, Transaction
from mediation.services.texting import EMAIL, SMS
from mediation.store import durable

NIGHT = timedelta(hours=2)
"""After midnight in Beijing: from then on a worker audits once, and again on the next day."""
STALE = timedelta(hours=36)
"""An audit that is older has been left out."""
MOST = 100
"""Sentences that are kept of one audit; the command says all."""


class Report(msgspec.Struct, frozen=True):
    """What the last audit found: its status, how many findings there were, and the first of them."""

    at: datetime
    seconds: float
    status: int
    count: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What to raise the alarm for; nothing if all of it is empty."""

    unanchored: tuple[str, ...]
    report: Report | None
    stale: bool
    untold: tuple[str, ...] = ()
    full: tuple[str, ...] = ()
    """What is nearly used up."""

    @property
    def alarms(self) -> Iterator[str]:
        """Each thing in a sentence."""
        yield from self.unanchored
        yield from self.untold
        yield from self.full
        if self.report is not None and self.report.count:
            when = f"{self.report.at:%Y-%m-%d %H:%M}"
            yield f"the audit of {when} found {self.report.count}: see `mediation audit`"
        if self.stale and self.report is not None:
            yield f"the last audit was at {self.report.at:%Y-%m-%d %H:%M}: is `mediation work` running?"


def watch(session: Session, office: Office, at: datetime) -> Watch:
    """How things stand; reads a few rows and one small file."""
    late = tuple(finding.sentence for finding in witnesses.alarms(session, at))
    last = report(office)
    ways = [way for way, there in ((SMS, office.gateway), (EMAIL, office.mail)) if there]
    untold = tuple(relaying.alarms(session, at, ways)) if ways else ()
    full = (*limits.alarms(session, at), *spare.alarms(session))
    return Watch(late, last, last is not None and at > last.at + STALE, untold, full)


def report(office: Office) -> Report | None:
    """What the last audit by a worker found; None before the first, or if it cannot be read."""
    try:
        return msgspec.json.decode(_place(office).read_bytes(), type=Report)
    except (OSError, msgspec.DecodeError):
        return None


def audit_nightly(reading: Transaction, office: Office, at: datetime) -> None:
    """Audit if nobody has in this night, and keep what was found.  It only reads the database.

    An audit that breaks off is a finding too: it is not begun anew every minute.
    """
    last = report(office)
    if last is not None and _night(at) <= _night(last.at):
        return
    began = time.monotonic()
    with reading() as session:
        try:
            found = list(auditing.examine(session, office, at))
        except Exception as error:
            found = [Finding(Kind.OTHER, f"the audit broke off: {error!r}")]
    sentences = tuple(finding.sentence for finding in found[:MOST])
    done = Report(at, round(time.monotonic() - began, 1), status(found), len(found), sentences)
    durable.write(_place(office), msgspec.json.encode(done))


def _night(at: datetime) -> str:
    return (at.astimezone(BEIJING) - NIGHT).date().isoformat()


def _place(office: Office) -> Path:
    return office.instance / "audit.json"
