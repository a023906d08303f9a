"""A transaction that PostgreSQL gave up for another's sake is done again; nothing else is."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from makers import make_case
from sqlalchemy import text

from mediation.store.db import TRIES, patiently


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_two_who_wait_for_each_other_both_get_through(app, transaction, office):
    with transaction() as session:
        cases = [make_case(session, office, state="submitted").id for _ in range(2)]
    both = threading.Barrier(2)
    begun = []

    def touch(order):
        def work(session):
            begun.append(order)
            for number, case_id in enumerate(order):
                session.execute(text("UPDATE cases SET story = story || '!' WHERE id = :id"), {"id": case_id})
                if number == 0 and len(begun) <= 2:
                    both.wait(20)
            return True

        with app.app_context():
            return patiently(work)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(touch, [cases, cases[::-1]])) == [True, True]
    assert len(begun) == 3
    with transaction() as session:
        stories = session.scalars(text("SELECT story FROM cases")).all()
    assert all(story.endswith("。!!") for story in stories)


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (psycopg.errors.DeadlockDetected, TRIES),
        (psycopg.errors.SerializationFailure, TRIES),
        (psycopg.errors.UniqueViolation, 1),
        (ZeroDivisionError, 1),
    ],
)
def test_what_fails_again_and_again_fails_in_the_end(app, error, tries):
    tried = []

    def work(session):
        tried.append(session)
        raise error

    with app.app_context(), pytest.raises(error):
        patiently(work)
    assert len(tried) == tries
