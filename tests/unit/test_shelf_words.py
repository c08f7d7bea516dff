"""The list of models as a terminal shows it."""

from datetime import date

from earlywarn.bundle.listing import ListedBundle
from earlywarn.report.shelf_words import shelf_lines

SHELF = (
    ListedBundle("pupil-absence", 1, "champion", "2026-11-09T08:00:00Z", date(2026, 11, 6), 0.8213, 0.801, 0.842),
    ListedBundle("pupil-absence", 2, "", damage="model.txt: missing"),
    ListedBundle("staff", 1, "challenger", "2026-11-09T08:00:00Z", date(2026, 11, 6)),
)


def test_every_version_has_a_row_and_a_damaged_one_says_what_is_wrong() -> None:
    head, *rows = shelf_lines(SHELF)
    assert head.split() == ["model", "version", "role", "data", "to", "AUC", "on", "the", "test", "dates"]
    assert [" ".join(row.split()) for row in rows] == [
        "pupil-absence 1 champion 2026-11-06 0.821 (0.801 to 0.842)",
        "pupil-absence 2 - - damaged: model.txt: missing",
        "staff 1 challenger 2026-11-06 not estimable",
    ]


def test_columns_stand_under_their_heads() -> None:
    head, *rows = shelf_lines(SHELF)
    assert all(row[head.index("AUC") - 2 : head.index("AUC")] == "  " for row in rows)


def test_an_empty_shelf_says_how_to_fill_it() -> None:
    assert shelf_lines(()) == ["There are no models yet: `earlywarn train CONFIG` makes one."]
