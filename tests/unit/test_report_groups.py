"""The report's later parts: groups, decision curve, folds, what holds over time; each may be missing."""

import re
from typing import Any

import pytest

from earlywarn.report.breakdown import MOST_DRAWN, breakdowns
from earlywarn.report.decision import decision_curves
from earlywarn.report.model_report import render_model_report
from made_up_facts import estimate, gain, report_facts
from page_reader import read_page


def text_of(facts: dict[str, Any]) -> str:
    return read_page(render_model_report(facts)).text


def school_row(place: int) -> dict[str, Any]:
    return estimate(0.7 + place / 500) | {
        "population": "everyone", "group": f"{900000 + place}", "contender": "model", "measure": "auc",
    }  # fmt: skip


def test_the_parts_stand_in_the_order_in_which_a_sceptic_asks() -> None:
    headings = re.findall(r'<h2 id="([a-z-]+)"', render_model_report(report_facts()))
    assert headings == [
        "verdict", "places", "contest", "calibration", "decision", "groups", "dates", "features", "over-time",
        "limits", "made",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("decision_curves", "Is acting on it worth it?"),
        ("by", "Where does it work better or worse?"),
        ("lead_time", "How early?"),
        ("plan", "How the settings were chosen"),
        ("cohort_drift", "What moved between the cohorts"),
        ("earlier_training", "What fresher data gained"),
        ("between_dates", "Between the dates of the rule"),
        ("libraries", "Versions of what shapes the model"),
    ],
)
def test_a_part_that_the_run_does_not_have_is_left_out(part: str, words: str) -> None:
    facts = report_facts()
    assert words in text_of(facts)
    assert words not in text_of(facts | {part: None})
    assert words not in text_of({key: value for key, value in facts.items() if key != part})


def test_what_cannot_be_told_of_fresher_data_is_said_without_a_table() -> None:
    text = text_of(report_facts() | {"earlier_training": {"words": "There is one year of training dates."}})
    assert "There is one year of training dates." in text
    assert "Gain in AUC" not in text


def test_hidden_numbers_of_a_small_school_stay_hidden() -> None:
    (school,) = breakdowns(report_facts(("everyone",)), "auc", ("school",))
    small = next(group for group in school.drawn if group.name == "900002")
    (row,) = (row for row in school.tables[0].rows if row.name == "900002")
    assert [words for _, words in small.cells] == ["c"]
    assert "circle" not in small.cells[0][0]
    assert (row.people, row.positives, {cell for cell, _ in row.cells}) == ("c", "c", {"c"})


def test_of_many_schools_the_highest_and_the_lowest_are_drawn_and_all_are_in_the_table() -> None:
    facts = {"by": {"school": [school_row(place) for place in range(250)]}}
    (school,) = breakdowns(facts, "auc")
    names = [group.name for group in school.drawn]
    assert len(names) == MOST_DRAWN
    assert (names[0], names[-1]) == ("900249", "900000")
    assert "the highest and the lowest" in school.says
    assert len(school.tables[0].rows) == 250


def test_a_decision_curve_has_the_model_the_logistic_everyone_and_nobody() -> None:
    (curve,) = decision_curves(report_facts(("everyone",)))
    assert [line.class_ for line in curve.lines] == ["model", "logistic", "everyone", "nobody"]
    assert curve.lines[2].points[-1] == (0.2, 0.0)  # acting on everyone leaves the drawing where it does harm
    assert len(curve.rows) == 12
    assert "The model: 16.1 at 5%" in curve.drawing


@pytest.mark.parametrize(
    ("value", "half", "words"),
    [(-0.03, 0.01, "costs it accuracy"), (0.0, 0.01, "nothing that could be shown"), (0.03, 0.01, "makes it better")],
)
def test_what_the_monotone_constraints_cost_is_said_as_the_interval_says_it(
    value: float, half: float, words: str
) -> None:
    facts = report_facts(("everyone",))
    facts["gains"]["everyone"]["unconstrained"]["auc"] = gain(value, half)
    assert words in text_of(facts)


def test_folds_over_time_are_drawn_and_folds_by_school_are_not() -> None:
    facts = report_facts()
    assert "Folds for choosing the settings" not in text_of(facts)
    facts["plan"]["folds"][0]["test_dates"] = ["2025-11-10"]
    assert "Folds for choosing the settings" in text_of(facts)
