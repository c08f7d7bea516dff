"""Logistic regression: gaps, constants and wild values; exact after JSON; reasons add up."""

import json

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from earlywarn.errors import BundleError
from earlywarn.model.logistic import (
    PENALTIES,
    LogisticModel,
    choose_penalty,
    fit_logistic,
    logistic_from_dict,
    logistic_out_of_fold,
)

NAMES = ("absence", "survey", "constant", "never_known")


def people(n: int = 800) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Draw people: absence counts, and so does not answering the survey."""
    rng = np.random.default_rng(4)
    absence, survey = rng.normal(size=n), rng.normal(size=n)
    silent = rng.random(n) < 0.3
    outcome = rng.random(n) < 1 / (1 + np.exp(1 - absence - 1.5 * silent))
    columns = [absence, np.where(silent, np.nan, survey), np.full(n, 0.1), np.full(n, np.nan)]
    return np.column_stack(columns).astype(np.float32), outcome


def fitted() -> LogisticModel:
    return fit_logistic(*people(), NAMES, penalty=0.3)


def test_features_without_use_get_no_weight_and_silence_gets_its_own() -> None:
    model = fitted()
    assert model.coefficients[0] > 0.5
    assert model.coefficients[2:] == (0.0, 0.0)
    assert model.missing_coefficients[1] > 0.5
    assert (model.missing_coefficients[0], *model.missing_coefficients[2:]) == (0.0, 0.0, 0.0)


def test_contributions_add_up_and_an_average_person_starts_from_the_intercept() -> None:
    values, _ = people()
    model = fitted()
    added = model.contributions(values)
    assert added.shape == (len(values), len(NAMES) + 1)
    np.testing.assert_allclose(added.sum(axis=1), model.raw_score(values))
    np.testing.assert_allclose(added[:, :-1].mean(axis=0), 0, atol=1e-9)
    assert (added[:, -1] == model.intercept).all()


def test_a_wild_value_counts_as_the_largest_usual_one() -> None:
    model = fitted()
    usual = np.array([[model.scaling.high[0], 0, 0.1, 0]], dtype=np.float32)
    wild = np.array([[1e6, 0, 0.1, 0]], dtype=np.float32)
    np.testing.assert_allclose(model.raw_score(wild), model.raw_score(usual), atol=1e-6)


def test_a_model_read_back_from_json_is_the_same() -> None:
    values, _ = people()
    model = fitted()
    back = logistic_from_dict(json.loads(json.dumps(model.as_dict())))
    assert back == model
    assert np.array_equal(back.raw_score(values), model.raw_score(values))


@pytest.mark.parametrize(
    "found", [{}, {"kind": "logistic", "names": ["a"], "scaling": {}}, {"scaling": 3, "names": []}]
)
def test_anything_else_is_refused(found: dict[str, object]) -> None:
    with pytest.raises(BundleError, match=r"model\.json"):
        logistic_from_dict(found)


def test_the_penalty_comes_from_the_folds_and_is_strong_where_there_is_nothing_to_learn() -> None:
    rng = np.random.default_rng(0)
    noise, outcome = rng.normal(size=(200, 30)).astype(np.float32), rng.random(200) < 0.5
    part = np.arange(200) % 4
    folds = [(np.flatnonzero(part != k), np.flatnonzero(part == k)) for k in range(4)]
    assert choose_penalty(noise, outcome, folds) == min(PENALTIES)


def test_out_of_fold_scores_rank_people_whom_the_model_never_saw() -> None:
    values, outcome = people()
    half = np.arange(len(outcome)) % 2
    folds = [(np.flatnonzero(half == 0), np.flatnonzero(half == 1))]
    scores = logistic_out_of_fold(values, outcome, folds, NAMES, penalty=0.3)
    assert np.isnan(scores[half == 0]).all()
    assert roc_auc_score(outcome[half == 1], scores[half == 1]) > 0.7


def test_features_that_say_the_same_share_the_weight() -> None:
    values, outcome = people()
    twice = np.column_stack([values[:, 0], values[:, 0], values[:, 3]])
    model = fit_logistic(twice, outcome, ("one", "other", "never_known"), penalty=0.3)
    assert model.coefficients[0] == pytest.approx(model.coefficients[1])
    assert model.coefficients[0] > 0.2


def test_without_any_feature_of_use_everyone_gets_the_share() -> None:
    _, outcome = people()
    values = np.full((len(outcome), 2), np.nan, np.float32)
    model = fit_logistic(values, outcome, ("never", "known"), penalty=0.3)
    share = outcome.mean()
    np.testing.assert_allclose(model.raw_score(values), np.log(share / (1 - share)), atol=1e-3)
