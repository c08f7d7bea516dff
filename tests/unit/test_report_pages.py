"""What every page must keep: nothing leaves it, all can read it, and the same facts give the same bytes."""

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from earlywarn.report.audit_page import render_audit_page
from earlywarn.report.model_report import render_model_report
from earlywarn.report.pack import write_packs
from earlywarn.report.staff_overview import write_staff_overview
from earlywarn.report.trust_overview import write_trust_overview
from made_up_facts import about, audit_facts, report_facts, scores, staff_facts, staff_scores, told_again
from page_reader import read_page

Page = Callable[[Path], str]


def _of_pack(page: str) -> Page:
    def written(folder: Path) -> str:
        write_packs(told_again(), folder)
        return (folder / "900001" / page).read_text(encoding="utf-8")

    return written


def _trust(folder: Path) -> str:
    write_trust_overview(scores(), about(), folder / "trust.html")
    return (folder / "trust.html").read_text(encoding="utf-8")


def _staff(folder: Path) -> str:
    write_staff_overview(staff_scores(), about(), folder / "staff.html")
    return (folder / "staff.html").read_text(encoding="utf-8")


PAGES: dict[str, Page] = {
    "report": lambda _: render_model_report(report_facts()),
    "staff report": lambda _: render_model_report(staff_facts()),
    "audit": lambda _: render_audit_page(audit_facts()),
    "pack": _of_pack("index.html"),
    "year": _of_pack("year-5.html"),
    "sheet": _of_pack("pupils/P0000.html"),
    "trust": _trust,
    "staff": _staff,
}


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return PAGES[request.param](tmp_path)


def test_every_element_is_closed_and_every_id_is_used_once(page: str) -> None:
    found = read_page(page)
    ids = found.values("id")
    assert not found.wrong
    assert len(ids) == len(set(ids))
    named = [name for names in found.values("aria-labelledby") for name in names.split()]
    assert set(named) <= set(ids)
    assert {link.removeprefix("#") for link in found.values("href") if link.startswith("#")} <= set(ids)


def test_nothing_leaves_the_page(page: str) -> None:
    found = read_page(page)
    assert not re.search(r"https?:|//[a-z]|url\(|@import", page)
    assert not found.values("src")
    assert all(re.match(r"#|(\.\./)?[a-z]", link) for link in found.values("href"))  # itself, or files beside it


def test_the_policy_allows_this_style_and_script_and_no_other(page: str) -> None:
    policy = next(found for found in read_page(page).values("content") if "default-src" in found)
    assert policy.startswith("default-src 'none'")
    for name, inside in re.findall(r"<(style|script)>(.*?)</\1>", page, re.DOTALL):
        assert f"{name}-src 'sha256-{b64encode(sha256(inside.encode()).digest()).decode()}'" in policy
    assert not read_page(page).values("style")  # the policy would silently drop them
    assert not re.search(r"<[^>]+\son[a-z]+=", page)


def test_a_page_can_be_read_without_eyes_or_mouse(page: str) -> None:
    found = read_page(page)
    assert all(found.count(tag) == 1 for tag in ("main", "h1", "head"))
    assert ("html", {"lang": "en-GB"}) in found.elements
    assert found.values("href")[0] == "#main"
    assert found.count("caption") == found.count("table") > 0
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in found.elements if tag == "th")
    for tag, attributes in found.elements:
        if tag == "svg":
            assert attributes.get("aria-hidden") == "true" or attributes.get("role") == "img"


def test_what_is_missing_is_said_in_words(page: str) -> None:
    assert not re.search(r"\b(None|nan|NaN|undefined)\b", read_page(page).text)


@pytest.mark.parametrize("name", PAGES)
def test_the_same_facts_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    assert PAGES[name](tmp_path / "first") == PAGES[name](tmp_path / "second")
