"""Choosing a time on a phone: the employer in one tap, the worker by ticking; how the pages look."""

import re

import pytest
from houses import House, People, follow, press
from playwright.sync_api import expect
from test_employer_answers import asked, looked
from test_from_filing_to_paid import newest_code

pytestmark = pytest.mark.browser


def test_an_employer_that_joined_says_in_one_tap_that_any_time_suits(
    people: People, house: House, javascript: bool
) -> None:
    phone, firm = ("13812340041", "13912340041") if javascript else ("13812340042", "13912340042")
    clerk, employer, link = asked(people, house, phone, firm)
    employer.goto(f"{link}/enter")
    press(employer, "发验证码")
    employer.get_by_label("验证码").fill(newest_code(clerk, firm))
    press(employer, "进去看看")
    follow(employer, re.compile("愿意谈"))
    press(employer, "愿意参加调解")
    case = employer.url.removeprefix(house.url)
    follow(employer, "挑开会时间")
    assert employer.get_by_role("checkbox").count() == 31
    press(employer, "就这样答")
    assert employer.title().startswith("错误：")
    employer.get_by_label("这些时间都不行").check()
    press(employer, "就这样答")
    expect(employer.get_by_role("status")).to_contain_text("记下了")
    clerk.reload()
    expect(clerk.locator("section", has_text="谁什么时候方便")).to_contain_text("列出的时间都不行")
    follow(employer, "改一改")
    assert employer.get_by_label("这些时间都不行").is_checked()
    press(employer, "都可以")
    expect(employer.get_by_role("status")).to_contain_text("记下了")
    follow(employer, "改一改")
    assert [box.is_checked() for box in employer.get_by_role("checkbox").all()] == [*[True] * 30, False]
    clerk.reload()
    expect(clerk.locator("section", has_text="谁什么时候方便")).to_contain_text("都可以")
    if not javascript:
        return
    page = f"{case}/acts/tell_times"
    found = looked(employer, [case, page, f"{page}?lang=en"])
    found += looked(clerk, [case])
    assert found == []
