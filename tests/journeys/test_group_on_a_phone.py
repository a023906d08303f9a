"""Three of one kitchen: one applies for all on her phone, one says that it is he, one says that it is not."""

import re

import pytest
from houses import House, People, press
from playwright.sync_api import Page, expect
from test_looks import faults, faults_here
from thumbs import Thumb, apply, newest_code, submit

pytestmark = pytest.mark.browser

HERS, HIS, OTHERS = "13812390001", "13812390002", "13812390003"


def adds(thumb: Thumb, name: str, phone: str, owed: str) -> None:
    """One more on her list; the page comes back with him on it."""
    thumb.type("姓名", name)
    thumb.type("他自己的手机号", phone)
    if owed:
        thumb.type(re.compile("欠他多少钱"), owed)
    else:
        thumb.tap(thumb.page.get_by_text("说不清", exact=True))
    thumb.on(thumb.page.get_by_role("button", name="加上这个人", exact=True))
    expect(thumb.page.locator("main")).to_contain_text(phone)


def comes_in(page: Page, phone: str) -> None:
    """By the link in the text to this phone, and the code that follows."""
    tab = page.context.new_page()
    tab.goto("/inbox")
    texts = tab.locator("li", has_text=phone).all_inner_texts()
    tab.close()
    page.goto(next(found.group() for text in texts if (found := re.search(r"/k/\w+", text))))
    with page.expect_navigation():
        page.locator("main button.btn").first.click()
    page.get_by_label("验证码").fill(newest_code(page, phone))
    with page.expect_navigation():
        page.locator("main button.btn").first.click()


def test_one_applies_for_three_and_each_answers_for_himself(
    people: People, house: House, javascript: bool
) -> None:
    thumb = Thumb(people.person())
    apply(thumb, HERS)
    alone = len(thumb.screens), thumb.taps
    thumb.on(thumb.page.get_by_role("link", name=re.compile("替大家申请")))
    adds(thumb, "某二", HIS, "九千五")
    adds(thumb, "某三", OTHERS, "")
    thumb.on(thumb.page.get_by_role("link", name="人齐了，去核对", exact=True))
    expect(thumb.page.locator("main")).to_contain_text("除了您，还有 2 位：某二、某三")
    assert len(thumb.screens) - alone[0] <= 4, "one page, once for each, and back"
    assert thumb.taps - alone[1] <= 10
    submit(thumb, HERS, inbox=people.person())
    case = thumb.page.url.replace("/apply/received/", "/cases/")

    he, other = people.person(), people.person()
    comes_in(he, HIS)
    expect(he.locator("h1")).to_have_text("王彧喆替您一起申请了调解，是您吗？")
    expect(he.locator("main")).not_to_contain_text("三个月没发工资")
    assert not (faults_here(he, "is it you") if javascript else [])
    press(he, "是我，我要一起申请")
    expect(he.locator("main")).to_contain_text("记下了，您现在是申请人之一")

    comes_in(other, OTHERS)
    with other.expect_navigation():
        other.get_by_role("button", name=re.compile("^不是我")).click()
    expect(other.locator("main")).to_contain_text("您说了不参加")

    page = thumb.page
    page.goto(case)
    expect(page.locator("main")).to_contain_text("本人不参加")
    expect(page.locator("main")).not_to_contain_text("本人还没确认")


@pytest.mark.parametrize("size", ["n", "l"])
@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("javascript", [True], ids=["with-javascript"])  # the checks are scripts
def test_a_workers_own_pages_break_no_rule_in_either_language(people: People, width: int, size: str) -> None:
    page = people.person(width=width)
    thumb = Thumb(page)
    phone = f"138123{width:04d}{'0' if size == 'n' else '1'}"
    apply(thumb, phone)
    found = []
    for language in ("zh", "en"):
        page.goto(f"/apply?lang={language}")
        found += faults(page, ["/apply/check", "/apply/others", "/apply/evidence", "/apply/reach"], size)
    page.goto("/apply/check?lang=zh&size=n")
    submit(thumb, phone, inbox=people.person(width=width))
    received = page.url
    case = received.replace("/apply/received/", "/cases/")
    acts = [f"/acts/{name}" for name in ("tell_elements", "withdraw", "name_agent")]
    of_case = ["", *acts, "/mail/worker:0", "/reach/worker:0"]
    for language in ("zh", "en"):
        page.goto(f"{case}?lang={language}")
        found += faults(page, [received, *(f"{case}{rest}" for rest in of_case)], size)
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
        found += faults(page, ["/answer", "/v", "/apply/back", "/apply/b/none"], size)
    assert not found
