"""Every character that anybody can type: printed, or a box with its number said, or left out unseen."""

import dataclasses
from pathlib import Path

import paper_reading as reading
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sample_papers import make_paper

from mediation.documents import agreement, fonts
from mediation.documents.agreement import PaperDuty, PaperWorker
from mediation.documents.boxes import EMPTY_BOX, boxed, clause
from mediation.domain.fields import Problem

FACE, UNDRAWN = "\U0001f600", "\U00031350"
"""An emoji, and a Chinese character that our fonts do not draw."""
EVERYTHING = "".join(map(chr, (*range(32, 0xD800), *range(0xE000, 0x110000))))


def paper_with(name: str, **changes):
    paper = make_paper(1)
    worker = dataclasses.replace(paper.workers[0], name=name)
    payments = tuple(dataclasses.replace(each, worker=name) for each in paper.payments)
    return dataclasses.replace(paper, workers=(worker,), payments=payments, **changes)


@pytest.mark.parametrize(
    ("typed", "shown", "numbers"),
    [
        ("\U00020bb7\U0002c029\u4dae\u5587", "\U00020bb7\U0002c029\u4dae\u5587", ()),
        (f"气死{FACE}我了{UNDRAWN}{FACE}", "气死□我了□□", ("U+1F600", "U+31350")),
        ("\u2764\ufe0f", "□", ("U+2764",)),
        ("\u260e\ufe0f12351", "\u260e12351", ()),
        ("\U0001f468\u200d\U0001f469", "□□", ("U+1F468", "U+1F469")),
        ("工\u200b资\ufeff", "工资", ()),
        ("\u202e001元", "□001元", ("U+202E",)),
        ("\ue000", "□", ("U+E000",)),
        ("甲\u1680乙", "甲 乙", ()),
        ("甲\r\n\t乙", "甲\r\n\t乙", ()),
    ],
)
def test_a_character_is_printed_or_boxed_or_was_not_seen_anyway(typed, shown, numbers):
    assert boxed(typed) == (shown, numbers)


def test_of_all_characters_none_is_left_that_no_font_has():
    shown, numbers = boxed(EVERYTHING)
    assert fonts.missing(shown) == ""
    assert len(numbers) > 1_000_000
    assert boxed(shown)[1] == ()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_that_the_agreement_takes_is_printed_as_it_was_typed(typed):
    try:
        taken = clause(typed)
    except Problem:
        return
    assert boxed(taken) == (taken, ())


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (f"出具证明{FACE}", f"unprintable:{FACE}"),
        (f"{UNDRAWN}", f"unprintable:{UNDRAWN}"),
        ("\ue000", "unprintable:U+E000"),
        ("付\u200b清", "hidden:U+200B"),
        ("\u202e001元", "hidden:U+202E"),
    ],
)
def test_the_agreement_takes_no_text_that_it_could_not_print(typed, problem):
    with pytest.raises(Problem) as refused:
        clause(typed)
    assert str(refused.value) == problem


def test_where_the_fonts_are_not_installed_terms_can_be_written_all_the_same(monkeypatch):
    def absent(_text):
        raise fonts.FontsMissing

    monkeypatch.setattr(fonts, "missing", absent)
    assert clause(FACE) == FACE


def test_a_rare_name_is_printed_and_what_no_font_has_is_a_box_with_its_number():
    """The names 𠮷, 𬀩 and 䶮 stand there as they are written."""
    paper = paper_with(
        f"王\U00020bb7\U0002c029\u4dae{UNDRAWN}",
        matter=f"对方发来{FACE}就不回了\u200b。",
        duties=(PaperDuty(f"写一份证明{FACE}"),),
    )
    pdf = agreement.render(paper)
    for text in (reading.text(pdf), reading.other_text(pdf)):
        assert f"王\U00020bb7\U0002c029\u4dae{EMPTY_BOX}" in text
        assert f"对方发来{EMPTY_BOX}就不回了。" in text
        assert f"写一份证明{EMPTY_BOX}。" in text
        assert "统一码（Unicode）为U+31350、U+1F600。" in text
    assert 0 not in set(reading.glyphs(pdf)), "nothing is drawn as the box of a missing glyph"
    assert agreement.render(paper) == pdf


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2003", "\u205f", "\u3000"])
def test_a_space_is_room_and_no_box_whatever_stands_before_it(space):
    pdf = agreement.render(
        paper_with(
            f"王{space}\U00020bb7{space}明",
            matter=f"工资{space}5000{space}元\U0002c029{space}没发",
            duties=(PaperDuty(f"归还{space}押金"),),
        )
    )
    assert 0 not in set(reading.glyphs(pdf))
    for text in (reading.text(pdf), reading.other_text(pdf)):
        squeezed = "".join(text.split())
        assert "申请人：王\U00020bb7明" in squeezed.replace("（劳动者）", "")
        assert "工资5000元\U0002c029没发" in squeezed
        assert "归还押金" in squeezed


def test_a_paper_without_such_characters_says_nothing_of_them():
    assert "Unicode" not in reading.text(agreement.render(make_paper(1)))


def test_a_character_of_every_block_leaves_a_paper_that_can_be_read(tmp_path: Path):
    """Two thousand boxes are a long note, and no page of signatures is lost by it."""
    paper = paper_with("钟某", matter=EVERYTHING[:: len(EVERYTHING) // 2000])
    pdf = agreement.render(paper)
    (tmp_path / "paper.pdf").write_bytes(pdf)
    assert "签署编号" in reading.squeezed(PdfReader(tmp_path / "paper.pdf").pages[-1].extract_text())
    assert 0 not in set(reading.glyphs(pdf))


def test_many_workers_in_tables_have_their_boxes_too():
    paper = make_paper(12)
    odd = PaperWorker(f"王{FACE}", claims=paper.workers[0].claims)
    text = reading.text(agreement.render(dataclasses.replace(paper, workers=(*paper.workers, odd))))
    assert f"王{EMPTY_BOX}" in text
    assert "U+1F600" in text
