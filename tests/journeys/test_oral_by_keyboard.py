"""An agent with a headset on, in a real browser: from the log-in to the sent link without a mouse."""

import re

import pytest
from houses import House, People, log_in
from playwright.sync_api import Locator, Page, expect
from test_looks import faults, faults_here

pytestmark = pytest.mark.browser

SCREENS = ["/staff", "/desk", "/desk/oral", "/desk/oral", "/desk/oral/"]
"""The log-in, the desk, the questions, what is read aloud, and the number: one after the other, no more."""
MOST_KEYS = 80
"""Keys that are no letters: to go on, to tick, to choose, to send."""
FARTHEST = 60


class Keys:
    """One agent's hands: they touch nothing but the keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0
        self.screens: list[str] = []
        page.on("load", lambda _: self.screens.append(page.url))

    def key(self, name: str) -> None:
        self.pressed += 1
        self.page.keyboard.press(name)

    def to(self, what: Locator) -> None:
        """Tab until it is in focus; a page on which it never is cannot be used like this."""
        here = what.and_(self.page.locator(":focus"))
        for _ in range(FARTHEST):
            if here.count():
                return
            self.key("Tab")
        pytest.fail(f"no key leads to {what}")

    def write(self, name: str, text: str) -> None:
        self.to(self.page.locator(f"[name='{name}']"))
        self.page.keyboard.type(text)

    def tick(self, name: str, value: str) -> None:
        self.to(self.page.locator(f"[name='{name}'][value='{value}']"))
        self.key("Space")
        expect(self.page.locator(f"[name='{name}'][value='{value}']")).to_be_checked()

    def pick(self, name: str, value: str) -> None:
        """Tick the first of a list of which one is ticked, and go down to the one that is meant."""
        ways = self.page.locator(f"[name='{name}']")
        self.to(ways.first)
        self.key("Space")
        for _ in range(ways.count()):
            if self.page.locator(f"[name='{name}'][value='{value}']").is_checked():
                return
            self.key("ArrowDown")
        pytest.fail(f"no key picks {value}")

    def choose(self, name: str, value: str) -> None:
        """Go down in a list until it stands there."""
        field = self.page.locator(f"select[name='{name}']")
        self.to(field)
        for _ in range(field.locator("option").count()):
            if field.input_value() == value:
                return
            self.key("ArrowDown")
        pytest.fail(f"no key chooses {value}")

    def enter(self) -> None:
        """Send the form, or follow the link in focus."""
        with self.page.expect_navigation():
            self.key("Enter")

    def button(self, label: str) -> None:
        self.to(self.page.get_by_role("button", name=label, exact=True))
        self.enter()

    def link(self, label: str | re.Pattern[str]) -> None:
        self.to(self.page.get_by_role("link", name=label))
        self.enter()


def come(keys: Keys, house: House) -> None:
    """Log in and open the page of those who call."""
    keys.page.goto("/staff")
    keys.write("login", "clerk")
    keys.write("password", house.passwords["clerk"])
    keys.enter()
    keys.link("口头申请")


def listen(keys: Keys, phone: str) -> None:
    """What the caller tells, in the order in which he tells it."""
    expect(keys.page.locator("[name='contact.name']")).to_be_focused()
    keys.write("contact.name", "周某")
    keys.write("contact.phone", phone)
    keys.tick("what", "wages")
    keys.write("amount.wages", "一万八")
    keys.write("employer.name", "某物业公司")
    keys.choose("place", "110101010")
    keys.pick("since", "under_3")
    keys.write("story", "干了三个月，工资没发。")


def test_an_agent_takes_a_call_without_a_mouse_and_the_link_is_sent(
    people: People, house: House, javascript: bool
) -> None:
    keys = Keys(people.person(width=1280))
    page, phone = keys.page, "13812370001" if javascript else "13812370002"
    come(keys, house)
    listen(keys, phone)
    keys.button("念给对方听")
    expect(page.locator("#aloud")).to_contain_text("壹万捌仟元整")
    keys.tick("agreed", "1")
    keys.tick("contact.consent", "1")
    keys.button("对方同意，登记")
    expect(page.locator("h1")).to_contain_text("登记好了")
    places = [re.sub(r"^https?://[^/]+|[^/]{20,}$", "", url) for url in keys.screens]
    assert places == SCREENS
    assert keys.pressed <= MOST_KEYS

    number = re.search(r"\d{4}-\d{6}", page.inner_text("h1")).group()  # type: ignore[union-attr] - fails loudly
    keys.to(page.get_by_role("link", name=re.compile("打印口头申请记录")))
    keys.link("下一位")
    expect(page.locator("[name='contact.name']")).to_be_focused()
    expect(page.locator("[name='contact.name']")).to_have_value("")

    caller = people.person()
    caller.goto("/inbox")
    with caller.expect_navigation():
        caller.locator("li", has_text=phone).first.locator("a").first.click()
    expect(caller.locator("main")).to_contain_text(number)


def test_without_the_callers_yes_the_keyboard_is_led_to_the_box(people: People, house: House) -> None:
    keys = Keys(people.person())
    come(keys, house)
    listen(keys, "13812370003")
    keys.button("念给对方听")
    keys.button("对方同意，登记")
    assert keys.page.title().startswith("错误：")
    expect(keys.page.locator(".errs")).to_be_focused()
    keys.to(keys.page.locator(".errs a").first)
    keys.key("Enter")
    expect(keys.page.locator("[name='agreed']")).to_be_focused()
    keys.key("Space")
    keys.tick("contact.consent", "1")
    keys.button("对方同意，登记")
    expect(keys.page.locator("h1")).to_contain_text("登记好了")


@pytest.mark.parametrize("size", ["n", "l"])
@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("javascript", [True], ids=["with-javascript"])  # the checks are scripts
def test_no_page_of_a_call_scrolls_has_small_targets_or_breaks_a_rule(
    people: People, house: House, width: int, size: str
) -> None:
    page = people.person(width=width)
    log_in(page, house, "clerk")
    found = []

    def send() -> None:
        with page.expect_navigation():
            page.locator("main form button").first.click()

    for language in ("zh", "en"):
        found += faults(page, [f"/desk/oral?lang={language}"], size)
        send()
        assert re.match("错误：|Error: ", page.title())
        found += faults_here(page, f"questions with errors, {language}")
        page.goto("/desk/oral")
        listen(Keys(page), f"1382{width:04d}{'001' if size == 'n' else '002'}")
        send()
        found += faults_here(page, f"read back, {language}")
        send()
        assert re.match("错误：|Error: ", page.title())
        found += faults_here(page, f"read back with errors, {language}")
        for box in ("agreed", "contact.consent"):
            page.locator(f"[name='{box}']").check()
        send()
        found += faults_here(page, f"filed, {language}")
    assert not found
