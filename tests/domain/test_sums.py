"""What somebody is owed: the vectors of the law, and what must hold for every sum."""

import ast
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mediation.domain.calculating import rates as book_of_rates
from mediation.domain.calculating.asking import Answer, calculate
from mediation.domain.calculating.kinds import FORMULAS, book, gaps
from mediation.domain.calculating.overtime import hourly, kind_of_day
from mediation.domain.calculating.rates import NoRate, RatesError, rates
from mediation.domain.calculating.working import rounded
from mediation.domain.clocks import calendar
from mediation.domain.fields import Invalid
from mediation.domain.words import vocabulary

VECTORS: Any = yaml.safe_load(Path(__file__).with_name("sums.yaml").read_text("utf-8"))
TODAY = date(2026, 11, 23)
CAP = 4710325
HERE = book_of_rates.SOURCE.parent
RATES = book_of_rates.SOURCE.read_bytes()
yuan = st.integers(0, 9_000_000)


def asked(kind: str, **given_: Any) -> Answer:
    return calculate(book().kinds[kind], given_, TODAY)


def problems(kind: str, **given_: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as wrong:
        asked(kind, **given_)
    return wrong.value.problems


def typed(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@pytest.mark.parametrize("name", [*VECTORS["official"], *VECTORS["derived"]])
def test_the_vectors_of_the_law(name: str) -> None:
    vector = (VECTORS["official"] | VECTORS["derived"])[name]
    assert asked(vector["kind"], **vector["given"]).fen == vector["fen"]


@pytest.mark.parametrize(
    ("kind", "day"), [(kind, day) for kind, days in VECTORS["days"].items() for day in days]
)
def test_the_date_decides_what_a_day_counts_as(kind: str, day: str) -> None:
    assert kind_of_day(date.fromisoformat(day), calendar()) == kind


@pytest.mark.parametrize(("monthly", "hour"), VECTORS["hourly"].items())
def test_an_hour_is_a_174th_of_the_month(monthly: int, hour: int) -> None:
    assert rounded(hourly(Fraction(monthly), Fraction("21.75"))) == hour


def test_the_days_of_an_application_on_a_friday_before_the_holidays() -> None:
    days = {name: date.fromisoformat(day) for name, day in VECTORS["deadlines"].items()}
    following = [days["received"] + timedelta(days=n) for n in range(1, 5)]
    assert [day for day in following if calendar().works(day)][2] == days["accept"]
    assert calendar().next_working(days["received"] + timedelta(days=15)) == days["free"]


def compensated(fen: int, ended: str = "2026-03-31") -> int:
    return asked("compensation", average=typed(fen), started="2008-01-01", ended=ended, ground="layoff").fen


def test_just_above_three_times_the_average_wage_the_months_are_limited_too() -> None:
    assert compensated(CAP) == rounded(Fraction(CAP * 37, 2))
    assert compensated(CAP + 1) == CAP * 12
    assert compensated(2 * CAP) == CAP * 12


@given(yuan, yuan)
def test_a_higher_wage_never_gives_less_on_the_same_side_of_the_cap(one: int, other: int) -> None:
    low, high = sorted((one, other))
    if low > CAP or high <= CAP:
        assert compensated(low) <= compensated(high)


@given(yuan, yuan, st.integers(0, 9999), st.integers(0, 9999))
def test_more_hours_and_a_higher_wage_never_give_less_overtime(a: int, b: int, c: int, d: int) -> None:
    def paid(wage: int, hours: int) -> int:
        return asked("overtime", wage=typed(wage), workday_hours=hours, until="2026-01-01").fen

    assert paid(min(a, b), min(c, d)) <= paid(max(a, b), max(c, d))


@given(st.dates(date(2022, 1, 1), date(2026, 6, 30)), st.integers(0, 400), st.integers(0, 400))
def test_longer_never_gives_less(start: date, one: int, other: int) -> None:
    for kind, more in (("unpaid_wages", {"wage": "8000"}), ("sick_pay", {})):
        sums = [
            asked(
                kind, **{"from": start.isoformat(), "to": (start + timedelta(days=n)).isoformat()}, **more
            ).fen
            for n in sorted((one, other))
        ]
        assert sums == sorted(sums)


@given(yuan, st.integers(1, 999))
def test_a_sum_is_rounded_once_and_half_up(wage: int, hours: int) -> None:
    exact = Fraction(max(wage, 254000)) * 2 * hours / (Fraction("21.75") * 8) * Fraction(3, 2)
    found = asked("overtime", wage=typed(wage), workday_hours=2 * hours, until="2026-01-01").fen
    assert found == int(exact + Fraction(1, 2))


def test_no_sum_ever_holds_a_float() -> None:
    for path in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path.name
            assert not (isinstance(node, ast.Name) and node.id in {"float", "Decimal", "round"}), path.name


def test_a_rate_holds_from_its_first_day_to_the_day_before_the_next() -> None:
    found = [rates().at("minimum_wage", "beijing", date(2025, *day)).value for day in ((8, 31), (9, 1))]
    assert found == [2420, 2540]
    with pytest.raises(NoRate):
        rates().at("minimum_wage", "beijing", date(2021, 7, 31))
    with pytest.raises(NoRate):
        rates().at("minimum_wage", "china", date(2026, 1, 1))
    assert problems("sick_pay", **{"from": "2021-07-31", "to": "2021-08-02"}) == {
        "from": "no_rate:2021-07-31"
    }


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b'"2320"', b'"23,20"', "beijing.minimum_wage.2021-08-01.value: '23,20' is no number"),
        (b"2023-09-01", b"2021-07-01", "the row after it does not begin later"),
        (b"2023-09-01", b"2023-9-1", "'2023-9-1' is no date"),
        (b"seen: M", b"seen: X", "seen must be one of"),
        (b"within: china", b"within: mars", "no widest region"),
        (b"sick_share:\n", b"sick_pay:\n", "no such name"),
        (b"unit: days", b"unit: weeks", "unit must be one of"),
    ],
)
def test_a_fault_in_the_rates_is_named_with_its_line(old: bytes, new: bytes, what: str) -> None:
    with pytest.raises(RatesError) as wrong:
        book_of_rates.read(RATES.replace(old, new, 1), "rates.yaml")
    line = RATES[: RATES.index(old)].count(b"\n") + 1
    told = [fault for fault in str(wrong.value).splitlines() if what in fault]
    assert told
    assert abs(int(told[0].split(":")[1]) - line) <= 1


def test_limitation_is_told_and_never_keeps_anybody_out() -> None:
    late = asked("double_wage", case="new", wage="12000", started="2025-03-01", claimed="2026-11-23")
    assert late.fen < 13200000
    assert any("132,000.00" in said.zh and "2025-11-23" in said.zh for said in late.assumed)


def test_what_is_wrong_is_named_by_its_field() -> None:
    wrong = problems("unpaid_wages", wage="一堆", **{"from": "2026-13-01"}, colour="red", paid="１２")
    assert wrong == {
        "wage": "not_an_amount.letters",
        "from": "not_a_date",
        "to": "missing",
        "colour": "unknown_field",
    }
    assert problems("overtime", wage="5000") == {"dates": "overtime_nothing"}
    assert problems("overtime", wage="5000", dates="2026-10-01 8\n2026-10-02 25") == {
        "dates": "not_day_and_hours:2"
    }
    lived = {"average": "9000", "ended": "2026-01-01", "ground": "layoff"}
    assert problems("compensation", started="2007-12-31", **lived) == {"started": "before_2008"}
    assert problems("compensation", started="2026-01-02", **lived) == {"ended": "ends_too_early"}
    assert {"no_rate", "before_2008", "overtime_nothing", "choose_one"} <= set(vocabulary()["problems"])


def test_every_sentence_leaves_the_same_open_in_both_languages_and_is_used() -> None:
    source = "".join(path.read_text("utf-8") for path in HERE.glob("*.py"))
    for code, said in book().said.items():
        zh, en = gaps(said)
        assert zh == en, code
        assert f'"{code}"' in source or code.startswith("days_"), code
    assert set(FORMULAS) == set(book().kinds)


def test_other_sums() -> None:
    """N+1, 2N, probation, stoppage, minimum wage and the line, by hand."""
    job = {"average": "10000", "started": "2024-01-01", "ended": "2025-12-31"}
    assert asked("plus_one", last_month="9000", noticed="no", **job).fen == 2900000
    assert asked("plus_one", last_month="9000", noticed="yes", **job).fen == 2000000
    assert asked("unlawful_dismissal", **job).fen == 4000000
    assert asked("compensation", ground="own_wish", **job).fen == 0
    served = {"from": "2026-01-01", "to": "2026-06-30"}
    assert asked("probation", term="medium", wage="8000", **served).fen == 3200000
    assert asked("probation", term="long", wage="8000", **served).fen == 0
    assert asked("stoppage", wage="8000", working="no", **served).fen == 800000 + 5 * 177800
    assert asked("stoppage", wage="8000", working="yes", paid="8000", **served).fen == 5 * 254000
    assert asked("minimum_wage", month_paid="2000", **served).fen == 6 * 54000
    assert asked("final_award", claim="30480").fen == 3048000
    assert asked("final_award", claim="30480.01").steps[-1] != asked("final_award", claim="30480").steps[-1]
