"""The index of names finds what LIKE finds in the names themselves, whatever is typed."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from makers import make_case
from sqlalchemy import collate, func, select, update

from mediation.engine.asking import Actor
from mediation.store.finding import Asked, search
from mediation.store.models import Party

LETTERS = "张伟某公司制衣AaBbZ09%_\\'\"*?[](-.\N{MIDDLE DOT} \N{PILE OF POO}\N{CJK UNIFIED IDEOGRAPH-20BB7}"
"""Han of both planes, ASCII in both cases, what patterns and quoted texts are made of, a picture."""
NAMES = st.lists(st.text(LETTERS, min_size=1, max_size=9), min_size=6, max_size=6)
PARTS = st.tuples(st.integers(0, 5), st.integers(0, 8), st.integers(1, 4))
"""A piece of one of the names: which, from where, how long."""
CASES, ALL = 3, 50


@pytest.fixture
def cases(transaction, office):
    """Three cases of one mediator, a worker and an employer each; none but names tell them apart."""
    with transaction() as session:
        made = [make_case(session, office, state="accepted") for _ in range(CASES)]
        mediator = Actor("mediator", made[0].mediator_id, "")
        ids = [one.id for one in made]
        session.execute(update(Party).values(phone=""))
        parties = list(session.scalars(select(Party.id).order_by(Party.id)))
    assert len(parties) == 6
    return ids, parties, mediator


def lowered(column, dialect):
    """ASCII in small letters, and no other letter: what SQLite does by itself."""
    return func.lower(collate(column, "C") if dialect == "postgresql" else column)


def like(session, asked):
    """The cases in which LIKE finds it, each name read."""
    small = "".join(letter.lower() if letter.isascii() else letter for letter in asked)
    pattern = small.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    name = lowered(Party.name, session.get_bind().dialect.name)
    return set(session.scalars(select(Party.case_id).where(name.like(f"%{pattern}%", escape="\\"))))


def agree(transaction, cases, names, asked):
    ids, parties, mediator = cases
    with transaction() as session:
        for party, name in zip(parties, names, strict=True):
            session.execute(update(Party).where(Party.id == party).values(name=name))
        expected = like(session, asked)
        for actor in (Actor("clerk", "person:1", ""), mediator):
            found = [case.id for case in search(session, actor, Asked(asked, ()), ALL)]
            assert found == sorted(expected, reverse=True), (actor.role, asked)
        session.rollback()
    assert expected <= set(ids)


TRICKY = ["100%", "a_b", "o'hara\"s", "张\N{PILE OF POO}伟", "back\\slash", "某制衣公司"]
EACH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EACH
@given(names=NAMES, part=PARTS)
@example(names=TRICKY, part=(0, 3, 1))
@example(names=TRICKY, part=(1, 1, 1))
@example(names=TRICKY, part=(2, 1, 2))
@example(names=TRICKY, part=(3, 1, 1))
@example(names=TRICKY, part=(4, 4, 1))
@example(names=TRICKY, part=(5, 1, 2))
def test_every_piece_of_a_name_is_found_where_like_finds_it(transaction, cases, names, part):
    which, start, length = part
    asked = names[which][start : start + length] or names[which][-length:]
    agree(transaction, cases, names, asked)


@EACH
@given(names=NAMES, asked=st.text(LETTERS, min_size=1, max_size=3))
@example(names=TRICKY, asked="%")
@example(names=TRICKY, asked="__")
@example(names=TRICKY, asked="A_B")
@example(names=TRICKY, asked="' OR ''='")
@example(names=TRICKY, asked="制衣")
def test_whatever_is_typed_finds_what_like_finds(transaction, cases, names, asked):
    agree(transaction, cases, names, asked)


def test_the_two_ways_can_differ(transaction, cases):
    """The oracle reads the names: a name that no trigger saw would be missed by the index alone."""
    with transaction() as session:
        assert like(session, "制衣") == set(cases[0])
        assert like(session, "%") == set()
        assert session.scalars(select(Party).where(Party.phone != "")).first() is None
