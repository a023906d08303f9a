"""Prove to somebody who has only the anchors that an entry is in the log as it is shown to him."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.anchors import AnchorLine
from mediation.engine.merkle import NoProof, consistency, consistent, inclusion, root_from
from mediation.services.anchoring import line_of
from mediation.services.casework import spelled
from mediation.store import tree
from mediation.store.models import Anchor, Case, Entry, Leaf
from mediation.store.nodes import Parts
from mediation.store.steps import EntryRow


class Unproved(Exception):
    """There is no proof, or what was handed in proves nothing; a sentence says why."""


class Later(msgspec.Struct):
    """That the newest anchor's tree only added to the one that the proof is about."""

    size: int
    root: str
    path: list[str]


class Growth(NamedTuple):
    """An anchored tree, and the newest one that grew from it: sizes and roots."""

    size: int
    root: bytes
    newest: int
    last: bytes


class Proof(msgspec.Struct):
    """All that it takes to come from what an entry says to an anchored root."""

    case: str
    case_id: int
    entry: int
    said: str
    hash: str
    leaf: str
    position: int
    path: list[str]
    size: int
    root: str
    anchor: dict[str, Any]
    later: Later


def prove(session: Session, number: str, entry: int) -> dict[str, Any]:
    """The proof that an entry of the case with this number is in the tree.  Raises Unproved."""
    row, leaf = _entry(session, number, entry)
    query = select(Anchor).where(Anchor.size > leaf.position).order_by(Anchor.size, Anchor.number)
    anchor = session.scalars(query.limit(1)).one_or_none()
    newest = tree.last_anchor(session)
    if anchor is None or newest is None:
        raise Unproved(f"{number}: entry {entry} is not anchored yet")
    own = tree.leaf(leaf.case_id, entry, leaf.hash)
    whole = Growth(anchor.size, bytes.fromhex(anchor.root), newest.size, bytes.fromhex(newest.root))
    try:
        path, later = _paths(Parts(session), own, leaf.position, whole)
    except Unproved:  # what is kept of the tree may be spoiled: the leaves have the last word
        path, later = _paths(Parts(session, kept=False), own, leaf.position, whole)
    proof = Proof(
        case=number,
        case_id=leaf.case_id,
        entry=entry,
        said=spelled(row).decode(),
        hash=leaf.hash,
        leaf=own.hex(),
        position=leaf.position,
        path=_spelled(path),
        size=anchor.size,
        root=anchor.root,
        anchor=asdict(line_of(anchor)),
        later=Later(newest.size, newest.root, _spelled(later)),
    )
    found: dict[str, Any] = msgspec.to_builtins(proof)
    return found


def _paths(parts: Parts, leaf: bytes, position: int, whole: Growth) -> tuple[list[bytes], list[bytes]]:
    """From the leaf to the root of its anchor, and from there to the newest one's.  Raises Unproved."""
    try:
        path = inclusion(parts, whole.size, position)
        later = consistency(parts, whole.newest, whole.size)
    except NoProof as error:
        raise Unproved(f"the tree is not the one that was anchored: {error}") from error
    _hold(leaf, position, path, whole, later)
    return path, later


def _hold(leaf: bytes, position: int, path: Sequence[bytes], whole: Growth, later: Sequence[bytes]) -> None:
    """Whether the paths lead where they should.  Raises Unproved, or NoProof for what cannot be a path."""
    if root_from(leaf, position, whole.size, path) != whole.root:
        raise Unproved("the path does not lead to the root")
    if not consistent(whole.size, whole.root, whole.newest, whole.last, later):
        raise Unproved("the newest anchor is not of a tree that only grew from there")


def _entry(session: Session, number: str, entry: int) -> tuple[EntryRow, Leaf]:
    case = session.scalars(select(Case).where(Case.number == number)).one_or_none()
    if case is None:
        raise Unproved(f"there is no case {number}")
    query = select(Entry).where(Entry.case_id == case.id, Entry.number == entry)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise Unproved(f"{number} has no entry {entry}")
    leaves = select(Leaf).where(Leaf.case_id == case.id, Leaf.entry == entry)
    leaf = session.scalars(leaves).one_or_none()
    if leaf is None:
        raise Unproved(f"{number}: entry {entry} is not anchored yet")
    return EntryRow(*(getattr(found, column) for column in EntryRow._fields)), leaf


def _spelled(hashes: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in hashes]


def check(said: Mapping[str, Any], anchors: Sequence[AnchorLine]) -> str:
    """What a proof proves, in a sentence, holding it against nothing but the anchors.  Raises Unproved."""
    try:
        proof = msgspec.convert(said, Proof)
        _check(proof, {(line.size, line.root) for line in anchors})
    except (msgspec.ValidationError, ValueError) as error:
        raise Unproved(f"no proof: {error}") from error
    return f"{proof.case}: entry {proof.entry} is in the log: position {proof.position} of {proof.size}"


def _check(proof: Proof, anchored: set[tuple[int, str]]) -> None:
    """Raises Unproved, or ValueError for what is no proof at all."""
    if hashlib.sha256(proof.said.encode()).hexdigest() != proof.hash:
        raise Unproved("the entry is not the one that was hashed")
    if msgspec.json.decode(proof.said)[0] != proof.entry:
        raise Unproved("the entry has another number")
    leaf = tree.leaf(proof.case_id, proof.entry, proof.hash)
    if leaf.hex() != proof.leaf:
        raise Unproved("the leaf is another entry's")
    if not {(proof.size, proof.root), (proof.later.size, proof.later.root)} <= anchored:
        raise Unproved("no anchor in the file has this root")
    whole = Growth(proof.size, bytes.fromhex(proof.root), proof.later.size, bytes.fromhex(proof.later.root))
    _hold(leaf, proof.position, _read(proof.path), whole, _read(proof.later.path))


def _read(hashes: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in hashes]
