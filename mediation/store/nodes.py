"""Roots of the tree's complete parts as they are kept, so that a proof need not hash every leaf."""

import re

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from mediation.engine.merkle import Frontier, NoProof, complete_parts, grown
from mediation.store import tree
from mediation.store.models import Node

STEP = 8
"""Every so many heights are kept: a root of a part of 256 leaves, of 256 of these, and so on."""
_HEIGHTS = range(STEP, 64, STEP)
_HASH = re.compile("[0-9a-f]{64}")
_STRETCH = 64
"""Nodes made in one transaction: 16,000 leaves are read for them."""


class Parts:
    """The roots of parts of the tree, from the nodes that are kept; what is not kept is made from the leaves.

    Nobody's word for it, as the leaves are: whoever gets a proof holds it against an anchor.
    """

    def __init__(self, session: Session, *, kept: bool = True) -> None:
        """`kept`: whether to look at nodes at all, or at the leaves alone."""
        self._session = session
        self._kept = kept
        self._blocks: dict[int, tuple[int, dict[int, bytes]]] = {}

    def __call__(self, low: int, high: int) -> bytes:
        """The root of the leaves from `low` up to `high`, which are those below some node of the tree.

        Raises NoProof if one of them is not there.
        """
        peaks = [self._complete(height, place) for height, place in complete_parts(low, high)]
        return Frontier(high - low, peaks).root

    def _complete(self, height: int, place: int) -> bytes:
        if height % STEP == 0 and (known := self._known(height, place)) is not None:
            return known
        if height == 0:
            raise NoProof(f"the tree has no position {place}")
        below = (height - 1) // STEP * STEP
        first, count = place << (height - below), 1 << (height - below)
        return grown(self._complete(below, each) for each in range(first, first + count)).root

    def _known(self, height: int, place: int) -> bytes | None:
        """A leaf, or a node if it is kept; it is read with its neighbours, for they are wanted next."""
        number = place >> STEP
        block, rows = self._blocks.get(height, (None, {}))
        if block != number:
            first = number << STEP
            rows = self._read(height, first, first + (1 << STEP))
            self._blocks[height] = number, rows
        return rows.get(place)

    def _read(self, height: int, first: int, last: int) -> dict[int, bytes]:
        if height == 0:
            return dict(tree.leaves(self._session, first, last))
        if not self._kept:
            return {}
        query = select(Node.place, Node.hash).where(
            Node.height == height, Node.place >= first, Node.place < last
        )
        rows = self._session.execute(query)
        return {place: bytes.fromhex(hash_) for place, hash_ in rows if _HASH.fullmatch(hash_)}


def fill(session: Session) -> bool:
    """Keep the next nodes that are complete; whether there may be more.  The caller commits."""
    size, parts = tree.size(session), Parts(session)
    for height in _HEIGHTS:
        newest = session.scalar(select(func.max(Node.place)).where(Node.height == height))
        first = 0 if newest is None else newest + 1
        last = min(size >> height, first + _STRETCH)
        if first < last:
            rows = [
                {"height": height, "place": place, "hash": parts(place << height, place + 1 << height).hex()}
                for place in range(first, last)
            ]
            session.execute(insert(Node), rows)
            return True
    return False
