"""What in an application says that it may not be for us: each sign with its reason, no time limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.domain.filing import CATEGORIES, GROUPS
from mediation.domain.place_rules import PlacesError, places
from mediation.domain.scope import Filed, check, read, signs
from mediation.domain.terms import HEADS

RULES = places()


def filed(story="干了三个月，工资没发。", *, category="pay", group=(), heads=("wages",)):
    return Filed(category, frozenset(group), frozenset(heads), story)


def outcomes(found):
    return {code for code, one in RULES.outcomes.items() if one in [each.means for each in found]}


def notes(found):
    return {code for code, one in RULES.notes.items() if one in [each.means for each in found]}


@pytest.mark.parametrize(
    ("story", "outcome", "note"),
    [
        ("公积金一直没交", "fund", None),
        ("社保没交，看病花了两万", "social_insurance", "loss"),
        ("在他家里当保姆", "domestic", None),
        ("家政公司派我去的", None, "house_firm"),
        ("老板向我借款三万没还", "civil", None),
        ("送外卖，站点扣钱", None, "platform"),
        ("退休返聘，工资没给", None, "retired"),
        ("单位破产了", "bankrupt", None),
        ("工地上干了三个月", None, "site"),
    ],
)
def test_words_of_the_story_point_to_who_handles_that_and_are_told_as_the_reason(story, outcome, note):
    found = check(filed(story))
    assert outcomes(found) == ({outcome} if outcome else set())
    assert notes(found) == ({note} if note else set())
    assert all(where == "words" and what in story for one in found for where, what in one.because)


def test_an_ordinary_case_of_wages_raises_nothing():
    assert check(filed()) == []


def test_who_is_over_age_is_taken_for_his_pay_and_shown_the_court_for_severance():
    pay = check(filed(group=["over_age"]))
    assert (outcomes(pay), notes(pay), [one.elsewhere for one in pay]) == (set(), {"retired"}, [False])
    more = check(filed(group=["over_age"], heads=["wages", "economic_compensation"]))
    assert (outcomes(more), notes(more)) == ({"retired_other"}, {"retired"})
    assert more[0].elsewhere, "what may be for others comes first"
    assert ("heads", "economic_compensation") in more[0].because
    assert check(filed(heads=["economic_compensation"])) == [], "only of those past retirement age"


def test_platform_work_is_for_us_with_or_without_a_contract():
    found = check(filed(group=["platform"]))
    assert (outcomes(found), notes(found)) == (set(), {"platform"})


@pytest.mark.parametrize("story", ["十年前的工资", "过了时效", "2003年欠的钱，早过了一年"])
def test_no_time_limit_is_a_sign(story):
    assert check(filed(story)) == []
    assert RULES.limits["late"].laws


@given(
    story=st.text(max_size=30),
    category=st.sampled_from(CATEGORIES),
    group=st.sets(st.sampled_from(GROUPS)),
    heads=st.sets(st.sampled_from(HEADS)),
)
def test_whatever_was_filed_each_meaning_is_said_once_with_a_reason_and_an_article(
    story, category, group, heads
):
    found = check(Filed(category, frozenset(group), frozenset(heads), story))
    assert len({one.means for one in found}) == len(found)
    assert all(one.because and one.means.laws for one in found)


def test_every_sign_can_be_seen():
    for sign in signs():
        one = Filed(
            sign.category[0] if sign.category else "pay",
            frozenset(sign.group[:1]),
            frozenset(sign.heads[:1]),
            "".join(sign.words[:1]),
        )
        assert sign.means in [each.means for each in check(one)], sign.name


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("{words: [公积金]}", "means one outcome or one note"),
        ("{words: [公积金], outcome: nowhere}", "means one outcome or one note"),
        ("{words: [公积金], outcome: fund, note: loss}", "means one outcome or one note"),
        ("{outcome: fund}", "looks for nothing"),
        ("{heads: [salary], outcome: fund}", "heads has no 'salary'"),
        ("{group: pensioner, outcome: fund}", "group has no 'pensioner'"),
        ("{older_than: 60, outcome: fund}", "unknown key 'older_than'"),
        ("fund", "must be a mapping"),
    ],
)
def test_a_fault_in_the_signs_is_told_with_its_line(row, fault):
    with pytest.raises(PlacesError, match=r"scope\.yaml:2: ") as told:
        read(f"signs:\n  one: {row}\n".encode(), RULES)
    assert fault in str(told.value)
