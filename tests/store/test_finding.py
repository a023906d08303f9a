"""What a case is found by follows the names and phones of its people, whoever changes them."""

import pytest
from makers import make_case
from sqlalchemy import select, text

from mediation.engine.asking import Actor
from mediation.store.finding import Asked, search
from mediation.store.models import Find, Party

CLERK = Actor("clerk", "person:1", "")


@pytest.fixture
def case_id(transaction, office):
    with transaction() as session:
        return make_case(session, office, state="submitted", workers=2).id


def found(transaction, asked):
    with transaction() as session:
        return [case.id for case in search(session, CLERK, Asked(asked, ()), 50)]


def change(transaction, statement, **values):
    with transaction() as session:
        session.execute(text(statement), values)


def expected(session, case_id):
    """By the words of the models' own docstring, in Python."""
    rows = set()
    for party in session.scalars(select(Party).where(Party.case_id == case_id)):
        rows |= {party.name[i:].lower() for i in range(len(party.name))}
        rows |= {party.phone, party.phone[-4:]} - {""}
    return rows


def kept(session, case_id):
    return set(session.scalars(select(Find.text).where(Find.case_id == case_id)))


def test_every_part_of_a_name_finds_its_case(transaction, case_id):
    with transaction() as session:
        people = list(session.scalars(select(Party).where(Party.case_id == case_id)))
        names = {name for party in people for name in (party.name, party.phone, party.phone[-4:]) if name}
        assert kept(session, case_id) == expected(session, case_id)
    for name in names:
        for start in range(len(name) if not name.isdecimal() else 1):
            for end in range(start + 1, len(name) + 1):
                assert found(transaction, name[start:end]) == [case_id], name[start:end]


def test_a_corrected_name_is_found_and_the_wrong_one_is_not(transaction, case_id):
    change(transaction, "UPDATE parties SET name = '王某丙', phone = '13711112222' WHERE side = 'employer'")
    for asked in ("王某", "某丙", "13711112222", "2222"):
        assert found(transaction, asked) == [case_id]
    assert found(transaction, "制衣") == []
    with transaction() as session:
        assert kept(session, case_id) == expected(session, case_id)


def test_what_two_people_share_stays_when_one_of_them_is_renamed(transaction, case_id):
    change(transaction, "UPDATE parties SET name = '同名' WHERE side = 'worker'")
    change(transaction, "UPDATE parties SET name = '另名' WHERE side = 'worker' AND seat = 1")
    for asked in ("同名", "另名", "名"):
        assert found(transaction, asked) == [case_id]
    change(transaction, "DELETE FROM parties WHERE side = 'worker' AND seat = 1")
    assert (found(transaction, "同名"), found(transaction, "另名")) == ([case_id], [])
    with transaction() as session:
        assert kept(session, case_id) == expected(session, case_id)


def test_latin_letters_are_found_however_they_are_written(transaction, case_id):
    change(transaction, "UPDATE parties SET name = 'ABC科技É' WHERE side = 'employer'")
    for asked in ("abc", "ABC科技", "bC科", "É"):
        assert found(transaction, asked) == [case_id]


def test_whoever_is_called_so_comes_before_those_whose_name_goes_on(transaction, office):
    with transaction() as session:
        ids = [make_case(session, office, state="submitted").id for _ in range(6)]
        for number, case_id in enumerate(ids):
            party = session.scalars(select(Party).where(Party.case_id == case_id)).first()
            party.name = "欧阳" if number < 2 else f"欧阳{number}"
    with transaction() as session:
        few = [case.id for case in search(session, CLERK, Asked("欧阳", ()), 3)]
    assert few == [ids[2], ids[1], ids[0]], "both that are called so, and the first of the others"


def test_a_name_of_a_hundred_characters_is_found_by_its_end(transaction, case_id):
    change(transaction, "UPDATE parties SET name = :name WHERE side = 'employer'", name="长" * 98 + "末尾")
    assert found(transaction, "末尾") == [case_id]


def test_one_mediators_search_is_not_crowded_out_by_the_cases_of_others(transaction, office):
    with transaction() as session:
        mine = make_case(session, office, state="accepted")
        mine_id, mediator = mine.id, Actor("mediator", mine.mediator_id, "")
        for _ in range(5):
            make_case(session, office, state="submitted")
    with transaction() as session:
        assert [case.id for case in search(session, mediator, Asked("制衣", ()), 2)] == [mine_id]
