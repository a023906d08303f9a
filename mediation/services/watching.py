"""What another house needs to watch the tree: an anchor, and proof that its tree only added to an older one.

The watcher has a store, a file of his own that nobody here can change, and the organisation's root
certificate.  He takes an anchor only if we signed it and its tree grew out of the last one that he took:
two databases that have gone different ways cannot both be shown to him.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from mediation.domain.anchors import AnchorLine, read
from mediation.engine.merkle import NoProof, consistency, consistent
from mediation.services.anchoring import append, line_of
from mediation.services.proving import Unproved
from mediation.services.witnesses import lines_of, ours
from mediation.store import tree
from mediation.store.nodes import Parts


class OtherTree(Unproved):
    """A root that is none of this tree's; the sentence says which."""


class Growth(msgspec.Struct):
    """The newest anchor as its line says it, and the path to it from the tree of `since` entries."""

    since: int
    anchor: str
    path: list[str]


def growth(session: Session, since: int, root: str | None = None) -> dict[str, Any]:
    """How the newest anchor's tree grew out of that of `since` entries; 0 for a watcher who has none yet.

    `root` is what a paper or a watcher has for that size.  Raises OtherTree if it is not this tree's,
    Unproved if there is no anchor of that size or larger.
    """
    newest = tree.last_anchor(session)
    if newest is None or not 0 <= since <= newest.size:
        raise Unproved(f"no tree of {since} entries has been anchored")
    parts = Parts(session)
    if root is not None and parts(0, since).hex() != root.lower():
        raise OtherTree(f"the tree of {since} entries had another root")
    path = consistency(parts, newest.size, since) if since else []
    said = Growth(since, line_of(newest).line(), [one.hex() for one in path])
    found: dict[str, Any] = msgspec.to_builtins(said)
    return found


def admit(store: Path, said: Mapping[str, Any], roots: Sequence[bytes]) -> AnchorLine:
    """Take an anchor into the watcher's store; one that it has already is taken to be said again.

    Raises OtherTree if the anchor's tree is not the one that was watched, Unproved for everything else.
    """
    kept, faults = lines_of(store)
    if faults:
        raise Unproved(faults[0])
    try:
        given = msgspec.convert(said, Growth)
        line, path = read(given.anchor), [bytes.fromhex(one) for one in given.path]
        bytes.fromhex(line.root)
    except (msgspec.ValidationError, ValueError) as error:
        raise Unproved(f"no anchor: {error}") from error
    if not ours(line, roots):
        raise Unproved(f"anchor {line.number}: the signature on it is not this organisation's")
    if kept and not _grew(kept[-1], line, path):
        raise OtherTree(
            f"anchor {line.number}: its tree did not grow out of that of anchor {kept[-1].number}"
        )
    if not kept or line.plain != kept[-1].plain:
        append(store, [line])
    return line


def _grew(old: AnchorLine, line: AnchorLine, path: Sequence[bytes]) -> bool:
    if line.number < old.number or line.size < old.size:
        return False
    if line.size == old.size:
        return line.plain == old.plain
    try:
        return consistent(old.size, bytes.fromhex(old.root), line.size, bytes.fromhex(line.root), path)
    except NoProof:
        return False
