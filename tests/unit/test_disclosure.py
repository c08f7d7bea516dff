"""Small numbers stay hidden, also from a reader who takes cells from totals."""

import pytest

from earlywarn.disclosure import percentage, shown_count, suppress, survey_mean


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, "c"), (4, "c"), (5, 5), (9, 9)])
def test_counts_from_one_to_four_are_hidden(count: int, shown: int | str) -> None:
    assert shown_count(count) == shown


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ({"a": 5, "b": 9}, {"a": 5, "b": 9}, 14),  # nothing small
        ({"a": 4, "b": 30, "d": 12}, {"a": "c", "b": 30, "d": "c"}, 46),  # the next smallest hides with it
        ({"a": 4, "b": 3, "d": 12}, {"a": "c", "b": "c", "d": 12}, 19),  # two hide each other
        ({"a": 1, "b": 1, "d": 12}, {"a": "c", "b": "c", "d": "c"}, 14),  # 14 - 12 would tell: one each
        ({"a": 4, "b": 0, "d": 12}, {"a": "c", "b": 0, "d": "c"}, 16),  # a zero hides nobody
        ({"a": 3, "b": 0}, {"a": "c", "b": 0}, "c"),  # nor does the total tell
        ({"a": 2, "b": 2}, {"a": "c", "b": "c"}, "c"),
        ({"a": 0, "b": 0}, {"a": 0, "b": 0}, 0),
        ({}, {}, 0),
    ],
)
def test_a_total_gives_no_hidden_cell_away(counts: dict, cells: dict, total: int | str) -> None:
    found = suppress(counts)
    assert (found.cells, found.total) == (cells, total)


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (5, 9, None),
        (5, 10, 50),
        (0, 10, 0),
        (10, 10, 100),
        (4, 100, None),
        (5, 100, 5),
        (96, 100, None),  # the other 4 would be known
        (95, 100, 95),
        (0, 0, None),
        (5, 40, 13),  # halves go up
    ],
)
def test_percentages_need_enough_people_on_both_sides(numerator: int, denominator: int, shown: int | None) -> None:
    assert percentage(numerator, denominator) == shown


def test_a_survey_mean_needs_ten_respondents() -> None:
    assert survey_mean(7.5, 9) is None
    assert survey_mean(7.5, 10) == 7.5
