"""Measures of risk and calibration at their edges, and against a fit by another library."""

from math import isnan, log

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from earlywarn.evaluate.brier import brier_parts
from earlywarn.evaluate.calibration import (
    calibration_curve,
    calibration_intercept,
    calibration_slope,
    expected_calibration_error,
    log_odds,
    observed_over_expected,
    probability,
)
from earlywarn.evaluate.measures import auc, average_precision, base_rate, brier, log_loss, net_benefit

RISK = np.array([0.9, 0.6, 0.3, 0.1])
ALL_OF_THEM = np.ones(4, dtype=bool)


def people(n: int = 4000, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Draw probabilities and outcomes that follow them."""
    random = np.random.default_rng(seed)
    risk = random.beta(1, 4, n)
    return random.random(n) < risk, risk


@pytest.mark.parametrize("outcome", [ALL_OF_THEM, ~ALL_OF_THEM])
@pytest.mark.parametrize("measure", [auc, calibration_slope, calibration_intercept])
def test_one_kind_of_people_is_not_estimable(measure, outcome) -> None:
    assert isnan(measure(outcome, RISK))


def test_nobody_with_the_outcome_leaves_average_precision_not_estimable() -> None:
    assert isnan(average_precision(~ALL_OF_THEM, RISK))
    assert average_precision(ALL_OF_THEM, RISK) == 1


@pytest.mark.parametrize(
    "measure", [auc, average_precision, brier, log_loss, observed_over_expected, expected_calibration_error,
                calibration_slope, calibration_intercept]
)  # fmt: skip
def test_no_people_or_no_weight_is_not_estimable(measure) -> None:
    assert isnan(measure(np.zeros(0, dtype=bool), np.zeros(0)))
    assert isnan(measure(np.array([True, False]), np.array([0.2, 0.4]), np.zeros(2)))


def test_the_same_risk_for_all_says_nothing() -> None:
    outcome = np.array([True, False, False, False])
    assert auc(outcome, np.full(4, 0.3)) == 0.5
    assert average_precision(outcome, np.full(4, 0.3)) == base_rate(outcome) == 0.25
    assert isnan(calibration_slope(outcome, np.full(4, 0.3)))
    assert calibration_intercept(outcome, np.full(4, 0.5)) == pytest.approx(log(1 / 3))


def test_a_risk_that_parts_the_outcomes_has_no_slope() -> None:
    assert isnan(calibration_slope(np.array([True, True, False, False]), RISK))
    assert isnan(calibration_slope(np.array([True, True, False, False]), np.array([0.9, 0.5, 0.5, 0.1])))
    assert isnan(calibration_slope(np.array([False, False, True, True]), RISK))


def test_honest_probabilities_are_found_honest() -> None:
    outcome, risk = people(40_000)
    assert calibration_slope(outcome, risk) == pytest.approx(1, abs=0.05)
    assert calibration_intercept(outcome, risk) == pytest.approx(0, abs=0.05)
    assert observed_over_expected(outcome, risk) == pytest.approx(1, abs=0.03)
    assert expected_calibration_error(outcome, risk) < 0.01


def test_probabilities_too_far_apart_have_a_slope_below_one() -> None:
    outcome, risk = people()
    assert calibration_slope(outcome, probability(2 * log_odds(risk))) == pytest.approx(
        calibration_slope(outcome, risk) / 2, rel=1e-3
    )


def test_the_slope_is_that_of_a_logistic_regression() -> None:
    outcome, risk = people()
    weight = np.random.default_rng(2).integers(0, 3, len(risk)).astype(float)
    fitted = LogisticRegression(C=np.inf, tol=1e-10).fit(log_odds(risk)[:, None], outcome, sample_weight=weight)
    assert calibration_slope(outcome, risk, weight) == pytest.approx(fitted.coef_[0, 0], rel=1e-4)


def test_after_the_intercept_as_many_are_expected_as_observed() -> None:
    outcome, risk = people()
    moved = probability(log_odds(risk / 3) + calibration_intercept(outcome, risk / 3))
    assert moved.sum() == pytest.approx(outcome.sum())


def test_sure_probabilities_do_not_break_calibration() -> None:
    outcome, risk = np.array([True, False, True, False, True]), np.array([1.0, 0.0, 0.0, 1.0, 0.7])
    assert np.isfinite([calibration_slope(outcome, risk), calibration_intercept(outcome, risk)]).all()
    assert np.isfinite(log_loss(outcome, risk))


@pytest.mark.parametrize("risk", [[1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.5]])
def test_sure_and_wrong_probabilities_are_moved_until_they_are_right_on_average(risk: list[float]) -> None:
    outcome, sure = np.array([False, False, True, True]), np.array(risk)
    moved = probability(log_odds(sure) + calibration_intercept(outcome, sure))
    assert moved.sum() == pytest.approx(2)


def test_the_curve_has_bins_of_equal_size_and_keeps_ties_together() -> None:
    outcome, risk = people(1000)
    assert calibration_curve(outcome, risk).weight.tolist() == [100] * 10
    assert calibration_curve(outcome, np.full(1000, 0.2)).weight.tolist() == [1000]


def test_net_benefit_pays_for_people_seen_in_vain() -> None:
    outcome = np.array([True, False, False, True])
    assert net_benefit(outcome, RISK, 0.2) == pytest.approx(1 / 4 - 2 / 4 * 0.2 / 0.8)
    assert net_benefit(outcome, RISK, 0.95) == 0


def test_the_parts_of_a_brier_score_tell_honesty_from_knowledge() -> None:
    outcome, risk = people(40_000)
    honest, distorted = brier_parts(outcome, risk), brier_parts(outcome, risk**2)
    assert honest.reliability < 0.0005 < 0.01 < distorted.reliability
    assert distorted.resolution == pytest.approx(honest.resolution, rel=0.15)
    assert distorted.uncertainty == honest.uncertainty == base_rate(outcome) * (1 - base_rate(outcome))


def test_whoever_gives_everyone_the_base_rate_knows_nothing_and_is_honest() -> None:
    parts = brier_parts(np.array([True, False, False, False]), np.full(4, 0.25))
    assert (parts.reliability, parts.resolution, parts.uncertainty) == (0, 0, 0.1875)
    assert all(isnan(part) for part in vars(brier_parts(np.zeros(0, dtype=bool), np.zeros(0))).values())
