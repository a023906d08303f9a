"""What a mediator declares keeps the cases of that name from him, and nothing else does."""

from datetime import timedelta

import pytest
from makers import MONDAY, make_case, make_filing, make_staff
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from mediation.services.interests import conflicts, declare, declared, withdraw
from mediation.store.models import Interest

FIRM = "某制衣公司"


@pytest.fixture
def people(transaction):
    with transaction() as session:
        return [make_staff(session, name=name).id for name in ("孙调解员", "周调解员")]


def tell(transaction, person, name, *, kind="employed", uscc=None):
    with transaction() as session:
        declare(session, person, kind=kind, name=name, uscc=uscc, at=MONDAY)


def found(transaction, office, **changes):
    filing = make_filing(**changes)
    with transaction() as session:
        case = make_case(session, office, state="submitted", filing=filing)
        return [(one.person, one.name, one.barred) for one in conflicts(session, case)]


@pytest.mark.parametrize(
    ("name", "uscc", "barred"),
    [
        (FIRM, None, True),
        ("钟某", None, True),
        ("某 制衣", None, None),
        ("制衣公", None, False),
        ("北京某制衣公司", None, False),
        ("制衣", None, None),
        ("另一家公司", None, None),
        ("改了名字的公司", "91110101MA01ABCD2T", True),
        ("改了名字的公司", "91110101MA01ABCD3T", None),
    ],
)
def test_the_very_name_or_number_bars_and_a_part_of_a_name_is_pointed_out(
    transaction, office, people, name, uscc, barred
):
    tell(transaction, people[0], name, uscc=uscc)
    employer = {"name": FIRM, "uscc": "91110101MA01ABCD2T", "contact": {"name": "", "phone": "13900000001"}}
    seen = found(transaction, office, employer=employer)
    assert seen == ([] if barred is None else [(people[0], name, barred)])


def test_ascii_letters_bar_in_either_case(transaction, office, people):
    tell(transaction, people[0], "abc科技")
    employer = {"name": "ABC科技", "uscc": None, "contact": {"name": "", "phone": "13900000001"}}
    assert found(transaction, office, employer=employer) == [(people[0], "abc科技", True)]


def test_what_is_withdrawn_bars_no_more_and_only_its_owner_withdraws_it_once(transaction, office, people):
    mine, other = people
    tell(transaction, mine, FIRM)
    tell(transaction, mine, FIRM)
    with transaction() as session:
        (one,) = declared(session, mine)
        number = one.id
        with pytest.raises(LookupError):
            withdraw(session, other, number, MONDAY)
    with transaction() as session:
        withdraw(session, mine, number, MONDAY + timedelta(days=1))
    assert found(transaction, office) == []
    with transaction() as session, pytest.raises(LookupError):
        withdraw(session, mine, number, MONDAY)
    tell(transaction, mine, FIRM)
    assert found(transaction, office) == [(mine, FIRM, True)], "and may be declared again"


@pytest.mark.parametrize("statement", [update(Interest).values(name="x"), delete(Interest)])
def test_what_was_declared_stays_written(transaction, people, statement):
    tell(transaction, people[0], FIRM)
    with pytest.raises(DatabaseError, match="interests is append-only"), transaction() as session:
        session.execute(statement)
