"""Photos from a phone in a real browser: with an application, and to a case, with scripts and without."""

import io
import re
from pathlib import Path

import pytest
from houses import House, People, press
from PIL import Image
from playwright.sync_api import Page, Route, expect
from test_looks import faults
from thumbs import Thumb, apply, submit

pytestmark = pytest.mark.browser

CUTS = 3


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A photo as phones make them: four thousand pixels wide, held on its side, with notes in it."""
    notes = Image.Exif()
    notes[0x010F], notes[0x0112] = "CANARY-OF-A-CAMERA", 6
    place = tmp_path / "IMG_0001.JPG"
    Image.effect_noise((4000, 3000), 60).convert("RGB").save(place, "JPEG", exif=notes, quality=85)
    return place


def picked(page: Page, file: Path, label: str) -> None:
    page.locator("#file").set_input_files(file)
    press(page, label)


def filed(page: Page, phone: str, *, file: Path | None = None) -> None:
    """An application up to the page of its case, with a photo if there is one."""
    thumb = Thumb(page)
    apply(thumb, phone)
    if file:
        thumb.on(page.get_by_role("link", name=re.compile("拍证据")))
        picked(page, file, "传上去")
        expect(page.locator("main")).to_contain_text("照片 1")
        thumb.on(page.get_by_role("link", name="好了，回去提交"))
        expect(page.locator("#evidence")).to_contain_text("1 份")
    submit(thumb, phone, inbox=page)
    thumb.on(page.get_by_role("link", name="看进度"))


def test_a_photo_goes_with_an_application_and_another_to_the_case(
    people: People, javascript: bool, large: Path, tmp_path: Path
) -> None:
    page = people.person()
    filed(page, "13812360001" if javascript else "13812360002", file=large)
    with page.expect_navigation():
        page.get_by_role("link", name="看材料，再加一张").click()
    expect(page.locator(".pieces li")).to_have_count(1)
    expect(page.locator(".pieces .tag")).to_have_text("我和调解员")
    other = tmp_path / "other.png"
    Image.new("RGB", (300, 200), "green").save(other)
    picked(page, other, "交上去")
    expect(page.locator(".pieces li")).to_have_count(2)
    for one in page.locator(".pieces img").all():
        one.scroll_into_view_if_needed()
        if javascript:
            expect(one).to_have_js_property("complete", True)
            assert one.evaluate("one => one.naturalWidth") > 1
    with page.expect_navigation():
        page.get_by_role("link", name="让对方也能看 照片 2").click()
    expect(page.locator("main")).to_contain_text("收不回来")
    press(page, "给对方看")
    with page.expect_navigation():
        page.get_by_role("link", name="看材料，再加一张").click()
    expect(page.locator(".pieces .tag")).to_have_text(["我和调解员", "双方都能看"])


@pytest.mark.parametrize("javascript", [True], ids=["with-javascript"])
def test_a_line_that_drops_three_times_loses_nothing_and_the_photo_is_made_smaller(
    people: People, large: Path
) -> None:
    page = people.person()
    filed(page, "13812360003")
    sent: list[int] = []
    cut: list[int] = []

    def dropping(route: Route) -> None:
        if route.request.method == "PATCH":
            if len(cut) < CUTS and len(sent) > len(cut):
                cut.append(1)
                route.abort("connectionreset")
                return
            sent.append(len(route.request.post_data_buffer or b""))
        route.continue_()

    page.route("**/uploads/**", dropping)
    with page.expect_navigation():
        page.get_by_role("link", name="看材料，再加一张").click()
    picked(page, large, "交上去")
    expect(page.locator(".pieces li")).to_have_count(1)
    assert len(cut) == CUTS
    link = page.locator("a", has_text="下载原件").get_attribute("href")
    content = page.request.get(str(link)).body()
    assert sum(sent) == len(content) < large.stat().st_size
    with Image.open(io.BytesIO(content)) as kept:
        assert max(kept.size) == 1600
        assert kept.height > kept.width, "held on its side"
        assert not kept.getexif()


@pytest.mark.parametrize("size", ["n", "l"])
@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("javascript", [True], ids=["with-javascript"])  # the checks are scripts
def test_no_page_with_evidence_scrolls_has_small_targets_or_breaks_a_rule(
    people: People, house: House, tmp_path: Path, width: int, size: str
) -> None:
    assert house
    page = people.person(width=width)
    photo = tmp_path / "photo.png"
    Image.new("RGB", (300, 200), "green").save(photo)
    thumb = Thumb(page)
    phone = f"1381{width:04d}{'001' if size == 'n' else '002'}"  # one files five times a day
    apply(thumb, phone)
    page.goto("/apply/evidence")
    picked(page, photo, "传上去")
    found = []
    for language in ("zh", "en"):
        page.goto(f"/apply?lang={language}")
        found += faults(page, ["/apply/evidence", "/apply/check"], size)
    page.goto("/apply/check?lang=zh")
    submit(thumb, phone, inbox=page)
    thumb.on(page.get_by_role("link", name="看进度"))
    case = page.url.partition("?")[0]
    page.goto(f"{case}/evidence")
    opening = page.locator("a", has_text="让对方也能看").get_attribute("href")
    for language in ("zh", "en"):
        page.goto(f"/apply?lang={language}")
        found += faults(page, [f"{case}/evidence", str(opening), f"{case}/acts/add_evidence"], size)
    page.goto(f"{case}/evidence?lang=zh")
    press(page, "交上去")
    assert page.title().startswith("错误：")
    found += faults(page, [case], size)
    assert not found
