"""The pages of a pack: year groups, sheets, what changed, names, and what a likelihood means here."""

from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from earlywarn.report.bands import bands_of
from earlywarn.report.pack import write_packs
from earlywarn.report.page import file_name
from earlywarn.report.pupil import pupils_of
from made_up_facts import contents, pupil, scores, told_again
from page_reader import PageReader, read_page

OUTCOME = "missing 10% or more"


def _read(page: Path) -> PageReader:
    return read_page(page.read_text(encoding="utf-8"))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_packs(told_again(), tmp_path)[0]


def test_a_year_group_has_its_own_pupils_with_their_places_in_the_school(pack: Path) -> None:
    assert sorted(page.name for page in pack.glob("year-*")) == [f"year-{year}.html" for year in (3, 4, 5, 6)]
    text = _read(pack / "year-5.html").text
    assert "Beck Lane Primary School, as of 9 November 2026: 3 pupils looked at" in text
    assert "2 P0002" in text and "4 P0006" in text  # first and second in Year 5, second and fourth in the school
    assert "Nobody is on this list. 0 other pupils of this kind looked at." in text
    assert "P0004" not in text


def test_pupils_whose_year_group_is_not_recorded_have_a_page_too(tmp_path: Path) -> None:
    pack = write_packs(contents(pupil(0, year_group=None), pupil(2)), tmp_path)[0]
    assert "Year group not recorded: pupils to see" in _read(pack / "year-not-recorded.html").text


def test_every_listed_pupil_has_a_sheet_and_nobody_else(pack: Path) -> None:
    assert sorted(sheet.stem for sheet in (pack / "pupils").iterdir()) == [f"P{number:04d}" for number in range(8)]
    text = _read(pack / "pupils" / "P0004.html").text
    assert "May cross the line, place 3 of 4" in text
    assert "about 5 in 10 high 54%" in text
    assert "Unlike the pupils the model learnt from: read with care." in text
    assert "Missed 9 of the last 40 sessions" in text
    assert "designated safeguarding lead first" in text
    assert "Look again on" in text
    assert "by 8 May 2027" in text


def test_why_a_pupil_is_unlike_the_training_data_is_said(tmp_path: Path) -> None:
    row = pupil(4, unlike_why="The model has not seen special schools.")
    pack = write_packs(contents(row), tmp_path)[0]
    for page in (pack / "index.html", pack / "pupils" / "P0004.html"):
        assert "read with care. The model has not seen special schools." in _read(page).text


@pytest.mark.parametrize("person", ["P 1/2", "..", "a#b?c%", "ä" * 60, "x" * 400])
def test_every_link_of_a_pack_leads_somewhere(tmp_path: Path, person: str) -> None:
    pack = write_packs(told_again(scores=scores(pupil(0, person_id=person), pupil(1))), tmp_path)[0]
    pages = [page for page in pack.rglob("*.html") if page.is_file()]
    assert len(pages) == 5
    for page in pages:
        for link in _read(page).values("href"):
            path, part = urldefrag(link)
            target = page if not path else page.parent / unquote(path)
            assert target.is_file(), link
            assert not part or part in _read(target).values("id"), link


def test_a_name_stands_before_the_id_and_never_in_a_file_name(pack: Path) -> None:
    assert "1 Amira Ali new P0000 Year 3" in _read(pack / "index.html").text
    assert _read(pack / "pupils" / "P0000.html").text.count("Amira Ali") == 2  # its title and its heading
    assert "Chloe Clarke P0092" in _read(pack / "index.html").text
    assert "2 P0002 Year 5" in _read(pack / "index.html").text  # a pupil without a name goes by the id
    assert not [path for path in pack.rglob("*") if "Amira" in path.name]


def test_an_earlier_list_shows_who_is_new_and_who_left(pack: Path) -> None:
    page = _read(pack / "index.html")
    assert "Who left a list (2)" in page.text
    assert "P0091 May cross the line 2 Others stand before now" in page.text
    assert page.text.index("P0091") < page.text.index("P0092")  # in the order of the lists
    assert "P0093" not in page.text
    assert page.values("data-new").count("new on the list") == 2
    assert page.values("data-new").count("on the earlier list too") == 6
    assert "Since the last list: On the list of 12 October too" in page.text


def test_without_an_earlier_list_nothing_is_said_of_one(tmp_path: Path) -> None:
    page = _read(write_packs(contents(), tmp_path)[0] / "index.html")
    assert "Who left" not in page.text
    assert "ast list" not in page.text
    assert "new" not in page.values("id")


def test_nobody_left_is_said(tmp_path: Path) -> None:
    page = _read(write_packs(told_again(left=contents().left), tmp_path)[0] / "index.html")
    assert "Nobody: all who stood on the list of 12 October 2026 stand on the same list today." in page.text


def test_what_the_school_has_written_down_comes_back(pack: Path) -> None:
    written = "Seen on 10 November 2026 by A. Hill. Followed up: Bus."
    assert f"Written down: {written}" in _read(pack / "index.html").text
    assert f"Written down so far: {written}" in _read(pack / "pupils" / "P0000.html").text
    assert "Written down" not in _read(pack / "pupils" / "P0002.html").text  # an entry that nobody has filled in


def test_filters_offer_what_pupils_differ_in(pack: Path) -> None:
    assert [found for found in _read(pack / "index.html").values("data-filter")] == ["year", "band", "new"]
    assert [found for found in _read(pack / "year-3.html").values("data-filter")] == ["band"]  # one form, all new


def test_bands_count_the_schools_own_pupils_and_add_up() -> None:
    pupils = pupils_of(scores().query("school_id == '900001'"), {}, {})
    shown = bands_of(pupils, OUTCOME)
    assert [(row.name, row.range, row.pupils, row.listed) for row in shown.rows] == [
        ("very high", "60% or more", 4, 4),
        ("high", "35% to under 60%", 4, 4),
        ("raised", "15% to under 35%", 2, 0),
        ("usual", "under 15%", 4, 0),
    ]
    assert [row.expected for row in shown.rows] == ["about 3", "about 2", "hardly any", "hardly any"]
    assert shown.says == (
        "If the likelihoods are right, about 5 of these 14 pupils will have the outcome (missing 10% or more): "
        "about 5 on a list, and hardly any on none."
    )


def test_a_long_id_is_still_a_file_name_of_its_own() -> None:
    names = {file_name("x" * 400), file_name("x" * 401), file_name("ä" * 80)}
    assert len(names) == 3
    assert all(len(name.encode()) < 250 for name in names)
