"""A running installation and the people in front of it, one browser window each."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

STAFF = {"clerk": "值班受理", "mediator": "赵调解", "admin": "周管理"}
PASSWORD = "a-long-password-for-tests"
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
    """A running installation: where it answers and where its folder is."""

    url: str
    instance: Path


class People:
    """One browser window for each person of a story."""

    def __init__(self, browser: Browser, house: House, *, javascript: bool) -> None:
        self._browser = browser
        self._house = house
        self._javascript = javascript
        self._contexts: list[BrowserContext] = []

    def person(self, *, width: int = 360) -> Page:
        context = self._browser.new_context(
            base_url=self._house.url,
            java_script_enabled=self._javascript,
            viewport={"width": width, "height": 740},
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
