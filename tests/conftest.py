"""Options and fixtures of every test."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

# Test workers share the cores: LightGBM's threads would spin while they wait for one another.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

Golden = Callable[[str, str], None]
_GOLDEN = Path(__file__).parent / "golden" / "pages"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Accept the pages as they are now.")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Hold a text against the agreed one: `golden("name.html", text)`."""

    def check(name: str, text: str) -> None:
        agreed = _GOLDEN / name
        if request.config.getoption("--update-golden"):
            agreed.parent.mkdir(parents=True, exist_ok=True)
            agreed.write_text(text, encoding="utf-8", newline="\n")
        assert agreed.is_file(), f"no agreed {name} yet: read the page, then run pytest --update-golden"
        assert text == agreed.read_text(encoding="utf-8"), f"{name} changed: read it, then run pytest --update-golden"

    return check
