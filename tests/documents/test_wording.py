from datetime import UTC, date, datetime

import pytest

from mediation.documents import wording


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "零"), (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四"), (100, "一百"),
     (101, "一百零一"), (110, "一百一十"), (112, "一百一十二"), (999, "九百九十九")],
)  # fmt: skip
def test_small_numerals(number: int, written: str):
    assert wording.chinese(number) == written


@pytest.mark.parametrize("number", [-1, 1000])
def test_no_numeral_is_invented(number: int):
    with pytest.raises(ValueError, match=str(number)):
        wording.chinese(number)


def test_days_have_no_leading_zeros_and_moments_are_on_beijings_clock():
    assert wording.day(date(2026, 4, 9)) == "2026年4月9日"
    assert wording.moment(datetime(2026, 4, 8, 16, 30, 5, tzinfo=UTC)) == "2026-04-09 00:30:05"


def test_figures_stay_with_their_units_and_names_stand_in_their_own_face():
    set_text = wording.prose("王喆于2026年4月30日前付¥18,640.50元", ["王喆"])
    assert set_text == (
        '<span class="n m">王喆</span>于<span class="m">2026年</span><span class="m">4月30日</span>前付'
        '<span class="m">¥18,640.50元</span>'
    )


def test_the_longer_of_two_names_wins_and_markup_is_escaped():
    assert wording.prose("王喆喆<b>", ["王喆", "王喆喆"]) == '<span class="n m">王喆喆</span>&lt;b&gt;'


@pytest.mark.parametrize("typed", ["付清", "付清。", " 付清；", "付清。。\n"])
def test_a_clause_ends_with_one_full_stop(typed: str):
    assert wording.clause(typed) == "付清。"


def test_numbering_counts_on():
    item = wording.numbering("（{}）")
    assert [item() for _ in range(3)] == ["（一）", "（二）", "（三）"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("没发 ， 说", "没发　，　说"),
        (" 甲", "　甲"),
        ("甲\t乙\r\n\r\n丙", "甲　乙　丙"),
        ("ab cd 甲", "ab cd 甲"),
    ],
)
def test_the_faces_of_chinese_text_have_no_space_so_a_wide_one_is_written(typed: str, written: str):
    assert wording.prose(typed) == written
