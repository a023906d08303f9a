"""The list of employers: what of a file is a name, and what is found in it."""

import random
import time
from pathlib import Path

import pytest

from mediation.services import employers
from mediation.services.employers import MOST, NoList, loaded

NAMES = [
    "东方某某餐饮管理有限公司",
    "某某餐饮管理有限公司",
    "ABC Cleaning（北京）有限公司",
    "红星某某商贸有限公司",
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "employers.txt"


def test_names_that_begin_so_come_first_and_spelling_does_not_count(place: Path) -> None:
    place.write_text("\n".join(NAMES), "utf-8")
    found = loaded(place)
    assert found.like("某某餐饮") == [NAMES[1], NAMES[0]]
    assert found.like("ａｂｃ cleaning(北京)") == [NAMES[2]]
    assert found.like("有限") == NAMES
    assert found.like(" 红星 ") == [NAMES[3]]
    for nothing in ("", "某", "\n", "司\n某", "没有这家", "某" * 101, "司东方"):
        assert found.like(nothing) == [], nothing


def test_at_most_eight_and_each_once(place: Path) -> None:
    place.write_text("\n".join(f"某某第{n}某某有限公司" for n in range(20)), "utf-8")
    found = loaded(place).like("某某")
    assert len(found) == len(set(found)) == MOST


def test_what_is_no_name_is_left_out(place: Path) -> None:
    lines = ["\ufeff好好食品店", "", "  ", "好好食品店", "好" * 101, "好\u202e好", "好\0好", "\t好好花店 \r"]
    place.write_text("\n".join(lines), "utf-8")
    assert loaded(place).names == ("好好食品店", "好好花店")
    place.write_text("", "utf-8")
    assert loaded(place).like("好好") == []


def test_a_file_that_is_no_list_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoList):
        loaded(place)
    with pytest.raises(NoList):
        loaded(place.parent)
    place.write_bytes("某某餐饮".encode("gb18030"))
    with pytest.raises(NoList):
        loaded(place)
    place.write_text("某某餐饮\n", "utf-8")
    monkeypatch.setattr(employers, "MOST_BYTES", 5)
    with pytest.raises(NoList):
        loaded(place)


def test_a_whole_district_is_looked_through_at_once(place: Path) -> None:
    """Twenty milliseconds of the processor are the goal; ten times that would be another algorithm."""
    chance = random.Random(3)  # noqa: S311 - made-up names need no secrecy
    signs = [chr(0x4E00 + n) for n in range(1500)]
    names = {f"北京{''.join(chance.choices(signs, k=5))}有限公司" for _ in range(200_000)}
    place.write_text("\n".join(names), "utf-8")
    found = loaded(place)
    assert len(found.names) > 199_000
    for said in ("有限公司", "龘龘", "zz", "有限公司北京"):
        began = time.process_time()
        found.like(said)
        assert time.process_time() - began < 0.2, said
