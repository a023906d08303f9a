"""Applying in a real browser: ten screens, twenty-two taps, six answers; closed anywhere and gone on with."""

import io
import re
from collections.abc import Callable

import pytest
from houses import House, People, press
from PIL import Image
from playwright.sync_api import FilePayload, expect
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


def evidence_added(thumb: Thumb) -> str:
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), "green").save(picture, "PNG")
    thumb.page.goto("/apply/evidence")
    photo = FilePayload(name="a.png", mimeType="image/png", buffer=picture.getvalue())
    thumb.page.locator("#file").set_input_files(photo)
    press(thumb.page, "传上去")
    expect(thumb.page.locator("main")).to_contain_text("照片 1")
    return "1 份"


def others_added(thumb: Thumb) -> str:
    thumb.page.goto("/apply/others")
    thumb.type("姓名", "某二")
    thumb.type("他自己的手机号", "13812350055")
    thumb.type(re.compile("欠他多少钱"), "九千五")
    thumb.on(thumb.page.get_by_role("button", name="加上这个人", exact=True))
    return "某二"


def reach_told(thumb: Thumb) -> str:
    thumb.page.goto("/apply/reach")
    thumb.tap(thumb.page.get_by_text("晚上", exact=False).first)
    thumb.type("另一个电话", "13812350056")
    thumb.on(thumb.page.get_by_role("button", name="存好，回去核对", exact=True))
    return "13812350056"


def agent_named(thumb: Thumb) -> str:
    thumb.page.goto("/apply/agent")
    thumb.type("您叫什么", "王某女")
    thumb.type("您的手机号", "13812350057")
    thumb.tap(thumb.page.get_by_text("近亲属"))
    thumb.tap(thumb.page.get_by_text("一般授权"))
    thumb.next()
    return "王某女"


@pytest.mark.parametrize("beside", [evidence_added, others_added, reach_told, agent_named])
def test_nor_does_one_killed_on_a_page_beside_the_questions(
    people: People, javascript: bool, beside: Callable[[Thumb], str]
) -> None:
    thumb = Thumb(people.person())
    apply(thumb, "13812350005")
    code = thumb.page.locator(".code strong").inner_text()
    said = beside(thumb)
    thumb.page.context.close()
    page = people.person()
    page.goto("/apply/back")
    page.get_by_label("取回码").fill(code)
    with page.expect_navigation():
        page.get_by_role("button", name="接着填").click()
    expect(page).to_have_url(re.compile("/apply/check$"))
    expect(page.locator("main")).to_contain_text(said)


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
