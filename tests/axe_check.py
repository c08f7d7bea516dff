"""What axe finds to mend on a page that is open in a browser."""

from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# WCAG 2.2 at AA with all it builds on, and what axe thinks good practice beside it.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def violations(page: Page, names: Sequence[str] = RULES, of: Literal["tag", "rule"] = "tag") -> list[str]:
    """Return what axe complains of, with the first element for each complaint."""
    options: dict[str, Any] = {"runOnly": {"type": of, "values": list(names)}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:300]}" for one in found]
