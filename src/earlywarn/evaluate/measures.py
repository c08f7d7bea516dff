"""How well a risk tells who will have the outcome: pure functions on arrays.

In:  `outcome` (n,) bool, `risk` (n,) float without NaN, and where wanted a `weight`
     (n,) float, at least 0: a row of weight 0 is left out, of weight 2 counts twice.
Out: a float; NaN says "not estimable" (nobody had the outcome, everybody had it, no
     row has weight).

No result depends on the order of the rows: people with the same risk are treated alike.
Whether a probability means what it says is asked in `calibration`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Labels = NDArray[Any]  # schools, people, dates: equal values belong together

NOT_ESTIMABLE = float("nan")


def auc(outcome: Bools, risk: Floats, weight: Floats | None = None) -> float:
    """Chance that a person with the outcome has a higher risk than one without.

    A pair with equal risks counts as half right.

    outcome : (n,) bool. True if it happened after the as-of date.
    risk    : (n,) float. Higher is more at risk, any scale.
    weight  : (n,) float, or None for ones; a pair counts with the product of its two.
    returns : 0 to 1; 0.5 is no better than chance; NaN where one of the two kinds is missing.
    source  : Hanley and McNeil (1982), Radiology 143, 29-36.

    >>> auc(np.array([True, False, False]), np.array([0.5, 0.5, 0.1]))
    0.75
    """
    with_outcome, without = _by_risk(outcome, risk, weight)
    below = np.cumsum(without) - without / 2
    return ratio(with_outcome @ below, with_outcome.sum() * without.sum())


def average_precision(outcome: Bools, risk: Floats, weight: Floats | None = None) -> float:
    """Precision met on the way down the ranking, averaged over the people with the outcome.

    People with the same risk enter the list together.

    outcome : (n,) bool. True if it happened after the as-of date.
    risk    : (n,) float. Higher is more at risk, any scale.
    weight  : (n,) float, or None for ones.
    returns : 0 to 1; about the base rate for a risk that says nothing; NaN when nobody had the outcome.
    source  : Manning, Raghavan and Schütze (2008), Introduction to Information Retrieval, section 8.4;
              ties as in scikit-learn's `average_precision_score`.

    >>> average_precision(np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1])).__round__(4)
    0.8333
    """
    with_outcome, without = (counts[::-1] for counts in _by_risk(outcome, risk, weight))
    found = np.cumsum(with_outcome)
    listed = np.cumsum(with_outcome + without)
    precision = np.divide(found, listed, out=np.zeros_like(found), where=listed > 0)
    return ratio(with_outcome @ precision, with_outcome.sum())


def brier(outcome: Bools, risk: Floats, weight: Floats | None = None) -> float:
    """Mean squared distance between the probability and what happened.

    outcome : (n,) bool. True if it happened after the as-of date.
    risk    : (n,) float, a probability from 0 to 1.
    weight  : (n,) float, or None for ones.
    returns : 0 to 1, lower is better; NaN when no row has weight.
    source  : Brier (1950), Monthly Weather Review 78, 1-3.

    >>> brier(np.array([True, False]), np.array([0.8, 0.4])).__round__(6)
    0.1
    """
    weight = weights_of(outcome, weight)
    return ratio(weight @ (risk - outcome) ** 2, weight.sum())


def log_loss(outcome: Bools, risk: Floats, weight: Floats | None = None) -> float:
    """Mean surprise at what happened, in nats.

    outcome : (n,) bool. True if it happened after the as-of date.
    risk    : (n,) float, a probability; 0 and 1 are taken as the nearest number between them,
              so that one sure error does not make the mean infinite.
    weight  : (n,) float, or None for ones.
    returns : 0 or more, lower is better; NaN when no row has weight.
    source  : Good (1952), Journal of the Royal Statistical Society B 14, 107-114.

    >>> log_loss(np.array([True, False]), np.array([0.5, 0.5])).__round__(4)
    0.6931
    """
    weight = weights_of(outcome, weight)
    smallest = np.finfo(np.float64).eps
    sure = np.clip(np.where(outcome, risk, 1 - risk), smallest, 1 - smallest)
    return ratio(-(weight @ np.log(sure)), weight.sum())


def base_rate(outcome: Bools, weight: Floats | None = None) -> float:
    """Share of the people who had the outcome.

    outcome : (n,) bool. True if it happened after the as-of date.
    weight  : (n,) float, or None for ones.
    returns : 0 to 1; NaN when no row has weight.

    >>> base_rate(np.array([True, False, False, False]))
    0.25
    """
    weight = weights_of(outcome, weight)
    return ratio(weight @ outcome, weight.sum())


def net_benefit(outcome: Bools, risk: Floats, threshold: float, weight: Floats | None = None) -> float:
    """What acting on everyone at or above a probability gains, in people found per person.

    Whoever acts from a probability of `threshold` on holds one person found to be worth
    (1 - threshold) / threshold people seen in vain; the measure takes those off.

    outcome   : (n,) bool. True if it happened after the as-of date.
    risk      : (n,) float, a probability from 0 to 1.
    threshold : above 0, below 1: the probability from which one would act.
    weight    : (n,) float, or None for ones.
    returns   : at most the base rate; 0 is acting on nobody; NaN when no row has weight.
    source    : Vickers and Elkin (2006), Medical Decision Making 26, 565-574.

    >>> net_benefit(np.array([True, False, False, False]), np.array([0.6, 0.5, 0.2, 0.1]), threshold=0.5)
    0.0
    """
    weight = weights_of(outcome, weight)
    acted = weight * (risk >= threshold)
    in_vain = (acted @ ~outcome) * threshold / (1 - threshold)
    return ratio(acted @ outcome - in_vain, weight.sum())


def weights_of(outcome: Bools, weight: Floats | None) -> Floats:
    """Return the weights, ones where none are given."""
    return np.ones(len(outcome)) if weight is None else np.asarray(weight, dtype=np.float64)


def add_up(each: Floats, code: Ints, count: int) -> Floats:
    """Return (count,) sums of `each` (n,) by code, 0 to count - 1."""
    return np.bincount(code, each, minlength=count).astype(np.float64, copy=False)


def ratio(part: Any, whole: Any) -> float:
    """Return part / whole as a float; NaN, "not estimable", over nothing."""
    return float(part / whole) if whole > 0 else NOT_ESTIMABLE


def ratios(part: Floats, whole: Floats) -> Floats:
    """Return part / whole for each element, NaN over nothing."""
    nothing = np.full(whole.shape, NOT_ESTIMABLE)
    return np.asarray(np.divide(part, whole, out=nothing, where=whole > 0))


def _by_risk(outcome: Bools, risk: Floats, weight: Floats | None) -> tuple[Floats, Floats]:
    """Return the weight with and without the outcome at each distinct risk, lowest first."""
    weight = weights_of(outcome, weight)
    distinct, place = np.unique(risk, return_inverse=True)
    return add_up(weight * outcome, place, len(distinct)), add_up(weight * ~outcome, place, len(distinct))
