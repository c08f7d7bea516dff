"""Calibration: the curve the data support, never against the ranking, the same after JSON."""

import json

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression

from earlywarn.errors import BundleError
from earlywarn.model.calibrate import Isotonic, Sigmoid, calibration_from_dict, fit_calibration

Drawn = tuple[NDArray[np.float64], NDArray[np.bool_]]


def scored(n: int, slope: float = 0.5, seed: int = 2) -> Drawn:
    """Draw scores whose true log-odds are `slope` times as large."""
    rng = np.random.default_rng(seed)
    raw = rng.normal(-0.5, 2, n)
    return raw, rng.random(n) < expit(slope * raw)


def in_steps(n: int = 6000) -> Drawn:
    """Draw scores that no line in log-odds fits: all that counts is the side of 0 on which they lie."""
    rng = np.random.default_rng(2)
    raw = rng.normal(-0.5, 2, n)
    return raw, rng.random(n) < np.where(raw > 0, 0.7, 0.2)


def test_many_people_whose_scores_no_line_fits_get_the_isotonic_curve_of_scikit_learn() -> None:
    raw, outcome = in_steps()
    found = fit_calibration(raw, outcome)
    assert isinstance(found, Isotonic)
    expected = IsotonicRegression(y_min=1 / 6002, y_max=6001 / 6002, out_of_bounds="clip").fit(raw, outcome)
    across = np.linspace(-12, 12, 999)
    np.testing.assert_allclose(found.apply(across), expected.predict(across), atol=1e-12)


def test_many_people_whose_scores_a_line_fits_get_the_line() -> None:
    found = fit_calibration(*scored(6000))
    assert isinstance(found, Sigmoid)
    assert found.slope == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("drawn", [scored(400), in_steps()])
def test_probabilities_rise_with_the_score_and_stay_off_0_and_1(drawn: Drawn) -> None:
    probability = fit_calibration(*drawn).apply(np.linspace(-30, 30, 500))
    assert (np.diff(probability) >= 0).all()
    assert probability.min() > 0
    assert probability.max() < 1


def test_few_people_get_a_line_that_mends_overconfident_scores() -> None:
    found = fit_calibration(*scored(1900))
    assert isinstance(found, Sigmoid)
    assert found.slope == pytest.approx(0.5, abs=0.06)
    assert found.intercept == pytest.approx(0.0, abs=0.15)


def test_scores_that_separate_the_outcomes_do_not_become_certainty() -> None:
    raw = np.array([-2.0, -1.0, 1.0, 2.0])
    probability = fit_calibration(raw, raw > 0).apply(raw)
    assert 0.1 < probability[0] < 0.5 < probability[3] < 0.9


def test_scores_against_the_outcome_do_not_turn_the_ranking_round() -> None:
    raw, outcome = scored(400)
    found = fit_calibration(-raw, outcome)
    assert isinstance(found, Sigmoid)
    assert found.slope == 0


def test_rows_that_no_fold_tested_are_left_out() -> None:
    raw, outcome = scored(500)
    with_gaps = np.concatenate([raw, np.full(300, np.nan)])
    assert fit_calibration(with_gaps, np.concatenate([outcome, np.ones(300, bool)])) == fit_calibration(raw, outcome)


@pytest.mark.parametrize("drawn", [scored(400), in_steps()])
def test_a_calibration_read_back_from_json_is_the_same(drawn: Drawn) -> None:
    found = fit_calibration(*drawn)
    assert calibration_from_dict(json.loads(json.dumps(found.as_dict()))) == found


@pytest.mark.parametrize("found", [{}, {"method": "isotonic", "x": [1.0], "y": []}, {"method": "tarot"}])
def test_an_unknown_calibration_is_refused(found: dict[str, object]) -> None:
    with pytest.raises(BundleError, match=r"calibration\.json"):
        calibration_from_dict(found)
