"""The clerk's ladder and scope check, a mediator's declarations and the verify page: how each looks."""

import pytest
from houses import House, People, follow, log_in, press
from playwright.sync_api import expect
from test_employer_answers import asked
from test_looks import faults

pytestmark = pytest.mark.browser


def test_a_call_is_logged_an_interest_declared_and_every_page_of_it_looks_right(
    people: People, house: House, javascript: bool
) -> None:
    phone, firm = ("13812340031", "13912340031") if javascript else ("13812340032", "13912340032")
    clerk, _, _ = asked(people, house, phone, firm)
    case = clerk.url.removeprefix(house.url)
    expect(clerk.get_by_role("heading", name="归不归我们")).to_be_visible()
    follow(clerk, "记一次联系")
    attempt = clerk.url.removeprefix(house.url)
    clerk.get_by_label("打电话", exact=True).check()
    clerk.get_by_label("没人接、没人应").check()
    press(clerk, "记一次联系")
    expect(clerk.locator("section", has_text="我们怎么联系单位的")).to_contain_text("给单位打电话 做了")
    mediator = people.person()
    log_in(mediator, house, "mediator")
    follow(mediator, "回避申报")
    press(mediator, "申报")
    assert mediator.title().startswith("错误：")
    mediator.get_by_label("单位或者个人的全名").fill(f"没有这家公司{phone[-2:]}")
    mediator.get_by_label("近亲属").check()
    press(mediator, "申报")
    expect(mediator.locator("main")).to_contain_text(f"没有这家公司{phone[-2:]}")
    if not javascript:
        return
    found = []
    for width in (320, 360, 1280):
        for page in (clerk, mediator):
            page.set_viewport_size({"width": width, "height": 740})
        for size in ("n", "l"):
            found += faults(clerk, (case, attempt, "/desk", "/v", "/v?lang=en"), size)
            found += faults(mediator, ("/desk/interests",), size)
    assert found == []
