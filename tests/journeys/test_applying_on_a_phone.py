"""Applying in a real browser: ten screens, twenty-two taps, six answers; closed anywhere and gone on with."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from houses import House, People
from playwright.sync_api import Locator, Page, expect
from test_from_filing_to_paid import newest_code
from test_looks import SIDEWAYS, SMALL, faults

from mediation.domain.applying import REQUIRED, STEPS

pytestmark = pytest.mark.browser

MOST_SCREENS, MOST_TAPS, MOST_REQUIRED = 10, 22, 6


class Thumb:
    """One person's way: every screen he sees, and every time he touches one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.screens: list[str] = []
        page.on("load", lambda _: self.screens.append(page.url))

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.click()

    def on(self, what: Locator) -> None:
        """Tap something that leads to the next screen."""
        with self.page.expect_navigation():
            self.tap(what)

    def next(self) -> None:
        self.on(self.page.get_by_role("button", name="下一步", exact=True))

    def type(self, label: str | re.Pattern[str], text: str) -> None:
        field = self.page.get_by_label(label)
        self.tap(field)
        field.fill(text)


def apply(thumb: Thumb, phone: str, *, upto: str = "") -> None:
    """From the home page's door on, to the question `upto` or to the list of answers."""
    page = thumb.page
    page.goto("/")
    thumb.screens.clear()  # the home page is no screen of the application
    thumb.on(page.get_by_role("link", name=re.compile("欠工资")))
    thumb.on(page.get_by_role("button", name="开始", exact=True))
    ways = {
        "what": lambda: expect(page.get_by_label("欠工资")).to_be_checked(),
        "employer": lambda: thumb.type(re.compile("老板的名字"), "某餐饮管理有限公司"),
        "place": lambda: thumb.tap(page.get_by_text("安定门街道")),
        "when": lambda: thumb.tap(page.get_by_text("1 到 3 个月")),
        "amount": lambda: thumb.type(re.compile("多少元"), "一万八"),
        "story": lambda: thumb.type(re.compile("一两句就行"), "三个月没发工资。"),
        "contact": lambda: who(thumb, phone),
    }
    for step in STEPS[: STEPS.index(upto)] if upto else STEPS:
        expect(page).to_have_url(re.compile(f"/apply/{step}"))
        ways[step]()
        thumb.next()


def who(thumb: Thumb, phone: str) -> None:
    thumb.type("姓名", "王彧喆")
    thumb.type("手机号", phone)
    thumb.tap(thumb.page.get_by_text("同意这样用我的个人信息"))


def test_a_worker_applies_in_ten_screens(people: People, javascript: bool) -> None:
    thumb = Thumb(people.person())
    phone = "13812350001" if javascript else "13812350002"
    apply(thumb, phone)
    expect(thumb.page.locator("main")).to_contain_text("人民币壹万捌仟元整")
    thumb.type("验证码", newest_code(people.person(), phone))
    thumb.on(thumb.page.get_by_role("button", name="提交申请", exact=True))
    expect(thumb.page.locator("h1")).to_contain_text(re.compile(r"收到了，编号 \d{4}-\d{6}"))
    assert len(thumb.screens) <= MOST_SCREENS, thumb.screens
    assert thumb.taps <= MOST_TAPS
    assert len(REQUIRED) <= MOST_REQUIRED
    thumb.on(thumb.page.get_by_role("link", name="看进度"))
    expect(thumb.page.locator("main")).to_contain_text("三个月没发工资。")


@pytest.mark.parametrize("step", [*STEPS[1:], ""])
def test_a_browser_killed_anywhere_loses_nothing(people: People, javascript: bool, step: str) -> None:
    """Another phone, with nothing but the return code: it lands on the next question."""
    thumb = Thumb(people.person())
    apply(thumb, "13812350003", upto=step)
    code = thumb.page.locator(".code strong").inner_text()
    thumb.page.context.close()
    page = people.person()
    page.goto("/apply")
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("别的手机")).click()
    page.get_by_label("取回码").fill(code)
    with page.expect_navigation():
        page.get_by_role("button", name="接着填").click()
    expect(page).to_have_url(re.compile(f"/apply/{step or 'check'}$"))


@pytest.mark.parametrize("size", ["n", "l"])
@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("javascript", [True], ids=["with-javascript"])  # the checks are scripts
def test_no_question_scrolls_has_small_targets_or_breaks_a_rule(
    people: People, house: House, width: int, size: str
) -> None:
    page = people.person(width=width)
    apply(Thumb(page), "13812350004")
    found = []
    for language in ("zh", "en"):
        page.goto(f"/apply?lang={language}")
        paths = ["/apply", *(f"/apply/{step}" for step in STEPS), "/apply/check", "/apply/elsewhere"]
        found += faults(page, [*paths, "/apply/back"], size)
        for step in ("what", "employer", "amount", "contact"):
            page.goto(f"/apply/{step}")
            for box in page.locator("input:checked").all():
                box.uncheck()
            for field in page.locator("input.in").all():
                field.fill("")
            with page.expect_navigation():
                page.locator("button.btn").first.click()
            assert re.match("错误：|Error: ", page.title()), step
            found += faults_here(page, step)
    page.goto("/apply/check")
    with page.expect_navigation():
        page.locator("button.btn").first.click()
    found += faults(page, [page.url], size)
    assert not found


def faults_here(page: Page, step: str) -> list[str]:
    """What is wrong with the page in hand, which shows an error and has no address of its own."""
    found = [f"{step} with an error: {one['id']}" for one in Axe().run(page).response["violations"]]
    found += [f"{step} with an error: small {what}" for what in page.evaluate(SMALL, 44)]
    return found + [f"{step} with an error: sideways"] * bool(page.evaluate(SIDEWAYS) > 0)
