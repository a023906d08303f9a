"""Am I in the right place?  From the home page to the filing, and to whom else to call, with taps counted."""

import re

import pytest
from houses import People, follow, press
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MOST_BYTES = 60 * 1024


class Taps:
    """What somebody's fingers do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.questions = 0

    def choose(self, label: str) -> None:
        """Answer a question: one tap on the answer, one on the button."""
        self.page.get_by_label(label, exact=True).check()
        press(self.page, "下一步")
        self.taps += 2
        self.questions += 1

    def go(self, label: str) -> None:
        follow(self.page, label)
        self.taps += 1


def test_four_questions_lead_from_the_home_page_to_the_filing(people: People) -> None:
    page = people.person()
    bytes_of: dict[str, int] = {}
    page.on("response", lambda answer: bytes_of.update({answer.url: len(answer.body())}))
    page.goto("/")
    hand = Taps(page)
    hand.go("不知道归谁管？先答几个问题")
    for answer in ("没有", "在单位上班", "欠工资、欠加班费", "在东城区"):
        hand.choose(answer)
    expect(page.locator("h1")).to_have_text("我们能帮您谈")
    expect(page.locator("main")).to_contain_text("不受一年限制")
    assert hand.questions == 4
    page.go_back()
    expect(page.locator("h1")).to_have_text("单位、上班的地方，有一个在东城区吗？")
    page.go_forward()
    hand.go("去申请")
    expect(page).to_have_url(re.compile(r"/apply\?about=wages$"))
    assert hand.taps == 10
    assert page.context.cookies() == [] or not any(
        "answers" in cookie["name"] for cookie in page.context.cookies()
    )
    styles = sum(size for url, size in bytes_of.items() if "/static/" in url)
    for url, size in bytes_of.items():
        if "/where" in url:
            assert size + styles <= MOST_BYTES, url


def test_six_questions_are_the_most_and_a_change_keeps_the_answers_before_it(people: People) -> None:
    page = people.person()
    page.goto("/where")
    hand = Taps(page)
    for answer in ("没有", "在别人家里干（保姆、月嫂、护工）", "家政公司", "干活受了伤、得了职业病",
                   "认了，单位该给的没给", "都在北京别的区"):  # fmt: skip
        hand.choose(answer)
    expect(page.locator("h1")).to_have_text("这件事归那个区管")
    assert (hand.questions, hand.taps) == (6, 12)
    follow(page, "改一改：主要是什么事？")
    hand.choose("社保、公积金、退休、户口")
    hand.choose("公积金没交、少交")
    expect(page.locator("h1")).to_have_text("公积金，找公积金中心")
    expect(page.get_by_role("link", name="12329")).to_have_attribute("href", "tel:12329")


def test_nothing_chosen_is_said_beside_the_question_and_an_emergency_comes_first(people: People) -> None:
    page = people.person()
    page.goto("/where")
    press(page, "下一步")
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.locator(".errs")).to_be_in_viewport()
    page.get_by_label("要工资被打、被关、被威胁").check()
    press(page, "下一步")
    call = page.get_by_role("link", name="打 110（公安）")
    expect(call).to_be_in_viewport()
    expect(call).to_have_attribute("href", "tel:110")
    follow(page, "人安全了，接着问")
    expect(page.locator("h1")).to_have_text("您是怎么干活的？")


def test_the_steps_print_without_buttons_and_menus(people: People) -> None:
    page = people.person(width=800)
    page.goto("/where?danger=no&who=employee&matter=insurance&insurance=missing")
    page.emulate_media(media="print")
    for hidden in (".btn", ".back", ".help", ".noprint"):
        assert not [one for one in page.locator(hidden).all() if one.is_visible()]
    expect(page.get_by_role("link", name="12333").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
