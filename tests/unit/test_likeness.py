"""People unlike the training data are marked and told why, never hidden."""

import numpy as np
import pandas as pd

from earlywarn.explain.words import load_book
from earlywarn.report.feature_facts import learnt_from as facts_of
from earlywarn.score.likeness import learnt_from, why_unlike

BOOK = load_book()
PHASES = {"1": "primary", "2": "special", "3": "ap"}
FACTS = {"usual_missing": 0.5, "phases": ["primary", "secondary"], "year_groups": [1, 2, 3]}


def why(facts: dict[str, object], school: str = "1", year_group: int | None = 2, missing: int = 0) -> str:
    values = np.zeros((1, 4), np.float32)
    values[0, :missing] = np.nan
    people = pd.DataFrame({"school_id": [school], "year_group": pd.array([year_group], "Int64")})
    (found,) = why_unlike(values, people, PHASES, learnt_from(facts), BOOK)
    return found


def test_someone_like_the_training_rows_is_not_marked() -> None:
    assert why(FACTS, missing=2) == ""


def test_a_phase_that_no_training_row_had_is_named() -> None:
    assert why(FACTS, school="2") == "The model has not learnt from special schools."
    assert why(FACTS, school="3") == "The model has not learnt from alternative provision."


def test_a_year_group_that_no_training_row_had_is_named() -> None:
    assert why(FACTS, year_group=7) == "The model has not learnt from pupils of Year 7."
    assert why(FACTS, year_group=0) == "The model has not learnt from pupils of Reception."


def test_all_that_is_unlike_is_said() -> None:
    assert why(FACTS, school="2", year_group=7, missing=3) == (
        "The model has not learnt from special schools. The model has not learnt from pupils of Year 7. "
        "Less is known of them than of nearly everyone that the model learnt from."
    )


def test_what_is_not_recorded_is_not_held_against_anyone() -> None:
    assert why(FACTS, school="a school without a phase", year_group=None) == ""


def test_a_bundle_that_does_not_say_what_it_met_marks_nobody_for_it() -> None:
    assert why({"usual_missing": 0.5}, school="2", year_group=7) == ""
    assert why({"usual_missing": 0.5}, missing=3) != ""


def test_staff_have_no_year_group() -> None:
    (found,) = why_unlike(
        np.zeros((1, 4), np.float32), pd.DataFrame({"school_id": ["2"]}), PHASES, learnt_from(FACTS), BOOK
    )
    assert found == "The model has not learnt from special schools."


def test_a_training_says_which_phases_and_year_groups_it_met() -> None:
    people = pd.DataFrame({"school_id": ["1", "2", "1", "9"], "year_group": pd.array([2, 1, 2, None], "Int64")})
    assert facts_of(people, PHASES) == {"phases": ["primary", "special"], "year_groups": [1, 2]}
    assert facts_of(people[["school_id"]], PHASES)["year_groups"] == []
