"""One made-up trust for all end-to-end tests: demonstrated once, and trained on once more.

Both take half a minute: the first test worker that needs one makes it, the others wait and share it.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from command_line import Ran, earlywarn_apart, earlywarn_here, quick_config
from demo_folder import Demo, Trained
from earlywarn import run
from earlywarn.run import demonstration

TRUST = ("--schools", 6, "--pupils", 1200, "--seed", 3)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test workers of this session see."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def quick_configs(shared: Path) -> Path:
    """The shipped configs with two trials each."""
    for name in run.DEMO_MODELS:
        quick_config(shared / "configs", name)
    return shared / "configs"


@pytest.fixture(scope="session")
def demo(shared: Path, quick_configs: Path) -> Demo:
    """`earlywarn demo` on a small trust."""

    def make(folder: Path) -> Ran:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(demonstration, "shipped_configs", lambda: quick_configs)
            return earlywarn_here("demo", "--out", folder, *TRUST)

    return Demo(shared / "demo", _made_once(shared / "demo", make))


@pytest.fixture(scope="session")
def again(shared: Path, quick_configs: Path, demo: Demo) -> Trained:
    """`earlywarn train --json` on the demo's data, in another process and other folders."""

    def make(folder: Path) -> Ran:
        folder.mkdir(exist_ok=True)
        config = quick_configs / "pupil-absence.yaml"
        return earlywarn_apart("train", config, "--data", demo.data, "--json", cwd=folder)

    return Trained(shared / "again", _made_once(shared / "again", make))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none the pages are not tried in it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium on this machine: the pages are not tried in it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page without a network."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def page_for_axe(browser: Browser) -> Iterator[Page]:
    """A page without its policy, which would refuse axe as it refuses all scripts but its own."""
    context = browser.new_context(offline=True, bypass_csp=True)
    yield context.new_page()
    context.close()


def _made_once(folder: Path, make: Callable[[Path], Ran]) -> Ran:
    """Run the command that makes a folder, unless another worker has, and return what it said."""
    said = folder.with_suffix(".said.json")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            said.write_text(json.dumps(asdict(make(folder))), encoding="utf-8")
    ran = Ran(**json.loads(said.read_text(encoding="utf-8")))
    assert ran.code == 0, ran.err
    return ran
