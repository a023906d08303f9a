"""What `mediation work` does each minute costs what is new, and leaves no entry out of the tree for it."""

import threading
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import makers
import pytest
from makers import make_case
from plans import Listening, effort, scans
from sqlalchemy import delete, func, insert, select, text
from tampering import audited

from mediation.cli import office as commands
from mediation.services import anchoring, generating, sequencing
from mediation.services.generating import Plan, generate
from mediation.services.opening import make_ready
from mediation.store import tree
from mediation.store.db import db
from mediation.store.models import Anchor, Delivery, Entry, Leaf, Sequence

AT = makers.MONDAY + timedelta(days=30)
COLUMNS = "action, source, target, role, actor_id, seat, at, data, before, hash, authority"
GROWING = (
    *("cases", "entries", "parties", "ledger", "finds", "leaves", "nodes", "messages", "papers"),
    *("deliveries", "outbox", "sent", "replies"),
)
"""Not anchors, of which the first is read from the end, nor jobs, of which an index has those to do."""
LITTLE = {"sqlite": 3000, "postgresql": 300}
"""The most effort of one statement of a round in which nothing is new: the district has thousands of rows."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Nobody here is waited for a whole second."""
    monkeypatch.setattr(sequencing, "LOOKS", 3)


def watermark(transaction):
    with transaction() as session:
        return tree.watermark(session)


def put_watermark(transaction, row):
    with transaction() as session:
        session.execute(delete(Sequence).where(Sequence.name == tree.WATERMARK))
        session.execute(insert(Sequence).values(name=tree.WATERMARK, last=row))


def newest(transaction):
    with transaction() as session:
        return tree.newest_entry(session)


def without_leaf(transaction):
    """The row numbers of the entries that the tree does not have, found the long way."""
    with transaction() as session:
        known = {(leaf.case_id, leaf.entry) for leaf in session.scalars(select(Leaf))}
        rows = session.scalars(select(Entry).order_by(Entry.id))
        return [entry.id for entry in rows if (entry.case_id, entry.number) not in known]


def file(transaction, office, state="submitted"):
    with transaction() as session:
        return make_case(session, office, state=state).id


# --- the watermark ------------------------------------------------------------------------------------------


def test_a_sweep_keeps_how_far_it_has_come_and_begins_there(transaction, office, monkeypatch):
    monkeypatch.setattr(sequencing, "STRETCH", 3)
    file(transaction, office, "performed")
    assert watermark(transaction) == 0
    looked = []
    monkeypatch.setattr(tree, "waiting", _noting(looked, tree.waiting))
    sequencing.sweep(transaction)
    end = newest(transaction)
    assert watermark(transaction) == end > 9
    assert looked == [(after, after + 3) for after in range(0, end, 3)]
    looked.clear()
    sequencing.sweep(transaction)
    assert looked == [], "nothing came since"
    file(transaction, office)
    sequencing.sweep(transaction)
    assert looked == [(end, end + 3)]
    assert without_leaf(transaction) == []


def _noting(looked, waiting):
    def noted(session, after, until):
        looked.append((after, until))
        return waiting(session, after, until)

    return noted


def test_leaves_and_watermark_come_together_or_not_at_all(transaction, office, monkeypatch):
    def die(*_):
        raise KeyboardInterrupt

    file(transaction, office)
    with monkeypatch.context() as patch:
        patch.setattr(tree, "advance", die)
        with pytest.raises(KeyboardInterrupt):
            sequencing.sweep(transaction)
    assert len(without_leaf(transaction)) == 2
    sequencing.sweep(transaction)
    assert (without_leaf(transaction), watermark(transaction)) == ([], newest(transaction))


def test_a_district_that_never_had_a_watermark_gets_one(transaction, office):
    """As an older program leaves it: every entry in the tree, and nobody has written down how far."""
    file(transaction, office)
    with transaction() as session:
        sequencing.gather(session)
        assert tree.watermark(session) == 0
    sequencing.sweep(transaction)
    assert watermark(transaction) == newest(transaction)


# --- who commits late ----------------------------------------------------------------------------------


@contextmanager
def writing(transaction, office, *, then=None):
    """Somebody who has entered something and whose commit is late; what it yields lets him end."""
    begun, may_end = threading.Event(), threading.Event()

    def slowly():
        with transaction() as session:
            make_case(session, office, state="draft")
            begun.set()
            assert may_end.wait(60)
            if then:
                raise then

    late = threading.Thread(target=slowly)

    def end():
        may_end.set()
        late.join()

    late.start()
    assert begun.wait(30)
    try:
        yield end
    finally:
        end()


def crowd(transaction, office, many):
    """So many entries that others commit meanwhile, in one case."""
    case_id = file(transaction, office)
    with transaction() as session:
        session.execute(
            text(
                f"INSERT INTO entries (case_id, number, {COLUMNS}) SELECT case_id, 2 + n, {COLUMNS}"
                " FROM entries, generate_series(1, :many) n WHERE case_id = :case_id AND number = 1"
            ),
            {"many": many, "case_id": case_id},
        )


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_an_entry_that_commits_after_thousands_of_others_gets_its_leaf(transaction, office):
    with writing(transaction, office) as end:
        crowd(transaction, office, 3 * sequencing.RECENT)
        sequencing.sweep(transaction)
        assert without_leaf(transaction) == [], "nobody waits for the late one"
        before = watermark(transaction)
        end()
    [late] = without_leaf(transaction)
    assert before < late < newest(transaction) - 2 * sequencing.RECENT
    with transaction() as session:
        assert sequencing.recent(session) == [], "too late for those who look at the newest only"
    sequencing.sweep(transaction)
    assert without_leaf(transaction) == []
    assert watermark(transaction) == newest(transaction)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_who_has_a_number_and_no_row_yet_is_waited_for_as_well(transaction, office):
    """Between the number and the row a transaction has no number of its own, and `xmin` ignores it."""
    case_id = file(transaction, office)
    slow_number = (
        "CREATE FUNCTION slow_number() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE n bigint; BEGIN"
        " n := nextval('entries_id_seq'); PERFORM pg_advisory_lock(1); RETURN n; END $$"
    )

    def slowly():
        with transaction() as session:
            session.execute(
                text(
                    f"INSERT INTO entries (id, case_id, number, {COLUMNS}) SELECT slow_number(), case_id, 3,"
                    f" {COLUMNS} FROM entries WHERE case_id = :case_id AND number = 1"
                ),
                {"case_id": case_id},
            )

    with transaction() as session:
        session.execute(text(slow_number))
    with transaction() as gate:
        gate.execute(text("SELECT pg_advisory_lock(1)"))
        late = threading.Thread(target=slowly)
        late.start()
        _until(lambda: gate.scalar(text("SELECT last_value FROM entries_id_seq")) == 3)
        file(transaction, office)
        sequencing.sweep(transaction)
        assert watermark(transaction) == 0
        gate.execute(text("SELECT pg_advisory_unlock(1)"))
    late.join()
    assert without_leaf(transaction) == [3]
    sequencing.sweep(transaction)
    assert (without_leaf(transaction), watermark(transaction)) == ([], newest(transaction))


def _until(true):
    for _ in range(500):
        if true():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it did not come to that")


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_number_that_was_rolled_back_holds_the_watermark_up_for_no_one(transaction, office):
    class Undone(Exception):
        pass

    def caught(*_):
        pass

    hook, threading.excepthook = threading.excepthook, caught
    try:
        with writing(transaction, office, then=Undone()) as end:
            file(transaction, office)
            sequencing.sweep(transaction)
            assert watermark(transaction) == 0
            end()
    finally:
        threading.excepthook = hook
    sequencing.sweep(transaction)
    assert watermark(transaction) == newest(transaction)
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) < newest(transaction), "a gap"


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_who_is_just_writing_is_waited_for_a_moment(transaction, office, monkeypatch):
    """In a busy office somebody is always writing; the watermark goes on all the same."""
    with writing(transaction, office) as end, ExitStack() as others:

        def meanwhile(_):
            others.enter_context(writing(transaction, office))  # another begins, who is not waited for
            end()

        file(transaction, office)
        seen = newest(transaction)
        monkeypatch.setattr(sequencing.time, "sleep", meanwhile)
        sequencing.sweep(transaction)
        assert watermark(transaction) == seen
    sequencing.sweep(transaction)
    assert (without_leaf(transaction), watermark(transaction)) == ([], newest(transaction))


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_writers_of_another_district_on_the_same_server_hold_nobody_up(transaction, office, postgresql_copy):
    import psycopg

    file(transaction, office)
    with postgresql_copy() as url, psycopg.connect(url) as other:
        other.execute("LOCK TABLE entries IN ROW EXCLUSIVE MODE")
        sequencing.sweep(transaction)
    assert watermark(transaction) == newest(transaction)


# --- a seal that a sweep has taken into the tree ---------------------------------------------------------


def test_a_seal_is_anchored_by_the_next_round_though_it_is_in_the_tree_already(transaction, office):
    file(transaction, office)
    anchoring.keep(transaction, office, AT, thorough=True)
    file(transaction, office)
    minute = timedelta(minutes=1)
    anchoring.keep(transaction, office, AT + minute, thorough=True)
    assert _sizes(transaction) == [2], "no seal: it waits for the hour"
    file(transaction, office, "performing")
    sequencing.sweep(transaction)  # and whoever swept was killed before he anchored
    anchoring.keep(transaction, office, AT + 2 * minute, thorough=True)
    assert _sizes(transaction) == [2, newest(transaction)], "every entry has a number, every number its leaf"
    anchoring.keep(transaction, office, AT + 3 * minute, thorough=True)
    assert len(_sizes(transaction)) == 2, "once"


def _sizes(transaction):
    with transaction() as session:
        return [anchor.size for anchor in tree.anchors(session)]


# --- a watermark that lies ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "said"),
    [(0, "though entries have no leaf: 2"), (40, "and row {newest} is the last")],
    ids=["over_some", "beyond_all"],
)
def test_a_watermark_put_forward_by_hand_is_found_by_the_audit(transaction, office, ahead, said):
    make_ready(transaction, AT)
    file(transaction, office)
    anchoring.keep(transaction, office, AT, thorough=True)
    with transaction() as session:
        assert audited(session, office, AT) == (0, [])
    if not ahead:
        file(transaction, office)
    put_watermark(transaction, newest(transaction) + ahead)
    sequencing.sweep(transaction)
    with transaction() as session:
        status, sentences = audited(session, office, AT)
    assert status == 6
    assert [one for one in sentences if said.format(newest=newest(transaction)) in one]
    put_watermark(transaction, 0)  # what docs/operations.md tells to do
    sequencing.sweep(transaction)
    with transaction() as session:
        assert audited(session, office, AT) == (0, [])


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("nonsense", ["'zz'", "-5", "1e300"])
def test_a_watermark_that_is_none_is_as_good_as_none(transaction, office, nonsense):
    file(transaction, office)
    with transaction() as session:
        session.execute(text(f"INSERT INTO sequences (name, last) VALUES ('{tree.WATERMARK}', {nonsense})"))
    sequencing.sweep(transaction)
    assert (without_leaf(transaction), watermark(transaction)) == ([], newest(transaction))


# --- what a round costs ----------------------------------------------------------------------------------


@pytest.fixture
def district(app, transaction, office, monkeypatch):
    """Some hundred cases with their leaves, and as many anchors that were told to the file."""
    monkeypatch.setattr(generating, "ALIKE", 1)
    made = datetime.now(UTC)
    generate(transaction, office, Plan(400, 2, made, open=20), lambda _: None)
    with transaction() as session:
        size = tree.size(session)
        rows = [{"number": n, "size": size, "root": "00", "at": made} for n in range(1, 1001)]
        session.execute(insert(Anchor), rows)
        session.execute(
            insert(Delivery), [{"anchor": row["number"], "target": "file", "at": made} for row in rows]
        )
    return made


def test_a_round_of_the_regular_work_costs_what_is_new(app, transaction, office, district, database_kind):
    assert newest(transaction) > 5000
    with app.app_context():
        commands._work(office)  # the first round after the district was made
        if database_kind == "postgresql":
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        listening = Listening(db.engine, ("SELECT", "UPDATE", "DELETE"))
        commands._work(office)
        heard = listening.heard[:]
        for hours in (2, 4):  # the hour is over, with nothing new, and again with an entry
            known = len(listening.heard)
            anchoring.keep(transaction, office, district + timedelta(hours=hours), thorough=True)
            heard += listening.heard[known:]
            file(transaction, office)
        assert any("entries" in statement for statement, _ in heard)
        with db.engine.connect() as connection:
            for statement, values in heard:
                if "pg_locks" in statement:
                    continue
                assert scans(connection, statement, values, GROWING) == [], statement
                assert effort(connection, statement, values) < LITTLE[database_kind], (statement, values)
                connection.rollback()


def test_what_reads_everything_would_be_seen(app, transaction, district, database_kind):
    everything = (
        (
            "SELECT count(entries.at) FROM entries LEFT JOIN leaves ON leaves.case_id = entries.case_id"
            " AND leaves.entry = entries.number WHERE entries.id > 0 AND leaves.position IS NULL"
        ),
        (
            "SELECT number FROM anchors LEFT JOIN deliveries ON anchor = number WHERE anchor IS NULL"
            " ORDER BY number LIMIT 100"
        ),
    )
    with app.app_context(), db.engine.connect() as connection:
        for statement in everything:
            assert effort(connection, statement, ()) > LITTLE[database_kind], statement


# --- what is told elsewhere ------------------------------------------------------------------------------


def test_the_anchors_after_the_last_that_has_arrived_wait_for_each_target(transaction, office):
    for hour in range(4):
        file(transaction, office)
        anchoring.keep(transaction, office, AT + timedelta(hours=hour), thorough=True)
    with transaction() as session:
        tree.delivered(session, [1, 2], "mail", AT)
        for target, waiting in (("file", []), ("mail", [3, 4]), ("stamp", [1, 2, 3, 4])):
            assert [anchor.number for anchor in tree.undelivered(session, target)] == waiting, target
