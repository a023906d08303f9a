"""A clerk finds out how to reach a firm, and the firm says where it gets mail; how each page looks."""

import re

import pytest
from houses import House, People, follow, press
from playwright.sync_api import expect
from test_employer_answers import asked
from test_looks import faults
from thumbs import newest_code

pytestmark = pytest.mark.browser


def test_a_phone_is_verified_and_taken_over_and_the_firm_gives_its_address(
    people: People, house: House, javascript: bool
) -> None:
    phone, firm = ("13812340021", "13912340021") if javascript else ("13812340022", "13912340022")
    clerk, employer, link = asked(people, house, phone, firm)
    own = "13712340021" if javascript else "13712340022"
    follow(clerk, "怎么联系单位")
    expect(clerk.locator("main")).to_contain_text("还没核实")
    case = clerk.url
    follow(clerk, "查看和登记")
    clerk.get_by_label("电话", exact=True).check()
    press(clerk, "登记")
    assert clerk.title().startswith("错误：")
    clerk.get_by_label("号码、邮箱或者地址").fill(own)
    clerk.get_by_label(re.compile("怎么核实的")).select_option(label="打回去问过")
    press(clerk, "登记")
    clerk.goto(case)
    # The same firm may have another phone from another story.
    with clerk.expect_navigation():
        clerk.locator("section", has_text=own).get_by_role("button", name="本案改用这个").click()
    expect(clerk.locator("section", has_text="本案现在用的")).to_contain_text(own)
    clerk.goto("/inbox")
    link = clerk.locator("li", has_text=own).first.locator("a").first.get_attribute("href") or ""
    employer.goto(link)
    follow(employer, re.compile("核实好了"))
    press(employer, "发验证码")
    employer.get_by_label("验证码").fill(newest_code(clerk, own))
    press(employer, "进去看看")
    follow(employer, "‹ 案件页")
    follow(employer, "也用邮件收通知")
    employer.get_by_label(re.compile("邮箱")).fill("no address")
    press(employer, "保存")
    assert employer.title().startswith("错误：")
    expect(employer.get_by_label(re.compile("邮箱"))).to_have_value("no address")
    employer.get_by_label(re.compile("邮箱")).fill("hr@firm.example")
    press(employer, "保存")
    expect(employer.locator("main")).to_contain_text("h****@firm.example")
    if not javascript:
        return
    follow(employer, "改邮箱")
    mail = employer.url.removeprefix(house.url)
    found = []
    for width in (320, 360, 1280):
        for page in (clerk, employer):
            page.set_viewport_size({"width": width, "height": 740})
        for size in ("n", "l"):
            found += faults(clerk, [case.removeprefix(house.url), "/desk/contacts?q=x"], size)
            found += faults(employer, [mail, f"{mail}?lang=en", f"{mail}?lang=zh"], size)
    assert found == []
