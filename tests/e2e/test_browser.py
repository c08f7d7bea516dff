"""The pages in a real browser: they open alone, obey the keyboard and print."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from demo_folder import Demo

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = ("report", "audit", "staff report", "staff audit", "pack", "trust", "staff")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the pages are not tried in it")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(offline=True)
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


def test_the_list_sorts_and_filters_by_keyboard(demo: Demo, page: Page) -> None:
    page.goto(_file(demo, "pack").as_uri())
    table = page.locator("table.people").first
    places = table.locator("tbody td.place")
    before = places.all_inner_texts()
    assert len(before) > 1
    _tab_to(page, "Place")
    page.keyboard.press("Enter")
    assert places.all_inner_texts() == before[::-1]
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"

    years = page.locator("td.year").all_inner_texts()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")  # from the table's first button past "Likelihood" to "Year group"
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#year").input_value()
    shown = page.locator("tr[data-year]:visible").count()
    assert chosen in years
    assert shown == years.count(chosen)
    assert page.get_by_role("status").inner_text() == f"{shown} of {len(years)} listed pupils shown"


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until what is called `words` has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == words:
            return
    raise AssertionError(f"no Tab reaches {words}")


def _file(demo: Demo, name: str) -> Path:
    return {
        "report": demo.bundle / "report.html",
        "audit": demo.bundle / "audit.html",
        "staff report": demo.staff_bundle / "report.html",
        "staff audit": demo.staff_bundle / "audit.html",
        "pack": demo.packs[0] / "index.html",
        "trust": demo.scores / "trust.html",
        "staff": demo.staff_scores / "staff.html",
    }[name]
