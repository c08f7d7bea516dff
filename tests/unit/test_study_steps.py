"""The ladder: each rung knows more; what a rung adds is found where it was planted, and claimed nowhere else."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from earlywarn.config import Config
from earlywarn.evaluate.intervals import Gain
from earlywarn.features.build import Matrix
from earlywarn.features.feature import Feature
from earlywarn.labels import Labels
from earlywarn.model.examples import Examples
from earlywarn.model.fit import TreeSettings
from earlywarn.model.folds import Plan, PlannedDate
from earlywarn.model.recipe import Trees
from earlywarn.study.ladder import ladder
from earlywarn.study.steps import Step, scored_by, step_over, steps

DATES = (pd.Timestamp("2024-11-04"), pd.Timestamp("2025-11-03"))
SCHOOLS, A_DATE = 30, 3000
CONFIG = Config.model_validate({
    "name": "made-up", "population": "pupils", "as_of": {"weeks_of_year": [9]},
    "outcome": {"kind": "recorded", "recorded": "absent"},
})  # fmt: skip


def feature(name: str, block: str, theme: str = "engagement and relationships") -> Feature:
    return Feature(name, theme, block, "points", name, "", lambda _: np.zeros(0, np.float32))  # type: ignore[arg-type]


FEATURES = (
    feature("absence_rate_last_year", "attendance", "absence last year"),
    feature("sen_k", "characteristics", "characteristics"),
    feature("pupil_answered", "survey"),
    feature("pupil_belonging", "survey"),
    feature("pupil_belonging_change", "survey"),
    feature("parent_home", "survey", "home and parents' view"),
)


@pytest.fixture(scope="module")
def examples() -> Examples:
    """Two dates of 3,000 pupils: what they answered says more than the records; its change says nothing."""
    random = np.random.default_rng(1)
    rows = 2 * A_DATE
    values = random.normal(size=(rows, len(FEATURES))).astype(np.float32)
    odds = -1 + values[:, 0] - 0.9 * values[:, 3]
    outcome = (random.random(rows) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    people = pd.DataFrame({
        "person_id": np.tile(np.arange(A_DATE), 2).astype(str), "school_id": random.integers(SCHOOLS, size=rows),
        "as_of": np.repeat(DATES, A_DATE),
    })  # fmt: skip
    labels = Labels(outcome, np.full(rows, "", object))
    before, after = (day.date() for day in DATES)
    plan = Plan((PlannedDate(before, after, "training"), PlannedDate(after, after, "test")))
    return Examples(plan, people, labels, labels, Matrix(people, FEATURES, values), None)


@pytest.fixture(scope="module")
def found(examples: Examples) -> tuple[Step, ...]:
    recipe = Trees(FEATURES, TreeSettings(trees=60, leaves=8, learning_rate=0.1), (), 1)
    scored = {rung.name: scored_by(examples, rung, recipe) for rung in ladder(FEATURES)}
    return (*steps(examples, scored, CONFIG), *step_over(
        examples, ("change", scored["change"]), ("records", scored["records"]), CONFIG
    ))  # fmt: skip


def gain(found: tuple[Step, ...], rung: str, over: str, measure: str = "auc") -> Gain:
    (one,) = [
        each.gain
        for each in found
        if (each.population, each.rung, each.over, each.measure) == ("everyone", rung, over, measure)
    ]
    return one


def test_each_rung_knows_all_that_the_one_below_knows() -> None:
    rungs = ladder(FEATURES)
    assert [rung.name for rung in rungs] == [
        "records",
        "characteristics",
        "participation",
        "level",
        "change",
        "parents",
    ]
    for below, above in pairwise(rungs):
        assert above.features[: len(below.features)] == below.features
        assert len(above.features) == len(below.features) + 1


def test_a_kind_that_the_data_lack_has_no_rung() -> None:
    assert [rung.name for rung in ladder(FEATURES[:1] + FEATURES[3:4])] == ["records", "level"]


def test_the_planted_gain_is_found_where_it_was_planted(found: tuple[Step, ...]) -> None:
    planted = gain(found, "level", "participation")
    assert planted.claimed
    assert planted.value is not None
    assert planted.value > 0.05
    for rung, over in (("characteristics", "records"), ("participation", "characteristics"), ("change", "level")):
        assert not gain(found, rung, over).claimed
    assert gain(found, "change", "records").claimed
    on_lists = gain(found, "level", "participation", "people_found")
    assert on_lists.value is not None
    assert on_lists.value > 5
