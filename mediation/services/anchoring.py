"""Anchor the tree: hourly and at each seal its root is fixed and told to where nobody here can change it."""

import base64
import logging
import os
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from mediation.documents import detached
from mediation.documents.authority import Authority, create
from mediation.domain.anchors import AnchorLine, anchor_line
from mediation.domain.events import Event, What
from mediation.engine.merkle import Frontier
from mediation.services import events, sequencing
from mediation.services.offices import Office, Transaction
from mediation.store import tree
from mediation.store.models import Anchor

EVERY = timedelta(hours=1)
AT_ONCE = frozenset({"seal"})
"""Acts after which nobody waits for the hour."""
FILE = "file"
_LOG = logging.getLogger(__name__)


def keep(
    transaction: Transaction, office: Office, at: datetime, *, thorough: bool = False, at_once: bool = False
) -> None:
    """Anchor the log if it is time, and write into the file what is not in it yet.

    `thorough` brings every entry that the tree lacks into it first, however old, and makes proofs quick;
    else the recent ones.
    `at_once` does not wait for the hour: for commands that write much and end.
    A file that cannot be written is no reason to stop anything: its lines wait for the next call.
    """
    if thorough:
        sequencing.sweep(transaction)
    with transaction() as session:
        wanted = at_once or _due(session, at, thorough=thorough)
    if wanted:
        authority = create(office.keys, office.organisation.name)
        with transaction() as session:
            _anchor(session, sequencing.gather(session), at, authority)
    _write_waiting(transaction, office, at)
    if thorough:
        sequencing.fill(transaction)


def _due(session: Session, at: datetime, *, thorough: bool) -> bool:
    last = tree.last_anchor(session)
    if last is not None and at < last.at:
        return False  # a played dossier of former years: anchors are made in the order of time
    waiting = sequencing.recent(session)
    if last is None or at >= last.at + EVERY:
        grown = tree.size(session) > (last.size if last else 0)
        return bool(waiting) or grown or bool(events.unbound(session))
    if any(entry.action in AT_ONCE for entry in waiting):
        return True
    # A sweep may have taken it in between a seal and its anchor: whoever sweeps looks there, too.
    return thorough and tree.includes(session, last.size, AT_ONCE)


def _anchor(session: Session, frontier: Frontier | None, at: datetime, authority: Authority) -> None:
    """Fix and sign the root as it is now; not if another sequencer is just doing so.  The caller commits."""
    last = tree.last_anchor(session)
    if frontier is None or frontier.size == (last.size if last else 0):
        return
    number = last.number + 1 if last else 1
    line = anchor_line(number, at, frontier.size, frontier.root.hex())
    signature = base64.b64encode(detached.sign(line.said, authority)).decode()
    session.add(Anchor(number=number, size=line.size, root=line.root, at=at, signature=signature))
    events.record(session, Event(What.ANCHOR_SIGNED, events.SYSTEM, f"anchor:{number}"), at)
    session.flush()  # a number that is taken is refused here, by the database


def _write_waiting(transaction: Transaction, office: Office, at: datetime) -> None:
    with transaction() as session:
        waiting = [line_of(anchor) for anchor in tree.undelivered(session, FILE)]
    if not waiting:
        return
    try:
        append(office.anchors.file, waiting)
    except OSError as error:
        _LOG.warning("anchors wait: %s", error)
        return
    with transaction() as session:
        tree.delivered(session, [line.number for line in waiting], FILE, at)


def line_of(anchor: Anchor) -> AnchorLine:
    """The line that tells of an anchor."""
    return anchor_line(anchor.number, anchor.at, anchor.size, anchor.root, anchor.signature)


def append(path: Path, lines: list[AnchorLine]) -> None:
    """Add lines to the anchor file, down to the disk.

    Written in one go, so that two processes do not write into each other's lines; a line may
    come twice, which says nothing new.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(line.line() + "\n" for line in lines)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
