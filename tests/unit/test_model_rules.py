"""Rules on a table small enough to check by eye."""

import numpy as np
import pytest

from earlywarn.model.rules import RuleInputs, rules_for

NAN = float("nan")
PUPILS = {
    "absence_rate_last_year": [0.10, 0.09, NAN, NAN, NAN],
    "absent_first_20_days": [0, 9, 3, 2, NAN],
    "absence_rate_this_year": [0.20, 0.05, 0.05, NAN, 0.10],
    "spells_this_year": [1, 4, 2, NAN, 3],
}
STAFF = {"tenure_years": [0.5, 10, NAN], "staff_intent": [2.0, NAN, 8.0]}


def inputs(table: dict[str, list[float]]) -> RuleInputs:
    """Return the table's people: the last one's school was not in training."""
    people = len(next(iter(table.values())))
    return RuleInputs(
        column=lambda name: np.array(table[name], dtype=np.float32),
        school=np.array(["b", *["a"] * (people - 2), "new"]),
        train_school=np.array(["a", "a", "a", "a", "b"]),
        train_outcome=np.array([True, False, False, False, True]),
    )


def scores(rule: str) -> list[float]:
    tables = ((rules_for("pupils", set(PUPILS)), PUPILS), (rules_for("staff", set(STAFF)), STAFF))
    return next(list(found.score(inputs(table))) for rules, table in tables for found in rules if found.name == rule)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("last_year_flag", [1, 0, 0, 0, 0]),
        ("hybrid", [1, 0, 1, 0, 0]),
        ("rate_to_date", [0.20, 0.05, 0.05, 0, 0.10]),
        ("rate_plus_spells", [21, 9, 7, 0, 13]),
        ("school_average", [1, 0.25, 0.25, 0.25, 0.4]),
        ("newest_first", [-0.5, -10, -11]),
        ("intent", [2, 5, 8]),
    ],
)
def test_each_rule_scores_people_as_it_says(rule: str, expected: list[float]) -> None:
    assert scores(rule) == pytest.approx(expected, abs=1e-6)


def test_a_rule_whose_feature_is_not_there_is_left_out() -> None:
    names = [rule.name for rule in rules_for("pupils", {"absence_rate_last_year"})]
    assert names == ["last_year_flag", "school_average"]


def test_a_rule_says_the_threshold_that_it_uses() -> None:
    severe = rules_for("pupils", set(PUPILS), threshold=0.5)[0]
    assert severe.words == "Missed 50% or more of last year"
    assert severe.score(inputs(PUPILS)).tolist() == [0, 0, 0, 0, 0]


def test_a_rate_on_the_threshold_is_flagged_in_any_precision() -> None:
    on_it = inputs({"absence_rate_last_year": [0.35, 0.349, NAN]})
    (flag, _) = rules_for("pupils", {"absence_rate_last_year"}, threshold=0.35)
    assert flag.score(on_it).tolist() == [1, 0, 0]
