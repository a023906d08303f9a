"""A recording made on the page, with the made-up microphone of Chromium; no word of it without one."""

import re
from collections.abc import Iterator

import pytest
from houses import CHROMIUM, House, People, follow, log_in, press
from playwright.sync_api import Browser, Page, expect
from test_looks import faults_here
from thumbs import Thumb, apply, submit

from mediation.documents.sniffing import sniff
from mediation.documents.webm import sound_only

pytestmark = pytest.mark.browser

DEVICE = "--use-fake-device-for-media-stream"
ALLOWED = "--use-fake-ui-for-media-stream"
SCRIPTS = pytest.mark.parametrize("javascript", [True], ids=["with-javascript"])
RECORD = "录一段话"
PLAYED = """one => new Promise(done => {
  one.addEventListener('timeupdate', () => one.currentTime > 0.5 && done(true));
  one.muted = true;
  one.play();
})"""


@pytest.fixture
def flags() -> list[str]:
    return [DEVICE, ALLOWED]


@pytest.fixture
def speaking(browser: Browser, house: House, javascript: bool, flags: list[str]) -> Iterator[People]:
    """People with a microphone."""
    other = browser.browser_type.launch(executable_path="/usr/bin/chromium", args=[*CHROMIUM, *flags])
    everybody = People(other, house, javascript=javascript)
    yield everybody
    everybody.close()
    other.close()


def at_evidence(page: Page, phone: str) -> Thumb:
    thumb = Thumb(page)
    apply(thumb, phone)
    page.goto("/apply/evidence")
    return thumb


def record(page: Page, milliseconds: int) -> None:
    page.get_by_role("button", name=RECORD).click()
    expect(page.get_by_role("status").filter(has_text="正在录音")).to_be_visible()
    page.wait_for_timeout(milliseconds)
    page.get_by_role("button", name="说完了，停").click()


@SCRIPTS
def test_what_is_said_is_heard_added_filed_and_played_by_the_mediator(
    speaking: People, people: People, house: House
) -> None:
    page, phone = speaking.person(), "13812380001"
    thumb = at_evidence(page, phone)
    assert faults_here(page, "before") == []
    page.get_by_role("button", name=RECORD).click()
    expect(page.get_by_role("timer")).to_have_text("0:02")
    assert faults_here(page, "recording") == []
    page.get_by_role("button", name="说完了，停").click()
    heard = page.locator("audio")
    expect(heard).to_be_visible()
    expect(heard).to_have_js_property("error", None)
    heard.evaluate("one => one.play()")
    assert faults_here(page, "recorded") == []
    page.get_by_role("button", name="不要了，重录").click()
    expect(heard).to_be_hidden()
    record(page, 2000)
    parts: list[str] = []
    page.on("request", lambda one: parts.append(one.url) if one.method == "PATCH" else None)
    with page.expect_navigation():
        page.get_by_role("button", name="加上这段").click()
    assert parts, "it goes in parts, as files do"
    expect(page.locator("main")).to_contain_text("录音 1")
    page.goto("/apply/check")
    submit(thumb, phone, inbox=page)
    thumb.on(page.get_by_role("link", name="看进度"))
    page.goto(page.url.partition("?")[0] + "/evidence")
    made = page.request.get(str(page.locator("a", has_text="下载原件").get_attribute("href"))).body()
    assert sniff(made).media == "audio/webm"
    clean = page.request.get(str(page.locator("audio").get_attribute("src"))).body()
    assert clean == sound_only(made)
    assert b"Chrom" in made
    assert b"Chrom" not in clean
    plays(page)
    assert faults_here(page, "evidence") == []
    staff = people.person(width=1280)
    log_in(staff, house, "clerk")
    staff.goto(page.url)
    plays(staff)


def plays(page: Page) -> None:
    """The recording on this page can be heard: it has a length, and its time goes on."""
    audio = page.locator("audio")
    audio.evaluate(PLAYED)
    assert audio.evaluate("one => one.error") is None
    assert 1.5 < audio.evaluate("one => one.duration") < 10


@SCRIPTS
def test_a_recording_ends_by_itself_when_its_time_is_over(speaking: People) -> None:
    page = speaking.person()
    page.route(
        re.compile("/apply/evidence"),
        lambda route: route.fulfill(
            response=(answer := route.fetch()), body=answer.text().replace('data-most="60"', 'data-most="2"')
        ),
    )
    at_evidence(page, "13812380002")
    page.get_by_role("button", name=RECORD).click()
    expect(page.get_by_role("status").filter(has_text="说满 60 秒了")).to_be_visible()
    expect(page.locator("audio")).to_be_visible()


@SCRIPTS
@pytest.mark.parametrize("flags", [[DEVICE]], ids=["refused"])
def test_who_does_not_allow_it_is_told_what_to_do_and_may_choose_a_file(speaking: People) -> None:
    page = speaking.person()
    at_evidence(page, "13812380003")
    page.get_by_role("button", name=RECORD).click()
    expect(page.get_by_role("status").filter(has_text="没有让用话筒")).to_be_visible()
    assert faults_here(page, "refused") == []
    expect(page.get_by_role("button", name=RECORD)).to_be_enabled()
    expect(page.locator("#file")).to_be_visible()


@pytest.mark.parametrize("flags", [[ALLOWED]], ids=["no-microphone"])
def test_without_a_microphone_or_scripts_there_is_no_such_button(speaking: People, javascript: bool) -> None:
    page = speaking.person()
    at_evidence(page, "13812380004" if javascript else "13812380005")
    page.wait_for_timeout(500)
    expect(page.get_by_role("button", name=RECORD)).to_have_count(0)
    expect(page.locator("#recording-title")).to_have_count(0)
    expect(page.locator("#file")).to_be_visible()


@SCRIPTS
def test_only_this_page_may_use_the_microphone(speaking: People) -> None:
    page = speaking.person()
    asked = "navigator.mediaDevices.getUserMedia({audio: true}).then(() => 'heard', wrong => wrong.name)"
    page.goto("/")
    assert page.evaluate(asked) == "NotAllowedError"
    at_evidence(page, "13812380006")
    assert page.evaluate(asked) == "heard"
    press(page, "传上去")
    assert page.evaluate(asked) == "heard", "after an error, too"
    follow(page, "以后再补")
    assert page.evaluate(asked) == "NotAllowedError"
