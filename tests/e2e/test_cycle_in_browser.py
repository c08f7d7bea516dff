"""The pages of the cycle and of the study in a real browser, as they were agreed: phone and desk, day and night."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from axe_check import violations

AGREED = Path(__file__).parents[1] / "golden" / "pages"
PAGES = ("decision", "monitor", "compare", "study")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_nothing_but_itself(page: Page, name: str) -> None:
    complaints, asked = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    address = (AGREED / f"{name}.html").as_uri()
    page.goto(address)
    assert complaints == []
    assert [one for one in asked if not one.startswith("data:")] == [address]
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_axe_finds_nothing_by_day_or_by_night(page_for_axe: Page, name: str, width: int) -> None:
    page_for_axe.set_viewport_size({"width": width, "height": 844})
    page_for_axe.goto((AGREED / f"{name}.html").as_uri())
    page_for_axe.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page_for_axe.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        page_for_axe.emulate_media(color_scheme=scheme)
        assert violations(page_for_axe) == [], scheme
