"""What is kept of the tree gives the same proofs as its leaves, however much of it is missing."""

import json
from datetime import timedelta

import makers
import pytest
from makers import make_case
from plans import Listening
from sqlalchemy import delete, insert, select, update
from tampering import drop_guards

from mediation.domain.anchors import read
from mediation.engine.merkle import Frontier, consistency, consistent, inclusion, root_from
from mediation.services import anchoring, proving, sequencing
from mediation.store import nodes, tree
from mediation.store.models import Case, Leaf, Node
from mediation.store.nodes import Parts

AT = makers.MONDAY + timedelta(days=30)


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    """Parts of four leaves instead of 256, so that a small tree has several heights of nodes."""
    monkeypatch.setattr(nodes, "STEP", 2)
    monkeypatch.setattr(nodes, "_HEIGHTS", range(2, 64, 2))
    monkeypatch.setattr(nodes, "_STRETCH", 3)


def planted(session, count):
    """Give the tree so many leaves; their hashes."""
    rows = [{"position": n, "case_id": n // 5, "entry": n % 5, "hash": f"{n:064x}"} for n in range(count)]
    session.execute(insert(Leaf), rows)
    return [tree.leaf(row["case_id"], row["entry"], row["hash"]) for row in rows]


def filled(session):
    while nodes.fill(session):
        pass


def sound(session, leaves, size):
    """Whether every position of the tree of this size is proved, and each older tree is."""
    parts = Parts(session)
    roots, frontier = {0: Frontier().root}, Frontier()
    for leaf in leaves[:size]:
        frontier.add(leaf)
        roots[frontier.size] = frontier.root
    for position in range(size):
        path = inclusion(parts, size, position)
        assert root_from(leaves[position], position, size, path) == roots[size]
    for old in range(1, size + 1):
        assert parts(0, old) == roots[old]
        path = consistency(parts, size, old)
        assert consistent(old, roots[old], size, roots[size], path)


@pytest.mark.parametrize("size", [1, 3, 4, 5, 16, 17, 63, 64, 77])
def test_every_proof_is_the_one_that_the_leaves_give(transaction, size):
    with transaction() as session:
        leaves = planted(session, 77)
        sound(session, leaves, size)
        filled(session)
        sound(session, leaves, size)


def test_what_is_kept_is_every_second_height_of_what_is_complete(transaction):
    with transaction() as session:
        planted(session, 77)
        filled(session)
        kept = session.execute(select(Node.height, Node.place).order_by(Node.height, Node.place)).all()
        assert kept == [(h, n) for h in (2, 4, 6) for n in range(77 >> h)]
        assert not nodes.fill(session)


@pytest.mark.parametrize("hole", [Node.height == 2, Node.height == 4, Node.place % 2 == 1])
def test_a_node_that_is_missing_is_made_of_what_is_below_it(transaction, hole):
    with transaction() as session:
        leaves = planted(session, 77)
        filled(session)
        session.execute(delete(Node).where(hole))
        sound(session, leaves, 77)


def test_the_regular_work_keeps_the_nodes_and_a_proof_reads_few_leaves(transaction, office):
    with transaction() as session:
        cases = [make_case(session, office, state="performing").id for _ in range(8)]
    anchoring.keep(transaction, office, AT, thorough=True)
    with transaction() as session:
        size, number = tree.size(session), session.get_one(Case, cases[3]).number
        assert size > 64
    with transaction() as session:
        listening = Listening(session.get_bind())
        said = proving.prove(session, number, 2)
    asked = [values for statement, values in listening.heard if "FROM leaves" in statement and values]
    assert 0 < len(asked) < 12
    assert proving.check(said, told(office)).startswith(number)


def told(office):
    lines = office.anchors.file.read_text().splitlines()
    return [read(line) for line in lines]


@pytest.mark.parametrize("spoiled", ["0" * 64, "no hash at all"], ids=["another_hash", "no_hash"])
def test_nodes_that_somebody_has_spoiled_spoil_no_proof(transaction, office, spoiled):
    with transaction() as session:
        cases = [make_case(session, office, state="performing").id for _ in range(4)]
    anchoring.keep(transaction, office, AT, thorough=True)
    with transaction() as session:
        number = session.get_one(Case, cases[1]).number
        honest = proving.prove(session, number, 1)
        assert session.execute(update(Node).values(hash=spoiled)).rowcount > 8
        assert json.dumps(proving.prove(session, number, 1)) == json.dumps(honest)


def test_leaves_that_are_not_those_of_the_anchor_give_no_proof(transaction, office):
    with transaction() as session:
        number = make_case(session, office, state="performing").number
    anchoring.keep(transaction, office, AT, thorough=True)
    with transaction() as session:
        drop_guards(session)
        other = tree.size(session) - 1
        session.execute(update(Leaf).where(Leaf.position == other).values(hash="0" * 64))
        session.execute(delete(Node))
        with pytest.raises(proving.Unproved, match="does not lead to the root"):
            proving.prove(session, number, 1)
        session.execute(delete(Leaf).where(Leaf.position == other))
        with pytest.raises(proving.Unproved, match=f"no position {other}"):
            proving.prove(session, number, 1)


def test_who_is_not_the_sequencer_fills_in_nothing(transaction, monkeypatch):
    with transaction() as session:
        planted(session, 20)
    monkeypatch.setattr(tree, "alone", lambda _: False)
    sequencing.fill(transaction)
    with transaction() as session:
        assert session.scalars(select(Node)).all() == []
