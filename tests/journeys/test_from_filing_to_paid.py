"""A whole story in a real browser: five people, one dispute, from the phone to the district's totals."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from houses import House, People, follow, log_in, press, say
from playwright.sync_api import Page, expect
from thumbs import Thumb, answer, apply, newest_code, submit

from mediation.domain.facts import day

pytestmark = pytest.mark.browser

MEDIATORS = {
    True: ("mediator", "赵调解", "13900010003"),
    False: ("mediator2", "孙调解", "13900010004"),
}
"""Whoever signs with a code waits a minute before the same phone gets another one."""


def test_a_dispute_goes_from_a_phone_to_a_sealed_agreement_and_the_money_moves_the_totals(
    people: People, house: House, javascript: bool, tmp_path: Path
) -> None:
    phone = "13812340001" if javascript else "13812340002"
    firm = "13912340001" if javascript else "13912340002"
    login, name, hers = MEDIATORS[javascript]
    worker, employer, clerk, mediator, admin = (people.person() for _ in range(5))
    before = recovered(worker)

    file_as_worker(worker, phone, firm)
    number = re.search(r"\d{4}-\d{6}", worker.inner_text("main")).group()  # type: ignore[union-attr] - fails loudly
    for page, who in ((clerk, "clerk"), (mediator, login), (admin, "admin")):
        log_in(page, house, who)

    from_desk(clerk, number)
    act(clerk, "联系单位")
    answer_as_employer(employer, number, firm, inbox=clerk)
    follow(employer, re.compile("愿意谈"))
    press(employer, "愿意参加调解")
    from_desk(clerk, number)
    act(clerk, "受理")
    from_desk(admin, number)
    follow(admin, "指派调解员")
    admin.get_by_label(name).check()
    press(admin, "指派调解员")
    from_desk(mediator, number)

    meet(mediator, worker, employer)
    agree_on_a_sum(employer, worker)
    write_terms(mediator)
    for page in (worker, employer):
        mark_all(page)
    case_page(mediator)
    act(mediator, "送双方签字")
    for page, of in ((worker, phone), (employer, firm), (mediator, hers)):
        sign(page, of, inbox=clerk)

    from_desk(admin, number)
    act(admin, "盖章生效")
    pdf = download(worker, tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF")
    check_genuine(people.person(), pdf, number)

    case_page(employer)
    follow(employer, "登记已付款")
    employer.get_by_label("多少钱").fill("8000")
    press(employer, "登记已付款")
    case_page(worker)
    assert recovered(people.person()) == before, "what is only reported moves no total"
    act(worker, "钱到了")
    expect(worker.locator("main")).to_contain_text("已履行完毕")
    assert recovered(people.person()) == before + 8000_00


def recovered(page: Page) -> int:
    """The recovered amount on the public page, in fen; the page writes it in 万元, to the hundred yuan."""
    page.goto("/totals")
    shown = re.match(r"[\d,]+(\.\d+)?", page.locator("#recovered").inner_text())
    assert shown, "the page says no amount"
    return int(Decimal(shown.group().replace(",", "")) * 10_000 * 100)


def file_as_worker(page: Page, phone: str, firm: str) -> None:
    """Apply question by question, up to the page of the case."""
    thumb = Thumb(page)
    apply(thumb, phone, upto="amount", firm=firm)
    amount = page.get_by_label(re.compile("多少元"))
    amount.fill("一大笔")
    thumb.next()
    # Not an amount: the page says so, and keeps what was typed.
    assert page.title().startswith("错误：")
    expect(amount).to_have_value("一大笔")
    amount.fill("10000")
    thumb.next()
    answer(thumb, phone, ("story", "contact"))
    submit(thumb, phone, inbox=page)
    follow(page, "看进度")


def from_desk(page: Page, number: str) -> None:
    page.goto(f"/desk/find?q={number}")
    follow(page, re.compile(number))


def case_page(page: Page) -> None:
    page.goto(re.match(r".*/cases/[^/?#]+", page.url).group())  # type: ignore[union-attr] - fails loudly


def act(page: Page, label: str) -> None:
    """Press the button on the case page, and the one on the page of the act."""
    follow(page, label)
    press(page, label)
    expect(page.get_by_role("status")).to_be_visible()


def answer_as_employer(page: Page, number: str, firm: str, *, inbox: Page) -> None:
    page.goto("/answer")
    page.get_by_label("通知上的编号").fill(number)
    press(page, "发验证码")
    page.get_by_label("验证码").fill(newest_code(inbox, firm))
    press(page, "进去看看")
    expect(page).to_have_url(re.compile("/cases/"))


def meet(mediator: Page, worker: Page, employer: Page) -> None:
    tomorrow = day(datetime.now(UTC)) + timedelta(days=1)
    follow(mediator, "约定开会时间")
    mediator.locator("#for_day").fill(tomorrow.isoformat())
    mediator.locator("#for_time").fill("14:00")
    press(mediator, "约定开会时间")
    follow(mediator, "开会")
    for box in mediator.locator("[name=present]").all():
        box.check()
    press(mediator, "开会")
    for page, words in ((mediator, "大家好，今天先听双方说。"), (worker, "三个月没发工资。")):
        case_page(page)
        page.goto(f"{page.url}/meeting")
        say(page, words)
    case_page(employer)
    employer.goto(f"{employer.url}/meeting")
    expect(employer.locator("main")).to_contain_text("三个月没发工资。")
    expect(employer.locator("main")).to_contain_text("大家都能看到")


def agree_on_a_sum(employer: Page, worker: Page) -> None:
    case_page(employer)
    follow(employer, "提出方案")
    employer.get_by_label(re.compile("多少钱")).fill("8000")
    press(employer, "提出方案")
    case_page(worker)
    act(worker, "同意对方的方案")


def write_terms(mediator: Page) -> None:
    case_page(mediator)
    follow(mediator, "起草协议")
    mediator.locator("#payments-0-head").select_option("wages")
    mediator.locator("#payments-0-amount").fill("8000")
    mediator.locator("#payments-0-due").fill((day(datetime.now(UTC)) + timedelta(days=20)).isoformat())
    press(mediator, "送双方看")
    case_page(mediator)
    mediator.goto(f"{mediator.url}/terms")
    expect(mediator.locator("main")).to_contain_text("人民币捌仟元整")


def mark_all(page: Page) -> None:
    case_page(page)
    page.goto(f"{page.url}/terms")
    for agree in page.locator("input[type=radio][value=agree]").all():
        agree.check()
    press(page, "交上我的意见")


def sign(page: Page, phone: str, *, inbox: Page) -> None:
    case_page(page)
    follow(page, "签字")
    for box in page.locator("[name=stated]").all():
        expect(box).not_to_be_checked()
        box.check()
    press(page, "发验证码")
    page.get_by_label(re.compile("验证码")).fill("000000")
    press(page, "签字")
    assert page.title().startswith("错误："), "a wrong code signs nothing"
    page.get_by_label(re.compile("验证码")).fill(newest_code(inbox, phone))
    press(page, "签字")
    expect(page.get_by_role("status")).to_be_visible()


def download(page: Page, folder: Path) -> Path:
    case_page(page)
    answer = page.context.request.get(f"{page.url}/agreement.pdf")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    pdf = folder / "agreement.pdf"
    pdf.write_bytes(answer.body())
    return pdf


def check_genuine(page: Page, pdf: Path, number: str) -> None:
    page.goto("/v")
    page.locator("input[type=file]").set_input_files(pdf)
    press(page, "核对文件")
    expect(page.locator("main")).to_contain_text("一个字没改过")
    forged = pdf.with_name("forged.pdf")
    forged.write_bytes(pdf.read_bytes().replace(b"/Title", b"/Tidle", 1))
    page.goto("/v")
    page.locator("input[type=file]").set_input_files(forged)
    press(page, "核对文件")
    expect(page.locator("main")).not_to_contain_text("一个字没改过")
