"""How a worker can be called: read as it is typed, or asked for again."""

import pytest

from mediation.domain.applied import as_filing
from mediation.domain.applying import Answers, Contact, Firm, Since
from mediation.domain.fields import Invalid, Problem
from mediation.domain.filing import read as read_filing
from mediation.domain.reach import PARTS, Reach, checked, read, shown

FULL = Reach("13911112222", "赵某", "表姐", may_know=True, hours=("noon", "evening"), text_only=True)


def test_nothing_typed_is_nothing_said() -> None:
    assert read({}) is None
    assert read({"phone": [""], "name": [" "], "relation": [""]}) is None


def test_any_part_of_the_day_is_any_time() -> None:
    assert read({"hours": list(PARTS)}) is None
    assert read({"hours": ["evening", "noon"]}) == Reach(hours=("noon", "evening"))


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("139 1111 2222", "13911112222"),
        ("１３９－１１１１－２２２２", "13911112222"),
        ("+86 13911112222", "13911112222"),
        ("010-60000000", "01060000000"),
        ("(0371) 6000 0000", "037160000000"),
    ],
)
def test_any_telephone_is_taken_however_it_is_grouped(typed: str, digits: str) -> None:
    found = read({"phone": [typed]})
    assert found == Reach(digits)
    assert not found.may_know, "unless he says so nobody hears of the case"


@pytest.mark.parametrize("typed", ["没有", "😀", "1234", "9" * 14, "٠١٠٦٠٠٠٠٠٠٠", "a" * 10**6, "\0"])
def test_what_is_no_telephone_is_asked_for_again(typed: str) -> None:
    with pytest.raises(Invalid) as wrong:
        read({"phone": [typed]})
    assert wrong.value.problems.keys() == {"phone"}


@pytest.mark.parametrize("field", ["name", "relation", "may_know"])
def test_whoever_may_be_rung_has_a_telephone(field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        read({field: ["1"]})
    assert wrong.value.problems == {"phone": "second_phone"}


def test_every_field_at_fault_is_named() -> None:
    with pytest.raises(Invalid) as wrong:
        read({"phone": ["?"], "name": ["x" * 51], "relation": ["y" * 21], "hours": ["night"]})
    assert wrong.value.problems.keys() == {"phone", "name", "relation", "hours"}


def test_the_fields_say_what_was_answered() -> None:
    assert read(shown(FULL)) == FULL
    assert read(shown(None)) is None


@pytest.mark.parametrize("given", ["x", {"phone": 1}, {"phone": "?"}, {"hours": ["night"]}, {"name": "赵某"}])
def test_a_dossier_is_read_by_the_same_rules(given: object) -> None:
    with pytest.raises(Problem, match="wrong_shape"):
        checked(given)


def test_it_goes_with_the_application_and_stays_out_of_the_log() -> None:
    answers = Answers(
        what=("wages",),
        employer=Firm("某公司"),
        place="110101010",
        when=Since("unclear"),
        amount={"wages": None},
        contact=Contact("周某", "13800138000", "1"),
        reach=FULL,
    )
    filing = read_filing(as_filing(answers))
    assert filing.workers[0].reach == FULL
    said = str(filing.first_entry())
    assert FULL.phone not in said
    assert FULL.name not in said
