"""Names: everything that somebody is really called, and nothing that nobody is called."""

import makers
import pytest

from mediation.domain import fields
from mediation.domain.characters import fits_a_name
from mediation.domain.fields import Invalid, Problem
from mediation.domain.filing import party_detail
from mediation.domain.filing import read as read_filing
from mediation.domain.naming import name
from mediation.domain.words import problem

HAN = {
    "unified": (0x4E00, 0x9FFF), "A": (0x3400, 0x4DBF), "B": (0x20000, 0x2A6DF), "C": (0x2A700, 0x2B739),
    "D": (0x2B740, 0x2B81D), "E": (0x2B820, 0x2CEA1), "F": (0x2CEB0, 0x2EBE0), "G": (0x30000, 0x3134A),
    "H": (0x31350, 0x323AF), "I": (0x2EBF0, 0x2EE5D),
}  # fmt: skip
FACE = "\U0001f600"
REFUSED = {
    "emoji": (FACE, f"not_in_a_name:{FACE}"),
    "heart": ("\u2764\ufe0f", "not_in_a_name:\u2764"),
    "skin": ("\U0001f3fb", "not_in_a_name:\U0001f3fb"),
    "star": ("\u2605", "not_in_a_name:\u2605"),
    "box": ("\u25a1", "not_in_a_name:\u25a1"),
    "keycap": ("1\u20e3", "not_in_a_name:\u20e3"),
    "replacement": ("\ufffd", "not_in_a_name:\ufffd"),
    "zero_width": ("\u200b", "hidden:U+200B"),
    "joiner": ("\u200d", "hidden:U+200D"),
    "mark_of_order": ("\ufeff", "hidden:U+FEFF"),
    "override": ("\u202e", "hidden:U+202E"),
    "isolate": ("\u2066", "hidden:U+2066"),
    "soft_hyphen": ("\xad", "hidden:U+00AD"),
    "control": ("\x85", "hidden:U+0085"),
    "line": ("\n", "hidden:U+000A"),
    "separator": ("\u2028", "hidden:U+2028"),
    "filler": ("\u3164", "hidden:U+3164"),
    "braille": ("\u2800", "hidden:U+2800"),
    "selector": ("\ufe0f", "hidden:U+FE0F"),
    "private": ("\ue863", "hidden:U+E863"),
    "private_plane": ("\U000f0000", "hidden:U+F0000"),
    "unassigned": ("\U000323b0", "hidden:U+323B0"),
    "nobodys": ("\uffff", "hidden:U+FFFF"),
    "null": ("\0", "wrong_shape"),
    "surrogate": ("\ud83d", "wrong_shape"),
}


def refused(reader, *given):
    with pytest.raises(Problem) as found:
        reader(*given)
    return str(found.value)


@pytest.mark.parametrize("block", HAN)
def test_every_chinese_character_can_be_in_a_name(block):
    first, last = HAN[block]
    assert [hex(code) for code in range(first, last + 1) if not fits_a_name(chr(code))] == []


@pytest.mark.parametrize(
    "real",
    [
        "\u738b\U00020bb7", "\u738b\U0002c029", "欧阳\u4dae", "\u738b\U00031350", "\u738b\U0002ebf0",
        "阿依古丽·买买提", "卓玛・央金", "周〇一", "Nguyễn Văn An", "O’Neil, J.-P.", "Müller & Söhne GmbH",
        "\u0626\u0627\u064a\u06af\u06c8\u0644", "\u0f66\u0f90\u0fb3\u0f0b\u0f58", "\uae40\ubbfc\uc218",
        "某某（北京）科技有限公司", "58同城", "A+健身＋会所", "张○○", "李××", "某店（2026·一号）", "C&A",
        "7-11便利店", "91110101MA00EXAMPX", "某®集团", "℃", "№1",
    ],
)  # fmt: skip
def test_a_real_name_is_taken_as_it_is(real):
    assert name(f" {real} ", 50) == real


@pytest.mark.parametrize("odd", REFUSED)
def test_what_nobody_is_called_is_refused_by_its_character(odd):
    typed, said = REFUSED[odd]
    assert refused(name, f"钟{typed}某", 50) == said


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nguye\u0302\u0303n", "Nguy\u1ec5n"),
        ("\ufa19\u8c37", "\u795e\u8c37"),
        ("\u2f45\u67d0", "\u65b9\u67d0"),
        ("\u1100\u1161", "\uac00"),
    ],
)
def test_what_looks_the_same_is_spelled_the_same(typed, kept):
    assert name(typed, 50) == kept


def test_a_name_is_no_longer_than_its_column():
    assert refused(name, "某" * 51, 50) == "too_long"
    assert refused(name, 7, 50) == "wrong_shape"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sentence_says_which_character(language):
    assert FACE in problem(f"not_in_a_name:{FACE}", language)
    assert "U+200B" in problem("hidden:U+200B", language)
    assert problem("missing", language) == problem("missing:", language)
    assert "{" not in problem("not_in_a_name", language)


# --- every door ------------------------------------------------------------------------------------------


def test_an_application_names_every_name_that_is_none():
    typed = makers.make_application(workers=2, story=f"气死我了{FACE}")
    typed["workers"][1]["name"] += FACE
    typed["employer"] = {
        "name": "某\u200b公司",
        "uscc": f"9111{FACE}",
        "contact": {"name": "人\ue000", "phone": "13900000001"},
    }
    with pytest.raises(Invalid) as invalid:
        read_filing(typed)
    assert invalid.value.problems == {
        "workers.1.name": f"not_in_a_name:{FACE}",
        "employer.name": "hidden:U+200B",
        "employer.uscc": f"not_in_a_name:{FACE}",
        "employer.contact.name": "hidden:U+E000",
    }


def test_a_story_may_have_any_picture():
    assert makers.make_filing(story=f"气死我了{FACE}").story == f"气死我了{FACE}"


@pytest.mark.parametrize(
    ("side", "detail"), [("worker", "name"), ("employer", "name"), ("employer", "contact")]
)
def test_a_correction_is_read_as_a_filing_is(side, detail):
    assert refused(party_detail, side, detail, f"钟{FACE}") == f"not_in_a_name:{FACE}"
    assert party_detail(side, detail, "\u2f45\U00020bb7") == "\u65b9\U00020bb7"


@pytest.mark.parametrize("unseen", ["\u202e", "\u200b", "\xad", "\x85"])
def test_the_terms_hold_nothing_that_their_readers_do_not_see(unseen):
    duty = {"what": "other", "due": "2026-05-01", "text": f"退还{unseen}押金"}
    said = f"hidden:U+{ord(unseen):04X}"
    assert refused(fields.terms, {"duties": [duty]}) == said
    assert refused(fields.terms, {"overdue": f"逾{unseen}期"}) == said
