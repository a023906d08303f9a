"""The letter to an employer: what stands first, what it never says, and that its code can be read."""

from datetime import date
from pathlib import Path
from typing import Any

import cv2
import paper_reading as reading
import pytest

from mediation.documents.letter import LetterPaper, render

LINK = "https://t.example/k/abcd23kmn"
TYPED = "t.example/k/abcd23kmn"


def make_letter(**changes: Any) -> LetterPaper:
    plain = {
        "organisation": "北京市示范区总工会劳动争议调解中心",
        "address": "北京市示范区示范街1号",
        "hotline": "12351",
        "seal_line": "劳动争议调解专用章",
        "number": "京示工调〔2026〕000128号",
        "short_number": "2026-000128",
        "notice_code": "K7F2-Q9MD",
        "employer": "某某（北京）供应链管理有限公司",
        "link": LINK,
        "typed": TYPED,
        "made": date(2026, 4, 2),
        "answer_by": date(2026, 4, 9),
        "free_from": date(2026, 4, 17),
    }
    return LetterPaper(**(plain | changes))


def test_where_to_check_and_to_read_stands_before_all_else() -> None:
    first = reading.squeezed(reading.pages(render(make_letter()))[0])
    order = [TYPED, "编号2026-000128", "12351", "核对码K7F2-Q9MD", "劳动争议调解征询函", "有一位员工"]
    places = [first.index(words) for words in order]
    assert places == sorted(places)


def test_the_first_page_says_all_and_the_second_is_the_slip() -> None:
    pages = [reading.squeezed(page) for page in reading.pages(render(make_letter()))]
    assert len(pages) == 2
    for words in (
        "不是诉讼",
        "没有说谁对谁错",
        "看一看不等于承认什么",
        "调解不收钱",
        "最好在2026年4月9日前答复",
        "愿意谈：",
        "愿意马上付：",
        "不愿意：调解到此结束",
        "到2026年4月17日还没有谈成",
        "也不会向您要验证码",
        "2026年4月2日",
    ):
        assert words in pages[0], words
    for words in ("回执", "□愿意谈", "□愿意马上付", "□不愿意", "联系人：", "单位（盖章）："):
        assert words in pages[1], words


def test_days_that_are_past_are_left_out() -> None:
    said = reading.text(render(make_letter(answer_by=None, free_from=None)))
    assert "最好在" not in said
    assert "第十四条" not in said


@pytest.mark.parametrize("employer", ["某店", "某" * 100, "𠮷野家（北京）有限公司", "A&B <script>餐饮"])
def test_any_employer_gets_a_letter_of_two_pages(employer: str) -> None:
    pdf = render(
        make_letter(employer=employer, workers=37, typed="a-rather-long-host-name.example.org/answer")
    )
    assert len(reading.pages(pdf)) == 2
    assert employer.replace(" ", "") in reading.text(pdf)
    assert "有三十七位员工" in reading.text(pdf)
    assert 0 not in reading.glyphs(pdf)


def test_a_phone_reads_the_code_and_the_seal_is_red(tmp_path: Path) -> None:
    picture = reading.picture(render(make_letter()), 1, tmp_path)
    found, _, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert found == LINK
    height = picture.shape[0]
    assert reading.reddish(picture)[height * 2 // 3 :].sum() > 1000


def test_equal_letters_are_equal_bytes() -> None:
    assert render(make_letter()) == render(make_letter())
