"""The application for arbitration: what it says, how it looks, what it never does."""

import hashlib
import io
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import paper_reading as reading
import pytest
from pypdf import PdfReader
from sample_applications import make_application

from mediation.documents import arbitration
from mediation.documents.boxes import EMPTY_BOX
from mediation.domain.arbitrating import Want

MILLIMETRE = 72 / 25.4


def said(**changes: object) -> str:
    return reading.text(arbitration.render(make_application(**changes)))


def test_it_says_what_the_law_wants_an_application_to_say():
    pdf = arbitration.render(make_application())
    for text in (reading.text(pdf), reading.other_text(pdf)):
        for words in (
            "劳动人事争议仲裁申请书",
            "申请人（劳动者）",
            "姓名：王彧喆",
            "联系电话：13800000217",
            "性别：",
            "民族：",
            "出生日期：",
            "公民身份号码：",
            "职业：",
            "住址：",
            "被申请人（用人单位）",
            "名称：某某（北京）供应链管理有限公司",
            "统一社会信用代码：91110101MA00EXAMPX",
            "住所：",
            "法定代表人或者主要负责人：",
            "职务：",
            "联系人：李瑄",
            "一、请求事项",
            (
                "1．工资：被申请人支付¥18,640.50元（大写：人民币壹万捌仟陆佰肆拾元伍角），"
                "所属期间：2026年1月1日至2026年3月31日。"
            ),
            "2．经济补偿：被申请人支付¥18,000.00元（大写：人民币壹万捌仟元整）。",
            "合计¥36,640.50元（大写：人民币叁万陆仟陆佰肆拾元伍角）",
            "3．其他请求（没有的划掉）：",
            "二、事实与理由",
            "干了三个月，工资没发。",
            "3月31日口头通知我停工。",
            "申请人于2026年4月2日就上述争议向北京市示范区总工会劳动争议调解中心申请调解",
            "案件编号：京示工调字〔2026〕第0128号",
            "该组织于2026年4月3日受理",
            "2026年4月18日，调解结束（原因：差距太大），双方未达成调解协议。",
            "《中华人民共和国劳动争议调解仲裁法》第五条的规定，申请仲裁。",
            "三、证据和证据来源",
            "证人姓名和住所：",
            "第六条，应当由被申请人提供；被申请人不提供的，应当承担不利后果。",
            "此致北京市示范区劳动人事争议仲裁委员会",
            "申请人（签名）：",
            "本申请书副本",
        ):
            assert words in text
    for never in ("校验码", "待盖章", "签署编号"):
        assert never not in text, "it is nobody's sealed paper"


def test_the_last_page_is_a_note_for_the_worker_and_is_not_counted():
    pages = reading.pages(arbitration.render(make_application()))
    note = reading.squeezed(pages[-1])
    for words in (
        "这一页不用交",
        "劳动仲裁不收任何费用",
        "重新算的这一年到2027年4月19日为止",
        "上班的地方或者单位所在地的劳动人事争议仲裁委员会",
        "北京市示范区劳动人事争议仲裁委员会",
        "本人身份证和复印件",
        "打12351",
    ):
        assert words in note
    feet = [page.rstrip().splitlines()[-1].strip() for page in pages]
    assert feet[:-1] == [f"— {place} —" for place in range(1, len(pages))]
    assert "—" not in pages[-1]
    assert "这一页不用交" not in reading.squeezed("".join(pages[:-1]))


def test_without_a_known_day_the_note_names_none():
    assert "重新算的这一年" not in said(limitation=None)
    assert "一年内申请" in said(limitation=None)


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("left", "2026年4月18日，申请人退出调解，双方未达成调解协议。"),
        ("rejected", "2026年4月18日，该组织决定不予受理，双方未达成调解协议。"),
        ("withdrawn", "2026年4月18日，申请人撤回调解申请，双方未达成调解协议。"),
        ("referred", "2026年4月18日，该组织结束调解，转由其他机构处理，双方未达成调解协议。"),
        ("not_agreed", "2026年4月18日，调解结束，双方未达成调解协议。"),
        ("fifteen_days", "自该组织收到调解申请之日起十五日内，双方未达成调解协议。"),
        ("breach", "双方于2026年4月18日达成的调解协议已经生效，被申请人未按协议约定履行"),
    ],
)
def test_each_ending_has_its_sentence(ending: str, words: str):
    assert words in said(ending=ending, reason="")


@pytest.mark.parametrize(
    ("ending", "article"), [("fifteen_days", "第五条、第十四条"), ("breach", "第五条、第十五条")]
)
def test_the_article_that_opens_the_way_is_named(ending: str, article: str):
    assert f"{article}的规定，申请仲裁" in said(ending=ending)


def test_after_a_breach_it_asks_for_what_was_promised():
    text = said(
        ending="breach",
        wants=(
            Want("工资", 50_000, due=date(2026, 5, 1)),
            Want("证明", due=date(2026, 5, 2), duty="出具解除劳动合同证明"),
        ),
    )
    assert (
        "1．工资：被申请人支付¥500.00元（大写：人民币伍佰元整），系调解协议约定于2026年5月1日前付清" in text
    )
    assert "2．按照调解协议办理：出具解除劳动合同证明。（约定2026年5月2日前办理，至今未办理。）" in text
    assert "1调解协议书" in text
    assert "支付令" in text
    assert "支付令" not in said()


def test_an_amount_nobody_knows_is_a_blank():
    text = said(wants=(Want("加班费", 0, None, date(2026, 1, 1)),))
    assert "1．加班费：被申请人支付¥元（大写：），所属期间：截至2026年1月1日。" in text
    assert "零元" not in text
    assert "合计" not in text


def test_what_is_not_known_of_the_employer_is_a_blank():
    text = said(uscc=None, contact=None)
    assert "统一社会信用代码：住所：" in text
    assert "None" not in text


def test_a_dispute_about_the_relationship_asks_to_confirm_it_first():
    text = said(relationship=True)
    assert "1．确认申请人与被申请人自年月日至年月日存在劳动关系。2．工资：" in text
    assert "存在劳动关系" not in said()


def test_a_story_of_five_thousand_characters_is_all_there_and_stays_on_the_paper():
    story = "".join(chr(0x4E00 + (7 * n) % 3000) for n in range(5000))
    pdf = arbitration.render(make_application(story=story))
    assert story in re.sub(r"—\d+—", "", reading.text(pdf))
    assert said(story="W" * 5000).count("W") == 5000


@pytest.mark.parametrize(
    "changes",
    [
        {"story": "W" * 5000},
        {"name": "W" * 50, "employer": "W" * 100, "contact": "W" * 100, "uscc": "9" * 100},
        {"wants": (Want("工资", 99_999_999_999_999, date(2020, 10, 10), date(2026, 12, 31)),)},
    ],
)
def test_nothing_runs_over_the_margin(changes: dict[str, object]):
    pdf = arbitration.render(make_application(**changes))
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    right = max(float(found) for found in re.findall(r'xMax="([\d.]+)"', done.stdout.decode()))
    assert right <= (210 - 25) * MILLIMETRE


@pytest.mark.parametrize("name", ["王彧喆", "黄堃", "徐䶮", "阿卜杜拉·买买提", "Nguyen Van An"])
def test_every_name_is_drawn_whole(name: str):
    pdf = arbitration.render(make_application(name=name))
    assert f"姓名：{reading.squeezed(name)}" in reading.text(pdf)
    assert 0 not in set(reading.glyphs(pdf))


def test_what_somebody_typed_is_text_and_nothing_else():
    typed = '<script>alert(1)</script> ${7*7} {{7*7}} <img src="http://127.0.0.1:9/x"> & %s'
    text = said(story=typed, name="<b>王</b>", employer="{{ 7*7 }}公司")
    assert reading.squeezed(typed) in text
    assert "姓名：<b>王</b>" in text
    assert "名称：{{7*7}}公司" in text
    assert "49" not in text


def test_a_character_that_no_font_has_leaves_a_box_to_write_in():
    """He has his paper all the same: an emoji in his story does not keep it from him."""
    pdf = arbitration.render(make_application(story="气死我了\U0001f621\t真的", name="王\U000323b0"))
    assert f"气死我了{EMPTY_BOX}真的" in reading.text(pdf)
    assert f"姓名：王{EMPTY_BOX}" in reading.text(pdf)
    assert "U+323B0、U+1F621" in reading.text(pdf), "he is told which they are, in the order of the paper"


@pytest.mark.parametrize(
    ("typed", "wide"),
    [("甲 乙", "甲　乙"), ("甲\t乙 ，\r\n 丙", "甲　乙　，\n丙"), ("Wx 甲 < 乙", "Wx 甲　< 乙")],
)
def test_a_space_after_a_chinese_character_draws_nothing(typed: str, wide: str):
    """The faces of Chinese text have no space and would draw a box with a letter in it."""
    drawn = [set(reading.glyphs(arbitration.render(make_application(story=s)))) for s in (typed, wide)]
    assert drawn[0] == drawn[1]


def test_every_font_travels_with_the_paper_and_it_is_a4():
    pdf = arbitration.render(make_application())
    rows = reading.fonts(pdf)
    assert len(rows) >= 3
    assert all(row[-5:-2] == ["yes", "yes", "yes"] and "Mediation" in row[0] for row in rows)
    for page in PdfReader(io.BytesIO(pdf)).pages:
        size = (float(page.mediabox.width), float(page.mediabox.height))
        assert size == pytest.approx((210 * MILLIMETRE, 297 * MILLIMETRE), abs=0.2)
    assert len(pdf) <= 200_000


@pytest.mark.parametrize("lines", range(0, 20, 2))
def test_the_signature_is_never_alone_on_its_page(lines: int):
    pdf = arbitration.render(make_application(story="\n".join(["又过了一天。"] * (lines + 1))))
    page = next(page for page in reading.pages(pdf) if "申请人（签名）" in reading.squeezed(page))
    assert "应当承担不利后果" in reading.squeezed(page).partition("此致")[0]


def test_equal_papers_give_equal_bytes_in_another_process_and_another_day_gives_others():
    here = Path(__file__).parent
    script = (
        "import hashlib; from sample_applications import make_application; "
        "from mediation.documents import arbitration; "
        "print(hashlib.sha256(arbitration.render(make_application())).hexdigest())"
    )
    paths = os.pathsep.join([str(here), *(each for each in sys.path if each)])
    world = {**os.environ, "PYTHONHASHSEED": "1", "TZ": "America/Lima", "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-c", script], env=world, capture_output=True, text=True, timeout=60
    )
    paper = make_application()
    assert done.stdout.strip() == hashlib.sha256(arbitration.render(paper)).hexdigest()
    later = make_application(made=paper.made + timedelta(days=1))
    assert arbitration.render(later) != arbitration.render(paper)
