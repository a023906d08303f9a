"""An employer in a real browser: from the text message to his answer, and how each screen looks."""

import re

import pytest
from houses import House, People, follow, log_in, press
from playwright.sync_api import Page, expect
from test_from_filing_to_paid import file_as_worker, from_desk
from test_looks import faults
from thumbs import newest_code

pytestmark = pytest.mark.browser


def asked(people: People, house: House, phone: str, firm: str) -> tuple[Page, Page, str]:
    """A clerk who has asked the employer, the employer's window, and the link of his text message."""
    worker, clerk, employer = (people.person() for _ in range(3))
    file_as_worker(worker, phone, firm)
    number = re.search(r"\d{4}-\d{6}", worker.inner_text("main")).group()  # type: ignore[union-attr] - fails loudly
    log_in(clerk, house, "clerk")
    from_desk(clerk, number)
    follow(clerk, "联系单位")
    press(clerk, "联系单位")
    tab = clerk.context.new_page()
    tab.goto("/inbox")
    link = tab.locator("li", has_text=firm).first.locator("a").first.get_attribute("href")
    tab.close()
    assert link
    return clerk, employer, link


def test_an_employer_checks_hears_and_answers(people: People, house: House, javascript: bool) -> None:
    phone, firm = ("13812340011", "13912340011") if javascript else ("13812340012", "13912340012")
    clerk, employer, link = asked(people, house, phone, firm)
    employer.goto(link)
    assert employer.locator("form").count() == 0
    assert employer.context.cookies() == []
    code = employer.locator("strong.num").inner_text()
    clerk.reload()
    expect(clerk.locator("main")).to_contain_text(code)
    follow(employer, re.compile("核实好了"))
    press(employer, "发验证码")
    employer.get_by_label("验证码").fill(newest_code(clerk, firm))
    press(employer, "进去看看")
    expect(employer.locator("h1")).to_contain_text("先听一听")
    expect(employer.locator("main")).to_contain_text("10,000.00")
    follow(employer, re.compile("愿意马上付"))
    expect(employer.get_by_label("愿意马上付")).to_be_checked()
    employer.get_by_label("认可一部分").check()
    press(employer, "愿意参加调解")
    assert employer.title().startswith("错误：")
    employer.get_by_label(re.compile("认可多少")).fill("8000")
    employer.get_by_label(re.compile("单位的说法")).fill("九月已经结清")
    press(employer, "愿意参加调解")
    expect(employer.get_by_role("status")).to_be_visible()
    clerk.reload()
    expect(clerk.locator("main")).to_contain_text("单位的答复：愿意马上付")
    expect(clerk.locator("main")).to_contain_text("8,000.00")


@pytest.mark.parametrize("javascript", [True])  # the checks themselves are scripts
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_of_the_door_looks_right(people: People, house: House, language: str) -> None:
    tail = "1" if language == "zh" else "2"
    clerk, employer, link = asked(people, house, f"1381234002{tail}", f"1391234002{tail}")
    employer.goto(f"{link}?lang={language}")
    doors = [link, f"{link}/enter", "/answer", "/k/nobody"]
    found = looked(employer, doors)
    employer.goto(f"{link}/enter")
    employer.locator("main form button").first.click()
    employer.wait_for_url("**/code")
    found += looked(employer, ["/code"])
    employer.locator("#code").fill(newest_code(clerk, f"1391234002{tail}"))
    employer.locator("main form button").first.click()
    employer.wait_for_url("**/hear")
    case = employer.url.removesuffix("/hear")
    found += looked(employer, [f"{case}/hear", f"{case}/acts/join", case, f"{case}/acts/decline"])
    assert found == []


def looked(page: Page, paths: list[str]) -> list[str]:
    """Everything wrong with these pages, at three widths and two sizes of text."""
    found = []
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        for size in ("n", "l"):
            found += [f"{width} {size} {one}" for one in faults(page, paths, size)]
    return found
