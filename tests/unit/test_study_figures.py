"""Figures say what is found, draw the rows of the tables, and are the same bytes each time."""

import re
from typing import Any

import pytest

from earlywarn.report.study_drawings import draw
from earlywarn.report.study_figures import Drawn, Forest, Paths, YearLine, alternative, figures
from made_up_study import CONFIG, bands, cross_lagged, domains, gain, gains, horizons, table, tables


def drawn(*found: Any) -> dict[str, Drawn]:
    return {one.name: one for one in figures(found or tables(), CONFIG)}


def forest(name: str, *found: Any) -> Forest:
    one = drawn(*found)[name]
    assert isinstance(one, Forest)
    return one


def test_every_table_that_can_be_drawn_is() -> None:
    assert list(drawn()) == ["gains", "horizons", "domains", "cross_lagged", "bands", "timeline"]
    assert figures((), CONFIG) == ()


def test_gains_are_of_the_measure_and_people_that_were_named_before() -> None:
    found = forest("gains", gains())
    assert [bar.label for bar in found.bars] == ["What they answered", "How that has changed"]
    assert found.title == "Shown to add to all before: what they answered"
    assert found.bars[0].words == "0.0123 (0.0040 to 0.0206)"


def test_what_is_added_in_all_stands_below_and_not_in_the_title() -> None:
    common = {"population": "everyone", "measure": "auc", "rung": "level"}
    rows = (gain(0.001, -0.01, 0.02, over="participation", **common), gain(0.02, 0.01, 0.03, over="records", **common))
    found = forest("gains", table("gains", *rows))
    assert [bar.label for bar in found.bars] == ["What they answered", "All up to what they answered, over records"]
    assert found.title == "Nothing is shown to add to all before"


def test_a_title_says_when_nothing_is_shown() -> None:
    found = forest("horizons", table("horizons", gain(0.01, -0.01, 0.03, weeks=2)))
    assert found.title == "At no horizon are answers shown to add"


def test_rows_without_a_number_are_not_drawn() -> None:
    assert [bar.label for bar in forest("horizons", horizons()).bars] == ["2 weeks ahead", "6 weeks ahead"]


def test_the_paths_say_which_way_round_it_is() -> None:
    found = drawn(cross_lagged())["cross_lagged"]
    assert isinstance(found, Paths)
    assert found.title == "Within a pupil, engagement goes before absence"
    crossing = {(path.before, path.after): path for path in found.paths if path.before != path.after}
    assert crossing["Engagement", "Absence"].words == "−0.06 (−0.09 to −0.03)"
    assert crossing["Engagement", "Absence"].sure and not crossing["Absence", "Engagement"].sure


def test_bands_are_ratios_and_the_largest_is_the_title() -> None:
    found = forest("bands", bands())
    assert found.ratios and found.line == 1.0
    assert found.title == "Fell behind: 5.2 times as likely at an attendance of 80% or less"


def test_the_year_has_a_row_for_each_kind() -> None:
    found = drawn()["timeline"]
    assert isinstance(found, YearLine)
    assert found.kinds == ("half-term", "survey: pupils", "list")


def test_the_words_hold_what_the_lines_show() -> None:
    for one in drawn().values():
        said = alternative(one)
        assert one.title in said
        if isinstance(one, Forest):
            assert all(bar.words in said for bar in one.bars)


@pytest.mark.parametrize("name", ["gains", "cross_lagged", "timeline"])
def test_the_same_figure_gives_the_same_bytes_without_a_date(name: str) -> None:
    one = drawn()[name]
    first = draw(one)
    assert first == draw(one)
    assert first["png"].startswith(b"\x89PNG")
    assert not re.search(rb"<dc:date>|20\d\d-\d\d-\d\dT", first["svg"])


def test_text_that_would_be_markup_is_drawn_as_text() -> None:
    assert "effort <in> class" in forest("domains", domains()).title
    draw(drawn(domains())["domains"])
