"""Distributions as shares of people in bins, and how far two of them lie apart.

In:  a column of numbers, NaN for what is not known.
Out: edges, shares, distances. Shares that are kept count nobody in a bin of 1 to 4 people.
"""

import numpy as np
from numpy.typing import NDArray

from earlywarn.disclosure import SHOWN_FROM
from earlywarn.evaluate.intervals import clusters_of

BINS = 10
_IN_A_BIN = 100  # over all dates of a training: so that each date has people enough to be kept
DECIMALS = 5
_SPLITS = 8
_SEED = 20261123

Column = NDArray[np.float32] | NDArray[np.float64]
Floats = NDArray[np.float64]


def edges_of(column: Column) -> tuple[float, ...]:
    """Return the inner edges of at most ten bins of about equal size; equal values stay together.

    >>> edges_of(np.arange(400.0)), edges_of(np.zeros(400)), edges_of(np.full(5, np.nan))
    ((99.0, 199.0, 299.0), (0.0,), ())
    """
    known = column[~np.isnan(column)]
    if not len(known):
        return ()
    bins = min(BINS, max(2, len(known) // _IN_A_BIN))
    return tuple(map(float, np.unique(np.quantile(known, np.arange(1, bins) / bins, method="lower"))))


def bins_of(column: Column, edges: tuple[float, ...]) -> NDArray[np.intp]:
    """Return each row's bin, the last for what is not known; a value at an edge lies below it."""
    found = np.searchsorted(np.array(edges), column.astype(np.float64), side="left")
    found[np.isnan(column)] = len(edges) + 1
    return found


def shares_of(column: Column, edges: tuple[float, ...]) -> tuple[float, ...]:
    """Return the share of people in each bin, the last for what is not known.

    A bin of 1 to 4 people counts nobody, and shares add up to 1 without it: nothing tells how many they were.

    >>> shares_of(np.array([0.0] * 15 + [1.0] * 5 + [np.nan]), (0.0,))
    (0.75, 0.25, 0.0)
    """
    return kept_shares(np.bincount(bins_of(column, edges), minlength=len(edges) + 2))


def kept_shares(counts: NDArray[np.intp]) -> tuple[float, ...]:
    """Return counts as shares of those that may be kept; all 0 where none may.

    >>> kept_shares(np.array([30, 4, 10]))
    (0.75, 0.0, 0.25)
    """
    large = np.where(counts >= SHOWN_FROM, counts, 0)
    return tuple(round(float(share), DECIMALS) for share in large / max(large.sum(), 1))


def distance(one: Floats, other: Floats) -> float:
    """Return how far apart two distributions over the same bins lie: bins to be crossed, the last for the unknown.

    A rate of few sessions takes few values, and one day more hops a whole heap of people over an edge. So it counts how
    many bins people would have to cross, not merely that they did.

    one, other : (bins,) at least 0; each is taken as shares of its sum.
    returns    : 0, alike, to 1: all from the lowest bin to the highest, or from known to unknown; 0 where either is
                 empty.
    source     : Rubner, Tomasi and Guibas (2000), International Journal of Computer Vision 40: the earth mover's
                 distance, over the number of bins less one.

    >>> [distance(np.array([1, 0, 0, 0]), np.array(other)) for other in ([0, 1, 0, 0], [0, 0, 1, 0])]
    [0.5, 1.0]
    >>> distance(np.array([4, 4, 2]), np.array([2, 2, 6])).__round__(6)
    0.4
    """
    if not one.sum() or not other.sum():
        return 0.0
    one, other = one / one.sum(), other / other.sum()
    emptied = abs(float(one[-1] - other[-1]))
    return max(emptied, _crossed(one[:-1], other[:-1]))


def _crossed(one: Floats, other: Floats) -> float:
    """Return the share of all bins that people cross on average, among those who are known."""
    if len(one) < 2 or not one.sum() or not other.sum():
        return 0.0
    apart = np.abs(np.cumsum(one / one.sum()) - np.cumsum(other / other.sum()))
    return float(apart[:-1].sum() / (len(one) - 1))


def scatter_of(column: Column, edges: tuple[float, ...], school: NDArray[np.str_], person: NDArray[np.str_]) -> float:
    """Return the mean distance between halves of the schools, dealt at random: what mere chance sets apart.

    Groups of people are dealt where there are fewer than ten schools.
    """
    clusters = clusters_of(school, person)
    bins = len(edges) + 2
    cell = clusters.codes * bins + bins_of(column, edges)
    table = np.bincount(cell, minlength=clusters.count * bins).reshape(clusters.count, bins).astype(np.float64)
    draw = np.random.default_rng(_SEED)
    apart = []
    for _ in range(_SPLITS):
        dealt = draw.permutation(clusters.count) < clusters.count // 2
        apart.append(distance(table[dealt].sum(axis=0), table[~dealt].sum(axis=0)))
    return round(float(np.mean(apart)), DECIMALS)
