"""Amounts as people say them, and what is no amount."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.domain.money import NotAnAmount, capitals
from mediation.domain.spoken import spoken_yuan


@pytest.mark.parametrize(
    ("said", "yuan"),
    [
        ("18000", 18000), ("18,000", 18000), ("１８０００", 18000), ("１.８万", 18000), ("1.8万", 18000),
        ("一万八", 18000), ("一万八千", 18000), ("一万八千块钱", 18000), ("壹万捌仟元整", 18000),
        ("1万8", 18000), ("1万8千", 18000), ("1万8500", 18500), ("大概一万八", 18000),
        (" 一 万 八 ", 18000), ("三千五", 3500),
        ("2千5", 2500), ("四百五十", 450), ("一百二", 120), ("一百零八", 108),
        ("十八", 18), ("二十", 20), ("八", 8),
        ("两千零五十", 2050), ("一千零八", 1008), ("一万零八百", 10800), ("一万零五", 10005),
        ("十五万", 150000),
        ("三万五千六百", 35600), ("一百零五万", 1_050_000), ("一亿二", 120_000_000), ("人民币18000元", 18000),
    ],
)  # fmt: skip
def test_what_is_said_is_read(said: str, yuan: int) -> None:
    assert spoken_yuan(said) == yuan * 100


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "empty"), ("一大笔", "letters"), ("零", "zero"), ("0", "zero"), ("万", "letters"),
        ("十万万", "letters"),
        ("一八", "letters"), ("一百千", "letters"), ("5千6万", "letters"), ("-5", "negative"),
        ("1.234", "too_precise"),
        ("٣", "letters"), ("9" * 39, "too_large"), ("九千亿亿", "letters"),
        ("9" * 10**6, "letters"), ("😀", "letters"),
        ("一万亿", "letters"), ("１２³", "letters"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(said: str, why: str) -> None:
    with pytest.raises(NotAnAmount) as wrong:
        spoken_yuan(said)
    assert wrong.value.code == why


@given(st.integers(1, 99_999_999))
def test_every_whole_amount_in_capitals_is_read_back(yuan: int) -> None:
    assert spoken_yuan(capitals(yuan * 100)) == yuan * 100


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_no_amount(said: str) -> None:
    with suppress(NotAnAmount):
        assert spoken_yuan(said) > 0
