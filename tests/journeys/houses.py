"""A running installation and the people in front of it, one browser window each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EMPLOYERS = ["甲乙丙丁餐饮管理有限公司", "子丑寅卯餐饮管理有限公司", "天地玄黄商贸有限公司"]
"""Whom the house suggests while somebody types: nobody is called so."""


@dataclass(frozen=True)
class House:
    """A running installation with the demo district: where it answers, and how its staff log in."""

    url: str
    instance: Path
    passwords: Mapping[str, str]


_STORIES = count(1)


class People:
    """One browser window for each person of a story, which has a network of its own: limits are for each."""

    def __init__(self, browser: Browser, house: House, *, javascript: bool) -> None:
        self._browser = browser
        self._house = house
        self._javascript = javascript
        self._contexts: list[BrowserContext] = []
        self._address = f"198.18.{next(_STORIES)}.7"

    def person(self, *, width: int = 360, height: int = 740) -> Page:
        context = self._browser.new_context(
            base_url=self._house.url,
            java_script_enabled=self._javascript,
            viewport={"width": width, "height": height},
            accept_downloads=True,
            locale="zh-CN",
            extra_http_headers={"X-Forwarded-For": self._address},
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def log_in(page: Page, house: House, login: str) -> None:
    """Come to the desk as a member of staff."""
    page.goto("/staff")
    page.locator("#login").fill(login)
    page.locator("#password").fill(house.passwords[login])
    press(page, "登录")
    expect(page).to_have_url(re.compile("/desk$"))


def press(page: Page, label: str) -> None:
    """Press a button that sends a form, and wait until the answer is there.

    A click alone comes back before the server has answered: who goes elsewhere at once takes the act back, or
    reads the case as it was before.
    """
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).last.click()


def follow(page: Page, label: str | re.Pattern[str]) -> None:
    """Follow a link and wait until its page is there."""
    exact = isinstance(label, str)
    with page.expect_navigation():
        page.get_by_role("link", name=label, exact=exact).locator("visible=true").first.click()


def say(page: Page, words: str, *, into: str = "说给大家听", send: str = "发给所有人") -> None:
    """Say something in a room, and wait until it stands there."""
    page.get_by_label(into).fill(words)
    page.get_by_role("button", name=send, exact=True).click()
    expect(page.locator("#said li").last).to_contain_text(words)
