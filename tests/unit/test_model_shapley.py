"""Our own tree SHAP beside LightGBM's, row by row."""

from typing import Any

import lightgbm as lgb
import numpy as np
import pytest
from numpy.typing import NDArray

from earlywarn.model import shapley
from earlywarn.model.shapley import read_trees, shapley_values


def people(rows: int, features: int = 12, missing: float = 0.2) -> NDArray[np.float32]:
    """Return made-up values, of which some are not known and some are tied."""
    random = np.random.default_rng(3)
    values = random.normal(size=(rows, features)).astype(np.float32)
    values[:, ::3] = values[:, ::3].round(1)
    values[random.random(values.shape) < missing] = np.nan
    return values


def fitted(values: NDArray[np.float32], trees: int = 20, **settings: Any) -> lgb.Booster:
    random = np.random.default_rng(4)
    known = np.nan_to_num(values)
    outcome = known.sum(axis=1) + known[:, 0] * known[:, 1] + random.logistic(size=len(values)) > 1
    params = {
        "objective": "binary",
        "verbosity": -1,
        "num_leaves": 31,
        "min_data_in_leaf": 5,
        "num_threads": 1,
        "seed": 1,
    }
    return lgb.train(params | settings, lgb.Dataset(values, outcome), trees)


@pytest.mark.parametrize("missing", [0.0, 0.2, 0.9])
def test_values_are_those_of_lightgbm(missing: float) -> None:
    """Rows of the training, rows it never saw, and one of which nothing is known."""
    values = people(2000, missing=missing)
    booster = fitted(values)
    nobody = np.full((1, values.shape[1]), np.nan, np.float32)
    asked = np.vstack([values[:300], people(300, missing=0.5), nobody])
    found = shapley_values(booster.model_to_string(), asked)
    np.testing.assert_allclose(found, booster.predict(asked, pred_contrib=True), rtol=0, atol=1e-12)


def test_every_row_adds_up_to_its_score() -> None:
    values = people(1500)
    booster = fitted(values, trees=50)
    found = shapley_values(booster.model_to_string(), values)
    np.testing.assert_allclose(found.sum(axis=1), booster.predict(values, raw_score=True), rtol=0, atol=1e-12)


def test_a_long_path_is_worked_out_for_the_patterns_that_occur() -> None:
    """Trees that split off a few rows at a time have paths over more features than a table could hold."""
    values = people(3000, features=20)
    booster = fitted(values, trees=30, min_data_in_leaf=1, num_leaves=60)
    longest = max(len(leaf.features) for tree in read_trees(booster.model_to_string()) for leaf in tree.leaves)
    assert longest > shapley.MOST_IN_TABLE
    found = shapley_values(booster.model_to_string(), values[:400])
    np.testing.assert_allclose(found, booster.predict(values[:400], pred_contrib=True), rtol=0, atol=1e-12)


def test_a_value_at_a_threshold_goes_where_lightgbm_sends_it() -> None:
    """Thresholds are doubles, values are not: 0.1 as a float32 lies above 0.1 as a double.

    Those beside zero are left out: LightGBM takes any value within 1e-35 of zero as zero.
    """
    values = (people(2000, features=3, missing=0.1) * 10).round() / np.float32(10)
    booster = fitted(values)
    thresholds = np.concatenate([tree.thresholds for tree in read_trees(booster.model_to_string())])
    thresholds = thresholds[np.abs(thresholds) > 1e-30]
    around = np.stack([thresholds, np.nextafter(thresholds, np.float32(9)), np.nextafter(thresholds, np.float32(-9))])
    asked = np.repeat(around.reshape(-1, 1), 3, axis=1)
    found = shapley_values(booster.model_to_string(), asked)
    np.testing.assert_allclose(found, booster.predict(asked, pred_contrib=True), rtol=0, atol=1e-12)


def test_the_result_does_not_depend_on_how_rows_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    values = people(500)
    text = fitted(values).model_to_string()
    told: list[int] = []
    whole = shapley_values(text, values)
    monkeypatch.setattr(shapley, "CHUNK", 64)
    assert np.array_equal(shapley_values(text, values, told.append), whole)
    assert sum(told) == 500


def test_trees_without_a_split_start_everyone_alike() -> None:
    values = people(200)
    booster = fitted(values, trees=3, min_data_in_leaf=150)
    found = shapley_values(booster.model_to_string(), values)
    assert not found[:, :-1].any()
    np.testing.assert_allclose(found[:, -1], booster.predict(values, raw_score=True))


def test_nobody_is_nobody() -> None:
    values = people(300)
    assert shapley_values(fitted(values).model_to_string(), values[:0]).shape == (0, 13)
