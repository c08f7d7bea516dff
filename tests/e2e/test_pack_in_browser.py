"""A small pack in a real browser, as a tutor uses it: sort, filter, open a sheet, print."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from earlywarn.report.pack import write_packs
from made_up_facts import contents, pupil, scores, told_again

MUCH = "Missed 24% of possible sessions in the last 12 school weeks; half of Year 11 missed 6% or less of theirs."


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_packs(told_again(), tmp_path_factory.mktemp("packs"))[0]


def test_the_list_sorts_by_keyboard(pack: Path, page: Page) -> None:
    page.goto((pack / "index.html").as_uri())
    table = page.locator("table.people").first
    _tab_to(page, "Place")
    page.keyboard.press("Enter")
    assert table.locator("td.place").all_inner_texts() == ["4", "3", "2", "1"]
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    _tab_to(page, "Pupil")
    page.keyboard.press("Enter")
    assert table.locator("th.who a").all_inner_texts() == ["Amira Ali", "P0002", "P0004", "P0006"]  # by name
    _tab_to(page, "How likely")
    page.keyboard.press("Enter")
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"  # the most likely first
    assert table.locator("td.place").all_inner_texts() == ["1", "2", "3", "4"]


def test_the_list_filters_by_keyboard(pack: Path, page: Page) -> None:
    page.goto((pack / "index.html").as_uri())
    status, rows = page.get_by_role("status"), page.locator("table.people tbody tr:visible")
    expect(status).to_have_text("8 of 8 listed pupils shown")
    _choose(page, "Since the last list", 1)
    assert rows.locator("th.who a").all_inner_texts() == ["Amira Ali", "P0004"]
    expect(status).to_have_text("2 of 8 listed pupils shown")
    _choose(page, "Likelihood", 2)
    assert rows.locator("th.who a").all_inner_texts() == ["P0004"]
    _choose(page, "Year group", 2)
    expect(rows).to_have_count(0)
    expect(status).to_have_text("0 of 8 listed pupils shown")


def test_a_tutor_finds_the_way_to_a_sheet_and_back_by_keyboard(pack: Path, page: Page) -> None:
    page.goto((pack / "index.html").as_uri())
    _tab_to(page, "Year 3 (2)")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Year 3: pupils to see")
    _tab_to(page, "Amira Ali")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Amira Ali")
    _tab_to(page, "The whole school")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Beck Lane Primary School: pupils to see")


def test_without_a_script_everybody_is_there(pack: Path, page: Page) -> None:
    context = page.context.browser.new_context(offline=True, java_script_enabled=False)  # type: ignore[union-attr]
    plain = context.new_page()
    plain.goto((pack / "index.html").as_uri())
    expect(plain.locator("table.people tbody tr:visible")).to_have_count(8)
    expect(plain.locator("form")).to_be_hidden()
    context.close()


def test_what_is_printed_is_what_is_shown(pack: Path, page: Page) -> None:
    page.goto((pack / "index.html").as_uri())
    page.emulate_media(media="print")
    for person in ("Amira Ali", "P0002", "P0004", "P0006", "Ben Brown", "P0003", "P0005", "P0007"):
        expect(page.locator("th.who", has_text=person).first).to_be_visible()
    expect(page.get_by_role("status")).to_be_visible()  # a printed list says whether it was filtered
    expect(page.locator("nav").first).to_be_hidden()
    assert page.locator("table.people thead").first.evaluate("one => getComputedStyle(one).display") == (
        "table-header-group"  # repeats on every page
    )


def test_a_long_list_is_printed_whole(page: Page, tmp_path: Path) -> None:
    many = [pupil(2 * number, rank_in_school=number + 1, listed=True) for number in range(60)]
    pack = write_packs(contents(*many), tmp_path)[0]
    page.goto((pack / "index.html").as_uri())
    page.emulate_media(media="print")
    heights = page.evaluate("[...document.querySelectorAll('tbody tr')].map(row => row.getBoundingClientRect().height)")
    assert min(heights) > 0
    assert _pages(page) >= sum(heights) / 1017  # A4 less its margins, in pixels: nothing is cut off


@pytest.mark.parametrize("much", [False, True], ids=["usual", "as much as there can be"])
def test_a_sheet_is_one_side_of_paper(page: Page, tmp_path: Path, much: bool) -> None:
    row = pupil(4, unlike_why="The model has not seen special schools.")
    if much:
        row |= {"reasons": [{"sentence": MUCH}] * 4, "going_well": [MUCH] * 2, "not_known": [MUCH] * 2,
                "since": [MUCH] * 2, "too_early": True, "tied": True}  # fmt: skip
    pack = write_packs(told_again(scores=scores(row)), tmp_path)[0]
    page.goto((pack / "pupils" / "P0004.html").as_uri())
    assert _pages(page) == 1


def test_a_script_for_a_name_is_text(page: Page, tmp_path: Path) -> None:
    nasty = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    row = pupil(0, person_id=nasty, form=nasty, reasons=[{"sentence": nasty}])
    pack = write_packs(contents(row, names={nasty: f"{nasty} Ali"}), tmp_path)[0]
    for file in pack.rglob("*.html"):
        page.goto(file.as_uri())
        assert page.title() != "run"
        expect(page.locator("img")).to_have_count(0)
        expect(page.get_by_text(nasty).first).to_be_visible()


def _pages(page: Page) -> int:
    """Return on how many sides of A4 a page is printed."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))


def _choose(page: Page, label: str, place: int) -> None:
    """Choose an option of a filter by its place, with the arrow key alone."""
    page.get_by_label(label, exact=True).focus()
    for _ in range(place):
        page.keyboard.press("ArrowDown")


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until what is called `words` has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()") == words:
            return
    raise AssertionError(f"no Tab reaches {words}")
