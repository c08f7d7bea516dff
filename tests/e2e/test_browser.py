"""The demo's pages in a real browser: they open alone, fit, print, and axe finds nothing to mend."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from axe_check import violations
from demo_folder import Demo

PAGES = ("report", "audit", "staff report", "staff audit", "pack", "year", "sheet", "trust", "staff")


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
    assert violations(page_for_axe) == []
    page_for_axe.emulate_media(color_scheme="dark")
    assert violations(page_for_axe, ["color-contrast"], of="rule") == []


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
