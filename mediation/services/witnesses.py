"""The tree beside its anchors: those in the table, and those in the file that nobody here can change."""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from mediation.documents import detached
from mediation.documents.stamping import NoStamp, imprint
from mediation.domain.anchors import AnchorLine, read
from mediation.engine.merkle import Frontier
from mediation.services.anchoring import EVERY, FILE, line_of
from mediation.services.findings import Finding, Kind
from mediation.store import logbook, tree

OVERDUE = 2 * EVERY
"""How long an entry may wait for an anchor before somebody should ask why."""


def examine(
    session: Session, file: Path, at: datetime, roots: Sequence[bytes] | None = None
) -> Iterator[Finding]:
    """Everything that is wrong between the tree, its anchors in the table and those in the file.

    With `roots`, the certificates (PEM) that our own descends from, signatures are judged as well.
    """
    told, faults = lines_of(file)
    yield from (Finding(Kind.UNANCHORED, fault) for fault in faults)
    kept = [line_of(anchor) for anchor in tree.anchors(session)]
    with logbook.legible(session):
        yield from _roots(session, {line.plain for line in (*kept, *told)})
        yield from _overdue(session, at)
        yield from _passed_over(session)
    yield from _both_sides(kept, told)
    yield from (fault for line in told if line.token for fault in _stamped(line, line.token))
    if roots is not None:
        yield from _signed([*kept, *told], roots)


def lines_of(file: Path) -> tuple[list[AnchorLine], list[str]]:
    """The anchors that the file tells of, and a sentence for each line that tells of none."""
    try:
        text = file.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return [], []
    found, faults = [], []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            found.append(read(line))
        except ValueError as error:
            faults.append(f"anchor file: line {number} is none: {error}")
    return found, faults


def _roots(session: Session, anchors: set[AnchorLine]) -> Iterator[Finding]:
    """Build the tree anew and hold each anchor against it at its size."""
    waiting = sorted(anchors, key=lambda line: (line.size, line.number), reverse=True)
    frontier = Frontier()
    for position, *row in logbook.rows(session, logbook.IN_ORDER):
        if position != frontier.size:
            yield Finding(Kind.MISSING, f"tree: position {frontier.size} is missing")
            return
        frontier.add(tree.leaf(*row))
        while waiting and waiting[-1].size == frontier.size:
            line = waiting.pop()
            if line.root != frontier.root.hex():
                sentence = f"anchor {line.number} of {line.at}: the tree of {line.size} had another root"
                yield Finding(Kind.REWRITTEN, sentence)
    for line in reversed(waiting):
        sentence = f"anchor {line.number} of {line.at}: the tree has {frontier.size} entries, not {line.size}"
        yield Finding(Kind.REWRITTEN, sentence)
    kept = tree.frontier(session)
    if kept != frontier:
        yield Finding(Kind.OTHER, "tree: what is kept of it for growing is not what its leaves give")


def _both_sides(kept: list[AnchorLine], told: list[AnchorLine]) -> Iterator[Finding]:
    in_table, in_file = {line.number for line in kept}, {line.number for line in told}
    for number in sorted(in_table - in_file):
        yield Finding(Kind.UNANCHORED, f"anchor {number} is missing in the file")
    for number in sorted(in_file - in_table):
        yield Finding(Kind.UNANCHORED, f"anchor {number} is missing in the database")
    for number in sorted(set(range(1, max(in_table | in_file, default=0))) - in_table - in_file):
        yield Finding(Kind.UNANCHORED, f"anchor {number} is missing on both sides")


def _stamped(line: AnchorLine, token: str) -> Iterator[Finding]:
    try:
        same = imprint(base64.b64decode(token, validate=True)) == line.digest
    except (NoStamp, ValueError):
        same = False
    if not same:
        yield Finding(Kind.REWRITTEN, f"anchor {line.number}: its time stamp is on something else")


def _signed(lines: list[AnchorLine], roots: Sequence[bytes]) -> Iterator[Finding]:
    """Whether we signed every anchor since the first that is signed; those of before have no signature."""
    first = min((line.number for line in lines if line.signature), default=None)
    forged = {
        line.number for line in lines if first is not None and line.number >= first and not ours(line, roots)
    }
    for number in sorted(forged):
        yield Finding(Kind.REWRITTEN, f"anchor {number}: the signature on it is not this organisation's")


def ours(line: AnchorLine, roots: Sequence[bytes]) -> bool:
    """Whether an anchor bears the signature of a key that one of the roots has certified."""
    try:
        signature = base64.b64decode(line.signature or "", validate=True)
    except ValueError:
        return False
    return detached.holds(line.said, signature, roots)


def alarms(session: Session, at: datetime) -> Iterator[Finding]:
    """Whether no anchor was made, or none reached the file, for too long; cheap enough for every minute."""
    yield from _overdue(session, at, logbook.RECENTLY)
    for anchor in tree.undelivered(session, FILE, most=1):
        if at > anchor.at + OVERDUE:
            yield Finding(Kind.UNANCHORED, f"anchor {anchor.number} has not reached the file for {OVERDUE}")


def _overdue(session: Session, at: datetime, query: str = logbook.UNANCHORED) -> Iterator[Finding]:
    """Whether an entry has waited too long since it came and since the last anchor."""
    ((first, count),) = logbook.rows(session, query)
    if not count:
        return
    last = tree.last_anchor(session)
    came = first if isinstance(first, datetime) else logbook.moment(first)
    if at > max(came, last.at if last else came) + OVERDUE:
        yield Finding(Kind.UNANCHORED, f"no anchor for {OVERDUE}, though entries wait: {count}")


def _passed_over(session: Session) -> Iterator[Finding]:
    """Whether the sequencer's watermark hides an entry from him, or will hide the next one."""
    water, newest = tree.watermark(session), tree.newest_entry(session)
    count, first = tree.left_out(session, water)
    if count:
        sentence = f"tree: its watermark is {water}, though entries have no leaf: {count}"
        yield Finding(Kind.UNANCHORED, f"{sentence}, from row {first} on")
    if water > newest:
        yield Finding(Kind.UNANCHORED, f"tree: its watermark is {water}, and row {newest} is the last")
