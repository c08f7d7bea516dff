"""The demo's pages in a real browser: they open alone, fit, print, and axe finds nothing to mend."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from demo_folder import Demo

PAGES = ("report", "audit", "staff report", "staff audit", "pack", "year", "sheet", "trust", "staff")
# WCAG 2.2 at AA with all it builds on, and what axe thinks good practice beside it.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def page_for_axe(browser: Browser) -> Iterator[Page]:
    """A page without its policy, which would refuse axe as it refuses all scripts but its own."""
    context = browser.new_context(offline=True, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_nothing_but_itself(demo: Demo, page: Page, name: str) -> None:
    complaints, asked = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    address = _file(demo, name).as_uri()
    page.goto(address)
    assert (complaints, asked) == ([], [address])
    assert page.locator("h1").count() == 1
    assert page.title()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_narrow_screen_and_prints(demo: Demo, page: Page, name: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(_file(demo, name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_by_day_or_by_night(demo: Demo, page_for_axe: Page, name: str) -> None:
    page_for_axe.goto(_file(demo, name).as_uri())
    assert _violations(page_for_axe, RULES) == []
    page_for_axe.emulate_media(color_scheme="dark")
    assert _violations(page_for_axe, ["color-contrast"], of="rule") == []


def _violations(page: Page, names: list[str], of: str = "tag") -> list[str]:
    """Return what axe complains of, with the first element for each complaint."""
    options: dict[str, Any] = {"runOnly": {"type": of, "values": names}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html']}" for one in found]


def _file(demo: Demo, name: str) -> Path:
    return {
        "report": demo.bundle / "report.html",
        "audit": demo.bundle / "audit.html",
        "staff report": demo.staff_bundle / "report.html",
        "staff audit": demo.staff_bundle / "audit.html",
        "pack": demo.packs[0] / "index.html",
        "year": min(demo.packs[0].glob("year-*.html")),
        "sheet": min(demo.packs[0].glob("pupils/*.html")),
        "trust": demo.scores / "trust.html",
        "staff": demo.staff_scores / "staff.html",
    }[name]
