"""Answers of somebody who applies: read page by page, and as a filing."""

from datetime import date

import msgspec
import pytest

from mediation.domain.applied import as_filing
from mediation.domain.applying import (
    CONSENT,
    ELSEWHERE,
    KINDS,
    REQUIRED,
    STEPS,
    Answers,
    Contact,
    Firm,
    Since,
    read,
)
from mediation.domain.fields import Invalid
from mediation.domain.filing import CATEGORIES, DISTRICT
from mediation.domain.filing import read as read_filing
from mediation.domain.terms import HEADS

TODAY = date(2026, 3, 2)
FULL = Answers(
    what=("wages", "overtime"),
    employer=Firm("某公司"),
    place="110101004",
    when=Since("under_3", "2026-01-05", about=True),
    amount={"wages": 18_000_50, "overtime": None},
    story="",
    contact=Contact("周某", "13800138000", CONSENT),
)


def test_six_answers_are_enough() -> None:
    assert len(REQUIRED) == 6
    assert msgspec.structs.replace(FULL, story=None).missing == ()
    assert Answers().missing == REQUIRED
    assert Answers().next == STEPS[0]
    assert FULL.next is None


@pytest.mark.parametrize("step", REQUIRED)
def test_whatever_is_missing_is_named_and_never_filed(step: str) -> None:
    lacking = msgspec.structs.replace(FULL, **{step: None})
    assert step in lacking.missing
    with pytest.raises(ValueError, match=step):
        as_filing(lacking)


def test_a_place_elsewhere_is_no_place() -> None:
    assert msgspec.structs.replace(FULL, place=ELSEWHERE).missing == ("place",)


def test_a_new_kind_has_no_amount_yet() -> None:
    assert msgspec.structs.replace(FULL, what=("wages", "injury")).missing == ("amount",)


def test_the_filing_says_what_was_said_and_no_more() -> None:
    filing = read_filing(as_filing(FULL))
    assert [(claim.head, claim.amount) for claim in filing.workers[0].claims] == [
        ("wages", 18_000_50),
        ("overtime", 0),
    ]
    assert filing.story.splitlines() == [
        "多久了：1 到 3 个月", "从哪天起：大概 2026-01-05",
        "多少钱：加班费说不清", "经过：没有写，等我们打电话时说",
    ]  # fmt: skip
    assert filing.first_entry()["consented"] == CONSENT
    assert "consented" not in read_filing(as_filing(FULL) | {"consented": None}).first_entry()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_category_and_a_head_of_the_law(kind: str) -> None:
    category, head = KINDS[kind]
    assert category in CATEGORIES
    assert head in HEADS
    answers = msgspec.structs.replace(FULL, what=(kind,), amount={kind: None}, place=DISTRICT)
    assert read_filing(as_filing(answers)).category == category


def test_the_longest_story_fits_a_filing() -> None:
    longest = read("story", {"story": ["长" * 4500]}, FULL, TODAY)
    assert read_filing(as_filing(msgspec.structs.replace(longest, employer=Firm(None))))


def test_answers_are_the_same_after_they_were_kept() -> None:
    assert msgspec.json.decode(msgspec.json.encode(FULL), type=Answers) == FULL


def test_a_day_of_today_is_no_future() -> None:
    assert read("when", {"day": [TODAY.isoformat()]}, FULL, TODAY).when == Since(day="2026-03-02")
    with pytest.raises(Invalid) as wrong:
        read("when", {"day": ["2026-03-03"]}, FULL, TODAY)
    assert wrong.value.problems == {"day": "in_future"}


def test_more_than_half_a_million_is_asked_back() -> None:
    exactly = {"amount.wages": ["500000"], "unclear.overtime": ["1"]}
    assert read("amount", exactly, FULL, TODAY).amount == {"wages": 500_000_00, "overtime": None}
    together = {"amount.wages": ["500000"], "amount.overtime": ["0.01"]}
    with pytest.raises(Invalid) as wrong:
        read("amount", together, FULL, TODAY)
    assert wrong.value.problems == {"amount.wages": "amount_huge:500,000.01"}
    assert read("amount", together | {"sure": ["50000001"]}, FULL, TODAY)
    with pytest.raises(Invalid):
        read("amount", together | {"sure": ["50000002"]}, FULL, TODAY)
