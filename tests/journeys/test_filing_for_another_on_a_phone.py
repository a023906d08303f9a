"""A daughter applies for her father: on her phone, with his authority; he says yes on his own."""

import re

import pytest
from houses import House, People
from playwright.sync_api import expect
from test_looks import faults, faults_here
from thumbs import Thumb, apply, newest_code, submit, who

pytestmark = pytest.mark.browser

HERS, HIS = "13712350001", "13812350061"


def says_who_she_is(thumb: Thumb) -> None:
    """From the question of name and phone over the page of the authority, and back to the question."""
    thumb.on(thumb.page.get_by_role("link", name=re.compile("替家人")))
    thumb.type("您叫什么", "王某女")
    thumb.type("您的手机号", HERS)
    thumb.tap(thumb.page.get_by_text("近亲属"))
    thumb.tap(thumb.page.get_by_text("一般授权"))
    thumb.next()


def test_she_files_and_he_says_yes(people: People, house: House, javascript: bool) -> None:
    thumb = Thumb(people.person())
    apply(thumb, HIS, upto="contact")
    says_who_she_is(thumb)
    expect(thumb.page.locator("h1")).to_have_text("您替谁申请？")
    who(thumb, HIS)
    thumb.next()
    expect(thumb.page.locator("main")).to_contain_text("王某女")
    submit(thumb, HERS, inbox=people.person())
    expect(thumb.page.locator("main")).to_contain_text("在这之前，不联系单位")
    assert len(thumb.screens) <= 12, "two more than for oneself"

    father = people.person()
    tab = father.context.new_page()
    tab.goto("/inbox")
    texts = tab.locator("li", has_text=HIS).all_inner_texts()
    tab.close()
    key = next(found.group(1) for text in texts if (found := re.search(r"/k/(\w+)", text)))
    father.goto(f"/k/{key}")
    with father.expect_navigation():
        father.locator("main button.btn").first.click()
    father.get_by_label("验证码").fill(newest_code(father, HIS))
    with father.expect_navigation():
        father.locator("main button.btn").first.click()
    expect(father.locator("h1")).to_have_text("王某女替您申请了调解，是您吗？")
    assert not (faults_here(father, "is it you") if javascript else [])
    with father.expect_navigation():
        father.get_by_role("button", name="是我，我要申请", exact=True).click()
    expect(father.locator("main")).to_contain_text("记下了，您现在是申请人之一")


@pytest.mark.parametrize("size", ["n", "l"])
@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("javascript", [True], ids=["with-javascript"])  # the checks are scripts
def test_her_pages_break_no_rule(people: People, width: int, size: str) -> None:
    page = people.person(width=width)
    thumb = Thumb(page)
    apply(thumb, HIS, upto="contact")
    says_who_she_is(thumb)
    found = []
    for language in ("zh", "en"):
        page.goto(f"/apply?lang={language}")
        found += faults(page, ["/apply/agent", "/apply/contact", "/apply/check", "/apply/others"], size)
        page.goto("/apply/agent")
        page.locator("input.in").first.fill("")
        with page.expect_navigation():
            page.locator("button.btn").first.click()
        assert re.match("错误：|Error: ", page.title())
        found += faults_here(page, "an error")
    assert not found
