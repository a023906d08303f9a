"""A running installation and the people in front of it, one browser window each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class House:
    """A running installation with the demo district: where it answers, and how its staff log in."""

    url: str
    instance: Path
    passwords: Mapping[str, str]


class People:
    """One browser window for each person of a story."""

    def __init__(self, browser: Browser, house: House, *, javascript: bool) -> None:
        self._browser = browser
        self._house = house
        self._javascript = javascript
        self._contexts: list[BrowserContext] = []

    def person(self, *, width: int = 360, height: int = 740) -> Page:
        context = self._browser.new_context(
            base_url=self._house.url,
            java_script_enabled=self._javascript,
            viewport={"width": width, "height": height},
            accept_downloads=True,
            locale="zh-CN",
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
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile("/desk$"))
