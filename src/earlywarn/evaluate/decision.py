"""Decision curves: from which risk would one act, and what would acting on the model gain?

In:  what happened, each contender's probability, and the populations: arrays of one row per person and date.
Out: for each population a row for each threshold: the net benefit (`measures.net_benefit`) of each contender,
     with its interval over schools, beside that of acting on everyone. Acting on nobody has none: 0.

How much one person found is worth is the school's own answer, not ours: the threshold says it (who acts from
20% on holds one person found to be worth four seen in vain), so the whole curve is shown.
Source: Vickers and Elkin (2006), Medical Decision Making 26, 565-574.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from earlywarn.evaluate.estimate import plain
from earlywarn.evaluate.intervals import Clusters, among, clusters_of, leave_one_out, summarise
from earlywarn.evaluate.measures import Bools, Floats, Labels, base_rate, ratios

# From where on a rare or a frequent outcome needs thresholds beyond the usual ones.
_RARE, _FREQUENT = 0.10, 0.50


def thresholds_for(rate: float) -> Floats:
    """Return the thresholds of a curve: 0.05 to 0.60 by 0.05, and as far beyond as the base rate asks for.

    >>> thresholds_for(0.2)[[0, -1]].tolist(), thresholds_for(0.03)[:5].tolist(), thresholds_for(0.7)[-1].item()
    ([0.05, 0.6], [0.01, 0.02, 0.03, 0.04, 0.05], 0.95)
    """
    low = np.arange(1, 5) / 100 if rate < _RARE else np.zeros(0)
    high = np.arange(65, 100, 5) / 100 if rate > _FREQUENT else np.zeros(0)
    return np.concatenate([low, np.arange(5, 65, 5) / 100, high])


def decision_curves(
    *,
    outcome: Bools,
    probabilities: Mapping[str, Floats],
    school: Labels,
    person: Labels,
    populations: Mapping[str, Bools],
) -> dict[str, list[dict[str, Any]]]:
    """Return the curves as plain data for `metrics.json`; empty for a population without anybody.

    outcome        : (n,) bool. One row per person and as-of date with a label.
    probabilities  : contender -> (n,) float from 0 to 1.
    school, person : (n,) any, without missing values.
    populations    : name -> (n,) bool.
    """
    clusters = clusters_of(school, person)
    return {
        name: _curves(outcome[rows], {who: each[rows] for who, each in probabilities.items()}, among(clusters, rows))
        for name, rows in populations.items()
    }


def _curves(outcome: Bools, probabilities: Mapping[str, Floats], clusters: Clusters) -> list[dict[str, Any]]:
    rate = base_rate(outcome)
    if np.isnan(rate):
        return []
    thresholds, weights = thresholds_for(rate), leave_one_out(clusters.count)
    benefits = {
        name: net_benefits(outcome, risk, thresholds, clusters, weights) for name, risk in probabilities.items()
    }
    rows = []
    for at, threshold in enumerate(thresholds.tolist()):
        found = {
            name: summarise(each[:, at], len(outcome), int(outcome.sum()), (-np.inf, 1))
            for name, each in benefits.items()
        }
        contenders = {name: {"value": one.value, "low": one.low, "high": one.high} for name, one in found.items()}
        everyone = rate - (1 - rate) * threshold / (1 - threshold)
        rows.append(plain({"threshold": threshold, "everyone": everyone, "contenders": contenders}))
    return rows


def net_benefits(outcome: Bools, risk: Floats, thresholds: Floats, clusters: Clusters, weights: Floats) -> Floats:
    """Return (replicates, thresholds) net benefits; `weights` (replicates, clusters), `thresholds` in rising order.

    >>> two = Clusters(np.array([0, 0, 1, 1]), 2, "schools")
    >>> outcome, risk = np.array([True, False, True, False]), np.array([0.6, 0.2, 0.3, 0.1])
    >>> net_benefits(outcome, risk, np.array([0.2, 0.5]), two, np.array([[1.0, 1.0], [0.0, 1.0]])).tolist()
    [[0.4375, 0.25], [0.5, 0.0]]
    """
    reached = np.searchsorted(thresholds, risk, side="right")  # how many thresholds the risk has reached
    found, in_vain = (
        _acted_on(reached[rows], clusters.codes[rows], clusters.count, len(thresholds)) for rows in (outcome, ~outcome)
    )
    people = weights @ np.bincount(clusters.codes, minlength=clusters.count)
    odds = thresholds / (1 - thresholds)
    gained = weights @ found.T - odds * (weights @ in_vain.T)
    return ratios(gained, np.broadcast_to(people[:, None], gained.shape))


def _acted_on(reached: Any, code: Any, clusters: int, thresholds: int) -> Floats:
    """Return (thresholds, clusters) people at or above each threshold."""
    counted = np.bincount(code * (thresholds + 1) + reached, minlength=clusters * (thresholds + 1))
    at_least = np.cumsum(counted.reshape(clusters, thresholds + 1)[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(at_least[:, 1:].T, dtype=np.float64)
