"""The tree against a naive one, and its proofs against whatever is no proof."""

import hashlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mediation.engine.merkle import (
    Frontier,
    NoProof,
    consistency,
    consistent,
    grown,
    inclusion,
    leaf_hash,
    node_hash,
    root_from,
)

CONTENTS = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def naive(contents):
    """The definition of RFC 6962, word by word."""
    if not contents:
        return hashlib.sha256(b"").digest()
    if len(contents) == 1:
        return hashlib.sha256(b"\x00" + contents[0]).digest()
    half = 1
    while half * 2 < len(contents):
        half *= 2
    return hashlib.sha256(b"\x01" + naive(contents[:half]) + naive(contents[half:])).digest()


def hashes(contents):
    return [leaf_hash(content) for content in contents]


def parts(leaves):
    return lambda low, high: grown(leaves[low:high]).root


def test_the_roots_are_those_that_other_implementations_publish():
    """The test vectors of certificate transparency: eight leaves, and the root after each."""
    contents = [bytes.fromhex(text) for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )]  # fmt: skip
    assert Frontier().root.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert grown(hashes(contents[:1])).root.hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert grown(hashes(contents)).root.hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


@given(CONTENTS)
def test_a_tree_that_grows_leaf_by_leaf_always_has_the_root_of_the_definition(contents):
    frontier = Frontier()
    for size, leaf in enumerate(hashes(contents), 1):
        frontier.add(leaf)
        assert (frontier.size, frontier.root) == (size, naive(contents[:size]))
        assert len(frontier.peaks) == size.bit_count()


@given(CONTENTS, st.data())
def test_every_leaf_has_a_path_to_the_root_and_no_other_leaf_has_it(contents, data):
    leaves = hashes(contents)
    position = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion(parts(leaves), len(leaves), position)
    root = naive(contents)
    assert root_from(leaves[position], position, len(leaves), path) == root
    other = leaf_hash(b"something else altogether")
    assert root_from(other, position, len(leaves), path) != root
    if path:
        spoiled = [*path]
        at = data.draw(st.integers(0, len(path) - 1))
        spoiled[at] = bytes([spoiled[at][0] ^ 1]) + spoiled[at][1:]
        assert root_from(leaves[position], position, len(leaves), spoiled) != root


@given(CONTENTS, st.data())
def test_a_path_of_another_length_is_no_proof(contents, data):
    leaves = hashes(contents)
    position = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion(parts(leaves), len(leaves), position)
    with pytest.raises(NoProof):
        root_from(leaves[position], position, len(leaves), [*path, leaves[0]])
    with pytest.raises(NoProof):
        root_from(leaves[position], len(leaves), len(leaves), path)
    with pytest.raises(NoProof):
        inclusion(parts(leaves), len(leaves), -1)


@given(CONTENTS, st.data())
def test_a_tree_that_only_grew_is_consistent_with_every_older_one(contents, data):
    leaves = hashes(contents)
    old = data.draw(st.integers(1, len(leaves)))
    path = consistency(parts(leaves), len(leaves), old)
    assert consistent(old, naive(contents[:old]), len(leaves), naive(contents), path)
    assert len(path) <= 2 * len(leaves).bit_length()


@given(CONTENTS, st.data())
def test_a_tree_whose_past_was_rewritten_is_consistent_with_no_older_one(contents, data):
    old = data.draw(st.integers(1, len(contents)))
    place = data.draw(st.integers(0, old - 1))
    rewritten = [*contents[:place], data.draw(st.binary(max_size=8)), *contents[place + 1 :]]
    assume(rewritten != contents)
    path = consistency(parts(hashes(rewritten)), len(rewritten), old)
    assert not consistent(old, naive(contents[:old]), len(contents), naive(rewritten), path)


@given(CONTENTS, st.data())
def test_half_a_consistency_proof_is_none(contents, data):
    leaves = hashes(contents)
    old = data.draw(st.integers(1, len(leaves)))
    path = consistency(parts(leaves), len(leaves), old)
    with pytest.raises(NoProof):
        consistent(old, naive(contents[:old]), len(leaves), naive(contents), [*path, leaves[0]])
    with pytest.raises(NoProof):
        consistency(parts(leaves), len(leaves), len(leaves) + 1)
    with pytest.raises(NoProof):
        consistent(0, naive([]), len(leaves), naive(contents), [])


def test_a_node_is_never_taken_for_a_leaf():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
    assert grown([left, right]).root == node_hash(left, right)
