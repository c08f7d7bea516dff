"""How far schools truly differ, beyond what chance makes of small numbers.

In:  a value of each school, and how unsure it is (its standard error).
Out: the spread between schools with its interval, and each school's value drawn towards the mean by as much as it is
     unsure: a small school's extreme value is mostly chance.

The usual random-effects model: value = mean + what the school truly has + chance. The spread is Paule and Mandel's,
its interval the Q-profile (Viechtbauer 2007, *Statistics in Medicine* 26, 37-52); values are drawn in as in Morris
(1983), *Journal of the American Statistical Association* 78, 47-55.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

Floats = NDArray[np.float64]
_Z = 1.959964
_STEPS = 60  # halvings of the range in which the spread lies


@dataclass(frozen=True)
class Spread:
    """What schools have in common, and how they differ.

    mean         : of what schools truly have.
    between      : standard deviation of what they truly have; `low`, `high` its 95% interval.
    values       : (schools,) each school's value, drawn in; `values_low`, `values_high` their 95% intervals.
    """

    mean: float
    between: float
    low: float
    high: float
    values: Floats
    values_low: Floats
    values_high: Floats


def spread_between(values: Floats, errors: Floats) -> Spread:
    """Return how schools differ beyond chance.

    values, errors : (schools,) at least two; standard errors above 0.

    >>> alike = spread_between(np.array([0.1, 0.2, 0.3]), np.full(3, 0.2))
    >>> alike.between, alike.values.round(2).tolist()
    (0.0, [0.2, 0.2, 0.2])
    """
    variance = np.square(errors)
    freedom = len(values) - 1
    between = _variance_where(values, variance, freedom)
    low, high = (_variance_where(values, variance, float(chdtri(freedom, tail))) for tail in (0.025, 0.975))
    mean, weights = _mean(values, variance, between)
    trust = between / (between + variance)
    drawn = mean + trust * (values - mean)
    doubt = np.sqrt(trust * variance + np.square(1 - trust) / weights.sum())
    return Spread(mean, sqrt(between), sqrt(low), sqrt(high), drawn, drawn - _Z * doubt, drawn + _Z * doubt)


def _variance_where(values: Floats, variance: Floats, target: float) -> float:
    """Return the variance between schools at which their weighted squares add up to a target; 0 if none is needed."""
    if _squares(values, variance, 0.0) <= target:
        return 0.0
    low, high = 0.0, float(np.square(values - values.mean()).sum()) / target + float(variance.max())
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _squares(values, variance, middle) > target else (low, middle)
    return (low + high) / 2


def _squares(values: Floats, variance: Floats, between: float) -> float:
    """Return the squared differences from the mean, each over its variance: large where schools differ more."""
    mean, weights = _mean(values, variance, between)
    return float(weights @ np.square(values - mean))


def _mean(values: Floats, variance: Floats, between: float) -> tuple[float, Floats]:
    weights = 1 / (variance + between)
    return float(weights @ values / weights.sum()), weights
