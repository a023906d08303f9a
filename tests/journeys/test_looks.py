"""Every kind of page in a real browser: no sideways scroll, large enough targets, nothing that axe finds."""

from collections.abc import Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from houses import House, People, log_in
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

OPEN = (
    "/",
    "/apply",
    "/apply/back",
    "/follow",
    "/answer",
    "/totals",
    "/v",
    "/staff",
    "/inbox",
    "/no-such-page",
    "/?lang=en",
    "/totals?lang=en",
    "/follow?lang=en",
)
PLACES = (
    "/where",
    "/where?lang=en",
    "/where?danger=no&asked=who",
    "/where?danger=no&asked=who&lang=en",
    "/where?danger=no&who=employee&matter=pay&place=here",
    "/where?danger=no&who=employee&matter=denied&place=bankrupt&lang=en",
    "/where?danger=beaten",
    "/where?danger=hurt&lang=en",
    "/where?danger=unsure&colour=red",
)
SUMS = (
    "/calculate",
    "/calculate?lang=en",
    "/calculate?kind=overtime",
    "/calculate?kind=compensation&asked=1&lang=en",
    "/calculate?kind=overtime&asked=1&wage=12000&dates=2026-10-01+8%0A2026-10-10+2&system=standard",
    "/calculate?kind=sick_pay&asked=1&from=2026-01-05&to=2026-03-31&lang=en",
)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """(least) => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea')]
  .filter(e => e.checkVisibility() && !e.closest('p, li, td, .unseen') && !e.matches('.skip, .unseen'))
  .map(e => (e.type === 'radio' || e.type === 'checkbox') && e.closest('label') || e)
  .filter(e => e.getBoundingClientRect().height < least - 0.5)
  .map(e => `${e.tagName} ${(e.innerText || e.name).slice(0, 20)} ${e.getBoundingClientRect().height}`)"""
SQUEEZED = """() => [...document.querySelectorAll('main *')]
  .filter(e => !e.closest('svg, button, .tag, .btn') && e.children.length === 0 && e.checkVisibility())
  .filter(e => (e.textContent.match(/\\p{Script=Han}/gu) || []).length >= 4)
  .filter(e => { let b = e; while (getComputedStyle(b).display === 'inline') b = b.parentElement;
    const c = getComputedStyle(b);
    const room = b.clientWidth - parseFloat(c.paddingLeft) - parseFloat(c.paddingRight);
    return room / parseFloat(c.fontSize) < 4 })
  .map(e => e.textContent.trim().slice(0, 20))"""


@pytest.fixture
def javascript() -> bool:
    """The checks themselves are scripts."""
    return True


@pytest.mark.parametrize("size", ["n", "l"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_scrolls_sideways_has_small_targets_or_breaks_a_rule_of_accessibility(
    people: People, house: House, width: int, size: str
) -> None:
    citizen, staff = people.person(width=width), people.person(width=width)
    found = [*faults(citizen, (*OPEN, *PLACES, *SUMS), size)]
    log_in(staff, house, "clerk")
    found += faults(
        staff, ["/desk", "/desk/find?q=2026", "/desk/oral", "/desk/oral?lang=en", *of_one_case(staff)], size
    )
    assert not found


def of_one_case(page: Page) -> list[str]:
    """A case page and the pages of its acts."""
    page.goto("/desk")
    links = [a.get_attribute("href") for a in page.locator("a[href*='/cases/']").all()]
    case = next(str(link).split("/acts/")[0] for link in links if link)
    page.goto(case)
    acts = [a.get_attribute("href") for a in page.locator("a[href*='/acts/']").all()]
    return [case, *(str(act) for act in acts if act)]


def faults(page: Page, paths: Iterable[str], size: str) -> list[str]:
    """Everything wrong with these pages, as `path: what`."""
    found = []
    for path in paths:
        page.goto(f"{path}{'&' if '?' in path else '?'}size={size}")
        found += faults_here(page, path)
    return found


def faults_here(page: Page, path: str) -> list[str]:
    """What is wrong with the page in hand, which may have no address of its own."""
    found = [f"{path}: scrolls sideways"] * bool(page.evaluate(SIDEWAYS) > 0)
    found += [f"{path}: small target {what}" for what in page.evaluate(SMALL, 44)]
    found += [f"{path}: squeezed {what}" for what in page.evaluate(SQUEEZED)]
    found += [f"{path}: not one h1"] * (page.locator("h1").count() != 1)
    for violation in Axe().run(page).response["violations"]:
        found.append(f"{path}: {violation['id']}: {violation['nodes'][0]['html'][:80]}")
    return found


def test_the_checks_find_what_is_wrong(people: People) -> None:
    """A page with one of each fault: the checks above see them all."""
    page = people.person(width=320)
    page.set_content(
        "<html lang=zh><title>t</title><main><div style='width:900px'>x</div><h1>a</h1><h1>b</h1>"
        "<button style='height:20px'>b</button><div style='width:40px'>挤在一起的字</div><img src=x></main>"
    )
    assert page.evaluate(SIDEWAYS) > 0
    assert page.evaluate(SMALL, 44)
    assert page.evaluate(SQUEEZED)
    assert page.locator("h1").count() == 2
    assert "image-alt" in {violation["id"] for violation in Axe().run(page).response["violations"]}
