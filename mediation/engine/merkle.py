"""A Merkle tree over a list that only grows: its root, and proofs about it, as RFC 6962 defines them.

A leaf and a node are hashed with different first bytes, so that no node can be passed off as a leaf.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

_LEAF, _NODE = b"\x00", b"\x01"

Part = Callable[[int, int], bytes]
"""The root of the leaves from one position up to another, as a proof asks for it."""


class NoProof(ValueError):
    """What was asked for, or handed in, cannot be a proof."""


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf that holds `content`."""
    return hashlib.sha256(_LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node above two others."""
    return hashlib.sha256(_NODE + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """All that is needed of a tree to let it grow: the roots of its complete parts, the largest first.

    They are as many as the size has binary ones, so a tree of a million leaves is twenty hashes.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Append the hash of a leaf."""
        # Each one at the end of the size is a complete part as large as what has grown beside it.
        parts = self.size
        while parts & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            parts >>= 1
        self.peaks.append(leaf)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The hash that stands for the whole list."""
        if not self.peaks:
            return hashlib.sha256().digest()
        *rest, found = self.peaks
        for peak in reversed(rest):
            found = node_hash(peak, found)
        return found


def grown(leaves: Iterable[bytes]) -> Frontier:
    """The frontier of a tree with these leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier


def complete_parts(low: int, high: int) -> Iterator[tuple[int, int]]:
    """The complete parts into which leaves fall: how high each is, and which of that height.

    The leaves from `low` up to `high` are those below some node of the tree; the largest part comes first.
    """
    while low < high:
        height = (high - low).bit_length() - 1
        yield height, low >> height
        low += 1 << height


def inclusion(part: Part, size: int, position: int) -> list[bytes]:
    """The hashes that lead from the leaf at `position` to the root, the nearest first.  Raises NoProof."""
    turns = list(_way_to(position, size))
    return [part(low, high) for _, low, high in reversed(turns)]


def root_from(leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root to which `path` leads from a leaf of a tree of `size`.  Raises NoProof."""
    turns = list(_way_to(position, size))
    if len(turns) != len(path):
        raise NoProof("a path of another length")
    found = leaf
    for (on_the_left, _, _), sibling in zip(reversed(turns), path, strict=True):
        found = node_hash(sibling, found) if on_the_left else node_hash(found, sibling)
    return found


def consistency(part: Part, size: int, old: int) -> list[bytes]:
    """The hashes that show the first `old` of `size` leaves to be those of an older tree.  Raises NoProof."""
    turns, low, high = _way_to_edge(old, size)
    path = [part(a, b) for _, a, b in turns]
    if low > 0:  # else the last part is the whole older tree, whose root is known
        path.append(part(low, high))
    return path[::-1]


def consistent(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree of `size` only added to the tree of `old`.  Raises NoProof."""
    turns, low, _ = _way_to_edge(old, size)
    seed, rest = ([old_root], list(path)) if low == 0 else (list(path[:1]), list(path[1:]))
    if not seed or len(rest) != len(turns):
        raise NoProof("a path of another length")
    then = now = seed[0]
    for (on_the_left, _, _), sibling in zip(reversed(turns), rest, strict=True):
        if on_the_left:
            then = node_hash(sibling, then)
            now = node_hash(sibling, now)
        else:
            now = node_hash(now, sibling)
    return then == old_root and now == root


Turn = tuple[bool, int, int]
"""A sibling on the way down from the root: whether it is on the left, and which leaves it covers."""


def _left_of(size: int) -> int:
    """How many of `size` leaves, two or more, are in the left part: the largest power of two below it."""
    return 1 << (size - 1).bit_length() - 1


def _way_to(position: int, size: int) -> Iterator[Turn]:
    """The siblings on the way from the root down to a leaf."""
    if not 0 <= position < size:
        raise NoProof(f"there is no position {position} among {size}")
    low, high = 0, size
    while high - low > 1:
        middle = low + _left_of(high - low)
        if position < middle:
            yield False, middle, high
            high = middle
        else:
            yield True, low, middle
            low = middle


def _way_to_edge(old: int, size: int) -> tuple[list[Turn], int, int]:
    """The siblings on the way down to the last complete part of the older tree, and that part's leaves."""
    if not 1 <= old <= size:
        raise NoProof(f"a tree of {old} is no older tree of {size}")
    turns: list[Turn] = []
    low, high = 0, size
    while high != old:
        middle = low + _left_of(high - low)
        if old <= middle:
            turns.append((False, middle, high))
            high = middle
        else:
            turns.append((True, low, middle))
            low = middle
    return turns, low, high
