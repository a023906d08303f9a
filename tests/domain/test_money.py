"""Amounts as typed, as figures and as capitals; the capitals are read back by a second hand."""

import re
from contextlib import suppress

import cn2an
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mediation.domain.money import LIMIT, NotAnAmount, capitals, figures, parse_yuan, plain

amounts = st.integers(1, 6).flatmap(lambda width: st.integers(1, 10 ** (2 * width + 2) - 1)) | st.lists(
    st.sampled_from("0001592"), min_size=1, max_size=14
).map(lambda digits: int("".join(digits)) or 1)
"""From 1 fen to below LIMIT, of every length and with many zeros."""

WRITTEN = {
    "1409.50": "壹仟肆佰零玖元伍角",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    "18640.50": "壹万捌仟陆佰肆拾元伍角",
    "18000": "壹万捌仟元整",
    "100000.00": "壹拾万元整",
    "10.05": "壹拾元零伍分",
    "0.50": "伍角",
    "0.05": "伍分",
    "0.01": "壹分",
    "1": "壹元整",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元叁角贰分",
    "107000.53": "壹拾万柒仟元伍角叁分",
    "1000500": "壹佰万零伍佰元整",
    "100001000": "壹亿零壹仟元整",
    "100100000": "壹亿零壹拾万元整",
    "170000000": "壹亿柒仟万元整",
    "300004034.43": "叁亿零肆仟零叁拾肆元肆角叁分",
    "6300004612.13": "陆拾叁亿零肆仟陆佰壹拾贰元壹角叁分",
    "100000000000": "壹仟亿元整",
    "200000000000.09": "贰仟亿元零玖分",
    "999999999999.99": "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
}

TYPED = {
    "18640.50": 1864050,
    "18,640.50": 1864050,
    "18640.5": 1864050,
    "18000": 1800000,
    "1.8万": 1800000,
    "1.8 万元": 1800000,
    "1.23万": 1230000,
    "0.000001万": 1,
    "12,345万": 12_345_000_000,
    "18，640．50": 1864050,
    "￥18640.50": 1864050,
    "¥ 18,640.50元": 1864050,
    "人民币18640.50元": 1864050,
    "\u3000 18640.50\t\n": 1864050,
    "0.01": 1,
    "007": 700,
    "999999999999.99": LIMIT - 1,
    "99999999.999999万": LIMIT - 1,
    "0" * 50 + "1": 100,
}

REFUSED = {
    "１８０００": "full_width",
    "１８，６４０．５０": "full_width",
    "18640.５": "full_width",
    "￥０元": "full_width",
    "": "empty",
    " \u3000\t": "empty",
    "一万八千": "letters",
    "abc": "letters",
    "NaN": "letters",
    "Infinity": "letters",
    "1e309": "letters",
    "1e4": "letters",
    "0x10": "letters",
    "1_000": "letters",
    "٣": "letters",
    "१२": "letters",
    "²": "letters",
    "①": "letters",
    "18\x00": "letters",
    "\x0018": "letters",
    "1 000": "letters",
    "1.2.3": "letters",
    ".": "letters",
    ".5": "letters",
    "5.": "letters",
    "18,64": "letters",
    "1,8640": "letters",
    "1234,567": "letters",
    ",123": "letters",
    "5-10": "letters",
    "+5": "letters",
    "元": "letters",
    "万": "letters",
    "1万万": "letters",
    "1元万": "letters",
    "5元5角": "letters",
    "-1": "negative",
    "－1": "negative",
    "\u22121": "negative",
    "-￥1.80": "negative",
    "￥-1.80": "negative",
    "-0": "negative",
    "-1.999": "negative",
    "1.005": "too_precise",
    "0.009": "too_precise",
    "18640.500": "too_precise",
    "1.2345678万": "too_precise",
    "1000000000000": "too_large",
    "1,000,000,000,000.00": "too_large",
    "100000000万": "too_large",
    "9" * 5000: "too_large",
    "0": "zero",
    "0.00": "zero",
    "￥0元": "zero",
}


def read_capitals(written: str) -> int:
    """Read capitals back to fen by adding digit times unit, unlike the way they are written."""
    text = written.removeprefix("人民币").removesuffix("整")
    yuan, found, small = text.rpartition("元")
    if not found:
        yuan, small = "", text
    total = 0
    for mark, worth in (("亿", 10**8), ("万", 10**4), ("", 1)):
        section, found, after = yuan.partition(mark) if mark else (yuan, "", "")
        if found or not mark:
            total += worth * _sum(section, {"仟": 1000, "佰": 100, "拾": 10, "": 1})
            yuan = after
    return total * 100 + _sum(small, {"角": 10, "分": 1})


def _sum(text: str, units: dict[str, int]) -> int:
    pairs = re.findall("([壹贰叁肆伍陆柒捌玖])([仟佰拾角分]?)", text)
    return sum((" 壹贰叁肆伍陆柒捌玖".index(digit)) * units[unit] for digit, unit in pairs)


@pytest.mark.parametrize(("yuan", "expected"), WRITTEN.items())
def test_capitals_follow_the_rules_for_bills(yuan: str, expected: str) -> None:
    assert capitals(parse_yuan(yuan)) == f"人民币{expected}"


@pytest.mark.parametrize(("yuan", "expected"), WRITTEN.items())
def test_the_reader_of_this_test_agrees_with_the_examples(yuan: str, expected: str) -> None:
    assert read_capitals(expected) == parse_yuan(yuan)


@given(amounts)
@example(LIMIT - 1)
def test_capitals_can_be_read_back(fen: int) -> None:
    assert read_capitals(capitals(fen)) == fen


@given(amounts)
def test_capitals_write_zeros_once_and_end_as_prescribed(fen: int) -> None:
    written = capitals(fen)
    assert written.startswith("人民币")
    assert "零零" not in written
    assert not re.search("零[元角分万亿仟佰拾整]", written)
    assert "人民币零" not in written
    assert written.endswith({True: "整", False: ("角", "分")}[fen % 100 == 0])
    assert written.count("零") <= len(re.findall("0+", str(fen)))


@given(amounts)
def test_capitals_equal_those_of_cn2an_where_it_is_right(fen: int) -> None:
    """It forgets 零 after 亿 when the whole section of 万 is empty."""
    theirs = cn2an.an2cn(plain(fen), "rmb")
    yuan = fen // 100
    if yuan > 10**8 and yuan // 10**4 % 10**4 == 0 and yuan % 10**4 >= 1000:
        theirs = theirs.replace("亿", "亿零")
    assert capitals(fen) == f"人民币{theirs}"


def test_nothing_is_zero_yuan() -> None:
    assert capitals(0) == "人民币零元整"


@pytest.mark.parametrize(("fen", "code"), [(-1, "negative"), (LIMIT, "too_large")])
def test_capitals_are_refused_outside_the_range(fen: int, code: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        capitals(fen)
    assert refusal.value.code == code


@pytest.mark.parametrize(("typed", "fen"), TYPED.items())
def test_what_people_type_is_read(typed: str, fen: int) -> None:
    assert parse_yuan(typed) == fen


@pytest.mark.parametrize(("typed", "code"), REFUSED.items())
def test_what_is_no_amount_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        parse_yuan(typed)
    assert refusal.value.code == code
    assert refusal.value.text == typed


@pytest.mark.parametrize("typed", ["0", "0.00", "￥0元", "0万"])
def test_zero_is_read_only_where_it_is_allowed(typed: str) -> None:
    assert parse_yuan(typed, allow_zero=True) == 0


@pytest.mark.parametrize("typed", ["", "-0", "0.001"])
def test_allowing_zero_allows_nothing_else(typed: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_yuan(typed, allow_zero=True)


@given(st.text(st.sampled_from("0129.,-￥¥元万 ０９．，－٣e\x00")) | st.text())
def test_any_text_is_an_amount_in_range_or_refused(text: str) -> None:
    with suppress(NotAnAmount):
        assert 0 < parse_yuan(text) < LIMIT


@given(amounts)
def test_figures_are_read_back(fen: int) -> None:
    assert parse_yuan(figures(fen)) == fen
    assert parse_yuan(plain(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "expected"),
    [
        (1864050, "18,640.50"),
        (0, "0.00"),
        (5, "0.05"),
        (99999, "999.99"),
        (-1864050, "-18,640.50"),
        (-5, "-0.05"),
        (LIMIT - 1, "999,999,999,999.99"),
    ],
)
def test_figures_have_two_decimals_and_commas(fen: int, expected: str) -> None:
    assert figures(fen) == expected
    assert plain(fen) == expected.replace(",", "")
