"""What a Brier score is made of: how honest the risks are, how well they tell people apart, how hard the task is.

In:  `outcome` (n,) bool, `risk` (n,) float, a probability from 0 to 1, and where wanted a `weight`
     (n,) float, at least 0: a row of weight 0 is left out, of weight 2 counts twice.
Out: three numbers with Brier = reliability - resolution + uncertainty, exactly.

With probabilities of many values the bins are wider than one value, and the three terms of Murphy do not
quite add up: the probabilities vary inside a bin. Stephenson and others give the two terms that are missing
(within-bin variance and covariance) and fold them into the resolution, so that telling people apart inside
a bin counts, too. `brier` itself stands in `measures`.
"""

from dataclasses import dataclass

import numpy as np

from earlywarn.evaluate.calibration import BINS, bin_of
from earlywarn.evaluate.measures import Bools, Floats, add_up, brier, ratios, weights_of


@dataclass(frozen=True)
class BrierParts:
    """The parts of a Brier score; NaN where no row has weight.

    reliability : 0 to 1, lower is better: mean squared distance of predicted and observed share in the bins.
    resolution  : at most the uncertainty, higher is better: by how much knowing the risk beats knowing only the
                  base rate; below 0 where the order inside the bins is upside down.
    uncertainty : 0 to 0.25: the Brier score of giving everyone the base rate.
    """

    reliability: Floats
    resolution: Floats
    uncertainty: Floats


def brier_parts(outcome: Bools, risk: Floats, weight: Floats | None = None, bins: int = BINS) -> BrierParts:
    """Split the Brier score into reliability, resolution and uncertainty.

    outcome : (n,) bool. True if it happened after the as-of date.
    risk    : (n,) float, a probability from 0 to 1.
    weight  : (n,) float, or None for ones.
    bins    : how many, of equal size; people with the same risk share one, as in the calibration curve.
    returns : three single numbers; NaN when no row has weight.
    source  : Murphy (1973), Journal of Applied Meteorology 12, 595-600; the terms inside bins as in Stephenson,
              Coelho and Jolliffe (2008), Weather and Forecasting 23, 752-757.

    >>> parts = brier_parts(np.array([True, True, False, False]), np.array([0.9, 0.6, 0.6, 0.1]), bins=2)
    >>> float(parts.uncertainty), float((parts.reliability - parts.resolution + parts.uncertainty).round(6))
    (0.25, 0.135)
    """
    weight = weights_of(outcome, weight)
    place = bin_of(risk, weight, bins)
    people, expected, observed = (add_up(weight * each, place, bins) for each in (np.ones(len(risk)), risk, outcome))
    return parts_of(people, expected, observed, np.asarray(brier(outcome, risk, weight)))


def parts_of(people: Floats, expected: Floats, observed: Floats, score: Floats) -> BrierParts:
    """Return the parts from sums over bins.

    people, expected, observed : (..., bins) weight in each bin, as many as were predicted, and with the outcome.
    score                      : (...) the Brier score.
    returns                    : parts of shape (...).
    """
    everyone = people.sum(axis=-1)
    squared = np.divide((expected - observed) ** 2, people, out=np.zeros_like(people), where=people > 0)
    reliability = ratios(squared.sum(axis=-1), everyone)
    rate = ratios(observed.sum(axis=-1), everyone)
    uncertainty = rate * (1 - rate)
    return BrierParts(reliability, uncertainty + reliability - score, uncertainty)
