"""Somebody who applies with a thumb on a phone: every journey that begins with an application begins here."""

import re
from collections.abc import Iterable

from playwright.sync_api import Locator, Page, expect

from mediation.domain.applying import STEPS


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


def apply(thumb: Thumb, phone: str, *, upto: str = "", firm: str = "") -> None:
    """From the home page's door on, to the question `upto` or to the list of answers."""
    page = thumb.page
    page.goto("/")
    thumb.screens.clear()  # the home page is no screen of the application
    thumb.on(page.get_by_role("link", name=re.compile("欠工资")))
    thumb.on(page.get_by_role("button", name="开始", exact=True))
    answer(thumb, phone, STEPS[: STEPS.index(upto)] if upto else STEPS, firm=firm)


def answer(thumb: Thumb, phone: str, steps: Iterable[str], *, firm: str = "") -> None:
    """Answer these questions, the first of which is open; `firm` is the telephone of the employer."""
    page = thumb.page
    ways = {
        "what": lambda: expect(page.get_by_label("欠工资")).to_be_checked(),
        "employer": lambda: employer(thumb, firm),
        "place": lambda: thumb.tap(page.get_by_text("安定门街道")),
        "when": lambda: thumb.tap(page.get_by_text("1 到 3 个月")),
        "amount": lambda: thumb.type(re.compile("多少元"), "一万八"),
        "story": lambda: thumb.type(re.compile("一两句就行"), "三个月没发工资。"),
        "contact": lambda: who(thumb, phone),
    }
    for step in steps:
        expect(page).to_have_url(re.compile(f"/apply/{step}"))
        ways[step]()
        thumb.next()


def employer(thumb: Thumb, firm: str) -> None:
    thumb.type(re.compile("老板的名字"), "某餐饮管理有限公司")
    if firm:
        thumb.type(re.compile("工头的电话"), firm)


def who(thumb: Thumb, phone: str) -> None:
    thumb.type("姓名", "王彧喆")
    thumb.type("手机号", phone)
    thumb.tap(thumb.page.get_by_text("同意这样用我的个人信息"))


def submit(thumb: Thumb, phone: str, *, inbox: Page) -> None:
    """From the list of answers to the confirmation, with the code that came to `phone`."""
    thumb.type("验证码", newest_code(inbox, phone))
    thumb.on(thumb.page.get_by_role("button", name="提交申请", exact=True))
    expect(thumb.page.locator("h1")).to_contain_text(re.compile(r"收到了，编号 \d{4}-\d{6}"))


def newest_code(page: Page, phone: str) -> str:
    """The code in the newest text to this phone, in either language, read in a tab of its own."""
    tab = page.context.new_page()
    tab.goto("/inbox")
    texts = tab.locator("li", has_text=phone).all_inner_texts()
    tab.close()
    return next(m.group(1) for text in texts if (m := re.search(r"(?:验证码|code is )(\d{6})", text)))
