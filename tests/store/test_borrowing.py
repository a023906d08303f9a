"""Connections as the pool hands them out: of a server that has gone on, and one writer at a time."""

import threading

import pytest
from sqlalchemy import text

from mediation.store import db as store
from mediation.store.turns import Nested


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_connection_that_the_server_has_closed_is_not_handed_out(transaction):
    mine = text("SELECT pg_backend_pid()")
    with transaction() as session:
        first = session.scalar(mine)
    with transaction() as session:
        assert session.scalar(mine) == first, "it is the one in the pool"
        other = store.db.engine.connect()
        closed = other.scalar(mine)
        other.close()
        session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": closed})
    for _ in range(3):
        with transaction() as session, store.db.engine.connect() as beside:
            assert closed not in (session.scalar(mine), beside.scalar(mine))


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_who_writes_within_his_own_writing_is_told_so_instead_of_waiting_for_ever(app):
    with app.app_context(), store.transaction(), pytest.raises(Nested), store.alone():
        pass
    with app.app_context(), store.alone() as sheet:
        assert sheet.read(4711) is None


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_writers_come_one_after_another_and_readers_whenever_they_like(app, transaction):
    order, begun, read = [], threading.Event(), threading.Event()

    def write():
        begun.set()
        with transaction():
            order.append("second")

    with app.app_context(), store.transaction():
        other = threading.Thread(target=write)
        other.start()
        begun.wait(20)
        with app.app_context(), store.reading() as session:
            session.execute(text("SELECT count(*) FROM cases"))
            read.set()
        other.join(0.2)
        order.append("first")
    other.join(20)
    assert order == ["first", "second"]
    assert read.is_set()
