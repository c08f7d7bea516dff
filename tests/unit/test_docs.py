"""The pages say what the code says, and their links lead somewhere."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "pipelines").glob("*.md"), ROOT / "configs/README.md"]
)
GENERATED = ("tables.md", "features.md", "configuration.md")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def made_now() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs/make_reference.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages: dict[str, str] = module.pages()
    return pages


def test_the_reference_pages_are_as_the_code_says() -> None:
    made = made_now()
    assert set(made) == set(GENERATED)
    for name, text in made.items():
        committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert committed == text, f"docs/{name} is out of date: run `python docs/make_reference.py`"


def test_every_code_that_a_check_can_give_is_explained() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/earlywarn/tables").rglob("*.py"))
    explained = (ROOT / "docs/tables.md").read_text(encoding="utf-8")
    assert [code for code in sorted(set(re.findall(r"EW\d{3}", sources))) if code not in explained] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_that_is_there(page: Path) -> None:
    links = [link.split("#")[0] for link in _LINK.findall(page.read_text(encoding="utf-8"))]
    inside = [link for link in links if link and not link.startswith("http")]
    assert [link for link in inside if not (page.parent / link).exists()] == []


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    others = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert others == set(_LINK.findall(index))
