"""The letter to an employer: the way to us first, on one page, and nobody's name but the firm's own."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import paper_reading as reading
import pytest
from pypdf import PdfReader

from mediation.documents.invitation import InvitationPaper, render

PAPER = InvitationPaper(
    title="劳动争议调解征询函",
    organisation="北京市示范区总工会劳动争议调解中心",
    address="北京市示范区某街一号",
    phone="12351",
    number="2026-000128",
    code="K7F2-Q9MD",
    typed="t.example/k/7h3kq9m2x",
    scanned="https://t.example/k/7h3kq9m2x",
    employer="某某（北京）供应链管理有限公司",
    about="劳动报酬、工伤医疗费、经济补偿或者赔偿金",
    made=date(2026, 4, 2),
    answer_by=date(2026, 4, 9),
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render(PAPER)


def test_the_address_comes_first_and_everything_else_is_on_the_same_page(pdf: bytes):
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    said = reading.text(pdf)
    for words in (
        PAPER.typed, PAPER.number, PAPER.code, "这不是诉讼", "不收任何费用", "不等于承认什么", "愿意谈",
        "愿意马上付", "不愿意", "2026年4月9日", "报编号和核对码", PAPER.phone,
    ):  # fmt: skip
        assert words in said, words
    assert said.index(PAPER.typed) < said.index(PAPER.code) < said.index(PAPER.employer)


def test_the_code_leads_to_the_address(pdf: bytes, tmp_path: Path):
    found, _, _ = cv2.QRCodeDetector().detectAndDecode(reading.picture(pdf, 1, tmp_path))
    assert found == PAPER.scanned


@pytest.mark.parametrize("employer", ["某" * 100, "W" * 100, "某\U00030000公司"])
def test_a_long_or_odd_name_keeps_the_letter_on_one_page(employer: str):
    long = replace(PAPER, employer=employer, about="休" * 30, typed="t.example/k/" + "w" * 9)
    assert len(PdfReader(io.BytesIO(render(long))).pages) == 1


def test_without_a_day_it_names_none_and_the_same_letter_has_the_same_bytes(pdf: bytes):
    assert "最好在" not in reading.text(render(replace(PAPER, answer_by=None)))
    assert render(PAPER) == pdf
