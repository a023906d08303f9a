"""English reading copies: what says on each page that they are none of the papers that count."""

import io
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import cv2
import paper_reading as reading
import pytest
from pypdf import PdfReader
from sample_notices import CHECK_CODE, DIGEST, EACH, NUMBER, make_notice, make_stated
from test_letter import LINK

from mediation.documents import letter, office_paper, press

COPY = "English reading copy of"
CHINESE = re.compile("[\u3400-\u9fff]+")
WORDS = re.compile("[A-Za-z]{4,}")
TYPED_IN_LATIN = {"https", "mediation", "example", "Unicode", "EXAMPX", "abcd"}
"""Latin letters of addresses and numbers, which stand on Chinese papers too."""
VOID = frozenset({"meta", "br"})
FITS = 72 / 25.4 * (210 - 25)
ALL = pytest.mark.parametrize("kind", EACH)


class Unmarked(HTMLParser):
    """The text of a page outside of what is marked as Chinese, and the classes of its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.text = ""
        self.classes: set[str] = set()
        self.feed(page.partition("<body>")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.classes |= set((told.get("class") or "").split())
        if tag not in VOID:
            self.open.append(told.get("lang") == "zh-CN")

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.open):
            self.text += data


@pytest.fixture(scope="module")
def copies() -> dict[str, bytes]:
    return {kind: make("en") for kind, make in EACH.items()}


@ALL
def test_each_page_says_that_it_is_a_reading_copy_of_which_paper(copies: dict[str, bytes], kind: str) -> None:
    for page in reading.pages(copies[kind]):
        said = " ".join(page.split())
        assert COPY in said
        assert f"No. {NUMBER}" in said
        assert "Only the Chinese paper counts." in said
    head = reading.pages(copies[kind])[0]
    assert "not to be signed, sealed or handed in" in " ".join(head.split())


@ALL
def test_nothing_is_chinese_but_what_is_marked_so(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[str] = []
    fill = press.fill
    monkeypatch.setattr(press, "fill", lambda *given: pages.append(fill(*given)) or pages[-1])
    EACH[kind]("en")
    said = Unmarked(pages[-1])
    assert CHINESE.findall(said.text) == []
    assert "，" not in said.text
    assert "。" not in said.text
    assert said.classes.isdisjoint({"gap", "seal", "cut"}), "nothing to write or sign on"
    assert "None" not in said.text


@ALL
def test_it_says_its_language_and_what_it_is_to_whoever_lists_files(
    copies: dict[str, bytes], kind: str
) -> None:
    found = PdfReader(io.BytesIO(copies[kind]))
    assert found.root_object["/Lang"] == "en"
    assert found.metadata is not None
    assert str(found.metadata.title).startswith("English reading copy: ")


@ALL
def test_its_fonts_travel_with_it_and_nothing_runs_over_the_margin(
    copies: dict[str, bytes], kind: str
) -> None:
    rows = reading.fonts(copies[kind])
    assert all(row[-5:-2] == ["yes", "yes", "yes"] and "Mediation" in row[0] for row in rows)
    assert 0 not in reading.glyphs(copies[kind])
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=copies[kind], capture_output=True, check=True
    )
    assert max(float(found) for found in re.findall(r'xMax="([\d.]+)"', done.stdout.decode())) <= FITS


@pytest.mark.parametrize("kind", ["no_answer", "refusal"])
def test_nothing_on_it_can_be_taken_for_the_sealed_paper(kind: str, tmp_path: Path) -> None:
    pdf = office_paper.render(make_stated(kind, "en"))
    held = PdfReader(io.BytesIO(pdf)).metadata
    said = reading.text(pdf) + str(held)
    assert CHECK_CODE not in said
    assert DIGEST not in said
    picture = reading.picture(pdf, 1, tmp_path)
    assert not reading.reddish(picture).any()
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == ""
    sealed = reading.picture(office_paper.render(make_stated(kind)), 1, tmp_path)
    assert reading.reddish(sealed).sum() > 1000, "this would be seen"


def test_the_copy_of_the_letter_leads_to_the_case_and_has_no_seal(tmp_path: Path) -> None:
    picture = reading.picture(letter.render(make_notice("en")), 1, tmp_path)
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == LINK
    assert not reading.reddish(picture).any()


@pytest.mark.parametrize("employer", ["某" * 100, "Example Foods (Beijing) Ltd"])
def test_any_employer_can_read_it(employer: str) -> None:
    pdf = letter.render(
        make_notice("en", employer=employer, workers=37, typed="a-rather-long-host-name.example.org/answer")
    )
    assert reading.squeezed(employer) in reading.text(pdf)
    assert "37employeeshaveaskedus" in reading.text(pdf)


@ALL
def test_money_and_days_are_in_figures_that_an_english_reader_knows(
    copies: dict[str, bytes], kind: str
) -> None:
    said = " ".join(" ".join(reading.pages(copies[kind])).split())
    assert "¥" not in said
    assert "元" not in said
    assert re.search("[0-9]{1,2} (January|March|April|May) 2026|2026-04-02 15:02:00 \\(Beijing\\)", said)
    if kind in {"application", "no answer", "refusal", "arbitration"}:
        assert "18,640.50 yuan" in said


@ALL
def test_the_chinese_paper_has_none_of_its_words(kind: str) -> None:
    pdf = EACH[kind]("zh")
    found = PdfReader(io.BytesIO(pdf))
    assert found.root_object["/Lang"] == "zh-CN"
    assert "English" not in str(found.metadata)
    said = re.sub("[0-9a-f]{20,}", "", "\n".join(reading.pages(pdf)))
    assert set(WORDS.findall(said)) <= TYPED_IN_LATIN


def test_equal_copies_are_equal_bytes() -> None:
    assert EACH["letter"]("en") == EACH["letter"]("en")
