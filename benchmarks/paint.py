"""How soon a citizen on a cheap phone sees a page: largest contentful paint in Chromium, and what was sent.

1.6 Mbit/s, a round trip of 150 ms, a processor four times slower, nothing cached; the median of each page.

    python benchmarks/paint.py [--rounds 5]
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from junk import ANSWERS, Browser, apply, served
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright

GOAL, MOST = 1.5, 60 * 1024
"""Seconds, and bytes on the wire with everything that a page needs."""
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
OPEN = (
    "/",
    "/where",
    "/calculate",
    "/calculate?kind=overtime",
    "/apply",
    "/follow",
    "/answer",
    "/totals",
    "/v",
)
PAINTED = """() => new Promise(done =>
  new PerformanceObserver(seen => done(seen.getEntries().at(-1).startTime))
  .observe({type: 'largest-contentful-paint', buffered: true}))"""


class Phone:
    """One window of a slow phone that knows nothing yet but its visitor's cookies."""

    def __init__(self, chromium: Chromium, url: str, cookies: dict[str, str]) -> None:
        self._context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=url)
        self._context.add_cookies([{"name": n, "value": v, "url": url} for n, v in cookies.items()])

    def look(self, path: str) -> tuple[float, int]:
        """Seconds until the largest thing of a page is there, and bytes of all that was sent."""
        page = self._context.new_page()
        sent = _slow(page)
        page.goto(path, wait_until="load")
        painted = page.evaluate(PAINTED) / 1000
        page.wait_for_load_state("networkidle")
        page.close()
        return painted, sum(sent)

    def close(self) -> None:
        self._context.close()


def _slow(page: Page) -> list[int]:
    """Make the line and the processor slow; the sizes of answers are put into the list as they come."""
    sent: list[int] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.send("Network.emulateNetworkConditions", LINE)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    wire.on("Network.loadingFinished", lambda told: sent.append(int(told["encodedDataLength"])))
    return sent


def main() -> None:
    """Measure and print; status 1 if a page is later or larger than it may be."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()
    over = False
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as port, sync_playwright() as running:
        url = f"http://127.0.0.1:{port}"
        visitor = Browser(port, "192.0.2.7")
        status, case = apply(visitor, Path(folder, "mediation.sqlite"), "13800000001", 0, looks=True)
        assert status == 302, status
        drafting = Browser(port, "192.0.2.8")
        drafting.ask("POST", "/apply", {"anew": "1"}) if drafting.ask("GET", "/apply") else None
        chromium = running.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        pages = [
            (path, drafting)
            for path in (*OPEN, *(f"/apply/{step}" for step in (*ANSWERS, "contact", "evidence")))
        ]
        for path, who in (*pages, (case, visitor), ("/cases/" + case.rsplit("/", 1)[1], visitor)):
            seen = []
            for _ in range(given.rounds):
                phone = Phone(chromium, url, who.cookies)
                seen.append(phone.look(path))
                phone.close()
            painted = statistics.median(one for one, _ in seen)
            size = max(size for _, size in seen)
            late = painted > GOAL or size > MOST
            over |= late
            print(
                f"{path:40} {painted:5.2f} s {size / 1024:6.1f} KB{'  <- over' if late else ''}", flush=True
            )
        chromium.close()
    sys.exit(over)


if __name__ == "__main__":
    main()
