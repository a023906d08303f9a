"""Applying in a real browser: ten screens, twenty-two taps, six answers; closed anywhere and gone on with."""

import re

import pytest
from houses import House, People
from playwright.sync_api import expect
from test_looks import faults, faults_here
from thumbs import Thumb, apply, submit

from mediation.domain.applying import REQUIRED, STEPS

pytestmark = pytest.mark.browser

MOST_SCREENS, MOST_TAPS, MOST_REQUIRED = 10, 22, 6


def test_a_worker_applies_in_ten_screens(people: People, javascript: bool) -> None:
    thumb = Thumb(people.person())
    phone = "13812350001" if javascript else "13812350002"
    apply(thumb, phone)
    expect(thumb.page.locator("main")).to_contain_text("人民币壹万捌仟元整")
    submit(thumb, phone, inbox=people.person())
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
            found += faults_here(page, f"{step} with an error")
    page.goto("/apply/check")
    with page.expect_navigation():
        page.locator("button.btn").first.click()
    found += faults(page, [page.url], size)
    assert not found
