import dataclasses
import hashlib
import io
import os
import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import cv2
import paper_reading as reading
import pytest
from pypdf import PdfReader
from sample_papers import NAMES, ROOT, make_paper

from mediation.documents import agreement
from mediation.documents.agreement import PaperSignature, PaperWorker
from mediation.domain.money import capitals, figures

MILLIMETRE = 72 / 25.4


def test_every_name_and_amount_is_found_in_the_text_by_two_readers():
    paper = make_paper(12)
    pdf = agreement.render(paper)
    for text in (reading.text(pdf), reading.other_text(pdf)):
        for name in (*NAMES, "某某（北京）供应链管理有限公司", "李瑄", "赵明", "91110101MA00EXAMPX"):
            assert name in text
        for payment in paper.payments:
            assert f"¥{figures(payment.amount)}元" in text
            assert capitals(payment.amount) in text
        total = sum(payment.amount for payment in paper.payments)
        assert f"上述款项合计¥{figures(total)}元（大写：{capitals(total)}）" in text


def test_no_character_is_drawn_as_an_empty_box_and_every_font_travels_with_the_paper():
    pdf = agreement.render(make_paper(12))
    drawn = list(reading.glyphs(pdf))
    assert len(drawn) > 2000
    assert 0 not in drawn
    rows = reading.fonts(pdf)
    assert len(rows) >= 4
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)
    assert all("Mediation" in row[0] for row in rows)


def test_a_paper_is_a4_and_says_which_page_of_how_many_it_is_on_every_page():
    pdf = agreement.render(make_paper(7))
    reader = PdfReader(io.BytesIO(pdf))
    texts = reading.pages(pdf)
    assert len(texts) == len(reader.pages) > 3
    for place, (page, text) in enumerate(zip(reader.pages, texts, strict=True), 1):
        size = (float(page.mediabox.width), float(page.mediabox.height))
        assert size == pytest.approx((210 * MILLIMETRE, 297 * MILLIMETRE), abs=0.2)
        foot = text.rstrip().splitlines()[-1]
        assert f"— {place} / {len(texts)} —" in foot
        assert "京示工调字〔2026〕第0128号" in foot
        assert "校验码 7K3M-92QD" in foot


def test_it_is_tagged_chinese_archive_pdf_with_a_title():
    reader = PdfReader(io.BytesIO(agreement.render(make_paper(1))))
    assert reader.metadata.title == "劳动争议调解协议书 京示工调字〔2026〕第0128号"
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    description = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part>3<|pdfaid:part=\"3\"", description)
    assert re.search(r"pdfaid:conformance>A<|pdfaid:conformance=\"A\"", description)


def test_an_agreement_of_two_workers_is_small_even_when_sealed(plain: bytes, sealed: bytes):
    assert len(plain) <= 140_000
    assert len(sealed) <= 150_000


def test_the_code_on_the_last_page_leads_to_the_address(tmp_path: Path):
    paper = make_paper(2)
    pdf = agreement.render(paper)
    image = reading.picture(pdf, len(PdfReader(io.BytesIO(pdf)).pages), tmp_path, dpi=150)
    found, _, _ = cv2.QRCodeDetector().detectAndDecode(image)
    assert found == paper.verify_url


def test_equal_papers_give_equal_bytes_in_processes_with_other_hash_seeds_and_time_zones():
    here = Path(__file__).parent
    script = (
        "import hashlib, sys; from sample_papers import make_paper; "
        "from mediation.documents import agreement; "
        "print(hashlib.sha256(agreement.render(make_paper(3))).hexdigest())"
    )
    paths = os.pathsep.join([str(here), *(each for each in sys.path if each)])
    seen = {hashlib.sha256(agreement.render(make_paper(3))).hexdigest()}
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Lima")):
        world = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": paths}
        done = subprocess.run(
            [sys.executable, "-c", script], env=world, capture_output=True, text=True, timeout=60
        )
        seen.add(done.stdout.strip())
    assert len(seen) == 1


def test_other_terms_give_other_bytes():
    paper = make_paper(1)
    other = dataclasses.replace(paper, payments=(dataclasses.replace(paper.payments[0], amount=1),))
    assert agreement.render(paper) != agreement.render(other)


@pytest.mark.parametrize(
    ("workers", "lines"),
    [(workers, lines) for workers in (1, 2) for lines in range(0, 22, 3)]
    + [(workers, lines) for workers in (3, 7, 12) for lines in range(0, 21, 5)],
)
def test_signatures_and_seal_share_the_last_page_with_two_lines_of_text(workers: int, lines: int):
    pdf = agreement.render(make_paper(workers, lines=lines))
    text = reading.pages(pdf)[-1]
    assert text.count("签署编号") == workers + 2
    before = text[: text.index("申请人：")].split("\n")
    assert len([line for line in before if line.strip()]) >= 2
    drawn = PdfReader(io.BytesIO(pdf)).pages[-1].get_contents().get_data()
    assert drawn.count(b"/Artifact BMC q") == 2, "the seal and the code are drawn here"
    assert "2026年4月9日" in reading.squeezed(text)
    assert f"存证根 {ROOT.root}\n" in text, "in one line, to be copied as one"


def test_the_root_stands_below_everything_else_and_a_paper_without_one_says_nothing_of_it():
    paper = make_paper(7)
    pdf = agreement.render(paper)
    box = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    last = box.stdout.decode().rpartition("<page")[2]
    words = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)<', last)
    (line,) = [place for place, (_, _, word) in enumerate(words) if ROOT.root in word]
    top = float(words[line][0])
    footer = min(float(y) for y, _, word in words[line + 1 :] if "校验码" in word or word == "—")
    above = [float(bottom) for _, bottom, word in words[:line] if word != "存证根"]
    assert max(above) <= top + 1, "nothing is drawn over it"
    assert top + 2 * 10.5 < footer, "nor does it run into the foot of the page"
    assert "的1234567条办案记录" in reading.text(pdf)
    assert "存证根" not in reading.text(agreement.render(dataclasses.replace(paper, root=None)))


@pytest.mark.parametrize("lines", range(0, 12, 2))
def test_no_row_of_a_table_is_torn_over_two_pages(lines: int):
    paper = dataclasses.replace(make_paper(7), matter="事实和理由如下\n" + "双方有争议，" * 20 * lines)
    for page in PdfReader(io.BytesIO(agreement.render(paper))).pages:
        text = reading.squeezed(page.extract_text())
        assert text.count("一次性转入") == text.count("尾号0217") == text.count("银行账户")


def test_thirty_two_workers_sign_in_a_list_and_the_seal_is_not_alone():
    paper = make_paper(12)
    more = tuple(PaperWorker(f"王{chr(0x4E00 + 37 * place)}") for place in range(20))
    pdf = agreement.render(dataclasses.replace(paper, workers=paper.workers + more))
    text = reading.text(pdf)
    assert all(worker.name in text for worker in more)
    assert "申请人签署" in text
    assert "本协议书一式" in reading.squeezed(reading.pages(pdf)[-1])


def test_the_seal_is_red_and_stands_over_name_and_date(tmp_path: Path):
    pdf = agreement.render(make_paper(1))
    page = len(PdfReader(io.BytesIO(pdf)).pages)
    red = reading.reddish(reading.picture(pdf, page, tmp_path, dpi=100))
    rows, columns = red.any(axis=1).nonzero()[0], red.any(axis=0).nonzero()[0]
    wide, high = (columns[-1] - columns[0]) * 0.254, (rows[-1] - rows[0]) * 0.254
    assert (wide, high) == pytest.approx((42, 42), abs=0.8)
    height = red.shape[0] * 0.254
    box = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    words = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)<', box.stdout.decode())
    top, bottom = next((float(a), float(b)) for a, b, word in reversed(words) if "4月9日" in word)
    assert rows[0] * 0.254 < top / MILLIMETRE < bottom / MILLIMETRE < rows[-1] * 0.254 < height


def test_without_a_sealing_date_the_paper_says_that_it_waits_for_the_seal(tmp_path: Path):
    pdf = agreement.render(make_paper(2, sealed=False))
    assert "待盖章" in reading.text(pdf)
    assert "签署编号" not in reading.text(pdf)
    page = len(PdfReader(io.BytesIO(pdf)).pages)
    assert not reading.reddish(reading.picture(pdf, page, tmp_path, dpi=50)).any()


def test_it_says_what_the_law_wants_said():
    text = reading.text(agreement.render(make_paper(2)))
    for words in (
        "生效之日起十五日内，双方可以共同向有管辖权的劳动人事争议仲裁委员会申请仲裁审查",
        "自生效之日起三十日内共同向有管辖权的人民法院申请司法确认",
        "可以持本协议书依法向人民法院申请支付令",
        "另一方可以依法申请劳动仲裁",
        "未列入的权利和请求不因本协议而放弃",
        "本协议不确认也不否定双方之间的劳动关系",
        "一式四份",
        "2026年4月30日前（含当日）付清",
        "于2026年4月2日收到调解申请，于2026年4月3日受理",
        "代表某某（北京）供应链管理有限公司",
        "2026-04-0915:02:00",
        "签署编号S-7K3M-01",
        "3f9ac21e5b7d4a60918f2c3d4e5f6071",
    ):
        assert words in text
    assert "费用" not in text


def test_a_confirmed_relationship_is_stated_with_its_limit():
    paper = dataclasses.replace(make_paper(1), relationship="双方自2024年3月1日起存在劳动关系")
    text = reading.text(agreement.render(paper))
    assert "双方确认：双方自2024年3月1日起存在劳动关系。" in text
    assert "关于确认劳动关系的内容，不属于上述审查和确认的范围" in text
    assert "不确认也不否定" not in text


def test_markup_in_what_people_typed_is_printed_as_typed():
    nasty = "<img src='file:///etc/passwd'><script>alert(1)</script>{{ 7 * 7 }}"
    text = reading.text(agreement.render(dataclasses.replace(make_paper(1), overdue=nasty)))
    assert reading.squeezed(nasty) in text


def test_two_workers_of_one_name_each_keep_their_own_signature():
    paper = make_paper(2)
    twin = dataclasses.replace(paper.workers[1], name=paper.workers[0].name)
    first = paper.signatures[0]
    second = dataclasses.replace(first, mark_id="S-TWIN")
    twins = dataclasses.replace(
        paper, workers=(paper.workers[0], twin), signatures=(first, second, *paper.signatures[2:])
    )
    text = reading.text(agreement.render(twins))
    assert text.count("签署编号") == 4
    assert "S-7K3M-01" in text
    assert "S-TWIN" in text


def test_a_signature_without_a_time_zone_is_refused():
    bare = PaperSignature("worker", NAMES[0], datetime(2026, 4, 9, 15, 2), "短信", "S-1")  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        agreement.render(dataclasses.replace(make_paper(1), signatures=(bare,)))


@pytest.mark.parametrize("wrong", [{"workers": ()}, {"copies": 2}])
def test_a_paper_that_cannot_be_is_refused(wrong: dict):
    with pytest.raises(ValueError, match="agreement"):
        dataclasses.replace(make_paper(1), **wrong)


def test_an_unaccepted_application_and_an_open_duty_leave_their_dates_out():
    paper = make_paper(1)
    duty = dataclasses.replace(paper.duties[0], due=None)
    text = reading.text(agreement.render(dataclasses.replace(paper, accepted=None, duties=(duty,))))
    assert "受理" not in text[: text.index("调解结果")]
    assert "）被申请人为申请人出具解除劳动合同证明。" in text


def test_a_head_may_be_before_or_after_tax():
    paper = make_paper(1)
    taxed = tuple(
        dataclasses.replace(payment, tax=tax, due=date(2026, 12, 31))
        for payment, tax in zip(paper.payments, ("before", "after"), strict=True)
    )
    text = reading.text(agreement.render(dataclasses.replace(paper, payments=taxed)))
    assert "工资（税前）¥18,640.50元" in text
    assert "补偿（税后）¥18,000.00元" in text
    assert "2026年12月31日前" in text
