"""Whether a probability means what it says: of people at 30%, do 30% have the outcome?

In:  `outcome` (n,) bool, `risk` (n,) float, a probability from 0 to 1, and where wanted a
     `weight` (n,) float, at least 0: a row of weight 0 is left out, of weight 2 counts twice.
Out: a float; NaN says "not estimable".
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from earlywarn.evaluate.measures import NOT_ESTIMABLE, Bools, Floats, Ints, add_up, ratio, weights_of

BINS = 10
# A probability of 0 or 1 has no log-odds; one in a million stands in for it.
SUREST = 1e-6
_STEPS = 50
_CONVERGED = 1e-10
# No Newton step moves anyone's log-odds further: from the flat ends of the curve a full step overshoots.
_LONGEST = 4.0


def calibration_slope(outcome: Bools, risk: Floats, weight: Floats | None = None) -> float:
    """Slope of the outcome's log-odds on the predicted log-odds.

    Below 1 the probabilities are too far apart (high ones too high, low ones too low), above 1 too close.

    outcome : (n,) bool. True if it happened after the as-of date.
    risk    : (n,) float, a probability; 0 and 1 count as 0.000001 and 0.999999.
    weight  : (n,) float, or None for ones.
    returns : any number, 1 is right; NaN where the risk parts the outcomes without overlap, where all
              risks are equal, or where one of the two outcomes is missing.
    source  : Cox (1958), Biometrika 45, 562-565.

    >>> outcome = np.array([True, False, False, False, True, True, True, False])
    >>> calibration_slope(outcome, np.array([0.25] * 4 + [0.75] * 4)).__round__(6)
    1.0
    """
    kept = weights_of(outcome, weight) > 0
    return float(recalibration(outcome[kept], risk[kept], weights_of(outcome, weight)[kept])[1])


def calibration_intercept(outcome: Bools, risk: Floats, weight: Floats | None = None) -> float:
    """How far, in log-odds, all probabilities would have to move to be right on average.

    Above 0 the outcome is more frequent than predicted. The slope is held at 1 ("calibration in the large").

    outcome : (n,) bool. True if it happened after the as-of date.
    risk    : (n,) float, a probability; 0 and 1 count as 0.000001 and 0.999999.
    weight  : (n,) float, or None for ones.
    returns : any number, 0 is right; NaN where one of the two outcomes is missing.
    source  : Van Calster and others (2019), BMC Medicine 17, 230.

    >>> calibration_intercept(np.array([True, False]), np.array([0.5, 0.5]))
    0.0
    """
    kept = weights_of(outcome, weight) > 0
    return shift(outcome[kept], risk[kept], weights_of(outcome, weight)[kept])


def observed_over_expected(outcome: Bools, risk: Floats, weight: Floats | None = None) -> float:
    """People with the outcome for each one that was predicted.

    outcome : (n,) bool. True if it happened after the as-of date.
    risk    : (n,) float, a probability from 0 to 1.
    weight  : (n,) float, or None for ones.
    returns : 0 or more, 1 is right; NaN where nobody was expected.
    source  : Van Calster and others (2019), BMC Medicine 17, 230.

    >>> observed_over_expected(np.array([True, False, False, False]), np.array([0.2, 0.1, 0.1, 0.1]))
    2.0
    """
    weight = weights_of(outcome, weight)
    return ratio(weight @ outcome, weight @ risk)


def expected_calibration_error(outcome: Bools, risk: Floats, weight: Floats | None = None, bins: int = BINS) -> float:
    """Mean distance between predicted and observed share over bins of equal size.

    outcome : (n,) bool. True if it happened after the as-of date.
    risk    : (n,) float, a probability from 0 to 1.
    weight  : (n,) float, or None for ones.
    bins    : how many; people with the same risk share a bin, so bins are as equal as ties allow.
    returns : 0 to 1, 0 is right; never quite 0 in small samples; NaN when no row has weight.
    source  : Naeini, Cooper and Hauskrecht (2015), AAAI; bins of equal size as in Nguyen and O'Connor (2015), EMNLP.

    >>> expected_calibration_error(np.array([True, False]), np.array([0.7, 0.2]), bins=2).__round__(6)
    0.25
    """
    curve = calibration_curve(outcome, risk, weight, bins)
    return ratio(curve.weight @ np.abs(curve.observed - curve.predicted), curve.weight.sum())


@dataclass(frozen=True)
class Curve:
    """Predicted against observed share, a point for each bin that holds anyone, lowest risk first.

    weight, predicted, observed : (bins,) float: people in it, mean risk, share with the outcome.
    """

    weight: Floats
    predicted: Floats
    observed: Floats


def calibration_curve(outcome: Bools, risk: Floats, weight: Floats | None = None, bins: int = BINS) -> Curve:
    """Return the calibration curve over bins of equal size; people with the same risk share a bin.

    >>> calibration_curve(np.array([True, False]), np.array([0.75, 0.25]), bins=2).observed
    array([0., 1.])
    """
    weight = weights_of(outcome, weight)
    place = bin_of(risk, weight, bins)
    people, expected, observed = (add_up(weight * each, place, bins) for each in (np.ones(len(risk)), risk, outcome))
    filled = people > 0
    return Curve(people[filled], expected[filled] / people[filled], observed[filled] / people[filled])


def bin_of(risk: Floats, weight: Floats, bins: int = BINS) -> Ints:
    """Return each row's bin, 0 to bins - 1, by the share of the weight below the middle of its ties."""
    distinct, place = np.unique(risk, return_inverse=True)
    tied = add_up(weight, place, len(distinct))
    middle = np.cumsum(tied) - tied / 2
    total = tied.sum()
    if total <= 0:
        return np.zeros(len(risk), dtype=np.intp)
    return np.asarray(np.minimum(middle * bins / total, bins - 1), dtype=np.intp)[place]


def recalibration(outcome: Bools, risk: Floats, weight: Floats) -> Floats:
    """Return (2,) intercept and slope of the outcome on the log-odds of the risk; NaN if not estimable.

    Rows need a weight above 0.
    """
    odds = log_odds(risk)
    if _parted(outcome, odds):
        return np.full(2, NOT_ESTIMABLE)
    return _logistic(np.column_stack([np.ones(len(odds)), odds]), np.zeros(len(odds)), outcome, weight)


def shift(outcome: Bools, risk: Floats, weight: Floats) -> float:
    """Return the intercept with the slope held at 1; NaN if not estimable. Rows need a weight above 0."""
    if outcome.all() or not outcome.any():
        return NOT_ESTIMABLE
    return float(_logistic(np.ones((len(risk), 1)), log_odds(risk), outcome, weight)[0])


def log_odds(risk: Floats) -> Floats:
    """Return log(p / (1 - p)), with 0 and 1 drawn in by one in a million."""
    inside = np.clip(risk, SUREST, 1 - SUREST)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def probability(odds: Floats) -> Floats:
    """Return the probability of log-odds."""
    return np.asarray(expit(odds))


def spread(odds: Floats) -> Floats:
    """Return p (1 - p), above 0 even where p is as good as 0 or 1."""
    return np.asarray(expit(odds) * expit(-odds))


def _parted(outcome: Bools, odds: Floats) -> bool:
    """Tell whether no slope can be found: one outcome missing, all odds equal, or no overlap between the two."""
    if outcome.all() or not outcome.any() or odds.min() == odds.max():
        return True
    yes, no = odds[outcome], odds[~outcome]
    return bool(yes.min() >= no.max() or no.min() >= yes.max())


def _logistic(design: Floats, offset: Floats, outcome: Bools, weight: Floats) -> Floats:
    """Return the (k,) coefficients of a logistic regression, by Newton steps halved where they overshoot."""
    found = np.zeros(design.shape[1])
    likelihood = _likelihood(design @ found + offset, outcome, weight)
    for _ in range(_STEPS):
        odds = design @ found + offset
        slope = design.T @ (weight * (outcome - probability(odds)))
        curvature = (design * (weight * spread(odds))[:, None]).T @ design
        step = np.linalg.solve(curvature, slope)
        step = step * min(1.0, _LONGEST / max(np.abs(design @ step).max(), _CONVERGED))
        while (next_one := _likelihood(design @ (found + step) + offset, outcome, weight)) < likelihood:
            step = step / 2
            if np.abs(step).max() < _CONVERGED:
                return found
        found, likelihood = found + step, next_one
        if np.abs(step).max() < _CONVERGED:
            break
    return found


def _likelihood(odds: Floats, outcome: Bools, weight: Floats) -> float:
    """Return the weighted log-likelihood, without overflow."""
    return -float(weight @ np.logaddexp(0, np.where(outcome, -odds, odds)))
