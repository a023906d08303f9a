"""The ends of the chains of security events are leaves of the tree: no tail of them can be cut off."""

from datetime import timedelta

import makers
import pytest
from makers import make_case
from sqlalchemy import delete, func, select, text
from tampering import audited, drop_guards, rewrite_tree

from mediation.domain.events import Event, What
from mediation.services import anchoring, events, sequencing
from mediation.services.afterwards import settle
from mediation.services.opening import make_ready
from mediation.store.models import Anchor, Leaf, SecurityEvent

AT = makers.MONDAY + timedelta(days=30)
HOUR = timedelta(hours=1)


@pytest.fixture
def happen(transaction):
    """Let somebody do something that is written down."""

    def one(who, what=What.LOGGED_IN, at=AT):
        with transaction() as session:
            events.record(session, Event(what, who), at)

    return one


@pytest.fixture
def anchored(transaction, office, happen):
    """Three people have come and gone, and an hour has passed."""
    make_ready(transaction, AT)
    with transaction() as session:
        make_case(session, office, state="submitted")
    for number in (1, 2, 3, 1, 2, 1):
        happen(f"person:{number}")
    settle(transaction, office, AT)
    with transaction() as session:
        assert audited(session, office, AT) == (0, [])


def last_of(session, who):
    query = select(SecurityEvent).where(SecurityEvent.who == who).order_by(SecurityEvent.number.desc())
    return session.scalars(query.limit(1)).one()


def sizes(transaction):
    with transaction() as session:
        return list(session.scalars(select(Anchor.size).order_by(Anchor.number)))


def test_a_tail_cut_off_is_missed(transaction, office, anchored):
    with transaction() as session:
        drop_guards(session)
        last = last_of(session, "person:1")
        name = f"security event {last.chain}/{last.number}"
        session.execute(delete(SecurityEvent).where(SecurityEvent.id == last.id))
        assert audited(session, office, AT) == (4, [f"{name} is missing: the tree has it"])


def test_all_of_them_gone_are_missed(transaction, office, anchored):
    with transaction() as session:
        drop_guards(session)
        leaves = session.scalar(select(func.count()).select_from(Leaf).where(Leaf.case_id < 0))
        session.execute(delete(SecurityEvent))
        found, sentences = audited(session, office, AT)
        assert found == 4
        assert len(sentences) == leaves > 1


def rewritten(session):
    """Change the first event of a chain and every hash after it; the chain and its last event."""
    first = last_of(session, "person:1").chain
    before = ""
    query = select(SecurityEvent).where(SecurityEvent.chain == first).order_by(SecurityEvent.number)
    for event in session.scalars(query):
        event.about = "person:99" if not before else event.about
        event.before = before
        event.hash = before = events.hashed(event)
    session.flush()
    return first, event


def test_a_chain_rewritten_with_all_its_hashes_is_unlike_the_tree(transaction, office, anchored):
    with transaction() as session:
        drop_guards(session)
        chain, last = rewritten(session)
        name = f"security event {chain}/{last.number}"
        assert audited(session, office, AT) == (3, [f"{name} was changed: the tree has another"])


def test_a_chain_rewritten_with_its_tree_is_unlike_the_anchor(transaction, office, anchored):
    with transaction() as session:
        drop_guards(session)
        chain, last = rewritten(session)
        leaf = events.leaf_of(chain)
        session.execute(
            text("UPDATE leaves SET hash = :hash WHERE case_id = :leaf"), {"hash": last.hash, "leaf": leaf}
        )
        rewrite_tree(session)
        assert audited(session, office, AT)[0] == 5


def test_what_happens_is_anchored_within_the_hour_though_no_case_moves(transaction, office, anchored, happen):
    known = sizes(transaction)
    settle(transaction, office, AT + 9 * HOUR)
    assert sizes(transaction) == known, "an anchor is no reason for another"
    happen("person:2", at=AT + 9 * HOUR)
    settle(transaction, office, AT + 9 * HOUR)
    settle(transaction, office, AT + 20 * HOUR)
    assert sizes(transaction) == [*known, known[-1] + 1]
    with transaction() as session:
        assert audited(session, office, AT + 20 * HOUR) == (0, [])


def test_every_end_is_one_leaf_however_often_it_is_looked_at(transaction, office, anchored, happen):
    happen("person:1")
    happen("person:1", What.CASE_READ)
    with transaction() as session:
        (waiting,) = events.unbound(session)
        assert waiting == (
            events.leaf_of(last_of(session, "person:1").chain),
            last_of(session, "person:1").number,
            last_of(session, "person:1").hash,
            "case_read",
        )
        size = sequencing.gather(session).size
        assert events.unbound(session) == []
        assert sequencing.gather(session).size == size
    anchoring.keep(transaction, office, AT + HOUR)
    assert sizes(transaction)[-1] == size
