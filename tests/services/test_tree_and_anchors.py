"""Entries come into one order without gaps, whoever commits when; anchors follow the hour and the seal."""

import json
import threading
from datetime import timedelta

import makers
import pytest
from makers import act, make_case
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DatabaseError

from mediation.domain import anchors as words
from mediation.engine.merkle import grown
from mediation.services import anchoring, audit, sequencing, witnesses
from mediation.services.access import BY_DOSSIER
from mediation.services.afterwards import settle
from mediation.store import tree
from mediation.store.models import Anchor, Case, Delivery, Entry, FrontierRow, Leaf

AT = makers.MONDAY + timedelta(days=30)
HOUR = timedelta(hours=1)


def placed(session):
    """Which entry has which position."""
    return [(leaf.case_id, leaf.entry) for leaf in session.scalars(select(Leaf).order_by(Leaf.position))]


def everything(session):
    return {tuple(row) for row in session.execute(select(Entry.case_id, Entry.number))}


def sound(transaction, office, at=AT):
    with transaction() as session:
        witnessed = witnesses.examine(session, office.anchors.file, at)
        return [*audit.examine(session, office.catalogue), *witnessed] == []


def told(office):
    return [words.read(line) for line in office.anchors.file.read_text().splitlines()]


def test_every_entry_gets_one_position_and_none_is_left_out(transaction, office):
    with transaction() as session:
        make_case(session, office, state="contacting")
        assert sequencing.gather(session).size == 3
        make_case(session, office, state="submitted")
        grown_again = sequencing.gather(session)
        leaves = session.scalars(select(Leaf).order_by(Leaf.position)).all()
        assert [leaf.position for leaf in leaves] == list(range(grown_again.size))
        assert set(placed(session)) == everything(session)
        hashes = [tree.leaf(leaf.case_id, leaf.entry, leaf.hash) for leaf in leaves]
        assert grown(hashes).root == grown_again.root
        assert sequencing.gather(session).size == grown_again.size


def test_the_frontier_can_be_dropped_or_spoiled_and_is_made_anew(transaction, office):
    with transaction() as session:
        make_case(session, office, state="contacting")
        root = sequencing.gather(session).root
    for spoil in (delete(FrontierRow), text("UPDATE frontier SET peaks = 'zz'")):
        with transaction() as session:
            assert tree.frontier(session).root == root
            session.execute(spoil)
        with transaction() as session:
            assert tree.frontier(session).root == root
            make_case(session, office, state="submitted")
            root = sequencing.gather(session).root


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_an_entry_that_is_committed_late_is_still_found(transaction, office):
    """Its row number was given out before those of entries that have their leaf already."""
    begun, may_end = threading.Event(), threading.Event()

    def slowly():
        with transaction() as session:
            make_case(session, office, state="draft")
            begun.set()
            assert may_end.wait(30)

    late = threading.Thread(target=slowly)
    late.start()
    assert begun.wait(30)
    with transaction() as session:
        make_case(session, office, state="submitted")
    with transaction() as session:
        assert sequencing.gather(session).size == 2
    may_end.set()
    late.join()
    with transaction() as session:
        newest = session.scalars(select(Entry.id).order_by(Entry.id.desc()).limit(1)).one()
        late_one = session.scalars(select(Entry).where(Entry.action == "start").order_by(Entry.id)).first()
        assert late_one.id < newest
        assert sequencing.gather(session).size == 3
        assert placed(session)[-1] == (late_one.case_id, 1)


def test_a_sweep_finds_what_is_too_old_to_be_recent(transaction, office, monkeypatch):
    monkeypatch.setattr(sequencing, "RECENT", 2)
    monkeypatch.setattr(sequencing, "STRETCH", 3)
    with transaction() as session:
        make_case(session, office, state="performed")
        count = len(everything(session))
    with transaction() as session:
        assert sequencing.gather(session).size == 2 < count
    sequencing.sweep(transaction)
    with transaction() as session:
        assert len(placed(session)) == count
        assert set(placed(session)) == everything(session)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_one_sequencer_at_a_time_and_nobody_waits_for_him(transaction, office):
    begun, may_end = threading.Event(), threading.Event()

    def sequence():
        with transaction() as session:
            assert sequencing.gather(session) is not None
            begun.set()
            assert may_end.wait(30)

    with transaction() as session:
        make_case(session, office, state="submitted")
    other = threading.Thread(target=sequence)
    other.start()
    assert begun.wait(30)
    with transaction() as session:
        assert sequencing.gather(session) is None
        make_case(session, office, state="submitted")  # a writer goes on
    may_end.set()
    other.join()
    with transaction() as session:
        assert sequencing.gather(session).size == 4


# --- anchors -----------------------------------------------------------------------------------------


def test_an_anchor_follows_the_hour(transaction, office):
    with transaction() as session:
        make_case(session, office, state="submitted")
    settle(transaction, office, AT)
    assert [(line.number, line.size) for line in told(office)] == [(1, 2)]
    with transaction() as session:
        make_case(session, office, state="submitted")
    settle(transaction, office, AT + HOUR - timedelta(seconds=1))
    assert len(told(office)) == 1
    settle(transaction, office, AT + HOUR)
    assert [(line.number, line.size) for line in told(office)] == [(1, 2), (2, 4)]
    settle(transaction, office, AT + 9 * HOUR)
    assert len(told(office)) == 2, "nothing came since"
    assert sound(transaction, office, AT + 9 * HOUR)


def test_a_seal_is_anchored_at_once(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="awaiting_signatures")
    settle(transaction, office, AT)
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        for role in ("worker", "employer", "mediator"):
            act(session, office, case, "sign", role=role)
    anchoring.keep(transaction, office, AT + timedelta(minutes=1))
    assert len(told(office)) == 1
    with transaction() as session:
        act(session, office, session.scalars(select(Case)).one(), "seal")
    anchoring.keep(transaction, office, AT + timedelta(minutes=2))
    with transaction() as session:
        assert [line.size for line in told(office)][1] == len(everything(session))


def test_a_file_that_cannot_be_written_stops_nothing_and_gets_its_line_later(transaction, office, caplog):
    office.anchors.file.mkdir(parents=True)
    with transaction() as session:
        make_case(session, office, state="submitted")
    settle(transaction, office, AT)
    assert "anchors wait" in caplog.text
    with transaction() as session:
        assert session.scalars(select(Anchor)).one().size == 2
        assert session.scalars(select(Delivery)).all() == []
    office.anchors.file.rmdir()
    settle(transaction, office, AT + timedelta(minutes=1))
    assert [line.number for line in told(office)] == [1]
    assert sound(transaction, office)


def test_what_the_table_says_the_file_says(transaction, office):
    with transaction() as session:
        make_case(session, office, state="submitted")
    anchoring.keep(transaction, office, AT)
    with transaction() as session:
        kept = session.scalars(select(Anchor)).one()
        assert json.loads(office.anchors.file.read_text()) == {
            "anchor": 1,
            "at": "2026-04-01T01:00:00+00:00",
            "size": kept.size,
            "root": kept.root,
            "signature": kept.signature,
        }


@pytest.mark.parametrize("table", ["leaves", "anchors", "deliveries"])
def test_tree_and_anchors_are_append_only(transaction, office, table):
    with transaction() as session:
        make_case(session, office, state="submitted")
    anchoring.keep(transaction, office, AT)
    column = {"leaves": "hash", "anchors": "root", "deliveries": "target"}[table]

    def attempt(statement):
        with transaction() as session:
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) > 0
            session.execute(text(statement))

    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match=f"{table} is append-only"):
            attempt(statement)


# --- on what authority -------------------------------------------------------------------------------


def test_an_authority_is_covered_by_the_hash_and_an_entry_without_one_keeps_its_own(transaction, office):
    from dataclasses import replace

    from mediation.engine.asking import Ask
    from mediation.services.casework import fire, spelled
    from mediation.store.steps import EntryRow

    with transaction() as session:
        case = make_case(session, office, state="submitted")
        clerk = replace(makers.staff(session, "clerk"), authority=BY_DOSSIER)
        fire(session, office.catalogue, case.id, Ask("contact_employer", clerk, 2, AT))
        rows = session.scalars(select(Entry).order_by(Entry.number)).all()
        by_people = [row for row in rows if row.role != "system"]
        assert [row.authority for row in by_people] == ["", "", "dossier"]
        entry = EntryRow(*(getattr(by_people[2], column) for column in EntryRow._fields))
        assert spelled(entry).endswith(b',"dossier"]')
        assert len(json.loads(spelled(entry._replace(authority="")))) == 10
