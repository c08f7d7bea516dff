"""How far schools truly differ: held against a published example, and against made-up schools whose truth is known."""

import numpy as np

from earlywarn.evaluate.shrinkage import spread_between

# Thirteen trials of the BCG vaccine, log risk ratios and their variances: the example of Viechtbauer's `metafor`.
_TRIALS = np.array(
    [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713, -0.3394, 0.4459, -0.0173]
)
_VARIANCES = np.array(
    [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714]
)


def test_the_spread_and_its_interval_are_those_of_a_published_example() -> None:
    found = spread_between(_TRIALS, np.sqrt(_VARIANCES))
    assert round(found.between**2, 4) == 0.3181
    assert (round(found.low**2, 4), round(found.high**2, 4)) == (0.1197, 1.1115)
    assert round(found.mean, 3) == -0.715


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    draw = np.random.default_rng(5)
    spreads, values = [], []
    for _ in range(300):
        errors, truth = draw.uniform(0.1, 0.4, 20), draw.normal(0, 0.3, 20)
        found = spread_between(truth + draw.normal(0, errors), errors)
        spreads.append(found.low <= 0.3 <= found.high)
        values.append(np.mean((found.values_low <= truth) & (truth <= found.values_high)))
    assert 0.92 < np.mean(spreads) < 0.98
    assert 0.91 < np.mean(values) < 0.97


def test_the_least_sure_school_is_drawn_in_most() -> None:
    found = spread_between(np.array([0.0, 0.1, 0.2, 0.5]), np.array([0.02, 0.02, 0.02, 0.3]))
    moved = np.abs(found.values - [0.0, 0.1, 0.2, 0.5])
    assert moved.argmax() == 3
    assert found.values[3] < 0.25


def test_schools_that_are_all_alike_do_not_differ() -> None:
    found = spread_between(np.full(6, 0.2), np.full(6, 0.01))
    assert (found.between, found.low) == (0.0, 0.0)
    assert np.allclose(found.values, 0.2)
