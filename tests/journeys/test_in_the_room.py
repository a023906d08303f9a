"""Three browsers in one meeting: what one says the others see, and nobody sees what is not for him."""

from collections.abc import Iterator

import pytest
from houses import House, People, follow, press, say
from playwright.sync_api import Page, expect
from roundtable import Roundtable, at_the_table

pytestmark = pytest.mark.browser

MOVED = 12_000
"""Milliseconds in which a move that was announced five seconds ahead has happened."""


@pytest.fixture
def table(people: People, house: House) -> Iterator[Roundtable]:
    with at_the_table(people, house) as table:
        table.come()
        yield table


def read_again(page: Page, *, javascript: bool) -> None:
    """Without scripts a page is read again by hand."""
    if not javascript:
        follow(page, "刷新")


def test_what_one_says_the_others_see(table: Roundtable, javascript: bool) -> None:
    say(table.worker, "三个月没发工资。")
    say(table.employer, "我们下月一定发。")
    for page in table.pages:
        read_again(page, javascript=javascript)
        expect(page.locator("#said li")).to_have_count(2)
        expect(page.locator("#said li").first).to_contain_text("三个月没发工资。")


def move(table: Roundtable, to: str, *, javascript: bool) -> None:
    """The mediator takes the talk elsewhere."""
    follow(table.mediator, f"换到：{to}")
    press(table.mediator, "5 秒后切换")
    if not javascript:
        table.mediator.wait_for_timeout(6_000)
    for page in table.pages:
        read_again(page, javascript=javascript)


def test_a_private_talk_is_between_two(table: Roundtable, javascript: bool) -> None:
    move(table, "背对背 · 劳动者", javascript=javascript)
    for page, heading in ((table.worker, "背对背谈话"), (table.employer, "等候室")):
        expect(page.get_by_role("heading", level=1)).to_have_text(heading, timeout=MOVED)
    say(table.worker, "一万八我就签。", into="说给调解员听", send="发给调解员（对方看不到）")
    read_again(table.mediator, javascript=javascript)
    expect(table.mediator.locator("#said li").last).to_contain_text("一万八我就签。", timeout=MOVED)
    expect(table.mediator.locator("#said .chip").last).to_contain_text("仅劳动者和调解员")
    say(table.employer, "还要多久？", into="给调解员留句话", send="发给调解员（对方看不到）")
    move(table, "一起谈", javascript=javascript)
    for page in table.pages:
        expect(page.get_by_role("heading", level=1)).to_have_text("一起谈", timeout=MOVED)
    assert "一万八" not in table.employer.content()
    assert "还要多久" not in table.worker.content()
    follow(table.employer, "看：背对背谈话")
    assert "一万八" not in table.employer.content()
    expect(table.employer.locator("#said")).to_contain_text("还要多久？")


def test_not_yet_keeps_everybody_where_they_are(table: Roundtable, javascript: bool) -> None:
    follow(table.mediator, "换到：背对背 · 单位")
    press(table.mediator, "5 秒后切换")
    read_again(table.worker, javascript=javascript)
    table.worker.get_by_role("button", name="先别动").click()
    expect(table.worker.locator("main")).to_contain_text("点了“先别动”")
    read_again(table.mediator, javascript=javascript)
    expect(table.mediator.locator("main")).to_contain_text("点了“先别动”")
    for page in table.pages:
        expect(page.get_by_role("heading", level=1)).to_have_text("一起谈")


def test_words_that_were_not_sent_stay_in_the_room_they_were_written_in(
    table: Roundtable, javascript: bool
) -> None:
    if not javascript:
        pytest.skip("without scripts nothing is known of what is being typed")
    table.worker.get_by_label("说给大家听").press_sequentially("其实我觉得")
    move(table, "背对背 · 单位", javascript=True)
    expect(table.worker.get_by_role("heading", level=1)).to_have_text("等候室", timeout=MOVED)
    expect(table.worker.get_by_label("给调解员留句话")).to_have_value("")
    expect(table.worker.locator("main")).to_contain_text("您在“一起谈”里写的话没有发出去")
    follow(table.worker, "去看")
    expect(table.worker.locator("#said")).not_to_contain_text("其实我觉得")
    expect(table.worker.locator("textarea")).to_have_value("其实我觉得")
    expect(table.employer.get_by_role("heading", level=1)).to_have_text("背对背谈话")
    assert "其实我觉得" not in table.employer.content()


def test_what_is_being_typed_stays_while_others_talk(table: Roundtable, javascript: bool) -> None:
    if not javascript:
        pytest.skip("without scripts nothing changes on an open page")
    box = table.worker.get_by_label("说给大家听")
    box.press_sequentially("我先想")
    say(table.employer, "请先说。")
    expect(table.worker.locator("#said")).to_contain_text("请先说。")
    table.worker.keyboard.type("一想")
    expect(box).to_have_value("我先想一想")
    expect(box).to_be_focused()


def test_a_line_that_breaks_loses_nothing(table: Roundtable, javascript: bool) -> None:
    if not javascript:
        pytest.skip("without scripts there is no line")
    table.worker.context.set_offline(True)
    table.worker.get_by_label("说给大家听").fill("地铁里也写")
    table.worker.get_by_role("button", name="发给所有人").click()
    expect(table.worker.locator("[data-part=line]")).to_contain_text("还没有发出去")
    for number in range(3):
        say(table.employer, f"第 {number} 句")
    table.worker.context.set_offline(False)
    table.worker.get_by_role("button", name="发给所有人").click()
    expect(table.worker.locator("#said li")).to_have_count(4, timeout=MOVED)
    expect(table.employer.locator("#said li")).to_have_count(4, timeout=MOVED)
    say(table.employer, "又通了")
    expect(table.worker.locator("#said li")).to_have_count(5, timeout=MOVED)
    expect(table.worker.locator("[data-part=line]")).to_be_hidden()
